"""What the frame around all pages does in Chromium, tried on one of them."""

import pytest

from tests.book import looks
from tests.book.conftest import NAMES, address_of
from tools.pages.browser import load

CASE = next(name for name in NAMES if name.endswith("/yozma"))


@pytest.fixture
def tab(browser, address, request):
    """A chapter in a browser of its own, as one that was never here."""
    context = browser.new_context(**getattr(request, "param", {}))
    tab = context.new_page()
    tab.goto(f"{address}/{address_of(CASE)}")
    yield tab
    context.close()


def theme(tab):
    return tab.evaluate("document.documentElement.dataset.theme")


dark = pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)


@dark
def test_the_theme_is_known_before_the_first_paint(tab, site):
    assert theme(tab) == "dark"
    text = (site / address_of(CASE)).read_text("utf8")
    assert text.index("prefers-color-scheme") < text.index('rel="stylesheet"')


@dark
def test_the_theme_can_be_chosen_and_is_kept(tab):
    switch = tab.get_by_role("button", name="Dark theme")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    assert theme(tab) == "light"
    tab.reload()
    assert theme(tab) == "light"
    assert switch.get_attribute("aria-pressed") == "false"


def test_the_first_stop_of_the_keyboard_skips_the_frame(tab):
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to main content"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("!!document.activeElement.closest('main')")


def test_the_contents_open_with_the_keyboard_and_lead_everywhere(tab):
    menu = tab.locator("#book-contents")
    assert not menu.is_visible()
    tab.get_by_role("button", name="Contents").focus()
    tab.keyboard.press("Enter")
    assert menu.is_visible()
    assert menu.get_by_role("link").count() >= len(
        [n for n in NAMES if "/api/" not in n]
    )
    tab.keyboard.press("Escape")
    assert not menu.is_visible()


@pytest.mark.parametrize("kind", ["glossary", "references"])
def test_a_note_shows_on_focus_and_goes_with_escape(tab, kind):
    link = tab.locator(f'a.has-note[href*="{kind}.html"]').first
    tab.keyboard.press("Tab")  # a reader with a keyboard
    link.focus()
    note = tab.get_by_role("tooltip")
    assert note.is_visible()
    assert note.inner_text() == link.get_attribute("data-note")
    assert link.get_attribute("aria-describedby") == note.get_attribute("id")
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    assert link.get_attribute("aria-describedby") is None


def test_a_note_shows_under_the_pointer(tab):
    tab.locator("a.has-note").first.hover()
    assert tab.get_by_role("tooltip").is_visible()


def test_code_is_copied_by_a_button(tab):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = tab.locator(".cell_input .highlight:visible").first
    code.hover()
    code.get_by_role("button", name="Copy").click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code.locator("pre").inner_text().strip()


PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
on_a_phone = pytest.mark.parametrize(
    "tab", [PHONE | {"has_touch": True}], indirect=True
)


@on_a_phone
@pytest.mark.parametrize("way", ["main", "#book-contents"])
def test_a_page_leads_to_its_headings_from_its_top_and_from_anywhere(tab, way):
    if way == "#book-contents":
        tab.get_by_role("button", name="Contents").click()
    tab.locator(way).get_by_role("button", name="On this page").click()
    link = tab.get_by_role("navigation", name="On this page").get_by_role("link").last
    place = link.get_attribute("href")
    link.click()
    assert tab.url.endswith(place)
    assert tab.locator(":popover-open").count() == 0


@on_a_phone
def test_no_button_lies_over_code(tab):
    assert tab.evaluate(looks.COVERED_CODE) == []


def test_on_a_wide_page_its_headings_are_seen_at_once(tab):
    assert tab.get_by_role("navigation", name="On this page").is_visible()
    assert tab.get_by_role("button", name="On this page").count() == 0


def test_letters_of_cards_and_tables_grow_with_those_of_the_text(tab):
    before = tab.evaluate(looks.LETTERS)
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert tab.evaluate(looks.LETTERS) == [2 * size for size in before]


