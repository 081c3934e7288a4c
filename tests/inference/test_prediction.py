"""Prediction intervals for synthetic control."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import hubanalysis as hub

few = settings(max_examples=5, deadline=None)
seeds = st.integers(0, 999)
IN = ["in_sample_lower", "in_sample_upper"]
OUT = ["out_of_sample_lower", "out_of_sample_upper"]


def draw(seed=0, **kwargs):
    options = {"units": 7, "periods": 22, "treated": 1, "start": 21, "noise": 0.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def quick(panel, **options):
    return hub.prediction_interval(panel, **({"draws": 20} | options))


def holed():
    rows = draw().frame.stack().rename("y").reset_index().drop(index=5)
    return hub.Panel.from_long(rows, "unit", "period", "y", {"u01": 21}, balanced=False)


def test_the_interval_is_the_effect_less_both_errors():
    table = quick(draw(1, effect=2.0))
    effect = hub.synthetic_control(draw(1, effect=2.0)).path.set_index("period")
    assert np.allclose(table["effect"], effect["effect"].loc[21:])
    assert np.allclose(table["effect"], table["observed"] - table["counterfactual"])
    upper = table[IN[1]] + table[OUT[1]]
    lower = table[IN[0]] + table[OUT[0]]
    assert np.allclose(table["lower"], table["effect"] - upper)
    assert np.allclose(table["upper"], table["effect"] - lower)


def test_the_outer_error_is_the_sub_gaussian_bound_of_the_residuals():
    panel = draw(2)
    table = quick(panel, level=0.9)
    estimate = hub.synthetic_control(panel)
    residuals = estimate.path["effect"].to_numpy()[:20]
    left = 20 - ((estimate.unit_weights > 0).sum() - 1)
    sigma = np.sqrt(np.sum((residuals - residuals.mean()) ** 2) / left)
    half = sigma * np.sqrt(2 * np.log(2 / 0.05))
    assert np.allclose(table[OUT], residuals.mean() + np.array([-half, half]))


@pytest.mark.parametrize("intercept", [False, True])
def test_the_inner_error_is_the_farthest_that_the_draws_allow(intercept):
    """Each draw's ends, found once more by a general solver."""
    panel = draw(3)
    table = quick(panel, draws=3, rho=0.1, intercept=intercept)
    estimate = hub.synthetic_control(panel, intercept=intercept)
    weights = estimate.unit_weights.loc[panel.donors].to_numpy()
    residuals = estimate.path["effect"].to_numpy()[:20]
    left = 20 - (weights > 0).sum() + 1 - intercept
    spread = np.sqrt(20 / left) * np.abs(residuals - residuals.mean())
    noise = spread * np.random.default_rng(0).normal(size=(3, 20))
    donors = panel.frame.loc[panel.donors].to_numpy().T
    base = np.where(weights > 0.1, weights, 0.0)
    if intercept:
        donors = np.column_stack([donors, np.ones(22)])
        base = np.append(base, 0.0)
    free = np.arange(len(base)) >= len(weights)

    def end(u, later, sign):
        inside = {
            "type": "ineq",
            "fun": lambda d: 1 - np.sum((donors[:20] @ d - u) ** 2) / (u @ u),
            "jac": lambda d: -2 * (donors[:20] @ d - u) @ donors[:20] / (u @ u),
        }
        total = {
            "type": "eq",
            "fun": lambda d: d[~free].sum(),
            "jac": lambda d: 1 - free,
        }
        found = minimize(
            lambda d: sign * later @ d,
            np.zeros(len(base)),
            jac=lambda d: sign * later,
            constraints=[inside, total],
            bounds=[(None if f else -b, None) for f, b in zip(free, base)],
            method="SLSQP",
            options={"maxiter": 500, "ftol": 1e-12},
        )
        return later @ found.x

    for row, later in zip(table.itertuples(), donors[20:]):
        low = [end(u, later, 1) for u in noise]
        high = [end(u, later, -1) for u in noise]
        wanted = -np.quantile(high, 1 - 0.025 / 2), -np.quantile(low, 0.025 / 2)
        found = row.in_sample_lower, row.in_sample_upper
        np.testing.assert_allclose(found, wanted, atol=2e-3)


@few
@given(seeds, st.floats(0.1, 9), st.floats(-99, 99))
def test_scaling_scales_and_what_all_units_share_changes_nothing(seed, factor, shift):
    panel = draw(seed)
    # Not for rho, which is told in standard deviations of outcomes with their levels.
    shared = shift + np.zeros(22)
    one = quick(panel)
    two = quick(panel.with_frame(factor * panel.frame + shared))
    ends = ["effect", "lower", "upper", *IN, *OUT]
    np.testing.assert_allclose(two[ends], factor * one[ends], rtol=1e-3, atol=1e-3)


@few
@given(seeds)
def test_the_order_of_donors_does_not_matter(seed):
    panel = draw(seed)
    order = np.append(0, 1 + np.random.default_rng(seed).permutation(6))
    one, two = (quick(p) for p in (panel, panel.take(order)))
    np.testing.assert_allclose(one, two, atol=1e-4)


@few
@given(seeds)
def test_more_confidence_is_wider_and_zero_lies_in_both_errors(seed):
    panel = draw(seed)
    one, two = (quick(panel, level=level) for level in (0.8, 0.95))
    assert (two["lower"] < one["lower"]).all()
    assert (two["upper"] > one["upper"]).all()
    assert (one[IN[0]] <= 1e-6).all()
    assert (one[IN[1]] >= -1e-6).all()


