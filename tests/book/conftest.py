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
    """A page of the book: its name, its address, its HTML, whether it holds code."""

    name: str
    address: str
    html: BeautifulSoup = field(repr=False)
    is_notebook: bool

    @property
    def content(self):
        """What the author wrote, without the theme's frame."""
        return self.html.select_one("article.bd-article") or self.html


NAMES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in pages()]


def address_of(name):
    """Where a page stands on the site: the first at its root."""
    return "index.html" if name == NAMES[0] else f"{name}.html"


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").is_file():
        pytest.fail(f"There is no book in {SITE}: run make book first.")
    return SITE


# For the session, so that all that is asked of a page is asked while it is at hand.
@pytest.fixture(params=NAMES, scope="session")
def page(request, site):
    name, address = request.param, address_of(request.param)
    html = BeautifulSoup((site / address).read_text("utf8"), "html.parser")
    return Page(name, address, html, is_notebook((ROOT / name).with_suffix(".md")))


@pytest.fixture(scope="session")
def address(site):
    with serve(site) as root:
        yield root


@pytest.fixture(scope="session")
def browser():
    with chromium() as opened:
        yield opened
