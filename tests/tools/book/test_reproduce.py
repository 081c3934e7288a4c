"""Two builds are compared file by file."""

import shutil
import subprocess
import sys
import time

import pytest

from tools.book import reproduce
from tools.book.reproduce import another_day, differing, hashes

NEEDS_CC = pytest.mark.skipif(
    shutil.which("cc") is None or sys.platform != "linux", reason="needs cc on Linux"
)


def test_every_file_counts_but_those_that_may_differ(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.html").write_text("a")
    (tmp_path / ".buildinfo").write_text("b")
    before = hashes(tmp_path)
    assert list(before) == ["chapters/one.html"]
    (tmp_path / "chapters" / "one.html").write_text("c")
    assert hashes(tmp_path) != before


def test_files_that_changed_came_or_went_are_named():
    first = {"same": "1", "changed": "1", "gone": "1"}
    assert differing(first, {"same": "1", "changed": "2", "new": "1"}) == [
        "changed",
        "gone",
        "new",
    ]
    assert differing(first, dict(first)) == []


def page(what):
    """A stand-in for a build, which writes one page."""
    return (
        "import os, subprocess, sys, time; from pathlib import Path; "
        "site = Path(sys.argv[1]) / 'html'; site.mkdir(parents=True); "
        f"(site / 'index.html').write_text(str({what}))"
    )


def test_two_builds_that_say_the_same_pass(monkeypatch, capsys):
    monkeypatch.setattr(reproduce, "BUILD", page("'the same'"))
    reproduce.main()
    assert "Two builds, 1 files, all the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    "what",
    [
        "list({'apple', 'pear', 'plum', 'quince', 'fig', 'cherry'})",
        "time.strftime('%H', time.gmtime(0)) + time.strftime('%H', time.localtime(0))",
        "site",
        "os.environ.get('LC_ALL')",
        pytest.param("time.strftime('%Y-%m')", marks=NEEDS_CC),
        pytest.param("subprocess.check_output(['date', '+%Y-%m'])", marks=NEEDS_CC),
    ],
)
def test_an_order_a_zone_a_folder_a_language_or_a_day_that_reaches_a_page_is_found(
    monkeypatch, what
):
    monkeypatch.setattr(reproduce, "BUILD", page(what))
    with pytest.raises(SystemExit, match=r"index\.html"):
        reproduce.main()


@NEEDS_CC
def test_later_moves_the_clock_on_the_wall_and_no_other(tmp_path):
    code = (
        "import time; began = time.monotonic(); time.sleep(.2); "
        "print(time.time(), time.monotonic() - began)"
    )
    said = subprocess.check_output(
        [sys.executable, "-c", code], env=another_day(tmp_path), text=True
    )
    wall, slept = map(float, said.split())
    assert (wall - time.time()) / 86_400 == pytest.approx(40, abs=0.01)
    assert 0.2 <= slept < 40


def test_without_a_compiler_the_day_is_the_same_and_it_says_so(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(reproduce.shutil, "which", lambda name: None)
    assert another_day(tmp_path) == {}
    assert "No C compiler" in capsys.readouterr().out


def test_a_build_that_fails_leaves_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(reproduce, "BUILD", "raise SystemExit(1)")
    with pytest.raises(SystemExit, match="nothing to compare"):
        reproduce.main()
