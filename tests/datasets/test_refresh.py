"""A refresh shows what changed, writes only if told to, and never half."""

import datetime
import json
import math
import os

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import refresh as module
from tests.datasets import publishers
from tests.datasets.eurostat import eurostat

DAY = datetime.date(2026, 12, 1)
KOREA, NORWAY, YOZMA = "k-semiconductor-belt", "norwegian-tourism-cluster", "yozma"


def refresh(case, fetch=None, **more):
    """Refresh while publishers answer what ``fetch`` says."""
    with publishers.online(fetch):
        return module.refresh(case, **more)


def texts(folder, name):
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


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


def no_network(url):
    raise OSError(101, "Network is unreachable")


@pytest.mark.parametrize(
    ("fetch", "told"),
    [
        (no_network, "cannot be reached"),
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
    made = publishers.nights(counties, texts(folder, "hotel_nights_norway"))
    return publishers.pxweb(made)


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
    counties, whole = (
        texts(folder, "hotel_nights"),
        texts(folder, "hotel_nights_norway"),
    )
    made = publishers.nights(counties, whole)

    def two(name, label, labels):
        """The answer with two codes of a dimension, of which the first is the old."""
        at = made["id"].index(name) if name in made["id"] else len(made["id"])
        category = {"index": {"a": 0, "b": 1}, "label": dict(zip("ab", labels))}
        inner = math.prod(made["size"][at + 1 :])
        starts = range(0, len(made["value"]), inner)
        blocks = (made["value"][k : k + inner] for k in starts)
        return publishers.pxweb(
            made
            | {
                "id": [*made["id"][:at], name, *made["id"][at + 1 :]],
                "size": [*made["size"][:at], 2, *made["size"][at + 1 :]],
                "dimension": made["dimension"]
                | {name: {"label": label, "category": category}},
                "value": [v for part in blocks for v in (*part, *[5] * inner)],
            }
        )

    beside = two("ContentsCode", "contents", ["Guest nights", "Change, per cent"])
    report = refresh(NORWAY, fetch=beside)
    assert report.ok, report
    assert report.changes == ()
    unknown = two("Land", "country", ["Norway", "Sweden"])
    told = str(refresh(NORWAY, fetch=unknown))
    assert "also tells country apart (Norway, Sweden)" in told


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
        ("Region", "region"): ("county", "name"),
        ("ContentsCode", "contents"): ("what", "label"),
        ("Tid", "month"): ("tid", "tid"),
    }
    return publishers.pxweb(publishers.cube(table, dimensions))


def test_table_03616_comes_back_with_empty_cells_where_the_publisher_writes_0(copy):
    folder = copy(NORWAY)
    recipe = module.RECIPES[NORWAY][1]
    before = {name: texts(folder, name) for name in recipe.tables}
    with publishers.online(occupancy(folder)):
        laid, _ = recipe.make(before)
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


RESIDENCE = {"domestic": "DOM", "foreign": "FOR", "total": "TOTAL"}
EUROSTAT = {
    "eurostat_arrivals": (2, "TOUR_OCC_ARN2"),
    "eurostat_nights": (3, "TOUR_OCC_NIN2"),
    "eurostat_norway_month": (4, "TOUR_OCC_NIM"),
}


def europe(folder, name, change=lambda table: table, residence="c_resid"):
    table = change(texts(folder, name)).assign(freq="A", unit="NR")
    table["residence"] = table["residence"].map(RESIDENCE)
    monthly = "month" in table
    table["time"] = table["month" if monthly else "year"]
    table["geo"] = "NO" if monthly else table["region"]
    columns = ["freq", "residence", "unit", "establishments", "geo"]
    names = ["freq", residence, "unit", "nace_r2", "geo"]
    return eurostat(table, dict(zip(names, columns)), EUROSTAT[name][1])


@pytest.mark.parametrize("name", EUROSTAT)
def test_a_table_of_eurostat_comes_back_as_it_lies_with_flags_and_stamp(
    copy, monkeypatch, name
):
    folder = copy(NORWAY)
    recipe = module.RECIPES[NORWAY][EUROSTAT[name][0]]
    monkeypatch.setattr(module, "RECIPES", {NORWAY: (recipe,)})
    report = refresh(NORWAY, fetch=europe(folder, name))
    assert report.ok, report
    assert report.changes == ()
    with publishers.online(europe(folder, name)):
        (laid,), answers = recipe.make({name: texts(folder, name)})
    assert laid.vintage == "2026-11"
    kinds = [answer.url.split("/")[8] for answer in answers]
    assert kinds == ["dataflow", "datastructure", "data"]
    renamed = europe(folder, name, residence="residents")
    told = str(refresh(NORWAY, fetch=renamed))
    assert "Dimensions ['c_resid'] not in" in told


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
