"""Print the built book: a PDF of each page, one of all of them, and the slides.

Run as ``python -m tools.book.print`` after the build (``make pdf``). Slides are printed
as well. The pages then link what was printed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import urldefrag, urlparse

from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader

from tools.book.chapters import ROOT, pages
from tools.book.identity import CITATION, Identity, this_build
from tools.book.paper import printed, save
from tools.pages.browser import chromium, new_tab
from tools.pages.serve import serve
from tools.teach.slides import print_slides

BOOK = "hubanalysis"
# What only the whole book has: a cover, contents, and chapters on new pages.
STYLE = """
.whole-book .bd-article { break-before: page; }
.cover { padding-top: 30vh; }
.cover-title { font-size: 2.4rem; font-weight: 640; }
.paper-contents { break-before: page; }
.paper-contents h1 { font-weight: 640; }
.paper-contents ol { list-style: none; padding: 0; }
.paper-contents li {
  display: flex; justify-content: space-between;
  padding: 0.2rem 0; border-bottom: 1px dotted;
}
.paper-contents a { color: inherit; text-decoration: none; }
"""
_LINKS = re.compile(r"<!-- pdf -->(?:.*?<!-- /pdf -->)?", re.DOTALL)


@dataclass(frozen=True)
class Printed:
    """A page of the site to be printed: its address from the root, and its HTML."""

    address: str
    html: BeautifulSoup

    @property
    def name(self) -> str:
        """A word that no other page has, for anchors and file names."""
        path = PurePosixPath(self.address).with_suffix("")
        return "-".join(part for part in path.parts if part != "chapters")

    @property
    def title(self) -> str:
        """The title as it is read."""
        heading = self.article.h1
        return "".join(heading.find_all(string=True, recursive=False)).strip()

    @property
    def article(self) -> Tag:
        """What the author wrote."""
        return self.html.select_one("article.bd-article")


def read_pages(site: Path, names: list[str]) -> list[Printed]:
    """Read the built pages in the order of the table of contents."""
    addresses = ["index.html", *(f"{name}.html" for name in names[1:])]
    return [
        Printed(a, BeautifulSoup((site / a).read_text("utf8"), "html.parser"))
        for a in addresses
    ]


def one_page(book: list[Printed], numbers: dict[str, int], build: Identity) -> str:
    """Join all pages into one, to be served from the folder ``pdf`` of the site.

    Parameters
    ----------
    book : list of Printed
        The pages in their order.
    numbers : dict
        The paper page on which each begins, by name; empty before a first print.
    build : Identity
        What the cover says of the build.
    """
    names = {page.address: page.name for page in book}
    head = book[0].html.head
    sheets = [posixpath.join("..", s["href"]) for s in head.select("[rel=stylesheet]")]
    contents = "".join(
        f'<li><a href="#{page.name}">{escape(page.title)}</a>'
        f"<span>{numbers.get(page.name, '')}</span></li>"
        for page in book
    )
    articles = "".join(map(str, (_joined(page, names) for page in book)))
    return f"""\
<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<title>{escape(CITATION["title"])}</title>
{"".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)}
<style>{STYLE}</style>
</head>
<body class="whole-book"><main class="bd-main"><div class="bd-content">
<div class="bd-article-container">
<header class="cover"><p class="cover-title">{escape(CITATION["title"])}</p>
<p>Version {build.release}, {build.date}</p>
<p>{escape(CITATION["url"])}</p></header>
<nav class="paper-contents"><h1>Contents</h1><ol>{contents}</ol></nav>
{articles}
</div></div></main></body>
</html>
"""


def _joined(page: Printed, names: dict[str, str]) -> Tag:
    """Copy a page's article, its anchors and addresses fit for the joint page."""
    article = BeautifulSoup(str(page.article), "html.parser").article
    article["id"], folder = page.name, posixpath.dirname(page.address)
    for element in article.select("[id]"):
        if element is not article and not element.find_parent("svg"):
            element["id"] = f"{page.name}--{element['id']}"
    # No script opens them here; which are printed is the style sheet's to say.
    for fold in article.select("details"):
        fold["open"] = ""
    for element in article.select("img[src]"):
        element["src"] = _placed(folder, element["src"])
    for link in article.select("a[href]"):
        path, anchor = urldefrag(link["href"])
        if urlparse(link["href"]).scheme:
            continue
        target = posixpath.normpath(posixpath.join(folder, path)) if path else None
        name = names.get(target) if target else page.name
        if name:
            link["href"] = f"#{name}--{anchor}" if anchor else f"#{name}"
        else:  # a file: it is on the site
            link["href"] = CITATION["url"] + str(target)
    return article


