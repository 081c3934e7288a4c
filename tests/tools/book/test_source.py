"""A chapter's source is read as the book reads it."""

import pytest

from tests.tools.book.sources import HEADER, chapter
from tools.book.source import ChapterError, chapters, is_notebook, read


def test_cells_are_found_with_their_lines(tmp_path):
    path = chapter(
        tmp_path,
        "```{code-cell} ipython3\n---\ntags: [a]\n---\nx = 1\n```\n"
        "````\n```{code-cell}\nnot = 'a cell'\n```\n````\n"
        ":::{note}\nWords.\n:::\n"
        "```{code-cell}\n:tags: [b]\n:mystnb: {image: 1}\n\ny = 2\nz = 3\n```\n",
    )
    first_line = HEADER.count("\n") + 1
    assert [(line - first_line, cell.source) for line, cell in read(path).code] == [
        (4, "x = 1"),
        (18, "y = 2\nz = 3"),
    ]


def test_code_from_elsewhere_is_refused(tmp_path):
    (tmp_path / "code.py").write_text("x = 1")
    path = chapter(tmp_path, "\n```{code-cell}\n:load: code.py\n```\n")
    with pytest.raises(ChapterError, match=r"case\.md:12: .* not read as written"):
        read(path)


def test_a_fence_that_is_not_closed_is_refused(tmp_path):
    path = chapter(tmp_path, "\n```{code-cell}\nx = 1\n")
    with pytest.raises(ChapterError, match="line 12: this directive is never closed"):
        read(path)


def test_only_pages_with_the_header_are_notebooks(tmp_path):
    assert is_notebook(chapter(tmp_path, ""))
    (tmp_path / "words.md").write_text("# Title\n")
    assert not is_notebook(tmp_path / "words.md")
    assert "glossary" not in {path.stem for path in chapters()}
