"""What was compiled once is not compiled again, and runs as before."""

import subprocess
import sys

import pytest

from tools.live.assemble import STATIC

START = f"""
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, {str(STATIC)!r})
from pathlib import Path
import quick
"""


def python(code, folder):
    done = subprocess.run(
        [sys.executable, "-c", START + code],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.py").write_text("def say():\n    return 'as it was'\n")
    return tmp_path


def test_what_was_noted_is_taken_in_the_place_of_the_source(folder):
    python("quick.know(); import mine; Path('kept').write_bytes(quick.noted())", folder)
    (folder / "mine.py").write_text("def say():\n    return 'anew'\n")
    ask = "import mine; print(mine.say())"
    kept = "quick.know(Path('kept').read_bytes())\n"
    assert python(kept + ask, folder).strip() == "as it was"
    assert python("quick.know()\n" + ask, folder).strip() == "anew"


def test_what_was_not_noted_is_compiled(folder):
    python("quick.know(); Path('kept').write_bytes(quick.noted())", folder)
    told = python(
        "quick.know(Path('kept').read_bytes()); import mine; print(mine.say())", folder
    )
    assert told.strip() == "as it was"
