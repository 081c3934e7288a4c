"""Every combination of choices goes into the page with its path."""

import pandas as pd
import pytest

import hubanalysis as hub

TABLE = pd.DataFrame(
    {
        "way": ["a", "a", "b", "b"],
        "donors": ["all", "few", "all", "few"],
        "years": "all",
        "effect": [1.0, -2.0, 3.0, 4.0],
        1990: [0.0, 0.1, 0.2, None],
        1991: [1.0, -2.0, 3.0, 4.0],
    }
)
PLANNED = {"way": "a", "donors": "all", "years": "all"}
SPELLED = {"way": {"b": "two", "a": "one"}}


def made(planned=PLANNED):
    figure = hub.Figure(lambda ax: None, title="Four ways")
    return hub.specifications(TABLE, planned, 1990.5, "{way}", SPELLED, figure)


def test_each_row_has_its_effect_and_its_path():
    rows = made().data["rows"]
    assert [row["effect"] for row in rows] == [1.0, -2.0, 3.0, 4.0]
    assert rows[0]["path"] == [[1990, 0.0], [1991, 1.0]]
    assert rows[3]["path"] == [[1991, 4.0]]


def test_names_keep_the_order_they_are_spelled_in():
    spelled = made().data["spelled"]
    assert list(spelled["way"]) == ["b", "a"]
    assert spelled["donors"] == {"all": "'all'", "few": "'few'"}


def test_a_plan_that_was_not_tried_is_refused():
    with pytest.raises(hub.HubError, match="is not among the choices"):
        made(PLANNED | {"way": "c"})


def test_what_fits_goes_with_the_effect_where_there_is_a_test():
    table = TABLE.assign(lower=-5.0, upper=[2.0, 1.0, 4.0, 9.0])
    figure = hub.Figure(lambda ax: None, title="Four ways")
    tried = hub.specifications(table, PLANNED, 1990.5, "{way}", SPELLED, figure)
    row = tried.data["rows"][1]
    assert (row["lower"], row["effect"], row["upper"]) == (-5.0, -2.0, 1.0)
    assert row["path"] == [[1990, 0.1], [1991, -2.0]]
