"""Conformal intervals for synthetic control."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=10, deadline=None)


def draw(seed=0, **kwargs):
    options = {"units": 8, "periods": 24, "treated": 1, "start": 22, "noise": 0.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def holed():
    rows = draw().frame.stack().rename("y").reset_index().drop(index=5)
    return hub.Panel.from_long(rows, "unit", "period", "y", {"u01": 22}, balanced=False)


def p_by_hand(panel, period, null):
    own = panel.frame.iloc[0, [*range(21), period - 1]].to_numpy().copy()
    pool = panel.frame.iloc[1:, [*range(21), period - 1]].to_numpy().T
    own[-1] -= null
    residual = np.abs(own - pool @ simplex_weights(pool, own))
    return np.mean(residual >= residual[-1] * (1 - 1e-9))


def test_p_of_no_effect_is_the_rank_of_the_last_residual():
    panel = draw(1, effect=2.0)
    table = hub.conformal_interval(panel)
    for period in (22, 23, 24):
        assert table.loc[period, "p_value"] == p_by_hand(panel, period, 0.0)


def test_the_ends_are_where_p_crosses_the_level():
    panel = draw(2)
    table = hub.conformal_interval(panel, level=0.9)
    for period, row in table.iterrows():
        assert p_by_hand(panel, period, row["lower"] - 1e-4) <= 0.1
        assert p_by_hand(panel, period, row["upper"] + 1e-4) <= 0.1
        assert p_by_hand(panel, period, row["lower"] + 1e-4) > 0.1
        assert p_by_hand(panel, period, row["upper"] - 1e-4) > 0.1


def test_a_planted_effect_moves_the_interval_by_as_much():
    one, two = (hub.conformal_interval(draw(3, effect=e)) for e in (0.0, 7.0))
    moved = two[["effect", "lower", "upper"]] - one[["effect", "lower", "upper"]]
    assert np.allclose(moved, 7.0, atol=1e-4)


def test_too_few_periods_before_reject_nothing():
    table = hub.conformal_interval(draw(4, periods=12, start=10))
    assert (table["lower"] == -np.inf).all()
    assert (table["upper"] == np.inf).all()


@fast
@given(st.integers(0, 999), st.floats(0.1, 9), st.floats(-99, 99))
def test_scaling_scales_and_what_all_units_share_changes_nothing(seed, factor, shift):
    panel = draw(seed)
    shared = shift + np.random.default_rng(seed).normal(size=24)
    one = hub.conformal_interval(panel, level=0.9)
    two = hub.conformal_interval(
        panel.with_frame(factor * panel.frame + shared), level=0.9
    )
    ends = ["effect", "lower", "upper"]
    assert np.allclose(two[ends], factor * one[ends], rtol=1e-4, atol=1e-4)
    assert np.allclose(two["p_value"], one["p_value"])


@fast
@given(st.integers(0, 999))
def test_the_order_of_donors_does_not_matter(seed):
    panel = draw(seed)
    order = np.random.default_rng(seed).permutation(8)
    one, two = (hub.conformal_interval(p) for p in (panel, panel.take(order)))
    assert np.allclose(one, two, atol=1e-4)


def test_an_effect_planted_without_noise_is_the_interval():
    panel = draw(5)
    frame = panel.frame.copy()
    frame.iloc[0] = frame.iloc[1:4].mean() + 2.0 * (frame.columns >= 22)
    table = hub.conformal_interval(panel.with_frame(frame))
    assert np.allclose(table[["effect", "lower", "upper"]], 2.0, atol=1e-3)
    assert np.allclose(table["p_value"], 1 / 22)


def test_an_intercept_takes_out_a_constant_gap():
    panel = draw(6)
    one = hub.conformal_interval(panel, intercept=True)
    raised = panel.frame.copy()
    raised.iloc[0] += 50.0
    two = hub.conformal_interval(panel.with_frame(raised), intercept=True)
    assert np.allclose(one, two, atol=1e-4)
    assert ((one["lower"] < one["effect"]) & (one["effect"] < one["upper"])).all()


def test_periods_keep_their_names():
    frame = draw(7).frame
    frame.columns = pd.period_range("2007-01", periods=24, freq="M")
    frame.index.name, frame.columns.name = "county", "month"
    long = frame.stack().rename("nights").reset_index()
    panel = hub.Panel.from_long(long, "county", "month", "nights", {"u01": "2008-10"})
    assert list(hub.conformal_interval(panel).index) == list(panel.periods[21:])


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: hub.conformal_interval(draw(treated=2)), "2 units are treated"),
        (lambda: hub.conformal_interval(draw(), level=2), "level must lie"),
        (lambda: hub.conformal_interval(draw(), level=0), "level must lie"),
        (
            lambda: hub.conformal_interval(holed()),
            "conformal_interval needs every cell",
        ),
        (
            lambda: hub.conformal_interval(draw().treat({"u01": 9, "u02": 12})),
            "start at different times",
        ),
        (lambda: hub.conformal_interval(draw().treat({})), "no unit is treated"),
        (lambda: hub.conformal_interval(draw().keep(["u01"])), "no donor is left"),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def with_residuals(residuals, level=0.9):
    """A unit whose synthetic control, the one donor it has, misses it by these."""
    periods = len(residuals) + 1
    rng = np.random.default_rng(0)
    donor = rng.normal(size=periods)
    wide = pd.DataFrame(
        [donor + np.append(residuals, 0.0), donor],
        index=["treated", "donor"],
        columns=range(1, periods + 1),
    )
    panel = hub.Panel.from_wide(wide, {"treated": periods}, "outcome")
    return hub.conformal_interval(panel, level).attrs["notes"]


def test_residuals_that_drift_are_told():
    t = np.arange(20)
    noise = np.random.default_rng(1).normal(size=20)
    assert "they rise" in with_residuals(t + noise)[0]
    assert "they fall" in with_residuals(-t + noise)[0]
    growing = (-1.0) ** t * (1 + t)
    assert ["their sizes rise" in note for note in with_residuals(growing)] == [True]


def test_residuals_in_any_order_are_not_told_of():
    draws = np.random.default_rng(2).normal(size=(100, 20))
    told = [bool(with_residuals(residuals)) for residuals in draws]
    # Two tests at one in a hundred each.
    assert np.mean(told) <= 0.06


def test_too_few_periods_for_the_level_are_told_and_a_perfect_fit_too():
    noise = np.random.default_rng(3).normal(size=9)
    assert with_residuals(noise, 0.9) == ()
    assert "the smallest p value is 1/10" in with_residuals(noise, 0.95)[0]
    assert "reproduce the treated unit exactly" in with_residuals(np.zeros(12))[0]


def test_figures_too_large_to_be_compared_are_refused_with_the_unit():
    panel = hub.simulate_panel(units=6, periods=9, treated=1, start=7, seed=0)
    with pytest.raises(hub.HubError, match=r"effect on u01.*no finite number"):
        hub.conformal_interval(panel.with_frame(panel.frame * 1e300))
