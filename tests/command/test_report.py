"""A report: one page, by itself, with everything in it."""

import hashlib
import re
import shutil
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.cases.filing import plan_hash
from hubanalysis.command import report as writing
from tests.cases.ours import written
from tests.command.own import text


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder whose names could break a page, and its report."""
    from hubanalysis.cases import battery

    folder = tmp_path_factory.mktemp("report")
    table = folder / "jobs.csv"
    content = text(sign=";").replace("Oslo", "Oslo <b>&")
    table.write_text(content.replace(".", ","), encoding="latin-1")
    columns = {"outcome": "jobs", "treated": "first"}
    ours = written(hub.Case.new(folder / "ours", table, **columns).folder)
    case = hub.Case.from_folder(ours)
    with pytest.MonkeyPatch.context() as patch:
        for name, draws in (("MOST", 199), ("FEWER", 199), ("SOME", 99)):
            patch.setattr(battery, name, draws)
        page = case.report(
            folder / "r.html", run_notebook=False, today=date(2026, 11, 30)
        )
    return case, page, page.read_text("utf8")


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open, self.levels, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))
        if tag not in {"meta", "br", "link", "hr", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_asks_for_no_other_file(made):
    _, _, html = made
    addresses = re.findall(r"(?:src|href)=\"([^\"]*)|url\(\"?([^)\"]*)", html)
    outside = [a or b for a, b in addresses if not (a or b).startswith(("#", "data:"))]
    assert outside == []
    assert "<script" not in html


def test_its_elements_close_and_its_headings_follow(made):
    _, _, html = made
    tags = Tags(html)
    assert tags.open == []
    assert tags.levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(tags.levels, tags.levels[1:]))
    assert len(set(tags.ids)) == len(tags.ids)


def test_every_picture_is_told_in_words(made):
    _, _, html = made
    figures = re.findall(r"<svg[^>]*class=\"hub-(?:wide|narrow)\"[^>]*>", html)
    assert len(figures) >= 8
    assert all(re.search(r'aria-label="[^"]{10}', svg) for svg in figures)


def test_names_cannot_break_it(made):
    _, _, html = made
    assert "<b>" not in html
    assert "Oslo &lt;b&gt;&amp;" in html


@pytest.mark.parametrize(
    "part",
    ["A first look", "What would have been", "Which comparison speaks", "Chance",
     "Every comparison", "Dates at which nothing began", "Without any one unit",
     "Other choices", "If the paths would have parted anyway", "What would matter",
     "What could have been seen", "What else happened", "The plan", "The figures",
     "What was refused, and cannot be shown", "How to make this again"],
)  # fmt: skip
def test_it_has_the_part(made, part):
    _, _, html = made
    assert f">{part}</h2>" in html


def test_plan_and_figures_are_there_with_their_hashes(made):
    case, _, html = made
    assert plan_hash(case) in html
    content = (case.folder / "outcomes.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() in html
    assert "never filed" in html
    assert hub.__version__ in html


def test_its_first_page_has_what_a_reader_must_not_miss(made):
    _, _, html = made
    first = html[html.index('class="report-first"') : html.index('id="annex"')]
    parts = ("hub-card", "Filed?", "never filed", "You may say", "You may not say",
             "cannot be shown", "What else happened")  # fmt: skip
    at = [first.index(part) for part in parts]
    assert at == sorted(at)
    assert "Look at these figures" not in first


def test_odd_figures_are_told_on_the_first_page_and_all_in_the_annex(
    made, monkeypatch, few_draws
):
    case, page, _ = made
    odd = [f"jobs.csv, odd thing {n}" for n in range(4)] + ["A slip?"]
    monkeypatch.setattr(writing, "looked_at", lambda case: odd)
    again = case.report(page.with_name("odd.html"), run_notebook=False)
    first, _, annex = again.read_text("utf8").partition('id="annex"')
    assert "odd thing 2. The annex lists 2 more." in first
    assert "odd thing 3" not in first
    assert all(f"<li>{text}" in annex for text in odd)
    assert "A slip?<" in annex


def test_it_says_how_to_make_it_again(made):
    _, _, html = made
    assert "hubanalysis report ours -o r.html" in html


def test_the_csv_beside_it_holds_every_number(made):
    case, page, _ = made
    table = pd.read_csv(page.with_name("r-numbers.csv"))
    assert len(table) > 50
    estimate = table.query("part == 'verdict' and what == 'estimate'")["value"].item()
    assert estimate == pytest.approx(case.verdict().estimate)


def test_it_can_be_made_twice_alike(made, monkeypatch):
    case, page, html = made
    again = page.with_name("zz9.html")
    case.report(again, run_notebook=False, today=date(2026, 11, 30))
    assert again.read_text("utf8").replace("zz9", "r") == html


def test_a_case_of_a_table_in_memory_has_one_too(made, few_draws):
    case, page, _ = made
    frame = pd.read_csv(case.folder / "outcomes.csv")
    frame = frame.astype({"first": "Int64"})
    own = hub.Case.from_table(
        frame, treated="first", outcome="jobs", question="Did it?", title="Ours"
    )
    html = own.report(page.with_name("own.html")).read_text("utf8")
    assert "<h1>Ours</h1>" in html
    assert "as it was read" in html


@pytest.mark.parametrize("name", ["x.html", "x-numbers.csv", "x-steps.ipynb"])
def test_a_file_that_is_no_report_is_not_written_over(made, tmp_path, name):
    case, _, _ = made
    (tmp_path / name).write_text("years of work")
    with pytest.raises(hub.HubError, match=rf"{name} is there already"):
        case.report(tmp_path / "x.html", run_notebook=False)
    assert [f.name for f in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "years of work"


@pytest.mark.parametrize("gone", [[], ["r.html"]], ids=["page", "notebook"])
def test_the_report_of_another_programme_is_not_written_over(made, tmp_path, gone):
    case, page, _ = made
    for file in writing.beside(page):
        if file.name not in gone:
            shutil.copy(file, tmp_path)
    other = replace(case, name='the "others" & Co')
    with pytest.raises(hub.HubError, match='is about ours, not about the "others" & C'):
        other.report(tmp_path / "r.html", run_notebook=False)


def test_a_report_is_replaced_by_the_next_of_its_programme(made, few_draws, tmp_path):
    case, _, _ = made
    named = replace(case, name='a "b" \\ <c>')
    said = []
    for _ in range(2):
        named.report(tmp_path / "r.html", run_notebook=False, say=said.append)
    assert said == 2 * ["The notebook beside it has not been run."]
