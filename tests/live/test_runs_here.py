"""Chapters run in a browser, from the first cell to the last, and as in the book."""

import os
import re
import time
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

import hubanalysis as hub
from tests.live.conftest import NAMES, Took

LONGEST = 1000 * int(os.environ.get("LIVE_SECONDS", 600))
# They show a regression of statsmodels or linearmodels itself, in a cell that says so.
SHOW_OTHERS = {"hangzhou-pilot-zone", "k-semiconductor-belt"}
NUMBER = re.compile(r"[−-]?\d[\d,]*\.?\d*")
GAPS = """[...document.querySelectorAll("article .pasted-text")].map(gap => (
    {text: gap.textContent, filled: gap.dataset.filled ?? ""}))"""


def open_here(context, address, chapter):
    tab = context.new_page()
    tab.goto(f"{address}/chapters/{chapter}.html")
    tab.get_by_role("button", name="Run this chapter here").click()
    tab.locator(".live-bar").wait_for()
    return tab


def status(tab):
    return tab.locator(".live-bar [role=status]").inner_text()


def press(tab, name, until, processor, longest=LONGEST):
    """Press a button, wait for what the bar says, and say what it took.

    Seconds until Python ran and until it ended; the same of the processors.
    """
    began, had = time.perf_counter(), processor.seconds
    tab.get_by_role("button", name=name, exact=True).first.click()
    last = f"^({until}|Stopped|Python was|Python could|The browser)"
    running = f"() => /Running|{last}/.test({STATUS})"
    tab.wait_for_function(running, timeout=longest, polling=50)
    started, used = time.perf_counter() - began, processor.seconds - had
    ended = f"() => /{last}/.test({STATUS})"
    tab.wait_for_function(ended, timeout=longest, polling=100)
    return started, time.perf_counter() - began, used, processor.seconds - had


STATUS = "document.querySelector('.live-bar [role=status]').textContent"


def unfold(tab):
    """Open all folds, as a reader would before running what is in them."""
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def as_numbers(text):
    found = [n.replace("−", "-").replace(",", "") for n in NUMBER.findall(text)]
    return [float(n) for n in found], NUMBER.sub("#", text)


@pytest.mark.parametrize("chapter", NAMES)
def test_a_chapter_runs_and_gives_the_numbers_of_the_book(
    reader, address, chapter, took, processor
):
    context, traffic = reader
    tab = open_here(context, address, chapter)
    before = [gap["text"] for gap in tab.evaluate(GAPS)]
    ready, done, ready_cpu, done_cpu = press(tab, "Run all", "Done", processor)
    errors = tab.locator(".live-error").all_text_contents()
    assert (status(tab).startswith("Done"), errors) == (True, [])
    not_here = tab.locator(".live-note").count()
    assert not_here == 0 or chapter in SHOW_OTHERS

    after = tab.evaluate(GAPS)
    filled = [gap["filled"] == "here" for gap in after]
    assert all(filled) or not_here
    assert any(filled) or not filled
    largest = 0.0
    for book, gap in zip(before, after):
        numbers, words = as_numbers(gap["text"])
        of_book, words_of_book = as_numbers(book)
        assert words == words_of_book
        assert numbers == pytest.approx(of_book, rel=1e-6, abs=1e-6)
        apart = [abs(a - b) for a, b in zip(numbers, of_book)]
        largest = max([largest, *apart])

    cold = traffic.megabytes
    traffic.addresses.clear()
    tab.close()
    again = open_here(context, address, chapter)
    unfold(again)
    warm, _, warm_cpu, _ = press(again, "Run cell 1", "Done", processor)
    assert {*traffic.hosts} <= {address.removeprefix("http://")}
    cells = again.locator("article div.cell").count()
    counts = cells, sum(filled), not_here, largest
    seconds = ready, ready_cpu, done, done_cpu, warm, warm_cpu
    took(Took(chapter, *counts, *seconds, cold, traffic.megabytes, os.getloadavg()[0]))


def test_nothing_is_loaded_before_the_button_is_pressed(reader, address):
    context, traffic = reader
    tab = context.new_page()
    tab.goto(f"{address}/chapters/how-to-tell.html")
    tab.get_by_role("button", name="Run this chapter here").wait_for()
    live = [a for a in traffic.addresses if "/live/" in a]
    assert [Path(a).name for a in live] == ["button.js"]


def edit(tab, number, text):
    unfold(tab)
    tab.get_by_role("button", name=f"Edit cell {number}", exact=True).click()
    field = tab.get_by_role("textbox", name=f"Code of cell {number}", exact=True)
    field.fill(text)
    return field


