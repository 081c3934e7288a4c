"""What the script must know of a built page to run it as a notebook.

The page is the notebook: its prose, formulas and figures stay as the book has them.
Beside it lie the code of all cells, those that the page does not show included, and
the name of the number behind each gap in a sentence, in the order of the page.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from tools.book.source import Chapter
from tools.live.fetch import LiveError

_ASKED = re.compile(r"\{glue:text\}`([^`]+)`")


def describe(chapter: Chapter, page: BeautifulSoup) -> dict:
    """Describe the cells and the numbers of a page.

    Parameters
    ----------
    chapter : Chapter
        As read from its source.
    page : BeautifulSoup
        As built from it.

    Returns
    -------
    dict
        ``cells``, each with its ``source`` and whether it is ``shown``; ``numbers``,
        the names of the page's ``.pasted-text`` in order.

    Raises
    ------
    LiveError
        If the page was built from another version of the chapter.
    """
    cells = [
        {
            "source": cell.source,
            "shown": "remove-cell" not in cell.metadata.get("tags", []),
        }
        for _, cell in chapter.code
    ]
    article = page.select_one("article.bd-article")
    _check_cells(chapter, [c["source"] for c in cells if c["shown"]], article)
    names = [
        name
        for cell in chapter.notebook.cells
        if cell.cell_type == "markdown"
        for name in _ASKED.findall(cell.source)
    ]
    _check_numbers(chapter, names, article)
    return {"cells": cells, "numbers": names}


def _check_cells(chapter: Chapter, sources: list[str], article) -> None:
    boxes = article.select("div.cell")
    if len(boxes) != len(sources):
        raise _older(chapter, f"{len(boxes)} cells instead of {len(sources)}")
    for number, (source, box) in enumerate(zip(sources, boxes), start=1):
        code = box.select_one(".cell_input pre")
        if code is not None and code.get_text().strip() != source.strip():
            raise _older(chapter, f"another cell {number}")


def _check_numbers(chapter: Chapter, names: list[str], article) -> None:
    gaps = [gap.get_text() for gap in article.select(".pasted-text")]
    if len(gaps) != len(names):
        raise _older(chapter, f"{len(gaps)} numbers in its text, not {len(names)}")
    # A name that stood for two numbers would mean that the order is not the page's.
    known: dict[str, str] = {}
    for name, text in zip(names, gaps):
        if known.setdefault(name, text) != text:
            raise _older(chapter, f"two values of {name}")


def _older(chapter: Chapter, what: str) -> LiveError:
    return LiveError(
        f"The page of {chapter.path.name} has {what}: it was built from another "
        "version of the chapter. Run make book first."
    )
