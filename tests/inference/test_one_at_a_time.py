"""Each unit alone is the placebo test of that unit among all others."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def panel():
    return hub.simulate_panel(units=12, periods=9, treated=1, start=7, seed=3)


@pytest.mark.parametrize("estimator", [hub.did, hub.synthetic_did])
def test_each_unit_has_the_estimate_and_p_of_its_own_test(panel, estimator):
    found = hub.one_at_a_time({"y": panel}, estimator, start=7).loc["y"]
    for unit in panel.units[:3]:
        lot = hub.randomization_test(panel.treat({unit: 7}), estimator, bar=False)
        assert found.loc[unit, "att"] == pytest.approx(lot.observed, abs=1e-8)
        assert found.loc[unit, "p_value"] == pytest.approx(lot.p_value)


def test_outcomes_can_be_made_where_the_work_is_done(panel):
    ways = {"there": panel, "made": lambda: panel}
    found = hub.one_at_a_time(ways, hub.did, 7)
    assert found.loc["there"].equals(found.loc["made"])


def test_a_function_of_a_readers_own_is_run_unit_by_unit(panel):
    own = lambda p: hub.did(p)  # noqa: E731
    found = hub.one_at_a_time({"y": panel}, own, 7)
    assert np.allclose(found, hub.one_at_a_time({"y": panel}, hub.did, 7))


def test_p_is_the_share_at_least_as_far_from_the_mean():
    wide = pd.DataFrame(
        {1: [0.0, 1.0, 0.0, 0.0], 2: [1.0, 2.0, 3.0, 10.0]}, list("abcd")
    )

    def last(panel):
        return hub.Estimate("last", panel.frame.loc[panel.treated, 2].mean(), panel)

    panel = hub.Panel.from_wide(wide, {}, "y")
    found = hub.one_at_a_time({"y": panel}, last, start=2).loc["y"]
    # The mean is four.
    assert found["att"].tolist() == [1, 2, 3, 10]
    assert found["p_value"].tolist() == [0.5, 0.75, 1.0, 0.25]


def test_one_period_before_is_enough(panel):
    found = hub.one_at_a_time({"y": panel}, hub.did, start=2).loc["y"]
    one = hub.did(panel.treat({"u05": 2}))
    assert found.loc["u05", "att"] == pytest.approx(one.att)


@pytest.mark.parametrize(
    ("outcomes", "start", "says"),
    [({}, 7, "at least one outcome"), ([1], 7, "at least one outcome"),
     ("panel", 1, "first period.*Take 2"), ("panel", 99, "no period 99"),
     ({"y": 3}, 7, "takes a Panel")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(panel, outcomes, start, says):
    given = {"y": panel} if outcomes == "panel" else outcomes
    with pytest.raises(ValueError, match=says):
        hub.one_at_a_time(given, hub.did, start)
