"""Slides are printed a slide to a page, and once more with notes. No book is needed."""

import pytest
from pypdf import PdfReader

from tools.book.identity import Identity
from tools.teach.slides import Slide, page, print_slides

BUILD = Identity("1.0", "abc", "2026-01-02", False)
DRAWING = (
    '<div class="drawing"><svg viewBox="0 0 728 400" '
    'style="width: 728px; height: 400px"><rect width="728" height="400"/></svg></div>'
)
SLIDES = [
    Slide("What it is", "<footer>Where from</footer>", "<p>Say this.</p>"),
    Slide("It rises", f'<p class="unit">By year.</p>{DRAWING}', "<p>Say that.</p>"),
    Slide("Key ideas", "<ul><li>Look.</li></ul>"),
]


@pytest.fixture(scope="module")
def printed(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    (folder / "hubs.html").write_text(page("What it is", SLIDES), "utf8")
    return {path.name: PdfReader(path) for path in print_slides(browser, folder, BUILD)}


def words(sheet):
    return " ".join(sheet.extract_text().split())


def test_there_are_two_files_for_each_chapter(printed):
    assert list(printed) == ["hubs.pdf", "hubs-notes.pdf"]
    assert printed["hubs.pdf"].metadata.title == "What it is: slides"
    assert printed["hubs-notes.pdf"].metadata.title == "What it is: slides with notes"


def test_a_slide_takes_a_page_that_lies_and_notes_one_that_stands(printed):
    for name, lies in (("hubs.pdf", True), ("hubs-notes.pdf", False)):
        sheets = printed[name].pages
        assert len(sheets) == len(SLIDES)
        for slide, sheet in zip(SLIDES, sheets, strict=True):
            assert (sheet.mediabox.width > sheet.mediabox.height) is lies
            assert slide.title in words(sheet)


def test_notes_are_printed_where_they_are_asked_for_and_nowhere_else(printed):
    for slide, bare, noted in zip(
        SLIDES, printed["hubs.pdf"].pages, printed["hubs-notes.pdf"].pages, strict=True
    ):
        said = slide.notes.removeprefix("<p>").removesuffix("</p>")
        assert said in words(noted)
        assert not said or said not in words(bare)
        assert "Notes" not in words(bare) + words(noted)
