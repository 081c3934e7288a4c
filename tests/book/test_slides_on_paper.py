"""Slides are printed a slide to a page, and once more with notes. No book is needed."""

import pytest
from pypdf import PdfReader

from tools.book.identity import Identity
from tools.pages.browser import new_tab
from tools.teach.slides import Slide, page, print_slides

BUILD = Identity("1.0", "abc", "2026-01-02", False)
DRAWING = (
    '<div class="drawing"><svg viewBox="0 0 728 400" '
    'style="width: 728px; height: 400px"><rect width="728" height="400"/></svg></div>'
)
SLIDES = [
    Slide("What it is", "<footer>Where from</footer>", "<p>Say this.</p>"),
    Slide(
        "It rises",
        f'<p class="unit">By year.</p>{DRAWING}<p class="answer">By nine.</p>',
        "<p>Say that.</p>",
        "Where would it run?",
        "draw",
    ),
    Slide(
        "A lot",
        DRAWING,
        first="What do you see?",
        sheet='<section class="cards"><h2>To deal</h2></section>',
    ),
    Slide("Key ideas", "<ul><li>Look.</li></ul>"),
]


@pytest.fixture(scope="module")
def printed(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    (folder / "hubs.html").write_text(page("What it is", SLIDES), "utf8")
    return {path.name: PdfReader(path) for path in print_slides(browser, folder, BUILD)}


def words(sheet):
    return " ".join(sheet.extract_text().split())


# Those that come before their answer, and those that do not.
TITLES = [
    title
    for slide in SLIDES
    for title in ([slide.first] if slide.first else []) + [slide.title]
]


def test_there_are_three_files_for_each_chapter(printed):
    assert list(printed) == ["hubs.pdf", "hubs-notes.pdf", "hubs-sheets.pdf"]
    assert printed["hubs.pdf"].metadata.title == "What it is: slides"
    assert printed["hubs-notes.pdf"].metadata.title == "What it is: slides with notes"


def test_a_slide_takes_a_page_that_lies_and_notes_one_that_stands(printed):
    noted = [slide.title for slide in SLIDES]
    for name, titles in (("hubs.pdf", TITLES), ("hubs-notes.pdf", noted)):
        sheets = printed[name].pages
        assert len(sheets) == len(titles)
        for title, sheet in zip(titles, sheets, strict=True):
            lies = sheet.mediabox.width > sheet.mediabox.height
            assert lies is (titles is TITLES)
            assert title in words(sheet)


def test_notes_are_printed_where_they_are_asked_for_and_nowhere_else(printed):
    bare = " ".join(map(words, printed["hubs.pdf"].pages))
    for slide, noted in zip(SLIDES, printed["hubs-notes.pdf"].pages, strict=True):
        said = slide.notes.removeprefix("<p>").removesuffix("</p>")
        assert said in words(noted)
        assert not said or said not in bare
        assert "Notes" not in bare + words(noted)


def test_a_first_step_lacks_the_answer_and_is_a_sheet_if_it_can_be_drawn_on(printed):
    first, whole = printed["hubs.pdf"].pages[1:3]
    assert "By nine." not in words(first)
    assert "By nine." in words(whole)
    sheets = [words(sheet) for sheet in printed["hubs-sheets.pdf"].pages]
    assert len(sheets) == 2
    assert "Where would it run?" in sheets[0]
    assert "By nine." not in sheets[0]
    assert "To deal" in sheets[1]


@pytest.fixture
def tab(browser, tmp_path):
    path = tmp_path / "hubs.html"
    path.write_text(page("What it is", SLIDES), "utf8")
    tab = new_tab(browser, 1280, 720)
    tab.goto(path.as_uri())
    yield tab
    tab.close()


def test_arrows_lead_from_slide_to_slide_and_back(tab):
    def title():
        return tab.evaluate("shown()[current()].querySelector('h1, h2').textContent")

    seen = [title()]
    for _ in TITLES[1:]:
        tab.keyboard.press("ArrowRight")
        seen.append(title())
    assert seen == TITLES
    tab.keyboard.press("ArrowLeft")
    assert title() == TITLES[-2]


def test_notes_are_in_a_window_of_their_own_and_follow(tab):
    assert not tab.locator("details").first.is_visible()
    with tab.expect_popup() as opened:
        tab.keyboard.press("n")
    assert "Say this." in opened.value.inner_text("body")
    tab.keyboard.press("ArrowRight")
    assert "Say that." in opened.value.inner_text("body")


def test_letters_of_a_drawing_grow_with_the_slide(browser, tmp_path):
    path = tmp_path / "hubs.html"
    letters = DRAWING.replace("</svg>", '<text style="font-size: 13px">a</text></svg>')
    path.write_text(page("A", [Slide("A", letters)]), "utf8")
    sizes = []
    for width, height in ((1280, 720), (1920, 1080)):
        tab = new_tab(browser, width, height)
        tab.goto(path.as_uri())
        sizes.append(tab.evaluate(
            "(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
            "(document.querySelector('text'))"
        ))  # fmt: skip
        tab.close()
    assert sizes[0] > 20
    assert sizes[1] == pytest.approx(1.5 * sizes[0], rel=0.02)
