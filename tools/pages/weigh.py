"""What a page makes a reader load, in bytes as they travel."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

from bs4 import BeautifulSoup

from tools.pages.serve import COMPRESSED

# Asked for only by readers who want them.
APART = {"pdf", "_downloads", "notebooks", "slides", "cards", "live"}
_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)""")


def loaded(page: Path) -> set[Path]:
    """List the files of the site that a browser loads with a page, itself included.

    All of them: fonts and pictures that a narrow page would not need count as well.
    """
    html = BeautifulSoup(page.read_text("utf8"), "html.parser")
    found, todo = {page}, [(page, href) for href in _asked(html)]
    while todo:
        asking, href = todo.pop()
        bare = urldefrag(href)[0].partition("?")[0]
        if urlparse(href).scheme or not bare:
            continue
        path = (asking.parent / unquote(bare)).resolve()
        if path.is_file() and path not in found:
            found.add(path)
            if path.suffix == ".css":
                inner = _ADDRESS.findall(path.read_text("utf8"))
                todo += [(path, address) for address in inner]
    return found


def _asked(html: BeautifulSoup) -> Iterator[str]:
    for element in html.select("script[src], img[src], source[src], iframe[src]"):
        yield element["src"]
    for link in html.select("link[href]"):
        if {"stylesheet", "icon", "preload"} & set(link["rel"]):
            yield link["href"]


def travelling(path: Path) -> int:
    """Weigh a file as it travels: text compressed, pictures and fonts as they are."""
    content = path.read_bytes()
    return len(gzip.compress(content)) if path.suffix in COMPRESSED else len(content)


def weight(page: Path) -> int:
    """Add up what a page makes a reader load, in bytes."""
    return sum(map(travelling, loaded(page.resolve())))


def site_weight(site: Path) -> int:
    """Add up the files of a site, in bytes on the disk, less what stands apart."""
    return sum(
        path.stat().st_size
        for path in site.rglob("*")
        if path.is_file() and path.relative_to(site).parts[0] not in APART
    )
