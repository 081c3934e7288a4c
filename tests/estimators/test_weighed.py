"""With holes and weights, many assignments at once are what one by one they are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.estimator import estimator

ONE_DATE = (hub.did, hub.event_study, hub.imputation, hub.group_time_average)
WAVES = (hub.did, hub.imputation, hub.group_time_average)
CASES = [(f, 6) for f in ONE_DATE] + [(f, [5, 7]) for f in WAVES]


def drawn(start, holes, weights, seed=0):
    """A panel of fourteen units, some cells out and units of unlike weight."""
    rng = np.random.default_rng(seed)
    panel = hub.simulate_panel(units=14, periods=9, treated=5, start=start, seed=seed)
    values = panel.values.copy()
    if holes:
        values[rng.random(values.shape) < 0.1] = np.nan
        # Every date's last period before is seen, from which two methods measure.
        values[:, 3:6] = panel.values[:, 3:6]
    count = pd.Series(rng.uniform(1, 9, 14), panel.units, name="people")
    return replace(panel, values=values, weights=count if weights else None)


@pytest.mark.parametrize(("function", "start"), CASES)
@pytest.mark.parametrize(("holes", "weights"), [(1, 0), (0, 1), (1, 1), (0, 0)])
def test_many_assignments_at_once_are_those_one_by_one(function, start, holes, weights):
    panel, known = drawn(start, holes, weights), estimator(function)
    rng = np.random.default_rng(1)
    deals = np.array([panel.starts] + [rng.permutation(panel.starts) for _ in range(6)])
    alone = [known(panel.deal(starts)).att for starts in deals]
    assert known.weighed(panel.values, deals, panel.weight) == pytest.approx(alone)


@pytest.mark.parametrize(("function", "start"), CASES)
def test_several_tables_are_each_of_them(function, start):
    panel, known = drawn(start, 1, 1), estimator(function)
    other = np.where(np.isnan(panel.values), np.nan, panel.treatment.astype(float))
    both = np.stack([panel.values, other], axis=2)
    deals = panel.starts[None]
    found = known.weighed(both, deals, panel.weight)
    for column, table in enumerate((panel.values, other)):
        one = known.weighed(table, deals, panel.weight)
        assert found[:, column] == pytest.approx(one)


@pytest.mark.parametrize(("function", "start"), CASES)
def test_an_effect_on_the_treated_moves_it_by_as_much(function, start):
    panel, known = drawn(start, 1, 1), estimator(function)
    other = np.where(np.isnan(panel.values), np.nan, panel.treatment.astype(float))
    assert known.weighed(other, panel.starts[None], panel.weight) == pytest.approx(1.0)


@pytest.mark.parametrize("function", ONE_DATE)
def test_two_periods_are_enough(function):
    panel = hub.simulate_panel(units=6, periods=2, treated=2, start=2, seed=0)
    found = estimator(function).weighed(panel.values, panel.starts[None], np.ones(6))
    assert found == pytest.approx([function(panel).att])


def test_a_period_in_which_no_treated_unit_is_seen_does_not_count():
    panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4, seed=0)
    values = panel.values.copy()
    values[:2, 4] = np.nan
    known, holed = estimator(hub.event_study), replace(panel, values=values)
    found = known.weighed(values, panel.starts[None], np.ones(8))
    assert found == pytest.approx([known(holed).att])
    assert known(holed).path.loc[[0, 2], "effect"].mean() == pytest.approx(found[0])


def test_a_unit_that_is_never_seen_after_cannot_be_dealt_the_treatment():
    panel = hub.simulate_panel(units=6, periods=6, treated=1, start=4, seed=0)
    values = panel.values.copy()
    values[5, 3:] = np.nan
    deals = np.where(np.arange(6) == np.array([[0], [5]]), 3, 6)
    with pytest.raises(hub.HubError, match="nothing to compare"):
        estimator(hub.imputation).weighed(values, deals, np.ones(6))
