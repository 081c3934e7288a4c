"""What every page does in Chromium: on a phone, a tablet and a desk, light and dark.

With ``BOOK_SHOTS`` set to a folder, a picture of each page is left there. With
``BOOK_SHORT`` set, axe looks at a desk in the light and at a phone in the dark alone.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

from tests.book import looks
from tools.pages.browser import load, new_tab

WIDTHS = (360, 768, 1440)
each_width = pytest.mark.parametrize("width", WIDTHS)
THEME = "theme => { document.documentElement.dataset.theme = theme }"
A4 = 658  # pixels between the margins of a sheet
SHOTS = os.environ.get("BOOK_SHOTS")
SHORT = "BOOK_SHORT" in os.environ


@dataclass
class Visit:
    """A page in a tab, what it asked for, and what of that or in it went wrong."""

    tab: Tab
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def run(self, script, argument=None):
        return self.tab.evaluate(script, argument)

    def _answered(self, response):
        if response.status >= 400:
            self.failures.append(f"{response.status} {response.url}")

    def _said(self, message):
        if message.type in ("error", "warning"):
            self.failures.append(message.text)

    def load(self, address):
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("response", self._answered)
        self.tab.on("console", self._said)
        self.tab.on("pageerror", lambda error: self.failures.append(str(error)))
        load(self.tab, address)

    def faults(self, theme, **options):
        """What axe finds, in short."""
        self.run(THEME, theme)
        try:
            options["resultTypes"] = ["violations"]
            found = Axe().run(self.tab, options=options)
        finally:
            self.run(THEME, "light")
        return [
            f"{fault['id']} ({len(fault['nodes'])}): {fault['nodes'][0]['html'][:150]}"
            for fault in found.response["violations"]
        ]


# Each page is loaded once for each width. A test puts back what it changes.
@pytest.fixture(scope="session")
def opened(page, browser, address):
    visits = {}

    def open_at(width):
        if width not in visits:
            visits[width] = Visit(new_tab(browser, width))
            visits[width].load(f"{address}/{page.address}")
        return visits[width]

    yield open_at
    for visit in visits.values():
        visit.tab.close()


@each_width
def test_it_asks_no_other_host_for_anything(opened, width, address):
    visit = opened(width)
    visit.run("window.scrollTo(0, document.body.scrollHeight)")
    here = urlparse(address).netloc
    asked = {
        urlparse(url).netloc
        for url in visit.requests
        if urlparse(url).scheme not in ("data", "blob", "about")
    }
    assert asked == {here}


@each_width
def test_nothing_fails_and_nothing_is_complained_of(opened, width):
    assert opened(width).failures == []


@each_width
def test_it_does_not_scroll_sideways(opened, width):
    assert opened(width).run(looks.OVERFLOW) is None


def test_nor_on_the_narrowest_phone(opened):
    visit = opened(360)
    visit.tab.set_viewport_size({"width": 320, "height": 900})
    try:
        assert visit.run(looks.OVERFLOW) is None
    finally:
        visit.tab.set_viewport_size({"width": 360, "height": 900})


@pytest.mark.parametrize("width", [768, 1440])
def test_nor_with_letters_twice_as_large(opened, width):
    visit = opened(width)
    visit.run("document.documentElement.style.fontSize = '200%'")
    try:
        assert visit.run(looks.OVERFLOW) is None
    finally:
        visit.run("document.documentElement.style.fontSize = ''")


@each_width
def test_a_wide_table_can_be_scrolled(opened, width):
    assert opened(width).run(looks.CLIPPED) == []


@each_width
def test_the_keyboard_reaches_what_scrolls(opened, width):
    assert opened(width).run(looks.OUT_OF_REACH) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_focus_is_seen(opened, width):
    assert opened(width).run(looks.UNSEEN_FOCUS) == []


@pytest.mark.parametrize("width", [1440] if SHORT else [360, 1440])
def test_axe_finds_nothing(opened, width):
    rules = {"target-size": {"enabled": True}}
    assert opened(width).faults("light", rules=rules) == []


@pytest.mark.parametrize("width", [360] if SHORT else [360, 1440])
def test_nor_in_the_dark(opened, width):
    contrast = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
    assert opened(width).faults("dark", runOnly=contrast) == []


def test_what_can_be_tried_starts_where_the_page_stands(opened):
    visit = opened(1440)
    elsewhere, sentences = visit.run(looks.TRIED)
    for kind, said in sentences:
        for amount in looks.AMOUNT.findall(said):
            assert amount in elsewhere, f"{kind} starts with {said!r}"


def test_every_picture_loads(opened):
    assert opened(1440).run(looks.BROKEN_PICTURES) == []


def test_paper_is_light_and_whole(opened):
    visit = opened(768)
    visit.run(THEME, "dark")
    visit.tab.emulate_media(media="print")
    visit.tab.set_viewport_size({"width": A4, "height": 900})
    try:
        ground, ink = visit.run(looks.PAPER_COLOURS)
        assert ground > 240
        assert ink < 60
        assert visit.run(looks.TORN_TABLES) == []
        assert visit.run(looks.NOT_FOR_PAPER) == []
    finally:
        visit.tab.emulate_media(media="screen")
        visit.tab.set_viewport_size({"width": 768, "height": 900})
        visit.run(THEME, "light")


@pytest.mark.skipif(not SHOTS, reason="BOOK_SHOTS names no folder")
@each_width
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_kept(opened, page, width, theme):
    visit = opened(width)
    visit.run(THEME, theme)
    name = page.address.removesuffix(".html").replace("/", "-")
    visit.tab.screenshot(path=Path(SHOTS) / f"{name}-{width}-{theme}.png")
    visit.run(THEME, "light")
