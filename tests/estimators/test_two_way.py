"""The closed form on panels without holes is the regression."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.regression import two_way_regression
from hubanalysis.estimators.two_way import balanced_two_way

fast = settings(max_examples=15, deadline=None, derandomize=True)


def both(panel, columns):
    flat = columns.reshape(len(columns), -1).T
    names = [str(k) for k in range(len(columns))]
    theirs = two_way_regression(panel, flat, names)
    mine = balanced_two_way(panel.values, columns)
    return mine, (theirs.effect.to_numpy(), theirs.covariance.to_numpy())


@fast
@given(
    st.integers(0, 999),
    st.integers(6, 30),
    st.sampled_from([[4], [3, 5], [2, 4, 6]]),
    st.sampled_from([0.0, 1e6]),
)
def test_did_equals_linearmodels_to_twelve_digits(seed, units, start, level):
    panel = hub.simulate_panel(
        units=units, periods=7, treated=units // 2, start=start, effect=1.0, seed=seed
    ).transform(lambda y: y + level)
    mine, theirs = both(panel, panel.treatment[None].astype(float))
    digits = 1e-12 * max(1.0, level / 1e3)
    assert mine[0] == pytest.approx(theirs[0], rel=digits, abs=digits)
    assert mine[1] == pytest.approx(theirs[1], rel=digits)


@fast
@given(st.integers(0, 999), st.sampled_from([[4], [3, 5]]))
def test_effects_by_period_equal_linearmodels_to_ten_digits(seed, start):
    panel = hub.simulate_panel(
        units=14, periods=7, treated=6, start=start, effect=1.0, seed=seed
    )
    starts = panel.starts
    event = np.where(starts < 7, np.arange(7)[:, None] - starts, -99).T
    times = [k for k in np.unique(event) if k not in (-99, -1)]
    columns = np.array([event == k for k in times], dtype=float)
    mine, theirs = both(panel, columns)
    assert np.allclose(mine[0], theirs[0], rtol=0, atol=1e-11)
    assert np.allclose(mine[1], theirs[1], rtol=0, atol=1e-11)


def test_a_hole_sends_did_to_the_regression_and_none_to_the_closed_form():
    panel = hub.simulate_panel(units=12, periods=6, treated=4, start=4, seed=1)
    treated = panel.treatment.ravel()[:, None].astype(float)
    top = np.quantile(panel.values, 0.95)
    for part in (panel, panel.with_frame(panel.frame.mask(panel.frame > top))):
        fit = two_way_regression(part, treated, ["treated"])
        estimate = hub.did(part)
        assert estimate.att == pytest.approx(fit.effect["treated"], rel=1e-12)
        assert estimate.se == pytest.approx(
            np.sqrt(fit.covariance.iloc[0, 0]), rel=1e-12
        )
    assert not part.is_balanced


@fast
@given(st.integers(0, 999), st.sampled_from([[4], [3, 5]]), st.integers(3, 14))
def test_weights_and_clusters_are_those_of_linearmodels_to_ten_digits(
    seed, start, regions
):
    panel = hub.simulate_panel(
        units=14, periods=7, treated=6, start=start, effect=1.0, seed=seed
    )
    rng = np.random.default_rng(seed)
    weights = pd.Series(rng.uniform(0.2, 5, 14), panel.units, name="people")
    panel = replace(panel, weights=weights)
    where = {u: k % regions for k, u in enumerate(panel.units)}
    treated = panel.treatment.ravel()[:, None].astype(float)
    for clusters in (None, where):
        fit = two_way_regression(panel, treated, ["treated"], clusters=clusters)
        estimate = hub.did(panel, clusters=clusters)
        assert estimate.att == pytest.approx(fit.effect["treated"], rel=1e-10)
        se = np.sqrt(fit.covariance.iloc[0, 0])
        assert estimate.se == pytest.approx(se, rel=1e-10)
        assert estimate.df == fit.df
