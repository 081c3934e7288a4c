"""Detectable effects that can be counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from hubanalysis.inference.power import (
    power_of_lot,
    significance_of,
    sizes_needed,
    smallest_found,
)
from tests.inference.lots import by_hand


@pytest.fixture(scope="module")
def three_apart():
    """DiD on twenty units: one estimate is 1, one is -1 and all others are zero."""
    loads = np.full((20, 20), -1 / 19)
    np.fill_diagonal(loads, 1.0)
    return by_hand([0, 1, -1, *[0] * 17], pull=loads[:, 0], loads=loads)


def test_sizes_needed_can_be_counted_by_hand(three_apart):
    # An effect e under a unit at zero moves all others by -e/19, and -1 is in its way
    # until e is 1 + e/19; under the unit at -1 a gain e has 1 - e/19 to beat by e - 1.
    # What the real one lost is given back by root 19/18.
    wide = np.sqrt(19 / 18)
    gains, losses = sizes_needed(three_apart)
    assert gains == pytest.approx(wide * np.array([0, 38 / 20, *[19 / 18] * 17]))
    assert losses == pytest.approx(wide * np.array([38 / 20, 0, *[19 / 18] * 17]))
    assert np.isinf(sizes_needed(three_apart, level=0.04)).all()
    # At ten per cent one other may be as far out, but none of those at zero.
    gains = sizes_needed(three_apart, level=0.1)[0]
    assert gains[:2] == pytest.approx([0, wide * 19 / 18])
    power = power_of_lot(three_apart)
    assert power.mde == pytest.approx(wide * 19 / 18)
    below, above = (power.curve.index < power.mde * side for side in (0.999, 1.001))
    assert power.curve["power"][below].to_numpy() == pytest.approx(1 / 19)
    assert power.curve["power"][~above].iloc[0] == pytest.approx(18 / 19)


def test_what_significant_would_mean_can_be_counted_by_hand(three_apart):
    wide, effect = np.sqrt(19 / 18), 0.01
    for side in (1, -1):
        found = significance_of(three_apart, side * effect)
        assert found == pytest.approx((1 / 19, (wide + effect) / effect, 0.0))
        # At ten per cent the one on the other side is found as well.
        found = significance_of(three_apart, side * effect, level=0.1)
        assert found == pytest.approx((2 / 19, wide / effect, 0.5))
    large = significance_of(three_apart, 1e6)
    assert large == pytest.approx((1.0, 1.0, 0.0))
    never = significance_of(three_apart, effect, level=0.04)
    assert never.chance == 0
    assert np.isnan(never.exaggeration)


@pytest.mark.parametrize(
    ("power", "mde"), [(0.8, 9), (0.75, 9), (0.7, 8), (1.0, 11), (0.1, 2)]
)
def test_the_detectable_effect_is_found_so_often_on_both_sides(power, mde):
    needed = np.array([np.arange(10, 0, -1.0), np.arange(2, 12.0)])
    found, curve = smallest_found(needed, power)
    assert found == mde
    assert len(curve) == 61
    assert curve.index[0] == 0
    assert curve.index[-1] == pytest.approx(1.5 * mde)
    for size, told in curve["power"].items():
        assert told == np.sum(np.arange(2, 12) <= size) / 10


def test_what_is_found_at_once_or_never_has_a_curve_too():
    found, curve = smallest_found(np.zeros((2, 5)), 0.8)
    assert (found, curve.index[-1]) == (0, 1)
    assert (curve["power"] == 1).all()
    needed = np.array([[1, 1, 1, 1, np.inf], [1, 1, 1, np.inf, np.inf]])
    found, curve = smallest_found(needed, 0.8)
    assert np.isinf(found)
    assert curve["power"].to_dict() == {0.0: 0.0}
    assert smallest_found(needed, 0.6)[0] == 1


def test_no_effect_is_planted_under_one_whose_fit_is_bad(three_apart):
    barred = np.isin(np.arange(20), [3, 5])
    lot = replace(three_apart, barred=barred)
    assert sizes_needed(lot).shape == (2, 17)
    few = sizes_needed(three_apart, truths=3)[0]
    assert few == pytest.approx(sizes_needed(three_apart)[0, [0, 9, 18]])


def test_the_curve_reaches_half_as_far_again_in_any_unit():
    needed = np.array([np.arange(1, 6.0)] * 2)
    for scale in (1e-3, 1.0, 1e3):
        mde, curve = smallest_found(scale * needed, 0.8)
        assert mde == pytest.approx(4 * scale)
        assert curve.index[-1] == pytest.approx(6 * scale)


def test_two_that_must_agree_can_be_counted_by_hand(three_apart):
    # Another estimator on the same units: the one at 1 stands elsewhere.
    loads = three_apart.loads
    other = by_hand([0, -1, *[0] * 17, 1], pull=loads[:, 0], loads=loads)
    wide = np.sqrt(19 / 18)
    gains, _ = sizes_needed([three_apart, other])
    # Found at once by one alone is found once the other finds it: the unit that one
    # has at 1 is at -1 or 0 for the other.
    free, low = 19 / 18, 38 / 20
    assert gains == pytest.approx(wide * np.array([low, low, *[free] * 17]))
    power = power_of_lot([three_apart, other], power=17 / 19)
    assert power.mde == pytest.approx(wide * free)
    assert power_of_lot([three_apart, other], power=18 / 19).mde == pytest.approx(
        wide * low
    )
    # No set of one is rare for both at once, so that a small effect is never seen.
    assert significance_of([three_apart, other], 0.01).chance == 0
    # The one at 1 for both is told by both, as by either.
    alone = significance_of(three_apart, 0.01)
    assert significance_of([three_apart, three_apart], 0.01) == alone


def test_two_that_reject_on_different_sides_have_not_agreed(three_apart):
    turned = replace(three_apart, estimates=-three_apart.estimates)
    assert significance_of(three_apart, 0.01, level=0.1).chance == 2 / 19
    assert significance_of([three_apart, turned], 0.01, level=0.1).chance == 0


def test_nothing_is_planted_under_one_that_any_of_them_bars(three_apart):
    some = replace(three_apart, barred=np.isin(np.arange(20), [3, 5]))
    more = replace(three_apart, barred=np.isin(np.arange(20), [5, 7]))
    assert sizes_needed([some, more]).shape == (2, 16)


def test_one_that_moves_half_as_fast_exaggerates_as_much_at_twice_the_effect(
    three_apart,
):
    half = replace(three_apart, loads=three_apart.loads / 2, pull=three_apart.pull / 2)
    for effect in (0.01, -0.5, 3.0):
        assert significance_of(half, 2 * effect) == pytest.approx(
            significance_of(three_apart, effect)
        )


def test_each_that_is_heard_must_hold_the_assignments_of_the_first(three_apart):
    turned = replace(three_apart, starts=three_apart.starts[::-1])
    for lots in ([three_apart, turned], [three_apart, three_apart, turned]):
        with pytest.raises(ValueError, match="same strata, draws and seed"):
            power_of_lot(lots)
