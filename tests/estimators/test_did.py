"""Difference-in-differences and its event study."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.draws import draw


def test_did_is_the_difference_of_differences_of_means():
    panel = draw(2)
    y, m = panel.values, 2
    before, after = y[:, :6].mean(axis=1), y[:, 6:].mean(axis=1)
    by_hand = (after - before)[:m].mean() - (after - before)[m:].mean()
    assert hub.did(panel).att == pytest.approx(by_hand)


def test_an_event_study_measures_from_its_reference():
    panel = draw(2)
    path = hub.event_study(panel, reference=-3).path
    assert path.loc[-3, "effect"] == 0
    assert list(path.index) == list(range(-6, 4))
    assert hub.event_study(panel).covariance.shape == (9, 9)


def test_dates_dealt_at_once_are_dates_run_one_by_one():
    panel = hub.simulate_panel(units=9, periods=8, treated=5, start=[4, 6], seed=2)
    known = hub.ESTIMATORS["did"]
    rng = np.random.default_rng(0)
    starts = np.array([panel.starts, *(rng.permutation(panel.starts) for _ in "abc")])
    one_by_one = [hub.did(panel.deal(deal)).att for deal in starts]
    np.testing.assert_allclose(
        known.deals(panel.values, starts), one_by_one, atol=1e-12
    )


def test_plain_and_weighted_by_one_are_the_same():
    panel = draw(3, treated=4)
    ones = pd.Series(1.0, index=panel.units, name="one")
    made = hub.Panel.from_wide(panel.frame, panel.first_treated, "y", weights=ones)
    for ask in (hub.did, hub.event_study, hub.imputation, hub.group_time_average):
        plain, weighted = ask(panel), ask(made)
        assert weighted.att == pytest.approx(plain.att, abs=1e-9)
        assert weighted.se == pytest.approx(plain.se, rel=1e-7)


def test_the_path_is_the_gap_from_its_mean_before_and_its_later_mean_the_effect():
    panel = draw(4)
    found, y = hub.did(panel), panel.values
    gap = y[:2].mean(axis=0) - y[2:].mean(axis=0)
    effect = found.path["effect"].to_numpy()
    assert effect == pytest.approx(gap - gap[:6].mean())
    assert found.att == pytest.approx(effect[6:].mean())
    assert found.path.index.tolist() == list(range(-6, 4))


def test_four_means_have_an_effect_and_no_standard_error():
    frame = pd.DataFrame({1: [1.0, 2.0], 2: [5.0, 3.0]}, index=["a", "b"])
    found = hub.did(hub.Panel.from_wide(frame, {"a": 2}, "y"))
    assert found.att == (5 - 1) - (3 - 2)
    assert found.path["effect"].tolist() == [0, 3]
    with pytest.raises(AttributeError, match="four means"):
        found.se  # noqa: B018


def test_two_units_over_more_periods_leave_no_standard_error_either():
    panel = draw(1, units=2, treated=1)
    for ask in (hub.did, hub.event_study):
        with pytest.raises(AttributeError, match="two units leave nothing over"):
            ask(panel).se  # noqa: B018
    assert "se" not in hub.event_study(panel).path
    assert hub.did(draw(1, units=3, treated=1)).se > 0


def test_an_average_of_event_times_has_the_error_of_that_average():
    found = hub.event_study(draw(5, treated=4))
    after = found.covariance.index >= 0
    assert after.sum() == 4
    assert found.att == pytest.approx(found.path.loc[0:, "effect"].mean())
    block = found.covariance.loc[after, after].to_numpy()
    assert found.se == pytest.approx(np.sqrt(block.mean()))
    own = np.sqrt(np.diag(found.covariance))
    assert found.path["se"].drop(-1).to_numpy() == pytest.approx(own)
    observed = found.path["observed"]
    assert np.allclose(observed - found.path["effect"], found.path["counterfactual"])


@pytest.mark.parametrize("reference", [0, 1, -7, 99])
def test_an_event_time_that_is_not_before_is_no_reference(reference):
    with pytest.raises(hub.HubError, match="is not an event time before treatment"):
        hub.event_study(draw(2), reference=reference)
    assert hub.event_study(draw(2), reference=-6).path.loc[-6, "effect"] == 0


@pytest.mark.parametrize("reference", [-1, -3])
def test_many_sets_at_once_are_event_studies_of_each(reference):
    panel, sets = draw(2), np.array([[0, 1], [3, 8]])
    known = hub.estimator(hub.event_study, reference=reference)
    paths = known.many(panel, sets, 6).paths
    for rows, path in zip(sets, paths):
        alone = hub.event_study(panel.assign(rows, 6), reference=reference)
        assert path == pytest.approx(alone.path["effect"].to_numpy())


def test_detrended_did_is_did_of_what_lines_leave():
    panel, sets = draw(2), np.array([[0, 1], [3, 8]])
    found, plain = hub.detrended_did(panel), hub.did(panel.detrend())
    assert (found.att, found.se) == (plain.att, plain.se)
    paths = hub.ESTIMATORS["detrended_did"].many(panel, sets, 6).paths
    alone = [hub.detrended_did(panel.assign(rows, 6)).att for rows in sets]
    assert paths[:, 6:].mean(axis=1) == pytest.approx(alone)


def test_several_dates_are_noted_and_have_no_one_path():
    panel = hub.simulate_panel(units=9, periods=8, treated=5, start=[4, 6], seed=2)
    for ask in (hub.did, hub.event_study):
        assert any("start at different times" in note for note in ask(panel).notes)
        assert not any("different times" in note for note in ask(draw(2)).notes)
    with pytest.raises(AttributeError, match="start at different times"):
        hub.did(panel).path  # noqa: B018


def test_units_that_all_start_at_once_have_none_to_be_compared_with():
    panel = draw(2)
    with pytest.raises(hub.HubError):
        hub.did(panel.treat(dict.fromkeys(panel.units, 7)))
    dates = {unit: 5 + 3 * (place % 2) for place, unit in enumerate(panel.units)}
    assert np.isfinite(hub.did(panel.treat(dates)).att)


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.integers(5, 30),
    st.integers(3, 15),
    st.integers(2, 6),
    st.booleans(),
)
def test_leaving_out_each_unit_is_estimating_without_it(seed, units, periods, m, dated):
    m = min(m, units - 2)
    start = [2, periods] if dated else periods // 2 + 1
    panel = hub.simulate_panel(units, periods, m, start, effect=2.0, seed=seed)
    found = hub.ESTIMATORS["did"].without(panel.values, panel.starts)
    refits = [hub.did(panel.drop([unit])).att for unit in panel.units]
    np.testing.assert_allclose(found, refits, rtol=1e-10, atol=1e-10)


def test_without_its_only_treated_unit_nothing_is_estimated():
    panel = hub.simulate_panel(units=9, periods=8, treated=1, start=6, seed=0)
    found = hub.ESTIMATORS["did"].without(panel.values, panel.starts)
    assert not abs(found[0]) < 1e6
    assert np.isfinite(found[1:]).all()


@pytest.mark.parametrize("what", ["weights", "covariates", "holes"])
def test_there_is_no_short_way_where_cells_count_differently(what):
    panel = hub.simulate_panel(units=9, periods=8, treated=3, start=6, seed=0)
    ones = pd.Series(np.arange(1.0, 10.0), panel.units, name="size")
    other = {
        "weights": replace(panel, weights=ones),
        "covariates": replace(panel, covariates=ones.to_frame()),
        "holes": panel.with_frame(panel.frame.mask(panel.frame == panel.values[5, 3])),
    }[what]
    assert hub.ESTIMATORS["did"].on(other).without is None
    table = hub.leave_one_out(other, hub.did, draws=0)["att"]
    for unit in ("u02", "u07"):
        alone = hub.did(other.drop([unit])).att
        assert table[unit] == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize("method", [hub.did, hub.event_study, hub.detrended_did])
def test_few_treated_leave_no_interval_and_neither_do_figures_without_noise(method):
    few, enough = (
        hub.simulate_panel(units=10, periods=8, treated=n, start=5, seed=0)
        for n in (2, 4)
    )
    assert method(few).no_interval.startswith("2 treated and 8 untreated")
    still = enough.with_frame(0 * enough.frame + enough.treatment)
    assert "zero but for rounding" in method(still).no_interval
    assert method(enough).no_interval == ""
