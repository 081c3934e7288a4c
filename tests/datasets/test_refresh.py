"""A refresh shows what changed, writes only if told to, and never half."""

import datetime
import email.message
import http.client
import io
import json
import os
import shutil
import urllib.error
from pathlib import Path

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog
from hubanalysis.datasets import refresh as module
from hubanalysis.datasets.answers import AnswerError
from hubanalysis.datasets.refresh import fetch_url, refresh
from tests.datasets import publishers

DAY = datetime.date(2026, 12, 1)
KOREA, NORWAY, YOZMA = "k-semiconductor-belt", "norwegian-tourism-cluster", "yozma"


def texts(folder, name):
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A function that copies a case's data to where a refresh may write."""

    def copied(case):
        folder = Path(shutil.copytree(catalog.path(case), tmp_path / case))
        monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))
        return folder

    return copied


def contents(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


SERIES = {
    "IPG3344S": ("us_semiconductor_production", "index"),
    "XTEXVA01KRM667S": ("korea_total_exports", "exports"),
}


def fred(folder, change=lambda name, table: table):
    """Answer as FRED would, from the tables that lie there after a change."""

    def fetch(url):
        series = url.rpartition("=")[2]
        name, value = SERIES[series]
        return publishers.fred(change(name, texts(folder, name)), series, value)

    return fetch


def newer(name, table):
    """One month more, one figure revised."""
    last = table.iloc[[-1]].assign(month=str(pd.Period(table["month"].iloc[-1]) + 1))
    table = pd.concat([table, last], ignore_index=True)
    table.iloc[0, 2] = "17.9"
    return table


def test_figures_that_are_the_same_change_nothing(copy):
    folder = copy(KOREA)
    before = contents(folder)
    report = refresh(KOREA, yes=True, fetch=fred(folder), today=DAY)
    assert report.ok
    assert report.changes == report.written == ()
    assert "as the publishers have them" in str(report)
    assert contents(folder) == before


def test_without_yes_what_changed_is_told_and_nothing_is_written(copy):
    folder = copy(KOREA)
    before = contents(folder)
    report = refresh(KOREA, fetch=fred(folder, newer), today=DAY)
    assert [len(c.added) for c in report.changes] == [1, 1]
    assert report.changes[0].revised[["was", "is"]].values.tolist() == [
        ["17.6704", "17.9"]
    ]
    assert "1 added" in str(report)
    assert "say --yes" in str(report)
    assert contents(folder) == before


def test_with_yes_tables_descriptor_and_answers_are_written_and_load(copy):
    folder = copy(KOREA)
    rows = len(hub.load(f"{KOREA}/us_semiconductor_production"))
    report = refresh(KOREA, yes=True, fetch=fred(folder, newer), today=DAY)
    table = hub.load(f"{KOREA}/us_semiconductor_production")
    assert len(table) == rows + 1
    assert table["index"].iloc[0] == 17.9
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    (resource,) = (
        r for r in package["resources"] if r["name"] == "us_semiconductor_production"
    )
    assert resource["refreshed"]["date"] == "2026-12-01"
    assert resource["vintage"] == str(table["month"].iloc[-1])
    assert (folder / resource["refreshed"]["answer"]).exists()
    assert "datapackage.json" in report.written


PORTAL = b"<!DOCTYPE html><title>Free WiFi: please log in</title>"


def whole(url):
    raise AnswerError("fred.stlouisfed.org cannot be reached; is there a network?")


@pytest.mark.parametrize(
    ("fetch", "told"),
    [
        (whole, "cannot be reached"),
        (lambda url: b"", "answered with nothing"),
        (lambda url: PORTAL, "web page and no figures"),
        (lambda url: b"observation_date,X\n", "its format may have changed"),
    ],
)
def test_a_failure_leaves_everything_untouched_and_says_what_happened(
    copy, fetch, told
):
    folder = copy(KOREA)
    before = contents(folder)
    report = refresh(KOREA, yes=True, fetch=fetch, today=DAY)
    assert not report.ok
    assert told in str(report)
    assert contents(folder) == before


def test_half_a_download_leaves_everything_untouched(copy):
    folder = copy(KOREA)
    before = contents(folder)
    good = fred(folder, newer)
    report = refresh(KOREA, yes=True, fetch=lambda url: good(url)[:-9], today=DAY)
    assert "breaks off" in str(report)
    assert contents(folder) == before


def test_one_publisher_that_fails_keeps_the_others_from_being_written(copy):
    folder = copy(KOREA)
    before = contents(folder)
    good = fred(folder, newer)
    report = refresh(
        KOREA, yes=True, fetch=lambda u: PORTAL if "XTEX" in u else good(u), today=DAY
    )
    assert len(report.changes) == len(report.faults) == 1
    assert "nothing was written, since not all answers passed" in str(report)
    assert contents(folder) == before


def test_rows_that_vanish_are_taken_for_a_fault_but_a_few_are_told(copy):
    folder = copy(KOREA)
    many = fred(folder, lambda name, table: table.iloc[60:])
    assert "taken for a fault" in str(refresh(KOREA, fetch=many))
    few = fred(folder, lambda name, table: table.iloc[:-3])
    report = refresh(KOREA, fetch=few)
    assert [len(c.withdrawn) for c in report.changes] == [3, 3]


def test_a_figure_that_is_none_is_refused(copy):
    folder = copy(KOREA)

    def broken(name, table):
        table = newer(name, table)
        table.iloc[3, 2] = "n/a"
        return table

    report = refresh(KOREA, yes=True, fetch=fred(folder, broken), today=DAY)
    assert "'n/a' in index of us_semiconductor_production is no figure" in str(report)


def test_a_file_that_cannot_be_written_puts_all_back(copy, monkeypatch):
    folder = copy(KOREA)
    before = contents(folder)
    real, calls = os.replace, []

    def replace(source, target):
        calls.append(target)
        if len(calls) == 4:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(module.os, "replace", replace)
    with pytest.raises(hub.HubError, match="as they were"):
        refresh(KOREA, yes=True, fetch=fred(folder, newer), today=DAY)
    assert contents(folder) == before


def norway(folder, change=lambda table: table):
    counties = change(texts(folder, "hotel_nights"))
    sent = publishers.statistics_norway(counties, texts(folder, "hotel_nights_norway"))

    def fetch(url):
        if "08403" not in url:
            raise AnswerError("not asked here")
        if "/data?" in url:
            assert url.count("valueCodes[") >= 4
        return sent["/data" if "/data?" in url else "/metadata"]

    return fetch


def test_table_08403_comes_back_county_by_county_as_it_lies(copy, monkeypatch):
    folder = copy(NORWAY)
    only = {NORWAY: module.RECIPES[NORWAY][:1]}
    monkeypatch.setattr(module, "RECIPES", only)
    report = refresh(NORWAY, fetch=norway(folder))
    assert report.ok, report
    assert report.changes == ()


def test_what_stands_beside_the_nights_is_left_out_and_what_is_unknown_refused(
    copy, monkeypatch
):
    folder = copy(NORWAY)
    monkeypatch.setattr(module, "RECIPES", {NORWAY: module.RECIPES[NORWAY][:1]})
    good = norway(folder)

    def two(name, codes, labels, seen):
        """The answer with a dimension of two codes, of which the first is the old."""

        def fetch(url):
            made = json.loads(good(url))
            at = made["id"].index(name) if name in made["id"] else len(made["id"])
            if at == len(made["id"]):
                made["id"].append(name)
                made["size"].append(1)
            made["size"][at] = 2
            category = {"index": codes, "label": dict(zip(codes, labels))}
            made["dimension"][name] = {"category": category}
            inner = 1
            for size in made["size"][at + 1 :]:
                inner *= size
            if "/data?" in url:
                moved = {}
                for place, value in made["value"].items():
                    outer, rest = divmod(int(place), inner)
                    moved[str(2 * outer * inner + rest)] = value
                    if seen:
                        moved[str((2 * outer + 1) * inner + rest)] = 5
                made["value"], made["status"] = moved, {}
            return publishers.sent(made)

        return fetch

    beside = two("ContentsCode", ["a", "b"], ["Guest nights", "Change, per cent"], True)
    report = refresh(NORWAY, fetch=beside)
    assert report.ok, report
    assert report.changes == ()
    unknown = two("Land", ["a", "b"], ["Norway", "Sweden"], True)
    told = str(refresh(NORWAY, fetch=unknown))
    assert "also tells Land apart (Norway, Sweden)" in told


def occupancy(folder):
    table = pd.concat(
        [
            texts(folder, "hotel_occupancy_price"),
            texts(folder, "hotel_occupancy_price_norway").assign(county="Norge"),
        ]
    )
    table = table[table["month"] >= "2015"].drop(columns="year")
    told = {
        "room_occupancy": "Occupancy rate of rooms",
        "bed_occupancy": "Occupancy rate of beds",
        "price_per_room": "Price per room",
    }
    table = table.melt(["county", "month"], var_name="what")
    table = table.assign(label=table["what"].map(told))
    table["value"] = table["value"].replace("", "0")
    table["tid"] = table["month"].str.replace("-", "M")
    table["name"] = table["county"].replace(publishers.NAMES)
    dimensions = {
        "Region": ("county", "name"),
        "ContentsCode": ("what", "label"),
        "Tid": ("tid", "month"),
    }
    return publishers.sent(publishers.cube(table, dimensions))


def test_table_03616_comes_back_with_empty_cells_where_the_publisher_writes_0(copy):
    folder = copy(NORWAY)
    recipe = module.RECIPES[NORWAY][1]
    before = {name: texts(folder, name) for name in recipe.tables}
    laid, _ = recipe.make(before, lambda url: occupancy(folder))
    for table in laid:
        lies = before[table.name]
        lies = lies[lies["month"] >= "2015"].reset_index(drop=True)
        # 43.0 is sent as 43, as the table has it.
        assert table.table.shape == lies.shape
        assert (table.table["county" if "county" in lies else "month"]).equals(
            lies["county" if "county" in lies else "month"]
        )
        for column in ("room_occupancy", "bed_occupancy", "price_per_room"):
            ours, theirs = table.table[column], lies[column]
            assert ((ours == "") == (theirs == "")).all()
            assert (pd.to_numeric(ours) - pd.to_numeric(theirs)).abs().max() < 1e-9


@pytest.mark.parametrize(
    ("number", "name"), [(2, "eurostat_arrivals"), (3, "eurostat_nights")]
)
def test_eurostats_regions_come_back_as_they_lie(copy, monkeypatch, number, name):
    folder = copy(NORWAY)
    recipes = module.RECIPES[NORWAY][number : number + 1]
    monkeypatch.setattr(module, "RECIPES", {NORWAY: recipes})
    table = texts(folder, name).assign(freq="A", unit="NR")
    codes = {"domestic": "DOM", "foreign": "FOR", "total": "TOTAL"}
    table["residence"] = table["residence"].map(codes)
    names = {
        "freq": "freq",
        "c_resid": "residence",
        "unit": "unit",
        "nace_r2": "establishments",
        "geo": "region",
        "time": "year",
    }
    flag = "flag" if "flag" in table else None
    made = publishers.cube(table, {k: (c, c) for k, c in names.items()}, flag=flag)
    report = refresh(NORWAY, fetch=lambda url: publishers.sent(made))
    assert report.ok, report
    assert report.changes == ()
    renamed = publishers.sent(made).replace(b"c_resid", b"residence")
    told = str(refresh(NORWAY, fetch=lambda url: renamed))
    assert "lacks c_resid" in told


def test_new_months_and_new_counties_of_table_08403_are_written(copy, monkeypatch):
    folder = copy(NORWAY)
    monkeypatch.setattr(module, "RECIPES", {NORWAY: module.RECIPES[NORWAY][:1]})

    def later(table):
        last = table[table["month"] == "2018-06"]
        more = last.assign(month="2020-01", year="2020")
        more["county"] = more["county"].replace("Hordaland", "Vestland (2020-)")
        return pd.concat([table, more])

    report = refresh(NORWAY, yes=True, fetch=norway(folder, later), today=DAY)
    assert "autumn 2019" in str(report)
    assert "hotel_nights_by_month" in str(report)
    nights = hub.load(f"{NORWAY}/hotel_nights")
    assert "Vestland" in set(nights["county"])
    assert nights["year"].max() == 2020
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    fields = {f["name"]: f for f in package["resources"][0]["schema"]["fields"]}
    assert "Vestland" in fields["county"]["constraints"]["enum"]
    assert fields["year"]["constraints"]["maximum"] == "2020"


def test_eurostats_monthly_nights_come_back_as_they_lie(copy, monkeypatch):
    folder = copy(NORWAY)
    monkeypatch.setattr(module, "RECIPES", {NORWAY: module.RECIPES[NORWAY][4:]})
    table = texts(folder, "eurostat_norway_month").assign(geo="NO", freq="M", unit="NR")
    codes = {"domestic": "DOM", "foreign": "FOR", "total": "TOTAL"}
    table["residence"] = table["residence"].map(codes)
    names = {
        "freq": "freq",
        "c_resid": "residence",
        "unit": "unit",
        "nace_r2": "establishments",
        "geo": "geo",
        "time": "month",
    }
    made = publishers.cube(table, {k: (c, c) for k, c in names.items()}, flag="flag")
    report = refresh(NORWAY, fetch=lambda url: publishers.sent(made))
    assert report.ok, report
    assert report.changes == ()


def test_a_new_vintage_of_the_world_bank_stands_beside_the_old_ones(copy):
    folder = copy(YOZMA)
    panel = texts(folder, "country_panel")

    def fetch(url):
        code = url.partition("/indicator/")[2].partition("?")[0]
        rows = panel[(panel["series"] == code) & panel["source"].str.match("WDI_2")]
        rows = rows[rows["source"] == rows["source"].max()].copy()
        if code == "IP.PAT.RESD":
            rows.iloc[0, -1] = "1"
        return publishers.world_bank(rows, code)

    report = refresh(YOZMA, yes=True, fetch=fetch, today=DAY)
    assert report.ok, report
    (change,) = report.changes
    assert change.revised["is"].tolist() == ["1"]
    table = hub.load(f"{YOZMA}/country_panel")
    new = table["source"] == "WDI_2026-10"
    assert len(table[~new]) == len(panel)
    told = hub.load(f"{YOZMA}/series").query("source == 'WDI_2026-10'")
    assert set(told["series"]) == set(table.loc[new, "series"])


def test_a_case_without_an_interface_says_why():
    assert "have no interface" in str(refresh("hangzhou-pilot-zone"))
    with pytest.raises(hub.HubError, match="Did you mean 'yozma'"):
        refresh("yozna")


class Reply(io.BytesIO):
    """What urlopen returns."""

    def __init__(self, content, length):
        super().__init__(content)
        self.headers = email.message.Message()
        self.headers["Content-Length"] = str(length)


def test_a_download_shorter_than_promised_is_refused(monkeypatch):
    monkeypatch.setattr(module, "urlopen", lambda *a, **k: Reply(b"abc", 9))
    with pytest.raises(AnswerError, match="3 of 9 bytes"):
        fetch_url("https://example.org/x")
    monkeypatch.setattr(module, "urlopen", lambda *a, **k: Reply(b"abc", 3))
    assert fetch_url("https://example.org/x") == b"abc"


def test_a_question_that_does_not_fit_an_address_is_posted_as_json(monkeypatch):
    asked = []

    def answer(request, timeout):
        asked.append((request.get_method(), request.data, request.headers))
        return Reply(b"abc", 3)

    monkeypatch.setattr(module, "urlopen", answer)
    fetch_url("https://example.org/x")
    fetch_url("https://example.org/x", b'{"seriesid": []}')
    (first, nothing, _), (second, body, headers) = asked
    assert (first, nothing, second, body) == ("GET", None, "POST", b'{"seriesid": []}')
    assert headers["Content-type"] == "application/json"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (http.client.IncompleteRead(b"ab", 7), "cannot be reached .IncompleteRead"),
        (urllib.error.URLError("no route to host"), "cannot be reached .no route"),
        (TimeoutError("timed out"), "cannot be reached .timed out"),
        (urllib.error.HTTPError("u", 404, "Not Found", None, None), "refused with 404"),
    ],
)
def test_no_network_and_a_refusal_are_told(monkeypatch, error, told):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(module, "urlopen", fails)
    with pytest.raises(AnswerError, match=told):
        fetch_url("https://example.org/x")
