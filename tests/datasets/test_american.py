"""The American tables come back as they lie, all of one vintage, and keep no key.

Answers are made from the tables at hand in the documented form, and not recorded.
"""

import datetime
import gzip
import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import american
from hubanalysis.datasets import refresh as module
from tests.datasets import publishers

CASE = "build-back-better"
OURS = Path(__file__).parents[2] / "data" / CASE
DAY = datetime.date(2026, 12, 1)
PORTAL = b"<!DOCTYPE html><title>Free WiFi: please log in</title>"
KEY = "0a1b-key"
UNIT = {
    "CAGDP1": "Thousands of chained 2017 dollars",
    "CAINC30": "Number of jobs",
}


def refresh(case, fetch=None, **more):
    """Refresh while publishers answer what ``fetch`` says."""
    with publishers.online(fetch):
        return module.refresh(case, **more)


def texts(folder, name):
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def contents(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def only(tmp_path, monkeypatch):
    """A function that leaves some recipes, and a copy of their first counties."""
    for variable in ("BEA_API_KEY", "BLS_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))

    def left(*numbers, counties=30):
        if 0 in numbers:
            pytest.importorskip("openpyxl")
        recipes = tuple(american.RECIPES[k] for k in numbers)
        monkeypatch.setattr(module, "RECIPES", {CASE: recipes})
        folder = tmp_path / CASE
        folder.mkdir()
        shutil.copy(OURS / "datapackage.json", folder)
        for name in [table for recipe in recipes for table in recipe.tables]:
            table = texts(OURS, name)
            first = table["fips"].drop_duplicates().iloc[:counties]
            table[table["fips"].isin(first)].to_csv(folder / f"{name}.csv", index=False)
        return folder

    return left


def asked_of(url):
    return {k: v[0] for k, v in parse_qs(urlparse(url).query).items()}


def bureau(folder, change=lambda table: table, unit=UNIT):
    """Answer as the Bureau of Economic Analysis would, from the tables that lie."""

    def fetch(url):
        asked = asked_of(url)
        assert asked["UserID"] == KEY
        table = asked["TableName"]
        if asked["method"] == "GetParameterValuesFiltered":
            return publishers.bea_lines(
                f"[{table}] Wage and salary employment",
                f"[{table}] Chain-type quantity indexes for real GDP",
                f"[{table}] Total employment (number of jobs)",
                f"[{table}] Real GDP (thousands of chained 2017 dollars)",
            )
        name, value, line = {
            "CAGDP1": ("real_gdp", "real_gdp", "40"),
            "CAINC30": ("county_jobs", "jobs", "30"),
        }[table]
        assert asked["LineCode"] == line
        rows = change(texts(folder, name))
        if "name" not in rows:
            rows = rows.assign(
                name=rows["area"] + ", " + rows["state"] + "*"
                if "area" in rows
                else "Somewhere, AL"
            )
        return publishers.bea(rows, value, unit[table], KEY)

    return fetch


def labor(folder, change=lambda table: table):
    """Answer as the Bureau of Labor Statistics would, fifty series at a time."""
    table = change(texts(folder, "county_employment"))
    figures = {
        f"LAUCN{fips}00000000{code}": list(zip(part["year"], part[measure]))
        for fips, part in table.groupby("fips")
        for measure, code in (("employed", "05"), ("unemployed", "04"))
    }

    def fetch(url, body):
        asked = json.loads(body)
        assert url == american.BLS
        assert asked["registrationkey"] == KEY
        assert len(asked["seriesid"]) <= 50
        first, last = asked["startyear"], asked["endyear"]
        assert int(last) - int(first) < 20
        return publishers.bls(
            {
                name: [(y, v) for y, v in figures.get(name, []) if first <= y <= last]
                for name in asked["seriesid"]
            }
        )

    return fetch


def census(folder, change=lambda table: table):
    table = change(texts(folder, "business_applications"))
    return lambda url: publishers.filings(table)


GOOD = {0: census, 1: labor, 2: bureau, 3: bureau}


@pytest.mark.parametrize("number", GOOD)
def test_a_table_comes_back_as_it_lies(only, number):
    folder = only(number)
    report = refresh(CASE, fetch=GOOD[number](folder))
    assert report.ok, report
    assert report.changes == ()
    assert "as the publishers have them" in str(report)


def one_more(table):
    """A year more for all counties but the last, and one figure revised."""
    value = table.columns[-1]
    if value == "status":
        value = "applications"
    last = table[table["year"] == table["year"].max()]
    more = last.iloc[:-1].assign(year=str(int(last["year"].iloc[0]) + 1))
    table = pd.concat([table, more], ignore_index=True)
    table.loc[0, value] = "77"
    return table.sort_values(["fips", "year"], ignore_index=True)


@pytest.mark.parametrize("number", GOOD)
def test_what_is_new_is_told_and_written_with_its_answers_and_without_the_key(
    only, number
):
    folder = only(number)
    name = american.RECIPES[number].tables[0]
    before = texts(folder, name)
    fetch = GOOD[number](folder, one_more)
    report = refresh(CASE, yes=True, fetch=fetch, today=DAY)
    assert report.ok, report
    (change,) = report.changes
    assert change.revised["is"].tolist() == ["77"]
    assert len(change.added) >= (before["year"] == before["year"].max()).sum() - 1
    table = hub.load(f"{CASE}/{name}")
    assert table["year"].max() == int(before["year"].max()) + 1
    assert f"made anew: {american.RECIPES[number].derived[0]}" in str(report)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    (resource,) = (r for r in package["resources"] if r["name"] == name)
    assert resource["span"].endswith(str(table["year"].max()))
    kept = gzip.decompress((folder / resource["refreshed"]["answer"]).read_bytes())
    sources = (folder / resource["refreshed"]["answer"]).with_suffix(".sources")
    assert kept
    assert b"YOUR-KEY" in sources.read_bytes() or number == 0
    for told in (kept, sources.read_bytes(), str(report).encode()):
        assert KEY.upper().encode() not in told.upper()
    if number == 3:
        assert resource["vintage"] == "2025-12"


def test_a_county_that_is_new_is_named_and_one_that_is_gone_withdrawn(only):
    folder = only(3)

    def moved(table):
        new = table.iloc[-1:].assign(fips="99001", area="Newland", state="NL")
        return pd.concat([table.iloc[:-3], new])

    report = refresh(CASE, yes=True, fetch=bureau(folder, moved), today=DAY)
    (change,) = report.changes
    assert (len(change.added), len(change.withdrawn)) == (1, 3)
    table = hub.load(f"{CASE}/real_gdp")
    assert table.loc[table["fips"] == "99001", "area"].tolist() == ["Newland"]


def test_figures_that_the_bureau_does_not_give_are_left_out(only):
    folder = only(2)

    def hidden(table):
        table.loc[[0, 1], "jobs"] = ""
        return table

    (change,) = refresh(CASE, fetch=bureau(folder, hidden)).changes
    assert len(change.withdrawn) == 2


def test_without_a_key_others_are_asked_and_written_all_the_same(only, monkeypatch):
    folder = only(0, 2)
    monkeypatch.delenv("BEA_API_KEY")
    fetch = census(folder, one_more)
    report = refresh(CASE, yes=True, fetch=fetch, today=DAY)
    assert report.ok
    assert "not asked: county_jobs: the Bureau of Economic Analysis" in str(report)
    assert "https://apps.bea.gov/API/signup/" in str(report)
    assert "business_applications.csv" in report.written
    assert "noise" in str(report)


def no_network(*_):
    raise OSError(101, "Network is unreachable")


@pytest.mark.parametrize("number", GOOD)
@pytest.mark.parametrize(
    ("fetch", "told"),
    [
        (no_network, "cannot be reached"),
        (lambda *_: b"", "answered with nothing"),
        (lambda *_: PORTAL, "web page and no figures"),
        (lambda *_: b'{"BEAAPI": {"Resul', "breaks off|no workbook"),
        (
            lambda *_: publishers.bea_error("The BEA API UserID does not exist."),
            "refused: The BEA API UserID|sent no status|no workbook",
        ),
        (
            lambda *_: publishers.bls_error("REQUEST_NOT_PROCESSED", "the key is bad"),
            "refused: the key is bad|sent no results|no workbook",
        ),
    ],
)
def test_a_failure_leaves_everything_untouched_and_says_what_happened(
    only, number, fetch, told
):
    folder = only(number, counties=3)
    before = contents(folder)
    report = refresh(CASE, yes=True, fetch=fetch, today=DAY)
    assert not report.ok
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(str(report))
    assert contents(folder) == before


@pytest.mark.parametrize("number", GOOD)
def test_half_of_the_counties_is_taken_for_a_fault(only, number):
    folder = only(number)
    before = contents(folder)
    half = GOOD[number](folder, lambda table: table.iloc[: len(table) // 2])
    report = refresh(CASE, yes=True, fetch=half, today=DAY)
    assert "taken for a fault" in str(report) or "half an answer" in str(report)
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("number", "change", "told"),
    [
        (0, {"applications": "D"}, "'D' in applications .* is no figure"),
        (1, {"employed": "many"}, "'many' in employed .* is no figure"),
        (3, {"year": "2001"}, "twice; its dimensions may have changed"),
    ],
)
def test_a_figure_that_is_none_is_refused(only, number, change, told):
    folder = only(number, counties=3)
    before = contents(folder)

    def spoilt(table):
        column, value = next(iter(change.items()))
        table.loc[1, column] = value
        return table

    report = refresh(CASE, yes=True, fetch=GOOD[number](folder, spoilt), today=DAY)
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(str(report))
    assert contents(folder) == before


def test_another_base_year_and_a_renamed_line_are_refused(only):
    folder = only(3, counties=3)
    later = bureau(folder, unit=UNIT | {"CAGDP1": "Thousands of chained 2022 dollars"})
    assert "must not be mixed" in str(refresh(CASE, fetch=later))
    good = bureau(folder)

    def renamed(url):
        if "GetData" in url:
            return good(url)
        return publishers.bea_lines("[CAGDP1] Output in chained dollars")

    assert "0 lines of table CAGDP1" in str(refresh(CASE, fetch=renamed))
    lost = refresh(CASE, fetch=lambda u: good(u).replace(b'"GeoFips"', b'"GEOID"'))
    assert "lack 'GeoFips'" in str(lost)