def test_a_cell_is_changed_run_by_keyboard_stopped_and_reset(reader, address, tmp_path):
    context, _ = reader
    tab = open_here(context, address, "how-to-tell")
    book = tab.locator("article div.cell").nth(0).locator(".cell_output").inner_html()
    field = edit(tab, 1, "import hubanalysis as hub\nhub.say(anything=1)\n6 * 7")
    field.press("Shift+Enter")
    tab.wait_for_function(f"() => {STATUS}.startsWith('Done')", timeout=LONGEST)
    first = tab.locator("article div.cell").nth(0).locator(".cell_output")
    assert first.inner_text().strip() == "42"

    field.fill("1 / 0")
    field.press("Shift+Enter")
    tab.locator(".live-error").wait_for(timeout=LONGEST)
    assert "ZeroDivisionError (line 1): division by zero" in (
        tab.locator(".live-error p").inner_text()
    )
    assert status(tab).startswith("Stopped at cell 1")

    field.fill("hub.Case.open('norwya')")
    field.press("Shift+Enter")
    said = tab.locator(".live-error p", has_text="norwya")
    said.wait_for(timeout=LONGEST)
    assert "Traceback" not in said.inner_text()

    with tab.expect_download() as kept:
        tab.get_by_role("button", name="Download as .ipynb").click()
    kept.value.save_as(tmp_path / "mine.ipynb")
    notebook = nbformat.read(tmp_path / "mine.ipynb", 4)
    assert any("norwya" in cell.source for cell in notebook.cells)

    field.fill("while True:\n    pass")
    field.press("Shift+Enter")
    tab.wait_for_function(f"() => {STATUS}.startsWith('Running')", timeout=LONGEST)
    tab.get_by_role("button", name="Stop", exact=True).click()
    assert status(tab).startswith("Python starts afresh")

    tab.get_by_role("button", name="Reset to the book").click()
    assert first.inner_html() == book
    assert tab.get_by_role("textbox", name="Code of cell 1", exact=True).count() == 0


def as_exported(folder):
    """Towns as an office keeps them; twelve of thirty have a hub since 2012."""
    panel = hub.simulate_panel(
        units=30, periods=12, treated=12, start=7, effect=0.5, seed=4
    )
    rows = [
        f"{unit};31/12/{2005 + year};{2012 if unit in panel.treated else 'never'};"
        f"{1000 + 10 * value:.1f}".replace(".", ",")
        for unit, values in panel.frame.iterrows()
        for year, value in enumerate(values)
    ]
    file = folder / "mine.csv"
    file.write_text("\n".join(["Town;Date;Hub since;Jobs", *rows]), "latin-1")
    return file


def test_a_readers_file_gives_a_report_and_does_not_leave_the_browser(
    reader, address, tmp_path
):
    file = as_exported(tmp_path)
    asked = {"treated": "Hub since", "question": "What would have happened without it?"}
    span = hub.Case.from_table(str(file), **asked).verdict().span

    context, traffic = reader
    sent = []
    context.on("request", lambda request: sent.append(request.method))
    tab = open_here(context, address, "your-own-hub")
    tab.locator(".live-bar input[type=file]").set_input_files(file)
    tab.get_by_text("It has not left this browser").wait_for(timeout=LONGEST)
    field = tab.get_by_role("textbox", name="Code of the cell of mine.csv")
    assert '"Hub since"' in field.input_value()
    field.press("Shift+Enter")
    tab.wait_for_function(f"() => /^(Done|Stopped)/.test({STATUS})", timeout=LONGEST)
    assert tab.locator(".live-error").all_text_contents() == []
    with tab.expect_download() as kept:
        tab.get_by_role("link", name="The report (download)").click()
    kept.value.save_as(tmp_path / "report.html")
    report = BeautifulSoup((tmp_path / "report.html").read_text("utf8"), "html.parser")
    assert span in " ".join(report.get_text().split()).replace("Any", "any")
    assert not any("mine.csv" in asked for asked in traffic.addresses)
    assert {*traffic.hosts} <= {address.removeprefix("http://")}
    assert {*sent} == {"GET"}

    with tab.expect_download() as kept:
        tab.get_by_role("button", name="Download as .ipynb").click()
    kept.value.save_as(tmp_path / "mine.ipynb")
    assert "mine.csv" in nbformat.read(tmp_path / "mine.ipynb", 4).cells[-1].source
    tab.get_by_role("button", name="Reset to the book").click()
    assert field.count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_view_is_clear_to_a_screen_reader_in_both_themes(reader, address, theme):
    context, _ = reader
    tab = context.new_page()
    tab.emulate_media(color_scheme=theme)
    tab.goto(f"{address}/chapters/how-to-tell.html")
    tab.get_by_role("button", name="Run this chapter here").focus()
    tab.keyboard.press("Enter")
    tab.locator(".live-bar").wait_for()
    assert tab.evaluate("document.activeElement.className") == "live-bar"
    edit(tab, 1, "1 + 1")
    found = Axe().run(tab)
    assert [v["id"] for v in found.response["violations"]] == []


def test_without_a_network_it_says_so_and_the_page_stays(reader, address, processor):
    context, _ = reader
    tab = open_here(context, address, "how-to-tell")
    context.route("**/live/python/**", lambda route: route.abort())
    press(tab, "Run all", "Done", processor)
    assert status(tab).startswith("Python could not be loaded. Are you online?")
    assert tab.locator("article .pasted-text").count() > 0
