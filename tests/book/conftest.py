"""The built pages, and a browser to look at them with.

Run with ``make test-book`` after ``make book``.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tools.browser import Browser, find_chromium, serve
from tools.chapters import ROOT, is_notebook, pages

SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))


@dataclass(frozen=True)
class Page:
    """A page of the book: its name, its source and its HTML."""

    name: str
    source: str = field(repr=False)
    html: BeautifulSoup = field(repr=False)

    @property
    def content(self):
        """What the author wrote, without the theme's frame."""
        return self.html.select_one("article.bd-article") or self.html

    @property
    def is_notebook(self):
        return is_notebook(self.source)


def _names():
    return [p.relative_to(ROOT).with_suffix("").as_posix() for p in pages()]


@pytest.fixture(scope="session")
def site():
    if not (SITE / "index.html").is_file():
        pytest.fail(f"There is no book in {SITE}: run make book first.")
    return SITE


@pytest.fixture(scope="session")
def _soups():
    return {}


@pytest.fixture(params=_names())
def page(request, site, _soups):
    name = request.param
    if name not in _soups:
        text = (site / f"{name}.html").read_text("utf8")
        _soups[name] = BeautifulSoup(text, "html.parser")
    source = (ROOT / name).with_suffix(".md").read_text("utf8")
    return Page(name, source, _soups[name])


@pytest.fixture(scope="session")
def address(site):
    with serve(site) as root:
        yield root


@pytest.fixture(scope="session")
def browser():
    if find_chromium() is None:
        pytest.fail("These tests need Chromium: apt-get install chromium")
    with Browser() as opened:
        yield opened
