"""Headless Chromium, to look at built pages and to test them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No page may reach past this machine, and none of our tests should.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
READY = (
    "document.fonts.ready.then(() => window.MathJax?.startup?.promise).then(() => 1)"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium or Chrome of this machine, and end it afterwards."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                channel=None if program else "chrome",
                args=FLAGS,
            )
        except Error as error:
            needed = "Chromium is needed: apt-get install chromium"
            raise FileNotFoundError(needed) from error
        with browser:
            yield browser


def new_tab(browser: Browser, width: int, height: int = 900) -> Page:
    """Open an empty page of a size in CSS pixels; below 500 it acts as a phone."""
    size = {"width": width, "height": height}
    return browser.new_page(viewport=size, is_mobile=width < 500)


def load(tab: Page, address: str) -> None:
    """Load a page and wait until its scripts, fonts and formulas are done."""
    tab.goto(address, timeout=60_000)
    tab.evaluate(READY)
