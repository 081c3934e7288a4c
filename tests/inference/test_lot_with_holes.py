"""The exact test keeps its level and its meaning where figures are missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

METHODS = [hub.did, hub.event_study, hub.imputation, hub.group_time_average]


def holed(seed=0, units=10, treated=3, effect=0.0, weights=False):
    panel = hub.simulate_panel(
        units=units, periods=8, treated=treated, start=6, effect=effect, seed=seed
    )
    values = panel.values.copy()
    rng = np.random.default_rng(seed)
    values[rng.random(values.shape) < 0.08] = np.nan
    values[:, 3:6] = panel.values[:, 3:6]
    count = pd.Series(rng.uniform(1, 4, units), panel.units, name="people")
    return replace(panel, values=values, weights=count if weights else None)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("weights", [False, True])
def test_quick_and_slow_ways_give_the_same_test(method, weights):
    """A reader's own function of the same name has no quick way."""
    panel = holed(weights=weights)
    quick = hub.randomization_test(panel, method, draws=60)
    slow = hub.randomization_test(panel, lambda p: method(p), draws=60)
    assert quick.estimates == pytest.approx(slow.estimates)
    assert quick.pull == pytest.approx(slow.pull, abs=1e-6)
    assert quick.p_value == slow.p_value
    assert quick.interval() == pytest.approx(slow.interval(), rel=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_an_effect_moves_estimate_and_interval_by_as_much(method):
    panel, more = holed(), 7.0
    raised = replace(panel, values=panel.values + more * panel.treatment)
    before, after = (hub.randomization_test(p, method) for p in (panel, raised))
    assert after.effect == pytest.approx(before.effect + more)
    assert after.interval() == pytest.approx(np.add(before.interval(), more))


def test_zero_lies_outside_the_interval_exactly_when_the_test_rejects():
    for seed in range(12):
        lot = hub.randomization_test(holed(seed, effect=1.5), hub.did)
        low, high = lot.interval()
        assert (lot.p_value <= 0.05) == (low > 0 or high < 0)


def test_where_nothing_happened_it_rejects_as_often_as_its_level():
    """Of 300 lots of 120, 5% of which would be 15; in 99 of 100 worlds 6 to 25."""
    found = [
        hub.randomization_test(holed(seed), hub.imputation).p_value <= 0.05
        for seed in range(300)
    ]
    assert 5 <= sum(found) <= 25


def test_a_detectable_effect_is_found_about_four_times_in_five():
    mde = hub.minimum_detectable_effect(holed(1, units=14, treated=4), hub.did).mde
    panel = holed(1, units=14, treated=4)
    rng, found = np.random.default_rng(0), []
    for _ in range(60):
        starts = rng.permutation(panel.starts)
        dealt = panel.deal(starts)
        planted = replace(dealt, values=dealt.values + mde * dealt.treatment)
        found.append(hub.randomization_test(planted, hub.did).p_value <= 0.05)
    assert 0.6 <= np.mean(found) <= 0.97


def test_a_method_that_needs_every_cell_says_which_are_missing():
    with pytest.raises(hub.HubError, match="synthetic_did needs every cell"):
        hub.randomization_test(holed(), hub.synthetic_did)
