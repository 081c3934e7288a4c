"""Every recipe lays out what publishers send as its tables are."""

import itertools
import re

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog, recipes
from hubanalysis.datasets.answers import AnswerError
from tests.datasets import publishers
from tests.datasets.eurostat import eurostat

NORWAY = "norwegian-tourism-cluster"

EVERY = [(case, recipe) for case, all_ in recipes.RECIPES.items() for recipe in all_]


@pytest.mark.parametrize(
    ("case", "recipe"), EVERY, ids=lambda x: getattr(x, "publisher", x)
)
def test_a_recipe_makes_tables_that_the_case_has(case, recipe):
    names = {r["name"] for r in catalog.package(case)["resources"]}
    assert set(recipe.tables + recipe.derived) <= names


def test_a_case_is_fetched_or_says_why_not_and_never_both():
    # That each has one or the other is among what `tools.data.faults` asks of it.
    cases = {name.partition("/")[0] for name in hub.datasets().index}
    fetched, not_fetched = set(recipes.RECIPES), set(recipes.NOT_FETCHED)
    assert not fetched & not_fetched
    assert fetched | not_fetched <= cases


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Trøndelag - Trööndelage", "Trøndelag"),
        ("Møre og Romsdal", "Møre og Romsdal"),
        ("Viken (2020-2023)", "Viken"),
        ("Sogn og Fjordane (-2019)", "Sogn og Fjordane"),
        ("The whole country", "Norge"),
    ],
)
def test_counties_are_called_as_in_the_tables(label, name):
    assert recipes.county_name(label) == name


NIGHTS = {"hotel_nights": None, "hotel_nights_norway": None}
ROWS = pd.DataFrame({"iso3": ["ISR", "NOR"], "year": "1999", "value": ["2.5", "3"]})
PANEL = ROWS.assign(country=ROWS["iso3"], series="X", source="WDI_2018-08")
BANK = {
    "country_panel": PANEL[["iso3", "country", "year", "series", "source", "value"]],
    "series": pd.DataFrame(
        [["X", "WDI_2018-08", "2018-08", "2", "1999", "1999"]],
        columns=["series", "source", "vintage", "countries", "first_year", "last_year"],
    ),
}
EUROPE = {
    "eurostat_nights": pd.DataFrame(
        {
            "region": ["DK01", "DK02"],
            "year": "2020",
            "establishments": "I551-I553",
            "residence": "foreign",
            "value": ["7", "8"],
        }
    )
}


def norway(**other):
    """Statistics Norway's answer of one county, one month and the words given."""
    words = {
        "region": ["Oslo"],
        "contents": ["Guest nights" if "purpose" in other else "Room occupancy"],
        "month": ["2019M01"],
    } | other
    cells = itertools.product(*words.values())
    table = pd.DataFrame(cells, columns=list(words)).assign(value="7")
    made = publishers.cube(table, {(k.title(), k): (k, k) for k in words})
    return publishers.pxweb(made)


def europe(url, flag=""):
    table = EUROPE["eurostat_nights"].assign(freq="A", unit="NR", time="2020")
    table["c_resid"], table["flag"] = "FOR", flag
    columns = ("freq", "c_resid", "unit", "establishments", "region")
    names = ("freq", "c_resid", "unit", "nace_r2", "geo")
    return eurostat(table, dict(zip(names, columns)), "TOUR_OCC_NIN2")(url)


def bank(url):
    """The World Bank's answer, a page for each country."""
    page = int(re.search(r"[?&]page=(\d+)", url)[1])
    made = publishers.world_bank(ROWS[page - 1 : page], "X", page, 2, total=2)
    return made.replace(b'"per_page": 20000', b'"per_page": 1')


