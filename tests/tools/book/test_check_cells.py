"""Code cells are checked in terms of the chapter's lines."""

from tests.tools.book.sources import HEADER, chapter
from tools.book.check_cells import findings, fix

BODY = "\n```{code-cell}\nx = 1\nx\n```\n\n```{code-cell}\n\ny = [1,2]\nfoo\n```\n"


def test_findings_are_lines_of_the_chapter(tmp_path):
    path = chapter(tmp_path, BODY)
    lint, style = sorted(findings([path]), key=lambda text: "formatted" in text)
    assert lint.startswith(f"{path}:20:1: F821")
    assert style.startswith(f"{path}:19: this cell is not formatted")


def test_fixing_changes_nothing_but_the_cells(tmp_path):
    path = chapter(tmp_path, BODY)
    assert fix([path]) == 1
    assert path.read_text() == HEADER + BODY.replace("[1,2]", "[1, 2]")
    assert fix([path]) == 0
