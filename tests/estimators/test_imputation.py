"""Imputation is its definition, and its leads are apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.inference.assignments import run_deals
from tests.estimators.staggered import panel_of, rebuilt, with_holes

seeds = st.integers(0, 10_000)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_imputation_with_one_date_is_did(seed):
    panel = panel_of(seed, start=[5])
    assert hub.imputation(panel).att == pytest.approx(hub.did(panel).att, abs=1e-9)


def test_imputation_uses_the_not_yet_treated_and_needs_no_never_treated():
    panel = panel_of(noise=0.0, effect=2.0)
    panel = panel.drop(panel.donors).window(1, 5)
    assert hub.imputation(panel).att == pytest.approx(2.0)


def by_definition(panel):
    """Theorem 3 with dense weights, one average at a time."""
    y, treated = panel.values, panel.treatment
    n, periods = y.shape
    seen = ~np.isnan(y)
    design = np.hstack(
        [np.kron(np.eye(n), np.ones((periods, 1))), np.tile(np.eye(periods), (n, 1))]
    )
    free, post = (seen & ~treated).ravel(), (seen & treated).ravel()
    y = np.where(seen, y, 0).ravel()
    project = np.linalg.pinv(design[free])
    gap = y - design @ (project @ y[free])
    event = (np.arange(periods) - panel.starts[:, None]).ravel()
    group = np.repeat(panel.starts, periods)

    def average(mask):
        weight = mask / mask.sum()
        v = weight.copy()
        v[free] = -(weight @ design) @ project
        residual = gap.copy()
        for key in {(g, k) for g, k in zip(group[mask], event[mask])}:
            cells = mask & (group == key[0]) & (event == key[1])
            residual[cells] -= np.average(gap[cells], weights=v[cells] ** 2)
        score = (v * residual).reshape(n, periods).sum(axis=1)
        return weight @ gap, np.sqrt(score @ score)

    times = np.unique(event[post])
    return average(post), [average(post & (event == k)) for k in times]


@settings(max_examples=10, deadline=None)
@given(seed=seeds, holes=st.booleans())
def test_imputation_is_its_definition(seed, holes):
    panel = panel_of(seed)
    if holes:
        rng = np.random.default_rng(seed)
        panel = with_holes(panel, np.argwhere(rng.random((24, 8)) < 0.1))
    overall, by_time = by_definition(panel)
    ours = hub.imputation(panel)
    np.testing.assert_allclose((ours.att, ours.se), overall, atol=1e-9)
    np.testing.assert_allclose(ours.path[["effect", "se"]], by_time, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.covariance)), ours.path["se"])


def test_leads_are_apart_from_the_estimate():
    panel = panel_of(2)
    plain, tested = hub.imputation(panel), hub.imputation(panel, leads=2)
    assert tested.att == plain.att
    assert list(tested.path.index) == [-2, -1, 0, 1, 2, 3, 4]
    assert list(tested.covariance.index) == [0, 1, 2, 3, 4]


def test_leads_find_a_trend_that_was_there_before():
    panel = panel_of(noise=0.0, effect=0.0)
    since = np.arange(8) - panel.starts[:, None]
    ahead = np.where((panel.starts < 8)[:, None] & (since == -1), 3.0, 0.0)
    path = hub.imputation(rebuilt(panel, panel.values + ahead), leads=1).path
    assert path.loc[-1, "effect"] == pytest.approx(3.0)


def test_imputation_of_many_sets_is_imputation_of_each():
    panel = panel_of(4, start=[5])
    rows = np.array([[1, 5, 9], [0, 2, 20]])
    many = hub.estimator(hub.imputation).many(panel, rows, 4)
    for treated, path in zip(rows, many.paths):
        one = hub.imputation(panel.assign(treated, 4)).path["effect"]
        np.testing.assert_allclose(path[4:], one, atol=1e-9)


gap = [np.nan] + [1.0, 2.0] * 29 + [1.0]


def test_many_assignments_at_once_are_each_on_its_own_on_a_wide_panel():
    # Its system is singular by rounding only just: a bar at the last digit let it pass.
    panel = hub.Case.open("hangzhou-pilot-zone").panel()
    rng = np.random.default_rng(0)
    starts = np.array([panel.starts, *(rng.permutation(panel.starts) for _ in "abc")])
    at_once = run_deals(panel, hub.estimator(hub.imputation), starts)
    alone = [hub.imputation(panel.deal(dates)).att for dates in starts]
    assert at_once == pytest.approx(alone, abs=1e-11)


def test_few_treated_leave_no_interval_and_neither_do_figures_without_noise():
    few, enough = (
        hub.simulate_panel(units=10, periods=8, treated=n, start=5, seed=0)
        for n in (2, 4)
    )
    assert hub.imputation(few).no_interval.startswith("2 treated and 8 untreated")
    still = enough.with_frame(0 * enough.frame + enough.treatment)
    assert "zero but for rounding" in hub.imputation(still).no_interval
    assert hub.imputation(enough).no_interval == ""
