"""Menus choose the rows of a table; without a script all rows stand there."""

import pytest

from tools.pages.browser import load, new_tab

PAGE = "chapters/evidence.html"


@pytest.fixture
def tab(browser, address):
    tab = new_tab(browser, 1200)
    load(tab, f"{address}/{PAGE}")
    yield tab
    tab.close()


def shown(tab):
    return tab.locator("[data-filters] tbody tr:visible")


def test_a_choice_leaves_its_rows_and_says_how_many(tab):
    rows = shown(tab).count()
    menu = tab.get_by_label("country")
    menu.select_option("Norway")
    assert 0 < shown(tab).count() < rows
    cells = tab.locator("[data-filters] tbody tr:visible td").all_text_contents()
    assert cells.count("Norway") == shown(tab).count()
    told = tab.locator(".hub-menus output").text_content()
    assert told == f"{shown(tab).count()} of {rows} rows"
    menu.select_option("")
    assert shown(tab).count() == rows


def test_without_a_script_every_row_stands_there(browser, address):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/{PAGE}")
    assert tab.locator("[data-filters] select").count() == 0
    assert shown(tab).count() > 50
    context.close()
