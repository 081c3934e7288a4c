"""One version everywhere, and a clone that reads its figures on every system."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hubanalysis as hub

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"][
    "version"
]


def test_the_installed_package_has_the_version_of_its_source():
    assert hub.__version__ == VERSION


def test_the_citation_and_the_changes_name_the_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {VERSION}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\S+)", changes, re.M)
    assert next(h for h in headings if h != "Unreleased") == VERSION


@pytest.mark.parametrize(
    "name", ["README.md", "chapters/rerun.md", "chapters/your-own-hub.md"]
)
def test_what_a_page_installs_is_the_wheel_of_this_release(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"releases/download/([^\s\"]*)", text)
    assert found
    assert set(found) == {f"v{VERSION}/hubanalysis-{VERSION}-py3-none-any.whl"}


def test_no_page_asks_for_git_to_install_the_library():
    """Windows may lack it, and without a tag it would fetch another release."""
    pages = [ROOT / "README.md", *sorted((ROOT / "chapters").glob("*.md"))]
    asking = [p.name for p in pages if "git+https" in p.read_text(encoding="utf-8")]
    assert asking == []


def test_the_extras_that_a_page_installs_are_there():
    text = (ROOT / "chapters/your-own-hub.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    found = re.findall(r"hubanalysis\[([\w,]+)\] @", text)
    assert len(found) == 2
    assert {word for words in found for word in words.split(",")} <= {
        *project["optional-dependencies"]
    }


def test_conda_is_asked_for_all_that_the_library_needs():
    """What comes with --no-deps brings nothing along."""
    text = (ROOT / "chapters/rerun.md").read_text(encoding="utf-8")
    [asked] = re.findall(r"^conda create .* python=\S+ (.*)$", text, re.M)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    needed = {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}
    assert set(asked.split()) == needed | {"jupyterlab"}


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None,
    reason="this is no clone: there is nothing to clone from",
)
def test_a_clone_that_converts_line_ends_still_reads_every_table(tmp_path):
    clone = tmp_path / "clone"
    convert = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    command = ["git", *convert, "clone", "--quiet", "--local", str(ROOT), str(clone)]
    subprocess.run(command, check=True)
    code = (
        "import hubanalysis as hub\n"
        "names = hub.datasets().index\n"
        "print(sum(len(hub.load(name)) > 0 for name in names), len(names))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"HUBANALYSIS_DATA": str(clone / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    read, tables = told.stdout.split()
    assert read == tables
