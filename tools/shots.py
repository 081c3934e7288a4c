"""Take pictures of built pages as readers see them.

Run as ``python -m tools.shots chapters/intro --to FOLDER``. Each page gives
``-desktop.png`` (1280 px), ``-phone.png`` (390 px), ``-dark.png`` and ``-print.pdf``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.browser import Browser, serve
from tools.chapters import ROOT

VIEWS = {"desktop": (1280, "light"), "phone": (390, "light"), "dark": (1280, "dark")}


def shoot(site: Path, page: str, target: Path) -> list[Path]:
    """Save the pictures of one page and return their paths.

    Parameters
    ----------
    site : Path
        The built pages.
    page : str
        The page, for instance ``chapters/intro``.
    target : Path
        The folder to save in.
    """
    stem = page.replace("/", "-")
    saved = []
    with serve(site) as root, Browser() as browser:
        for view, (width, mode) in VIEWS.items():
            browser.resize(width)
            browser.open(f"{root}/{page}.html")
            browser.run(
                f"document.documentElement.dataset.mode = '{mode}';"
                f"document.documentElement.dataset.theme = '{mode}';"
            )
            # A window as tall as the page, so that nothing is left unloaded.
            height = browser.run("document.documentElement.scrollHeight")
            browser.resize(width, min(int(height), 16000))
            saved.append(browser.screenshot(target / f"{stem}-{view}.png", whole=False))
        saved.append(browser.pdf(target / f"{stem}-print.pdf"))
    return saved


def main() -> None:
    """Shoot the pages named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", help="for instance chapters/intro")
    parser.add_argument("--to", type=Path, required=True, help="folder to save in")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    arguments = parser.parse_args()
    for page in arguments.pages:
        for path in shoot(arguments.site, page.removesuffix(".html"), arguments.to):
            print(path)


if __name__ == "__main__":
    main()