# A recipe for each client, what lies, what its publisher answers, and of that the part
# that holds figures.
CLIENTS = {
    "pxweb": (recipes.hotel_nights, NIGHTS, norway(purpose=["Business"]), "/data?"),
    "sdmx": (recipes.RECIPES[NORWAY][3].make, EUROPE, europe, "/data/"),
    "wbgapi": (recipes.world_bank, BANK, bank, "page=2"),
}
FAULTS = {
    "no network": (None, "cannot be reached (.*); is there a network?"),
    "a refusal": (404, "refused with 404"),
    "nothing": (b"", "answered with nothing"),
    "a login page": (b"<!DOCTYPE html><title>Wifi</title>", "sent a web page"),
    "half of it": (lambda sent: sent[: len(sent) // 2], "answered, but not as"),
    "another form": (lambda sent: b'{"figures": []}', "answered, but not as"),
}


@pytest.mark.parametrize("first", [True, False], ids=["at once", "at the figures"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_every_fault_of_every_client_is_told_in_a_sentence(client, fault, first):
    make, before, good, part = CLIENTS[client]
    bad, told = FAULTS[fault]

    def answer(url, *body):
        if not first and part not in url:
            return good(url, *body)
        if bad is None:
            raise OSError(101, "Network is unreachable")
        return bad(good(url, *body)) if callable(bad) else bad

    with publishers.online(answer), pytest.raises(AnswerError) as caught:
        make(before)
    assert re.search(told.replace("(", r"\(").replace(")", r"\)"), str(caught.value))
    assert "\n" not in str(caught.value)


def test_a_client_that_asks_too_often_waits_and_asks_again(monkeypatch):
    waited, asked = [], []
    monkeypatch.setattr("time.sleep", waited.append)
    counties = norway(region=["Oslo", "The whole country"], purpose=["Business"])

    def answer(url, *body):
        asked.append(url)
        return 429 if body and waited == [] else counties(url, *body)

    with publishers.online(answer):
        laid, answers = recipes.hotel_nights(NIGHTS)
    assert waited == [1.0]
    assert len(answers) == len(asked) - 1
    assert [table.after["guest_nights"].tolist() for table in laid] == [["7"], ["7"]]


@pytest.mark.parametrize(
    ("client", "answer", "told"),
    [
        (
            "wbgapi",
            lambda url: publishers.world_bank(ROWS[:1], "X", total=2),
            "there are 2 rows of X and sent 1: half a download",
        ),
        (
            "wbgapi",
            lambda url: b'[{"page": 0, "pages": 0, "per_page": 50, "total": 0}, null]',
            "not as wbgapi .*TypeError",
        ),
        (
            "wbgapi",
            lambda url: publishers.sent([{"message": [{"key": "X", "value": "gone"}]}]),
            "not as wbgapi .*APIError: X: gone",
        ),
        (
            "wbgapi",
            lambda url: bank(url).replace(b"countryiso3code", b"iso3"),
            "not as wbgapi .*KeyError: 'countryiso3code'",
        ),
        (
            "wbgapi",
            lambda url: re.sub(rb'"value": [\d.]+', b'"value": null', bank(url)),
            "without a value of X",
        ),
        (
            "sdmx",
            lambda url: re.sub(rb"<Series.*</Series>", b"", europe(url), flags=re.S),
            "no value of TOUR_OCC_NIN2",
        ),
        (
            "sdmx",
            lambda url: re.sub(rb' OBS_VALUE="."', b"", europe(url, flag="c")),
            "no value of TOUR_OCC_NIN2",
        ),
        (
            "sdmx",
            lambda url: europe(url).replace(b'id="geo"', b'id="place"'),
            "not as sdmx1 .*geo",
        ),
        (
            "pxweb",
            lambda *asked: re.sub(rb'"value": .7.', b'"value": []', norway()(*asked)),
            "not as pxwebpy .*does not match value count",
        ),
        (
            "pxweb",
            lambda *asked: re.sub(
                rb'"value": .7.', b'"value": [null]', norway()(*asked)
            ),
            "08403 that has no value in it",
        ),
    ],
)
def test_what_a_client_would_let_pass_is_told_too(client, answer, told):
    make, before, *_ = CLIENTS[client]
    with publishers.online(answer), pytest.raises(AnswerError, match=told):
        make(before)


def test_figures_come_in_the_digits_that_were_sent_with_stamp_and_flag():
    with publishers.online(bank):
        (panel, series), answers = recipes.world_bank(BANK)
    assert panel.after["value"].tolist() == ["2.5", "3"]
    assert (panel.vintage, set(panel.after["source"])) == ("2026-10", {"WDI_2026-10"})
    assert series.table["vintage"].tolist() == ["2018-08", "2026-10"]
    assert [answer.content for answer in answers] == [
        bank("?page=1"),
        bank("?page=2"),
    ]
    before = {"eurostat_nights": EUROPE["eurostat_nights"].assign(flag="")}
    with publishers.online(lambda url: europe(url, flag="e")):
        (laid,), _ = recipes.RECIPES[NORWAY][3].make(before)
    assert laid.after[["value", "flag"]].to_numpy().tolist() == [["7", "e"], ["8", "e"]]
    assert laid.vintage == "2026-11"


@pytest.mark.parametrize(
    ("make", "answer", "told"),
    [
        (
            recipes.hotel_nights,
            norway(where=["Oslo"], region=["Oslo"], county=["Oslo"], purpose=["All"]),
            r"looks like the county .it has region, contents, month, where, county",
        ),
        (recipes.hotel_rooms, norway(month=["2019"]), "is no month"),
        (recipes.hotel_rooms, norway(), "lacks the counties, or the country"),
        (
            recipes.hotel_rooms,
            norway(contents=["Room a", "Room b"]),
            "two series of the answer look alike",
        ),
        (
            recipes.hotel_nights,
            norway(purpose=["Pilgrimage"]),
            "the purpose 'Pilgrimage' is unknown here",
        ),
    ],
)
def test_what_a_publisher_changed_is_told_before_anything_is_laid_out(
    make, answer, told
):
    with publishers.online(answer), pytest.raises(AnswerError, match=told):
        make({})
