"""Take the README's pictures from the built book: ``python -m tools.pages.readme``."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tools.book.chapters import ROOT
from tools.pages.browser import chromium, load, new_tab
from tools.pages.serve import serve
from tools.pages.shots import MODE

TO = ROOT / "assets"
NORWAY = "chapters/norwegian-tourism-cluster.html"


def small(path: Path) -> None:
    """Keep 128 colours, which is all that a page has, in a third of the bytes."""
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


def card(tab: Page, path: Path) -> None:
    """Take the verdict card of a chapter, with its checks folded."""
    tab.locator(".hub-card").first.screenshot(path=path)


def top(tab: Page, path: Path) -> None:
    """Take what a window shows first."""
    tab.screenshot(path=path)


def figure(tab: Page, path: Path) -> None:
    """Take what a window shows once a reader has come to the first figure."""
    tab.locator(".hub-figure").first.evaluate(
        "drawn => scrollBy(0, drawn.closest('.cell').getBoundingClientRect().top - 70)"
    )
    tab.wait_for_timeout(300)
    tab.screenshot(path=path)


# What is taken, from where, how wide and high the window is, and in what light.
PICTURES = {
    "card.png": (card, NORWAY, (1280, 900), "light"),
    "landing.png": (top, "index.html", (1280, 900), "light"),
    "phone.png": (figure, NORWAY, (390, 844), "dark"),
}


def take(to: Path, site: Path) -> list[Path]:
    """Save the pictures, and return their paths.

    Parameters
    ----------
    to : Path
        The folder to save in.
    site : Path
        The built book.
    """
    with serve(site) as root, chromium() as browser:
        for name, (what, page, (width, height), mode) in PICTURES.items():
            tab = new_tab(browser, width)
            tab.set_viewport_size({"width": width, "height": height})
            load(tab, f"{root}/{page}")
            tab.evaluate(MODE, mode)
            what(tab, to / name)
            small(to / name)
            tab.close()
    return [to / name for name in PICTURES]


if __name__ == "__main__":
    for picture in take(TO, ROOT / "_build" / "html"):
        print(f"{picture.relative_to(ROOT)} ({picture.stat().st_size / 1000:.0f} kB)")
