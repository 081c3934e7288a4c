"""Synthetic difference-in-differences."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub


def draw(**options):
    shape = {"units": 12, "periods": 14, "treated": 2, "start": 10, "seed": 5}
    return hub.simulate_panel(**(shape | options))


def test_the_estimate_is_the_one_bilinear_form_of_its_weights():
    panel = draw()
    found = hub.synthetic_did(panel)
    unit, time = found.unit_weights.to_numpy(), found.time_weights.to_numpy()
    treated = panel.starts < len(panel.periods)
    gap = panel.values[treated].mean(axis=0) - unit @ panel.values[~treated]
    assert found.att == pytest.approx(gap[9:].mean() - time @ gap[:9], abs=1e-10)
    assert unit.sum() == pytest.approx(1)
    assert time.sum() == pytest.approx(1)


def test_each_cohort_is_fitted_against_the_never_treated():
    panel = draw(treated=4, start=[8, 11])
    found = hub.synthetic_did(panel)
    sizes, atts = [], []
    for date, units in panel.cohorts.items():
        one = hub.synthetic_did(panel.keep([*units, *panel.donors]))
        assert np.allclose(found.unit_weights[date], one.unit_weights)
        sizes.append(len(units) * (len(panel.periods) - one.panel.start))
        atts.append(one.att)
    assert found.att == pytest.approx(np.average(atts, weights=sizes))


def test_too_few_donors_or_periods_are_refused():
    with pytest.raises(ValueError, match=r"two donors.*there are 1 and"):
        hub.synthetic_did(draw(units=3))
    with pytest.raises(ValueError, match=r"two periods before"):
        hub.synthetic_did(draw(start=2))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**16),
    st.sampled_from([(6, 2, 8, 3), (9, 3, 10, 7), (18, 4, 20, 15), (70, 1, 12, 9)]),
    st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_many_sets_at_once_have_the_estimates_that_each_has_alone(seed, shape, scale):
    units, treated, periods, start = shape
    rng = np.random.default_rng(seed)
    panel = draw(units=units, periods=periods, treated=treated, start=start, seed=seed)
    panel = replace(panel, values=scale * (panel.values + rng.normal() * 10))
    sets = np.sort(rng.random((8, units)).argsort(axis=1)[:, :treated], axis=1)
    moved = panel.values.copy()
    moved[sets[0], start:] += 3 * scale
    known = hub.ESTIMATORS["synthetic_did"]
    runs = known.many(panel, sets, start)
    again = known.again(replace(panel, values=moved), sets, start, runs.loads)
    for values, paths in ((panel.values, runs.paths), (moved, again)):
        other = replace(panel, values=values)
        alone = [hub.synthetic_did(other.assign(rows, start)).att for rows in sets]
        found = paths[:, start:].mean(axis=1)
        np.testing.assert_allclose(found, alone, rtol=0, atol=1e-9 * scale)


@pytest.mark.parametrize("treated", [1, 3])
def test_unit_weights_solve_the_problem_with_the_published_ridge(treated):
    panel = draw(treated=treated, units=16, start=9)
    found = hub.synthetic_did(panel)
    pool = panel.frame.loc[panel.donors].to_numpy()[:, :8]
    target = panel.frame.loc[panel.treated].to_numpy()[:, :8].mean(axis=0)
    noise = np.diff(pool, axis=1).std(ddof=1)
    zeta = (treated * 6) ** 0.25 * noise  # 6 periods from the start on
    a, b = pool.T - pool.mean(axis=1), target - target.mean()
    w = found.unit_weights.loc[panel.donors].to_numpy()
    slope = a.T @ (a @ w - b) + zeta**2 * 8 * w
    assert w.min() >= 0
    assert np.ptp(slope[w > 1e-9]) < 1e-7
    assert slope.min() >= slope @ w - 1e-7
    v = found.time_weights.to_numpy()
    rest = panel.frame.loc[panel.donors].to_numpy()
    c, goal = rest[:, :8] - rest[:, :8].mean(axis=0), rest[:, 8:].mean(axis=1)
    slope = c.T @ (c @ v - (goal - goal.mean()))
    assert np.ptp(slope[v > 1e-9]) < 1e-7
    assert slope.min() >= slope @ v - 1e-7


@pytest.mark.parametrize(("flat", "noted"), [(1, True), (2, False)])
def test_a_comparison_that_rests_on_one_donor_says_so(flat, noted):
    panel = draw(treated=1, units=8, periods=44, start=41)
    # The treated unit goes nowhere, as one donor or two; all others rise.
    rise = 3.0 * np.arange(44) * (np.arange(8) > flat)[:, None]
    frame = pd.DataFrame(rise, panel.frame.index, panel.frame.columns)
    found = hub.synthetic_did(panel.with_frame(frame))
    assert found.unit_weights.iloc[:flat].sum() > 0.95
    assert (
        found.notes
        == (f"the comparison rests on {panel.units[1]} almost alone",) * noted
    )


def test_two_donors_and_two_periods_before_are_enough():
    assert np.isfinite(hub.synthetic_did(draw(units=3, treated=1)).att)
    assert np.isfinite(hub.synthetic_did(draw(start=3)).att)