@few
@given(seeds)
def test_a_planted_effect_moves_the_interval_by_as_much(seed):
    one, two = (quick(draw(seed, effect=e)) for e in (0.0, 7.0))
    moved = two[["effect", "lower", "upper"]] - one[["effect", "lower", "upper"]]
    assert np.allclose(moved, 7.0)


def test_the_same_seed_gives_the_same_draws_and_another_others():
    panel = draw(4)
    one, again, other = (quick(panel, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert not np.allclose(one[IN], other[IN])


def test_taking_small_weights_for_zero_leaves_less_to_move():
    panel = draw(5)
    loose, tight = (quick(panel, rho=rho) for rho in (0.0, 0.4))
    width = [np.ptp(t[IN], axis=1).sum() for t in (tight, loose)]
    assert width[0] < width[1]
    assert quick(panel).attrs["rho"] <= 0.2
    # The largest weight stays, so that something can move.
    assert (np.ptp(quick(panel, rho=0.99)[IN], axis=1) > 1e-3).all()


def test_what_counts_as_small_follows_the_noise_and_the_donor_that_moves_least():
    panel = draw(5)
    frame = panel.frame.copy()
    frame.iloc[0] = frame.iloc[1:4].mean() + frame.iloc[0] / 20
    frame.iloc[-1] = 100.0  # a donor that never moves says nothing
    table = quick(panel.with_frame(frame), draws=2)
    sigma = (table[OUT[1]] - table[OUT[0]]).iloc[0] / 2 / np.sqrt(2 * np.log(2 / 0.025))
    least = frame.iloc[1:-1, :20].std(axis=1).min()
    wanted = sigma * np.sqrt(np.log(20) / 20) / least
    assert wanted < 0.2
    assert table.attrs["rho"] == pytest.approx(wanted)


def test_an_intercept_takes_out_a_constant_gap():
    panel = draw(6)
    raised = panel.frame.copy()
    raised.iloc[0] += 50.0
    one = quick(panel, intercept=True)
    two = quick(panel.with_frame(raised), intercept=True)
    ends = ["effect", "lower", "upper"]
    np.testing.assert_allclose(one[ends], two[ends], atol=1e-4)


def test_the_interval_holds_what_happens_and_a_tenth_of_it_does_not():
    """Noise without memory, one period after; a bound, so it may hold more often."""
    held, tenth = [], []
    for seed in range(40):
        panel = draw(seed, units=6, periods=31, start=31, factors=0, ar=0.0)
        row = quick(panel, level=0.9).iloc[0]
        held.append(row["lower"] <= 0 <= row["upper"])
        tenth.append(abs(row["effect"]) <= (row["upper"] - row["lower"]) / 20)
    # 31 of 40 would be a chance of one in a hundred at nine in ten.
    assert np.sum(held) > 31 >= np.sum(tenth)


def test_residuals_that_drift_are_told():
    t = np.arange(22)
    noise = np.random.default_rng(1).normal(size=(3, 22))
    wide = pd.DataFrame([noise[1] + t, *noise[1:]], list("abc"), range(1, 23))
    panel = hub.Panel.from_wide(wide, {"a": 22}, "outcome")
    assert "they rise" in quick(panel).attrs["notes"][0]


def exact():
    frame = draw(7).frame.copy()
    frame.iloc[0] = frame.iloc[1:4].mean()
    return draw(7).with_frame(frame)


def crowded(start=11, donors=8):
    """A unit that takes something of each of its donors."""
    panel = draw(8, units=1 + donors, start=start, factors=0)
    frame = panel.frame.copy()
    frame.iloc[0] = frame.iloc[1:].mean() + 1e-3 * frame.iloc[0]
    return panel.with_frame(frame)


def test_ten_periods_before_are_enough_and_nine_are_not():
    assert np.isfinite(quick(draw(start=11, units=4), draws=3)).all(axis=None)
    with pytest.raises(hub.HubError, match=r"9 periods .* they take at least 10"):
        quick(draw(start=10, units=4), draws=3)


def test_five_periods_more_than_weights_are_enough_and_four_are_not():
    assert np.isfinite(quick(crowded(start=13), draws=3)).all(axis=None)
    with pytest.raises(hub.HubError, match="with 11 periods, so that 4 are left"):
        quick(crowded(start=12), draws=3)


def test_no_weight_above_a_fifth_is_taken_for_zero_whatever_the_noise():
    panel = draw(9)
    frame = panel.frame.copy()
    frame.iloc[0] += np.random.default_rng(0).normal(0, 50.0, 22)
    assert quick(panel.with_frame(frame), draws=3).attrs["rho"] == 0.2


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: quick(draw(treated=2)), "2 units are treated"),
        (lambda: quick(draw(), level=2), "level must lie"),
        (lambda: quick(draw(), draws=0), "draws must be"),
        (lambda: quick(draw(), rho=1), "rho must be"),
        (lambda: quick(draw(), rho="type-1"), "rho must be"),
        (lambda: quick(holed()), "prediction_interval needs every cell"),
        (
            lambda: quick(draw().treat({"u01": 15, "u02": 18})),
            "start at different times",
        ),
        (lambda: quick(draw().treat({})), "no unit is treated"),
        (lambda: quick(draw(start=9)), "8 periods before treatment are too few"),
        (
            lambda: quick(crowded()),
            "8 donors are weighted with 10 periods, so that 3 are left",
        ),
        (
            lambda: quick(crowded(donors=11)),
            "11 donors are weighted with 10 periods, so that 0 are left",
        ),
        (lambda: quick(exact()), "reproduce the treated unit exactly"),
        (lambda: hub.prediction_interval("x"), "prediction_interval takes a Panel"),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(hub.HubError, match=message):
        act()