def _placed(folder: str, address: str) -> str:
    if urlparse(address).scheme:
        return address
    return posixpath.normpath(posixpath.join("..", folder, address))


def starts(content: bytes, book: list[Printed]) -> dict[str, int]:
    """Find the paper page, from 1, on which each page of the site begins."""
    reader = PdfReader(BytesIO(content))
    top = [entry for entry in reader.outline if not isinstance(entry, list)]
    found = [reader.get_destination_page_number(entry) + 1 for entry in top]
    # The first heading is that of the contents.
    return dict(zip((page.name for page in book), found[1:], strict=True))


def print_book(site: Path, names: list[str], build: Identity) -> Iterator[Path]:
    """Print pages, the whole and slides, link them, and give the files one by one."""
    book, folder = read_pages(site, names), site / "pdf"
    folder.mkdir(exist_ok=True)
    whole = folder / "whole.html"
    with serve(site) as root, chromium() as browser:
        tab = new_tab(browser, 800)
        tab.emulate_media(media="print", color_scheme="light")
        for page in book:
            target = folder / f"{page.name}.pdf"
            save(printed(tab, f"{root}/{page.address}"), page.title, build, target)
            yield target
        whole.write_text(one_page(book, {}, build), "utf8")
        numbers = starts(printed(tab, f"{root}/pdf/whole.html"), book)
        whole.write_text(one_page(book, numbers, build), "utf8")
        content = printed(tab, f"{root}/pdf/whole.html")
        whole.unlink()
        save(content, CITATION["title"], build, folder / f"{BOOK}.pdf")
        yield folder / f"{BOOK}.pdf"
        yield from (decks := list(print_slides(browser, site / "slides", build)))
    for page in book:
        link(site / page.address, page, {path.stem for path in decks})


def link(path: Path, page: Printed, decks: Container[str] = ()) -> None:
    """Let a built page offer itself, the book and its slides as PDF."""
    up = "../" * page.address.count("/")
    files = {
        f"pdf/{page.name}.pdf": "This chapter as PDF",
        f"pdf/{BOOK}.pdf": "The book as PDF",
    }
    if page.name in decks:
        files |= {
            f"slides/{page.name}.pdf": "Slides as PDF",
            f"slides/{page.name}-notes.pdf": "Slides with notes as PDF",
        }
    if f"{page.name}-sheets" in decks:
        files[f"slides/{page.name}-sheets.pdf"] = "Sheets to draw on and deal"
    items = "".join(
        f'<li><a href="{up}{file}">{words}</a></li>' for file, words in files.items()
    )
    text = path.read_text("utf8")
    path.write_text(_LINKS.sub(f"<!-- pdf -->{items}<!-- /pdf -->", text), "utf8")


def main() -> None:
    """Print the book that was built last."""
    site = ROOT / "_build" / "html"
    if not (site / "index.html").is_file():
        raise SystemExit(f"There is no book in {site}: run make book first.")
    names = [path.relative_to(ROOT).with_suffix("").as_posix() for path in pages()]
    for path in print_book(site, names, this_build()):
        print(f"  {path.name:<36}{path.stat().st_size / 1e6:6.2f} MB", flush=True)


if __name__ == "__main__":
    main()
