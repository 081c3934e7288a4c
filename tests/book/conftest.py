"""The built pages, and a browser to look at them with.

Run with ``make test-book`` after ``make book``.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.book.chapters import ROOT, pages
from tools.book.source import is_notebook
from tools.pages.browser import chromium
from tools.pages.serve import serve

SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))


@dataclass(frozen=True)
class Page:
    """A page of the book: its name, its HTML, and whether its source holds code."""

    name: str
    html: BeautifulSoup = field(repr=False)
    is_notebook: bool

    @property
    def content(self):
        """What the author wrote, without the theme's frame."""
        return self.html.select_one("article.bd-article") or self.html


def _names():
    return [p.relative_to(ROOT).with_suffix("").as_posix() for p in pages()]


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").is_file():
        pytest.fail(f"There is no book in {SITE}: run make book first.")
    return SITE


# For the session, so that all that is asked of a page is asked while it is at hand.
@pytest.fixture(params=_names(), scope="session")
def page(request, site):
    name = request.param
    text = (site / f"{name}.html").read_text("utf8")
    source = (ROOT / name).with_suffix(".md")
    return Page(name, BeautifulSoup(text, "html.parser"), is_notebook(source))


@pytest.fixture(scope="session")
def address(site):
    with serve(site) as root:
        yield root


@pytest.fixture(scope="session")
def browser():
    with chromium() as opened:
        yield opened
