"""Lots so small that p, estimate and interval can be counted by hand."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.inference.lots import by_hand, median_gap


def test_p_counts_who_is_at_least_as_far_out_in_both_directions_and_in_each():
    lot = by_hand([3, -3, 1, -1, 4, -4])
    assert lot.p_value == 4 / 6
    assert (lot.p_gain, lot.p_loss) == (2 / 6, 5 / 6)
    assert (lot.rank, lot.smallest_p) == (4, 1 / 6)
    assert (lot.observed, lot.centre) == (3, 0)
    assert lot.distribution.tolist() == [3, -3, 1, -1, 4, -4]


def test_distance_is_from_the_lots_mean_and_not_from_zero():
    lot = by_hand([13, 7, 11, 9])
    assert lot.centre == 10
    assert lot.p_value == 2 / 4


def test_rounding_decides_no_rank_and_a_millionth_does():
    assert by_hand([3, -3 + 1e-12, 1, -1]).p_value == 2 / 4
    assert by_hand([3, -3 + 1e-6, 1, -1 - 1e-6]).p_value == 1 / 4
    assert by_hand([3, 3 - 1e-12, -5, -1]).p_gain == 2 / 4
    assert by_hand([-3, -3 + 1e-12, 5, 1]).p_loss == 2 / 4


def test_one_whose_fit_is_bad_is_not_counted_and_stays_in_the_denominator():
    assert by_hand([3, -3, 1, -1], barred=[1]).p_value == 1 / 4
    assert by_hand([3, -3, 1, -1], barred=[2]).p_value == 2 / 4


def test_a_real_one_whose_fit_is_bad_says_nothing():
    lot = by_hand(range(40, 0, -1), barred=[0])
    assert lot.p_value == lot.p_gain == lot.p_loss == 1
    assert lot.interval() == (-np.inf, np.inf)


def test_the_effect_leaves_the_real_one_at_the_centre():
    lot = by_hand([9, 1, -1, 3, 0], pull=[1, 0.25, 0, 0, 0])
    assert lot.effect == pytest.approx((9 - 12 / 5) / (1 - 1.25 / 5))
    gaps = lot.deviations(lot.effect)
    assert gaps[0] == pytest.approx(0, abs=1e-12)
    assert gaps.sum() == pytest.approx(0, abs=1e-12)
    assert lot.p_of(lot.effect) == 1


def test_taking_an_effect_out_moves_each_by_its_pull():
    lot = by_hand([9, 1, -1, 3], pull=[1, 0.5, 0, -0.5])
    left = np.array([9 - 2, 1 - 1, -1, 3 + 1])
    assert lot.deviations(2.0) == pytest.approx(left - left.mean())
    assert lot.p_of(2.0) == np.mean(np.abs(left - left.mean()) >= 4.5)


def test_where_all_move_alike_there_is_no_effect_to_be_told():
    lot = by_hand(range(40, 0, -1), pull=np.ones(40))
    assert np.isnan(lot.effect)
    assert lot.interval() == (-np.inf, np.inf)


def test_p_is_sure_where_the_lot_is_whole_and_else_errs_as_share_and_centre_do():
    whole = by_hand([3, -3, 1, -1])
    assert whole.p_error == whole.interval_error() == 0
    drawn = replace(whole, exact=False)
    # With the centre off by its own error one place less counts as far, or one more.
    assert drawn.centre_error == pytest.approx(np.sqrt(5 / 4))
    assert drawn.p_error == pytest.approx(np.hypot(np.sqrt(0.25 / 4), 1 / 4))
    assert drawn.interval_error() == np.inf


def test_weights_are_the_loads_of_donors_turned_round():
    loads = np.zeros((3, 3))
    loads[0] = [1, -0.75, -0.25]
    weights = by_hand([1, 2, 3], loads=loads).weights
    assert weights.to_dict() == {"u02": 0.75, "u03": 0.25}
    with pytest.raises(AttributeError, match="does not give them"):
        by_hand([1, 2, 3]).weights  # noqa: B018


@pytest.mark.parametrize(("lots", "kept"), [(20, 0.95), (39, 38 / 39), (40, 0.95)])
def test_a_small_lot_keeps_more_than_it_is_asked_for(lots, kept):
    lot = by_hand(range(lots))
    assert lot.attained() == pytest.approx(kept)
    assert lot.attained(0.9) == pytest.approx(1 - (lots // 10) / lots)


@pytest.mark.parametrize("lots", [20, 40, 60])
def test_first_of_twenty_is_five_per_cent_and_zero_is_outside(lots):
    others = np.linspace(-1, 1, lots - 1)
    far = by_hand([-50, *others])
    assert far.p_value <= 1 / 20
    assert far.interval()[1] < 0
    assert by_hand([50, *others]).interval()[0] > 0


def test_in_nineteen_places_no_effect_is_too_large():
    lot = by_hand([50, *np.linspace(-1, 1, 18)])
    assert lot.interval() == (-np.inf, np.inf)
    assert np.isfinite(lot.interval(0.9)).all()


def test_the_interval_ends_where_the_second_furthest_is_as_far_out():
    # Two of 40 are few enough to reject: the real one and one other. With t taken out
    # of 5 it lies 39/40 |5 - t| from the centre, which has moved by 1/40 of that; of
    # the others, 19 and -19 are both as far out until |5 - t| is 19.
    lot = by_hand([5, *range(-19, 20)])
    assert lot.interval() == pytest.approx((5 - 19, 5 + 19))
    assert lot.p_of(5 - 19) == lot.p_of(5 + 19) == 3 / 40
    assert lot.p_of(5 - 19.001) == lot.p_of(5 + 19.001) == 2 / 40


def test_ends_of_drawn_lots_err_by_the_share_over_how_fast_p_falls_and_by_the_centre():
    normal = NormalDist()
    others = [normal.inv_cdf((k + 0.5) / 4000) for k in range(4000)]
    lot = by_hand([0.0, *others[::2], *others[1::2]], exact=False)
    end = normal.inv_cdf(0.975)
    assert lot.interval() == pytest.approx((-end, end), rel=0.01)
    share = np.sqrt(0.95 * 0.05 / 4001) / (2 * normal.pdf(end))
    centre = 1 / np.sqrt(4001)
    assert lot.interval_error() == pytest.approx(np.hypot(share, centre), rel=0.1)


def test_the_short_table_says_what_kind_of_lot_it_is():
    told = by_hand([3, -3, 1, -1], barred=[1]).summary()["value"]
    assert told["assignments (all)"] == "4"
    assert told["bad fit before"] == "1 of 4"
    assert told["95% interval"] == "any size fits"
    told = by_hand([50, *np.linspace(-1, 1, 39)], exact=False).summary()["value"]
    assert told["assignments (drawn)"] == "40"
    assert "bad fit before" not in told
    assert " to " in told["95% interval"]


@pytest.fixture(scope="module")
def bent():
    """Twenty units, and medians: an effect taken out bends the estimates."""
    panel = hub.simulate_panel(
        units=20, periods=5, treated=1, start=4, effect=4.0, seed=3
    )
    return hub.randomization_test(panel, median_gap)


def test_estimates_that_bend_are_run_again_for_each_effect(bent):
    assert bent.deviations(2.0) == pytest.approx(
        hub.randomization_test(
            bent.panel.with_frame(bent.panel.frame - 2.0 * bent.panel.treatment),
            median_gap,
        ).deviations(0.0)
    )
    assert bent.deviations(bent.effect)[0] == pytest.approx(0, abs=1e-5)


def test_ends_are_found_where_estimates_bend(bent):
    low, high = bent.interval()
    near = 1e-4 * np.std(bent.estimates)
    assert low < bent.effect < high
    assert bent.p_of(low + near) > 0.05 >= bent.p_of(low - near)
    assert bent.p_of(high - near) > 0.05 >= bent.p_of(high + near)


def swung(pattern, real):
    """Before treatment half of the others swing by 1 and half by -1, the real one more.

    Fits are then about 0.82 and 1.28, and 1.05 in the middle.
    """
    panel = hub.simulate_panel(units=20, periods=6, treated=1, start=5, seed=0)
    values = np.zeros((20, 6))
    swing = np.append(real, np.resize([1.0, -1.0], 19))
    values[:, :4] = swing[:, None] * np.array(pattern)
    values[0, 4:] = 9.0
    frame = pd.DataFrame(values, panel.frame.index, panel.frame.columns)
    return hub.randomization_test(panel.with_frame(frame), hub.did)


@pytest.mark.parametrize(("real", "barred"), [(3.15, False), (3.3, True)])
def test_a_fit_may_be_three_times_that_in_the_middle(real, barred):
    # Half of the usual change, 0.58, is less.
    lot = swung([1, 1, -1, -1], real)
    assert lot.barred.tolist() == [barred, *[False] * 19]
    assert (lot.p_value == 1) == barred


@pytest.mark.parametrize(("real", "barred"), [(3.4, False), (3.6, True)])
def test_or_three_times_half_of_the_usual_change_where_that_is_more(real, barred):
    # From 1 to -1 and back: changes scatter by 2.31 in the middle.
    lot = swung([1, -1, 1, -1], real)
    assert lot.barred.tolist() == [barred, *[False] * 19]


def test_the_unit_of_measurement_decides_no_rank():
    for scale in (1e-9, 1e9):
        assert by_hand(scale * np.array([3, -3 + 1e-12, 1, -1])).p_value == 2 / 4
        assert by_hand(scale * np.array([3, -3 + 1e-6, 1, -1])).p_value == 1 / 4


def test_donors_of_did_weigh_alike():
    panel = hub.simulate_panel(units=6, periods=6, treated=2, start=4, seed=0)
    lot = hub.randomization_test(panel, hub.did)
    assert lot.weights.to_numpy() == pytest.approx([0.25] * 4)
    assert lot.pull[0] == 1
