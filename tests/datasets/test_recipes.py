"""Every recipe lays out what publishers send as its tables are."""

import json
import math

import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog, recipes
from hubanalysis.datasets.answers import AnswerError

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


def test_a_renamed_dimension_is_refused_with_those_that_are_there():
    old = {"hotel_nights": None, "hotel_nights_norway": None}
    sent = b'{"id": ["Where", "Tid"], "size": [1, 1], "value": [1], "dimension": '
    sent += b'{"Where": {"category": {"index": ["a"]}}, '
    sent += b'"Tid": {"category": {"index": ["2019M01"]}}}}'
    with pytest.raises(AnswerError, match=r"looks like the county .it has Where, Tid"):
        recipes.hotel_nights(old, lambda url: sent)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: recipes.hotel_nights({}, lambda url: b"[]"), "names no dimensions"),
        (lambda: recipes.hotel_rooms({}, cube(Tid=["2019"])), "is no month"),
        (lambda: recipes.hotel_rooms({}, cube()), "lacks the counties, or the country"),
        (
            lambda: recipes.hotel_rooms({}, cube(ContentsCode=["Room a", "Room b"])),
            "two series of the answer look alike",
        ),
        (
            lambda: recipes.hotel_nights({}, cube(Purpose=["Pilgrimage"])),
            "the purpose 'Pilgrimage' is unknown here",
        ),
    ],
)
def test_what_a_publisher_changed_is_told_before_anything_is_laid_out(call, told):
    with pytest.raises(AnswerError, match=told):
        call()


def cube(**other):
    """A function that answers with one county, one month and the codes given."""
    codes = {
        "Region": ["Oslo"],
        "ContentsCode": ["Room occupancy"],
        "Tid": ["2019M01"],
    }
    if "Purpose" in other:
        codes["ContentsCode"] = ["Guest nights"]
    codes |= other
    sizes = [len(values) for values in codes.values()]
    made = {
        "id": list(codes),
        "size": sizes,
        "dimension": {k: {"category": {"index": v}} for k, v in codes.items()},
        "value": list(range(1, 1 + math.prod(sizes))),
    }
    return lambda url: json.dumps(made).encode()
