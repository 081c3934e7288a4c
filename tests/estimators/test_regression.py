"""Least squares on unit and period effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.regression import (
    NO_NOISE,
    SMALL_GROUP,
    few_units_note,
    no_noise,
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


PATHS = {
    "did": hub.did,
    "detrended_did": hub.detrended_did,
    "event_study": hub.event_study,
    "imputation": hub.imputation,
    "imputation with leads": lambda p: hub.imputation(p, leads=2),
    "group_time_average": hub.group_time_average,
    "group-time effects": lambda p: hub.group_time_att(p).aggregate("dynamic"),
}


def without_noise(level, effect=2.0, treated=4):
    """Units with lines of their own, and an effect; nothing else."""
    panel = hub.simulate_panel(
        units=12, periods=9, treated=treated, start=6, effect=effect, noise=0.0,
        factors=0, seed=3,
    )  # fmt: skip
    return panel.with_frame(panel.frame + level * np.arange(12)[:, None])


@pytest.mark.parametrize("ask", PATHS)
@pytest.mark.parametrize("level", [0.0, 37.7, 1e6 / 7])
def test_without_noise_there_is_no_standard_error_and_a_note_says_so(ask, level):
    panel = without_noise(level)
    found = PATHS[ask](panel)
    assert found.att == pytest.approx(2)
    for ask_it in (lambda: found.se, found.interval):
        with pytest.raises(AttributeError, match="comes out as zero but for rounding"):
            ask_it()
    assert NO_NOISE in found.notes
    path = getattr(found, "path", pd.DataFrame({"effect": []}))
    assert "lower" not in path
    assert path.get("se", pd.Series(dtype=float)).isna().all()
    assert found.to_frame()[["std_error"]].isna().all(axis=None)
    noisy = PATHS[ask](draw_like(panel))
    assert noisy.se > 0
    assert NO_NOISE not in noisy.notes


def draw_like(panel):
    noise = np.random.default_rng(0).normal(size=panel.values.shape)
    return panel.with_frame(panel.frame + 0.1 * noise)


@pytest.mark.parametrize("errors", ["two_way", "driscoll_kraay"])
def test_without_noise_no_other_kind_of_error_is_one_either(errors):
    for ask in (hub.did, hub.event_study):
        found = ask(without_noise(37.7), errors=errors)
        assert NO_NOISE in found.notes
        assert not hasattr(found, "se")


def test_without_noise_there_are_no_bounds():
    panel = without_noise(37.7)
    for found in (
        hub.event_study(panel),
        hub.group_time_att(panel, base_period="universal").aggregate("dynamic"),
    ):
        for bound in (hub.honest_bounds, hub.breakdown):
            with pytest.raises(hub.HubError, match=r"no bound to be had here.*as zero"):
                bound(found)


def test_a_table_of_groups_without_noise_has_neither_errors_nor_bands():
    found = hub.group_time_att(without_noise(37.7))
    assert (
        found.table[["se", "pointwise_lower", "pointwise_upper"]].isna().all(axis=None)
    )
    assert not {"lower", "upper"} & {*found.table}
    assert "no standard error" in repr(found)
    assert "lower" in hub.group_time_att(draw_like(without_noise(37.7))).table


@pytest.mark.parametrize(("share", "none"), [(1.0, True), (1.001, False)])
def test_rounding_leaves_sixty_four_units_of_the_last_digit(share, none):
    panel = without_noise(5.0)
    bar = 64 * np.finfo(float).eps * np.abs(panel.values).max()
    assert no_noise(share * bar, panel) == (NO_NOISE if none else "")
    assert no_noise(np.array([0.0, share * bar]), panel) == (NO_NOISE if none else "")
    assert no_noise(np.nan, panel) == ""
    frame = panel.frame.copy()
    frame.iloc[0, 0] = np.nan
    holes = replace(panel, values=frame.to_numpy())
    assert no_noise(0.0, holes) == NO_NOISE


def test_two_units_are_told_as_two_units():
    panel = hub.simulate_panel(units=2, periods=6, treated=1, start=4, seed=0)
    for ask in (hub.did, hub.event_study):
        found = ask(panel)
        assert NO_NOISE not in found.notes
        with pytest.raises(AttributeError, match="two units"):
            found.se  # noqa: B018


@pytest.mark.parametrize("ask", [hub.did, hub.event_study])
def test_the_factor_of_a_clustered_error_is_the_one_that_is_told(ask):
    panel = draw_like(without_noise(1.0))
    g, cells = 12, panel.values.size
    d = panel.treatment[None].astype(float)
    if ask is hub.event_study:
        d = (
            panel.treatment.any(axis=1)[:, None]
            * np.eye(9)[:, None][[*range(4), 5, 6, 7, 8]]
        )
    net = d - d.mean(axis=2, keepdims=True)
    net = (net - net.mean(axis=1, keepdims=True)).reshape(len(d), -1).T
    y = panel.values - panel.values.mean(axis=1, keepdims=True)
    y = (y - y.mean(axis=0)).ravel()
    bread = np.linalg.inv(net.T @ net)
    scores = net * (y - net @ (bread @ net.T @ y))[:, None]
    scores = scores.reshape(g, 9, -1).sum(axis=1) @ bread
    k = 9 + len(d)
    factor = g / (g - 1) * (cells - 1) / (cells - k)
    weight = np.ones(1) if ask is hub.did else np.repeat([0.0, 0.25], 4)
    assert ask(panel).se == pytest.approx(
        np.sqrt(factor) * np.linalg.norm(scores @ weight)
    )
