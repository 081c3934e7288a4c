"""Two builds are compared file by file."""

import pytest

from tools.book import reproduce
from tools.book.reproduce import differing, hashes


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
        "import os, sys, time; from pathlib import Path; "
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
    ],
)
def test_an_order_a_zone_a_folder_or_a_language_that_reaches_a_page_is_found(
    monkeypatch, what
):
    monkeypatch.setattr(reproduce, "BUILD", page(what))
    with pytest.raises(SystemExit, match=r"index\.html"):
        reproduce.main()


def test_a_build_that_fails_leaves_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(reproduce, "BUILD", "raise SystemExit(1)")
    with pytest.raises(SystemExit, match="nothing to compare"):
        reproduce.main()
