"""Take pictures of built pages as readers see them.

Run as ``python -m tools.pages.shots chapters/intro --to FOLDER``. Each page gives
``-desktop.png`` (1280 px), ``-phone.png`` (390 px), ``-dark.png`` and ``-print.pdf``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser

from tools.book.chapters import ROOT
from tools.pages.browser import chromium, load, new_tab
from tools.pages.serve import serve

VIEWS = {"desktop": (1280, "light"), "phone": (390, "light"), "dark": (1280, "dark")}
MODE = "mode => Object.assign(document.documentElement.dataset, {mode, theme: mode})"


def shoot(browser: Browser, address: str, stem: Path) -> list[Path]:
    """Save the pictures of one page and return their paths.

    Parameters
    ----------
    browser : Browser
        From `tools.pages.browser.chromium`.
    address : str
        Where the page is served.
    stem : Path
        Where to save, without the ends that name the views.
    """
    saved = []
    for view, (width, mode) in VIEWS.items():
        tab = new_tab(browser, width)
        load(tab, address)
        tab.evaluate(MODE, mode)
        # A window as tall as the page, so that nothing is left unloaded.
        height = tab.evaluate("document.documentElement.scrollHeight")
        tab.set_viewport_size({"width": width, "height": min(height, 16000)})
        saved.append(Path(f"{stem}-{view}.png"))
        tab.screenshot(path=saved[-1])
        if view == "desktop":
            saved.append(Path(f"{stem}-print.pdf"))
            tab.pdf(path=saved[-1], print_background=True, prefer_css_page_size=True)
        tab.close()
    return saved


def main() -> None:
    """Shoot the pages named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", help="for instance chapters/intro")
    parser.add_argument("--to", type=Path, required=True, help="folder to save in")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    arguments = parser.parse_args()
    with serve(arguments.site) as root, chromium() as browser:
        for page in (name.removesuffix(".html") for name in arguments.pages):
            stem = arguments.to / page.replace("/", "-")
            for path in shoot(browser, f"{root}/{page}.html", stem):
                print(path)


if __name__ == "__main__":
    main()
