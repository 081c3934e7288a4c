"""Treatment is pretended early enough, for anyone, and without what came later."""

from dataclasses import replace

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.inference.pretended import (
    NEVER,
    before_treatment,
    pretended_deals,
    pretended_starts,
    run_pretended,
)
from tests.draws import draw


def places(periods, horizon=None, starts=None, real=3):
    panel = hub.simulate_panel(units=4, periods=periods, treated=1, start=periods)
    return {
        after: at.tolist()
        for after, at in pretended_starts(panel, starts, horizon, real).items()
    }


def test_later_values_are_not_even_in_memory():
    panel = draw(0, treated=3, start=[7, 9])
    early, dates = before_treatment(panel)
    assert early.periods[-1] == 6
    assert not early.first_treated
    assert early.values.base is None
    assert not np.shares_memory(early.values, panel.values)
    assert not early.values.flags.writeable
    assert sorted(dates[dates < NEVER]) == [0, 0, 2]


def test_units_stand_in_the_order_of_their_names():
    panel = draw(0)
    turned = panel.take(np.arange(9)[::-1])
    for one, other in zip(before_treatment(panel), before_treatment(turned)):
        if isinstance(one, hub.Panel):
            one, other = one.frame, other.frame
        assert np.array_equal(one, other)


def test_half_of_the_periods_stand_before_and_the_horizon_after():
    assert places(23, real=8) == {8: [12, 13, 14, 15]}
    assert places(9, real=5) == {4: [5]}
    assert places(3) == {1: [2]}
    assert places(40, horizon=2) == {2: [20, 24, 27, 31, 34, 38]}
    assert list(places(20, horizon=[4, 1])) == [1, 4]
    assert places(20, starts=[15, 4]) == {3: [3, 14]}
    assert places(20, starts=18) == {3: [17]}
    assert places(20, starts=20) == {1: [19]}


def test_a_horizon_that_does_not_fit_or_is_none_at_all_is_refused():
    with pytest.raises(ValueError, match=r"horizon 11 does not fit: from 11 on .* 10"):
        places(20, horizon=11)
    with pytest.raises(ValueError, match=r"horizon must be .* at least 1, not 0"):
        places(20, horizon=[])


def test_a_pretended_start_has_two_periods_before_it():
    assert places(20, starts=3) == {3: [2]}
    with pytest.raises(ValueError, match="start with two periods before 2"):
        places(20, starts=2)


def test_two_ways_to_deal_are_enough_and_one_is_not():
    deals, exact = pretended_deals(np.array([0, NEVER]), [np.arange(2)], 99, seed=0)
    assert exact
    assert sorted(deals.tolist()) == [[0, NEVER], [NEVER, 0]]
    with pytest.raises(ValueError, match="only one way to deal out treatment"):
        pretended_deals(np.array([0, NEVER]), [np.array([0]), np.array([1])], 99, 0)


def test_treatment_is_dealt_out_whoever_had_it():
    groups = [np.arange(3), np.arange(3, 12)]
    one, other = np.full(12, NEVER), np.full(12, NEVER)
    one[[0, 5, 6]], other[[2, 3, 11]] = (0, 0, 2), (0, 2, 0)
    for draws, exact in ((999, True), (50, False)):
        lot, all_of_them = pretended_deals(one, groups, draws, seed=0)
        assert all_of_them == exact
        assert np.array_equal(lot, pretended_deals(other, groups, draws, seed=0)[0])
        assert len(np.unique(lot, axis=0)) == len(lot) == (3 * 72 if exact else 50)
        assert ((lot[:, :3] < NEVER).sum(axis=1) == 1).all()


def test_estimates_are_those_that_would_be_reported():
    early, dates = before_treatment(draw(0, treated=2))
    lot, _ = pretended_deals(dates, [np.arange(9)], 99, seed=0)
    found = run_pretended(hub.estimator(hub.synthetic_did), early, lot, 3, 2)
    window = early.window(1, 5)
    for att, deal in zip(found, lot):
        treated = {u: 4 for u, date in zip(early.units, deal) if date < NEVER}
        assert att == pytest.approx(hub.synthetic_did(window.treat(treated)).att)


def test_an_estimator_that_answers_for_many_deals_at_once_is_not_asked_for_each():
    def refuses(panel):
        raise AssertionError("asked for one")

    early, dates = before_treatment(draw(0, treated=2))
    lot, _ = pretended_deals(dates, [np.arange(9)], 99, seed=0)
    average = hub.estimator(hub.group_time_average)
    quick = replace(average, function=refuses)
    found = run_pretended(quick, early, lot, 3, 2)
    treated = {u: 4 for u, date in zip(early.units, lot[-1]) if date < NEVER}
    one = hub.group_time_average(early.window(1, 5).treat(treated))
    assert found[-1] == pytest.approx(one.att)


def test_never_fits_into_the_whole_numbers_of_a_browser():
    # Where whole numbers have 32 bits a larger one would turn into an early date.
    assert np.array([NEVER]).astype(np.int32)[0] == NEVER
    assert NEVER > 100_000
