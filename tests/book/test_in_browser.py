"""What every page does in Chromium."""

from dataclasses import dataclass, field
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page as Tab

from tools.pages.browser import load, new_tab

OVERFLOW = """
(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth - clientWidth;
  if (wide <= 0) return null;
  const inBox = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true;
    return false; };
  const out = [...document.querySelectorAll("body *")].filter(e =>
    e.getBoundingClientRect().right > clientWidth + 1 && !inBox(e));
  return wide + " px too wide: " + out.slice(0, 3).map(e =>
    e.tagName + "." + e.className).join(", ");
})()
"""

CLIPPED = """
[...document.querySelectorAll(".bd-article table")].filter(t => {
  let wide = false;
  for (let p = t.parentElement; p && !p.matches(".bd-article"); p = p.parentElement) {
    const flow = getComputedStyle(p).overflowX;
    if (/auto|scroll/.test(flow)) return false;
    wide ||= p.scrollWidth > p.clientWidth + 1;
    if (wide && flow !== "visible") return true;
  }
  return wide;
}).map(t => t.outerHTML.slice(0, 200))
"""

FAINT = """
(() => {
  const rgb = s => (s.match(/[\\d.]+/g) || [0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v =>
    v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  ).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.9) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll(
      ".bd-article :is(td, th, p, li, figcaption, dd)")].filter(e => {
    if (!e.innerText?.trim() || !e.offsetParent) return false;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
  }).slice(0, 3).map(e => e.tagName + ": " + e.innerText.slice(0, 60));
})()
"""


@dataclass
class Visit:
    """A page in a tab, what it asked for, and what of that or in it went wrong."""

    tab: Tab
    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def run(self, script):
        return self.tab.evaluate(script)

    def _answered(self, response):
        if response.status >= 400:
            self.failures.append(f"{response.status} {response.url}")

    def load(self, address):
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("response", self._answered)
        self.tab.on("pageerror", lambda error: self.failures.append(str(error)))
        load(self.tab, address)


# Each page is loaded once for each width. A test puts back what it changes.
@pytest.fixture(scope="session")
def opened(page, browser, address):
    """The page, loaded at the width of a desk or of a phone."""
    visits = {}

    def open_at(width):
        if width not in visits:
            visits[width] = Visit(new_tab(browser, width))
            visits[width].load(f"{address}/{page.name}.html")
        return visits[width]

    yield open_at
    for visit in visits.values():
        visit.tab.close()


@pytest.mark.parametrize("width", [390, 1280])
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


def test_everything_it_asks_for_is_there(opened):
    assert opened(1280).failures == []


@pytest.mark.parametrize("width", [390, 1280])
def test_it_does_not_overflow(opened, width):
    assert opened(width).run(OVERFLOW) is None


@pytest.mark.parametrize("width", [390, 1280])
def test_a_wide_table_can_be_scrolled(opened, width):
    assert opened(width).run(CLIPPED) == []


def test_words_stand_out_in_the_dark_as_in_the_light(opened):
    visit = opened(1280)
    theme = visit.run("document.documentElement.dataset.theme")
    try:
        assert visit.run(FAINT) == []
        visit.run("document.documentElement.dataset.theme = 'dark'")
        assert visit.run(FAINT) == []
    finally:
        visit.run(f"document.documentElement.dataset.theme = '{theme}'")


def test_formulas_are_drawn(opened, page):
    written = len(page.content.select(".math"))
    visit = opened(1280)
    drawn = visit.run("document.querySelectorAll('.math mjx-container').length")
    assert drawn >= written
    assert visit.run("document.querySelectorAll('mjx-merror').length") == 0


def test_every_picture_loads(opened):
    broken = opened(1280).run(
        "[...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth)"
        ".map(i => i.src)"
    )
    assert broken == []


def test_folded_code_opens_on_paper(opened):
    visit = opened(1280)
    visit.tab.emulate_media(media="print")
    try:
        closed = visit.run(
            "[...document.querySelectorAll('.bd-article details')].filter(d =>"
            " ![...d.children].slice(1).every(c => c.offsetHeight > 0)).length"
        )
    finally:
        visit.tab.emulate_media(media="screen")
    assert closed == 0
