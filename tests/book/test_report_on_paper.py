"""A report on A4: what a reader must not miss is on one sheet. No book is needed."""

import pytest
from pypdf import PdfReader

import hubanalysis as hub
from hubanalysis.cases import battery
from tests.cases.ours import written
from tests.command import own
from tools.pages.browser import load, new_tab

COLUMNS = {"outcome": "jobs", "treated": "first"}


@pytest.fixture(scope="module")
def sheets(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    table = own.written(folder, own.text())
    ours = written(hub.Case.new(folder / "ours", table, **COLUMNS).folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MOST", "FEWER", "SOME"):
            patch.setattr(battery, name, 99)
        page = hub.Case.from_folder(ours).report(folder / "r.html", run_notebook=False)
    tab = new_tab(browser, 1280)
    load(tab, page.as_uri())
    tab.pdf(path=str(folder / "r.pdf"), prefer_css_page_size=True)
    tab.close()
    pages = PdfReader(folder / "r.pdf").pages
    return [" ".join(sheet.extract_text().split()) for sheet in pages]


def test_the_first_sheet_holds_card_filing_limits_and_what_may_be_said(sheets):
    first, second, *_ = sheets
    parts = ["Best guess", "Filed?", "never filed", "You may say", "cannot be shown"]
    for part in [*parts, "What else happened", "which way it pulls"]:
        assert part in first
    assert second.startswith("Annex")
