"""What is known beforehand of power before a programme, on a small history."""

import numpy as np
import pytest

import hubanalysis as hub

HUBS = ["u01", "u02"]


def history(units=8, periods=30):
    panel = hub.simulate_panel(
        units=units, periods=periods, treated=0, start=2, factors=0, seed=0
    )
    return panel.frame


@pytest.fixture(scope="module")
def found():
    return hub.power_before(history(), HUBS, draws=99)


def test_eight_stretches_at_most_are_spread_over_the_history(found):
    # Evenly from 4, after three years, to 28, the last before which three are left.
    starts = found.by_start.index.get_level_values("start")
    assert starts.tolist() == [4, 7, 11, 14, 18, 21, 25, 28]
    some = hub.power_before(history(periods=12), HUBS, draws=99).by_start
    starts = some.index.get_level_values("start")
    assert starts.tolist() == [4, 5, 6, 7, 8, 9, 10]


def test_a_table_without_a_name_is_of_an_outcome(found):
    assert found.outcome == "outcome"
    assert hub.power_before(history(), HUBS, outcome="jobs", draws=99).outcome == "jobs"


def test_places_cost_what_the_root_says(found):
    assert (found.hubs, found.refused) == (2, 6)
    root = np.sqrt(1 / 2 + 1 / 6)
    assert found.price == pytest.approx(found.mde / root)
    for what, more in {
        "one more hub": np.sqrt(1 / 3 + 1 / 6),
        "one more refused applicant": np.sqrt(1 / 2 + 1 / 7),
    }.items():
        buys = found.mde * (1 - more / root)
        assert found.bought.loc[what, "buys"] == pytest.approx(buys)


def test_all_places_may_be_drawn_and_not_one_more():
    short = history(periods=6)
    drawn = hub.power_before(short, 2, 6, draws=99)
    assert drawn.by_start.index.tolist() == [(4, 0), (4, 1), (4, 2)]
    assert hub.power_before(short, HUBS, 6, draws=99).by_start.index.tolist() == [
        (4, 0)
    ]
    with pytest.raises(ValueError, match="8 places, too few"):
        hub.power_before(short, 2, 7, draws=99)


def test_an_effect_that_no_lot_can_find_has_no_chance_and_no_exaggeration():
    # One hub among four places: the smallest p is a quarter.
    none = hub.power_before(history(units=4, periods=6), ["u01"], draws=99)
    chance, exaggeration, wrong = none.significance(5.0)
    assert chance == 0
    assert np.isnan([exaggeration, wrong]).all()
