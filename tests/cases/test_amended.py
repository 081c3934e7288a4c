"""When the changes of a plan were filed."""

from dataclasses import replace
from datetime import date

import pytest

import hubanalysis as hub
from hubanalysis.cases.plan import Amendment

WAYS = {"b": "before its results", "w": "with its results", "a": "after its results"}


def told(ways: str) -> str:
    """Say when the changes of a plan were filed, given by their first letters."""
    case = hub.Case.open("yozma")
    day = date(2026, 11, 24)
    changes = tuple(Amendment(day, "a", "b", True, WAYS.get(way)) for way in ways)
    plan = replace(case.plan, amendments=changes)
    return hub.amended(hub.Case(case.name, plan))


@pytest.mark.parametrize(
    ("ways", "sentence"),
    [
        ("b", "The first was filed before its results."),
        ("ww", "The first and second came in with their results."),
        (
            "wbbbw",
            "The second to fourth were filed before their results; the first and fifth "
            "came in with their results.",
        ),
        (
            "wbbwaw",
            "The second and third were filed before their results; the first, fourth "
            "and sixth came in with their results; the fifth came in after its "
            "results.",
        ),
        ("?", "The first does not say when it was filed."),
        ("b" * 13, "The first to 13th were filed before their results."),
    ],
)
def test_every_change_is_named_once_by_when_it_was_filed(ways, sentence):
    assert told(ways) == sentence


def test_a_plan_that_was_never_changed_says_so():
    assert told("") == "Nothing was changed."