@pytest.mark.parametrize("width", [360, 768, 820, 1000, 1440])
def test_a_jump_ends_below_the_header(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.evaluate("location.hash = ''")
    tab.evaluate("location.hash = '#estimates'")
    tab.wait_for_function("scrollY > 500")
    heading, header = tab.evaluate(
        """[document.querySelector("#estimates h2").getBoundingClientRect().top,
        document.querySelector("header").getBoundingClientRect().bottom]"""
    )
    assert header <= heading <= header + 40


@on_a_phone
def test_large_letters_are_large_in_drawings_too_and_widen_no_page(tab):
    size = """[...document.querySelectorAll(".hub-drawn svg text")]
      .filter(e => e.checkVisibility())
      .map(e => e.getScreenCTM().a * parseFloat(getComputedStyle(e).fontSize))"""
    before = tab.evaluate(size)
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    after = tab.evaluate(size)
    assert min(new / old for new, old in zip(after, before, strict=True)) > 1.7
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_folded_away_is_printed_but_code_and_solutions(tab):
    shut = "main details:not([open], .hide, .solution, .more)"
    kept = "main details:is(.hide, .solution)[open]"
    before = tab.locator(shut).count()
    assert before > 2
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (tab.locator(shut).count(), tab.locator(kept).count()) == (0, 0)
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator(shut).count() == before


unscripted_dark = {"java_script_enabled": False, "color_scheme": "dark"}


@pytest.mark.parametrize("tab", [unscripted_dark], indirect=True)
def test_without_a_script_the_theme_is_the_system_s(tab):
    assert max(tab.evaluate(looks.PAPER_COLOURS)[:1]) < 60


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_all_works_without_a_script_but_search_and_theme(tab):
    tab.get_by_role("button", name="Contents").click()
    assert tab.locator("#book-contents").is_visible()
    tab.keyboard.press("Escape")
    solution = tab.locator("details.solution").first
    assert not solution.locator("p").first.is_visible()
    solution.locator("summary").click()
    assert solution.locator("p").first.is_visible()
    assert tab.get_by_role("button", name="Dark theme").count() == 0


@pytest.mark.parametrize("tab", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_for_those_who_ask_for_it(tab):
    assert tab.evaluate(looks.MOVING) == []


def test_what_the_search_finds_is_quoted_and_named_once(tab, address):
    failures = []
    tab.on("pageerror", lambda error: failures.append(str(error)))
    load(tab, f"{address}/search.html?q=synthetic+control")
    tab.locator("#search-results .search-summary:not(:empty)").wait_for()
    tab.wait_for_load_state("networkidle")
    found = tab.evaluate(looks.FOUND)
    assert len({title for title, _, _ in found}) == len(found)
    # What has a line of its own beside its name, as a function has, needs no quotation.
    bare = [title for title, told, quoted in found if not told and not quoted]
    assert (failures, bare) == ([], [])
    assert any("synthetic control" in quoted.lower() for _, _, quoted in found)


@pytest.mark.parametrize(
    ("asked", "first"), [("placebo", False), ("placebo_in_space", True)]
)
def test_the_search_puts_prose_before_names_unless_asked_by_name(
    tab, address, asked, first
):
    load(tab, f"{address}/search.html?q={asked}")
    tab.wait_for_function(
        "document.querySelector('#search-results').innerText.includes('found: ')"
    )
    links = tab.locator("#search-results .search > li > a").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    named = ["chapters/api" in link for link in links]
    assert named[0] == first
    rest = named[first:]
    assert rest == sorted(rest)
    assert not any("Placebos." in link for link in links)


def test_the_search_says_in_plain_words_that_there_is_nothing(tab, address):
    load(tab, f"{address}/search.html?q=qqqzzz")
    tab.get_by_text("No page has all of these words").wait_for()
