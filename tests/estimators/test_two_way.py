"""Least squares by NumPy is that of linearmodels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.panel import PanelOLS

import hubanalysis as hub
from hubanalysis.estimators.two_way import net_of_means, two_way_least_squares

fast = settings(max_examples=15, deadline=None)


def by_linearmodels(panel, columns, clusters=None):
    """Coefficients and clustered covariance, with the scale that our own have."""
    n, periods = panel.values.shape
    index = pd.MultiIndex.from_product([range(n), range(periods)])
    values = panel.frame.sub(panel.frame.mean(axis=1), axis=0).to_numpy().ravel()
    seen = ~np.isnan(values)
    flat = pd.DataFrame(columns.reshape(len(columns), -1).T.astype(float), index)
    codes = np.arange(n) if clusters is None else np.asarray(clusters)
    groups = pd.DataFrame({"cluster": np.repeat(codes, periods)}, index)
    weights = pd.Series(np.repeat(panel.weight, periods), index)
    fit = PanelOLS(
        pd.Series(values, index)[seen],
        flat[seen],
        entity_effects=True,
        time_effects=True,
        weights=weights[seen],
    ).fit(
        cov_type="clustered",
        clusters=groups[seen],
        debiased=True,
        auto_df=False,
        count_effects=False,
        group_debias=True,
    )
    spare = seen.sum() - len(columns)
    return fit.params.to_numpy(), fit.cov.to_numpy() * spare / (spare - periods)


def both(panel, columns):
    mine = two_way_least_squares(panel.values, columns, panel.weight)
    return mine, by_linearmodels(panel, columns)


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
    path = hub.event_study(panel).path.loc[times]
    assert np.allclose(path["effect"], theirs[0], rtol=0, atol=1e-10)
    errors = np.sqrt(np.diag(theirs[1]))
    assert np.allclose(path["se"], errors, rtol=0, atol=1e-10)


@fast
@given(st.integers(0, 999), st.sampled_from([[4], [3, 5]]), st.floats(0.02, 0.3))
def test_with_holes_too_it_equals_linearmodels_to_ten_digits(seed, start, share):
    panel = hub.simulate_panel(
        units=14, periods=7, treated=6, start=start, effect=1.0, seed=seed
    )
    rng = np.random.default_rng(seed)
    panel = panel.with_frame(panel.frame.mask(rng.random(panel.values.shape) < share))
    assert not panel.is_balanced
    columns = panel.treatment[None].astype(float)
    mine, theirs = both(panel, columns)
    assert mine[0] == pytest.approx(theirs[0], rel=1e-10, abs=1e-10)
    assert mine[1] == pytest.approx(theirs[1], rel=1e-10)
    estimate = hub.did(panel)
    assert estimate.att == pytest.approx(theirs[0][0], rel=1e-10, abs=1e-10)
    assert estimate.se == pytest.approx(np.sqrt(theirs[1][0, 0]), rel=1e-10)


def test_columns_that_effects_explain_are_refused():
    panel = hub.simulate_panel(units=12, periods=6, treated=4, start=4, seed=1)
    of_units = np.repeat((panel.starts < 6)[:, None], 6, axis=1)[None].astype(float)
    for values in (panel.values, np.where(panel.values > 2, np.nan, panel.values)):
        with pytest.raises(np.linalg.LinAlgError):
            two_way_least_squares(values, of_units)


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
    columns = panel.treatment[None].astype(float)
    for clusters, codes in ((None, None), (where, list(where.values()))):
        effect, covariance = by_linearmodels(panel, columns, codes)
        estimate = hub.did(panel, clusters=clusters)
        assert estimate.att == pytest.approx(effect[0], rel=1e-10)
        assert estimate.se == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-10)
        assert estimate.df == (14 if codes is None else regions) - 1


def test_units_that_are_seen_once_move_no_effect():
    rng = np.random.default_rng(0)
    values, treated = rng.normal(size=(6, 4)), np.zeros((1, 6, 4))
    treated[0, :2, 2:] = 1.0
    values[3, 1] = np.nan
    once = np.full((2, 4), np.nan)
    once[0, 2], once[1, 0] = 50.0, -70.0
    more = np.concatenate([treated, np.zeros((1, 2, 4))], axis=1)
    alone = two_way_least_squares(values, treated)[0]
    both = two_way_least_squares(np.vstack([values, once]), more)[0]
    assert both == pytest.approx(alone)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), rows=st.integers(2, 6), columns=st.integers(2, 6))
def test_what_units_and_periods_explain_goes_and_the_rest_stays(seed, rows, columns):
    rng = np.random.default_rng(seed)
    rest = net_of_means(rng.normal(size=(rows, columns)))
    assert rest.mean(axis=0) == pytest.approx(0)
    assert rest.mean(axis=1) == pytest.approx(0)
    added = rng.normal(size=(rows, 1)) + rng.normal(size=columns)
    assert net_of_means(rest + added) == pytest.approx(rest)
