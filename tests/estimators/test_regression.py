"""Least squares on unit and period effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.regression import (
    SMALL_GROUP,
    few_units_note,
    short_memory_note,
    small_groups_notes,
    too_few_clusters,
    two_way_regression,
)


def by_dummies(panel, regressor):
    """Coefficient and clustered error by plain least squares with all dummies."""
    n, periods = panel.values.shape
    unit = np.repeat(np.arange(n), periods)
    period = np.tile(np.arange(periods), n)
    x = np.column_stack(
        [regressor, pd.get_dummies(unit), pd.get_dummies(period, drop_first=True)]
    ).astype(float)
    y = panel.values.ravel()
    kept = ~np.isnan(y)
    x, y, unit = x[kept], y[kept], unit[kept]
    bread = np.linalg.pinv(x.T @ x)
    beta = bread @ x.T @ y
    scores = x * (y - x @ beta)[:, None]
    meat = sum(np.outer(s, s) for u in range(n) for s in [scores[unit == u].sum(0)])
    # The number of parameters that unit effects, nested in the clusters, do not cost.
    spare = len(y) - 1 - periods
    factor = n / (n - 1) * (len(y) - 1) / spare
    return beta[0], np.sqrt(factor * (bread @ meat @ bread)[0, 0])


@pytest.mark.parametrize("hole", [False, True])
def test_it_is_least_squares_with_all_dummies(hole):
    panel = hub.simulate_panel(units=12, periods=7, treated=4, start=4, seed=3)
    if hole:
        frame = panel.frame.copy()
        frame.iloc[5, 2] = np.nan
        panel = panel.with_frame(frame)
    treated = panel.treatment.ravel()[:, None].astype(float)
    effect, covariance, *_ = two_way_regression(panel, treated, ["treated"])
    beta, se = by_dummies(panel, treated)
    assert effect["treated"] == pytest.approx(beta, abs=1e-10)
    assert np.sqrt(covariance.iloc[0, 0]) == pytest.approx(se, rel=1e-8)


def test_few_units_on_either_side_are_noted():
    few = hub.simulate_panel(units=30, periods=6, treated=2, start=4, seed=0)
    enough = hub.simulate_panel(units=30, periods=6, treated=10, start=4, seed=0)
    assert "2 treated and 28 untreated" in few_units_note(few)[0]
    assert few_units_note(enough) == ()
    clusters = {u: k % 9 for k, u in enumerate(few.units)}
    assert "2 treated and 28 untreated units: a" in few_units_note(few)[0]
    assert "2 treated and 9 untreated clusters: a" in few_units_note(few, clusters)[0]


@pytest.mark.parametrize(("treated", "told"), [(5, True), (6, False), (25, True)])
def test_six_units_on_either_side_are_not_few(treated, told):
    panel = hub.simulate_panel(units=30, periods=6, treated=treated, start=4, seed=0)
    assert (few_units_note(panel) != ()) == told


@pytest.mark.parametrize(("size", "told"), [(14, True), (15, False)])
def test_fifteen_units_make_a_group_that_is_not_small(size, told):
    assert (small_groups_notes({2010: 40, 2011: size}, bands=True) != ()) == told


def test_units_that_move_together_are_one_cluster():
    panel = hub.simulate_panel(units=12, periods=7, treated=4, start=4, seed=3)
    treated = panel.treatment.ravel()[:, None].astype(float)
    pairs = {u: k // 2 for k, u in enumerate(panel.units)}
    effect, covariance, df, _ = two_way_regression(
        panel, treated, ["treated"], clusters=pairs
    )
    # The mean of each pair, as one unit: they are treated together.
    means = hub.Panel.from_wide(
        panel.frame.groupby(pairs).mean(), {0: 4, 1: 4}, "outcome"
    )
    beta, se = by_dummies(means, means.treatment.ravel()[:, None].astype(float))
    spare = np.array([12 * 7 - 1, 6 * 7 - 1])
    factor = (spare / (spare - 7)) @ [1, 0] / ((spare / (spare - 7)) @ [0, 1])
    assert effect["treated"] == pytest.approx(beta)
    assert np.sqrt(covariance.iloc[0, 0]) == pytest.approx(se * np.sqrt(factor))
    assert df == 5


def test_what_cannot_be_told_apart_is_said_with_what_is_given():
    panel = hub.simulate_panel(units=8, periods=4, treated=3, start=3, seed=0)
    level = np.repeat(np.arange(8.0), 4)[:, None]
    with pytest.raises(hub.HubError, match="are left do not tell level apart"):
        two_way_regression(panel, level, ["level"])
    dated = panel.starts < 4
    traits = pd.DataFrame({"size": dated + 1.0}, index=panel.units)
    given = replace(panel, covariates=traits)
    with pytest.raises(hub.HubError, match=r"are left, given size in 2, .* apart"):
        two_way_regression(
            given, given.treatment.ravel()[:, None].astype(float), ["treated"]
        )


def test_units_count_by_what_their_weights_make_of_them():
    panel = hub.simulate_panel(units=30, periods=6, treated=10, start=4, seed=0)
    heavy = pd.Series(1.0, panel.units, name="people")
    assert few_units_note(replace(panel, weights=heavy)) == ()
    heavy.loc["u01"] = 21.0
    # Ten of the treated, as 30 ** 2 / (21 ** 2 + 9) are two of equal weight.
    (note,) = few_units_note(replace(panel, weights=heavy))
    assert "10 treated and 20 untreated units, worth 2.0 and 20.0 by" in note
    six = panel.keep([*panel.units[:6], *panel.units[10:]])
    assert few_units_note(six) == ()


def test_errors_with_a_short_memory_say_how_short():
    panel = hub.simulate_panel(units=12, periods=10, treated=6, start=6, seed=0)
    assert short_memory_note(panel, "clustered") == ()
    (note,) = short_memory_note(panel, "driscoll_kraay")
    assert "look 2 period(s) back" in note
    for estimator in (hub.did, hub.event_study):
        assert note in estimator(panel, errors="driscoll_kraay").notes
    two = hub.did(panel.window(5, 6), errors="driscoll_kraay")
    with pytest.raises(AttributeError, match="two periods leave nothing over"):
        _ = two.se


def test_small_groups_are_told_only_of_what_they_spoil():
    large, small, alone = ({2010: 40, 2011: n} for n in (SMALL_GROUP, 3, 1))
    assert small_groups_notes(large, bands=True) == ()
    assert small_groups_notes(small, bands=False) == ()
    (note,) = small_groups_notes(small, bands=True)
    assert "the smallest has 3" in note
    assert "randomization_band" in note
    errors, none = small_groups_notes(alone, bands=True)
    assert errors.startswith("one unit starts in 2011")
    assert "is not given" in none


def clustered(panel):
    found = [hub.did(panel), hub.imputation(panel), hub.event_study(panel)]
    aggregate = hub.group_time_att(panel, draws=99).aggregate("dynamic")
    return [*found, hub.detrended_did(panel), aggregate]


@pytest.mark.parametrize("treated", [1, 2, 7, 8])
def test_one_or_two_clusters_on_either_side_give_no_interval(treated):
    panel = hub.simulate_panel(units=9, periods=8, treated=treated, start=5, seed=0)
    assert f"{treated} treated and {9 - treated} untreated" in too_few_clusters(panel)
    for estimate in clustered(panel):
        assert estimate.se > 0
        with pytest.raises(
            AttributeError, match="randomization_test gives an interval"
        ):
            estimate.interval()
        assert "interval" not in estimate.summary().index
        assert "95%" not in repr(estimate)


def test_clusters_are_counted_where_they_are_given_and_not_the_units_in_them():
    panel = hub.simulate_panel(units=40, periods=8, treated=20, start=5, seed=0)
    treated, donors = set(panel.treated), list(panel.donors)
    states = {u: f"t{k % 2}" for k, u in enumerate(panel.treated)}
    states |= {u: f"c{k % 10}" for k, u in enumerate(donors)}
    assert too_few_clusters(panel) is None
    why = too_few_clusters(panel, states)
    assert why.startswith("2 treated and 10 untreated cluster(s)")
    for estimator in (hub.did, hub.event_study, hub.imputation):
        assert estimator(panel).interval()
        with pytest.raises(AttributeError, match="2 treated and 10 untreated cluster"):
            estimator(panel, clusters=states).interval()
    # A state with both kinds counts on both sides.
    mixed = {u: k % 12 for k, u in enumerate([*treated, *donors])}
    assert too_few_clusters(panel, mixed) is None


def test_three_clusters_of_each_give_one():
    panel = hub.simulate_panel(units=6, periods=8, treated=3, start=5, seed=0)
    for estimate in clustered(panel):
        low, high = estimate.interval()
        assert low < estimate.att < high
        assert "95% interval" in estimate.summary().index


def test_cells_and_bands_of_one_or_two_clusters_have_no_ends():
    for treated, none in ((2, True), (3, False)):
        panel = hub.simulate_panel(units=9, periods=8, treated=treated, start=5, seed=0)
        found = hub.group_time_att(panel, draws=99)
        assert found.table["pointwise_lower"].isna().all() == none
        assert ("lower" not in found.table) == none
        assert ("lower" not in found.aggregate("dynamic").path) == none
