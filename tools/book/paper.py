"""Put pages on paper: Chromium prints, so that paper and screen show the same."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page as Tab
from pypdf import PdfWriter

from tools.book.identity import CITATION, Identity
from tools.pages.browser import load

FOOTER = (
    '<p style="width:100%;text-align:center;font:8pt sans-serif;color:#555">'
    '<span class="pageNumber"></span></p>'
)
# Pictures that wait to be seen would stay away from paper.
ALL_PICTURES = """
Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => null);
}))
"""


def printed(tab: Tab, address: str) -> bytes:
    """Load a page with all its pictures, and print it."""
    load(tab, address)
    tab.evaluate(ALL_PICTURES)
    return on_paper(tab)


def on_paper(tab: Tab) -> bytes:
    """Print what is loaded, on the paper that its style sheet asks for.

    With bookmarks, tags for screen readers and page numbers.
    """
    return tab.pdf(
        prefer_css_page_size=True,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        outline=True,
        tagged=True,
    )


def save(content: bytes, title: str, build: Identity, target: Path) -> None:
    """Write a PDF with its title, its author and the day of the build."""
    writer = PdfWriter(clone_from=BytesIO(content))
    day = f"D:{build.date.replace('-', '')}000000Z"
    author = " and ".join(author["name"] for author in CITATION["authors"])
    writer.add_metadata(
        {"/Title": title, "/Author": author, "/CreationDate": day, "/ModDate": day}
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    writer.write(target)
