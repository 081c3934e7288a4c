"""The outermost effect that a test accepts, from the crossings of straight lines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubanalysis.inference.crossings import TOGETHER, outermost

seeds = st.integers(0, 10**6)


@settings(max_examples=200, deadline=None)
@given(seeds, st.integers(3, 12), st.integers(1, 3), st.sampled_from([-1, 1]))
def test_beyond_the_outermost_effect_nothing_is_accepted(seed, lots, allowed, side):
    rng = np.random.default_rng(seed)
    gaps, pull = rng.normal(size=(2, lots))
    pull[rng.random(lots) < 0.2] = pull[0] * rng.choice([-1, 1])  # as fast as it
    barred = rng.random(lots) < 0.2
    barred[0] = False

    def counted(effect):
        left = np.abs(gaps - effect * pull)
        return np.sum((left >= left[0] - 1e-9) & ~barred)

    ends = outermost(gaps, pull[:, None], barred, np.array([0]), allowed)
    end = side * ends[int(side > 0), 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        meet = [
            (gaps[0] - gaps) / (pull[0] - pull),
            (gaps[0] + gaps) / (pull[0] + pull),
        ]
    meet = np.concatenate(meet)
    places = np.unique(np.append(meet[np.isfinite(meet)], [-1e4, 1e4]))
    between = (places[1:] + places[:-1]) / 2
    places = np.concatenate([places, between])
    accepted = places[[counted(place) > allowed for place in places]]
    if end == side * np.inf:
        assert counted(side * 1e4) > allowed
    elif np.sum(~barred) > allowed:
        assert (side * accepted).max() == pytest.approx(side * end)
    else:
        assert not len(accepted)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(0, 3))
def test_many_truths_at_once_are_those_of_one_by_one(seed, allowed):
    rng = np.random.default_rng(seed)
    gaps, barred = rng.normal(size=9), rng.random(9) < 0.2
    pulls = rng.normal(size=(9, TOGETHER + 3))
    pulls[:, 0] = 0.0
    real = rng.choice(np.flatnonzero(~barred), size=TOGETHER + 3)
    at_once = outermost(gaps, pulls, barred, real, allowed)
    alone = [
        outermost(gaps, pulls[:, [k]], barred, real[[k]], allowed)
        for k in range(len(real))
    ]
    np.testing.assert_array_equal(at_once, np.hstack(alone))
    assert (at_once[:, 0] == np.inf).all()


def ends_of(gaps, pulls, allowed, barred=None):
    barred = np.zeros(len(gaps), dtype=bool) if barred is None else np.array(barred)
    pulls = np.array(pulls, dtype=float)[:, None]
    ends = outermost(np.array(gaps, dtype=float), pulls, barred, np.array([0]), allowed)
    return -ends[0, 0], ends[1, 0]


def test_who_stands_still_is_as_far_out_until_the_real_one_is_that_far():
    assert ends_of([0, 3, -5], [1, 0, 0], allowed=1) == (-5, 5)
    assert ends_of([0, 3, -5], [1, 0, 0], allowed=2) == (-3, 3)
    assert ends_of([2, 3, -5], [1, 0, 0], allowed=1) == (2 - 5, 2 + 5)
    assert ends_of([2, 3, -5], [-1, 0, 0], allowed=1) == (-2 - 5, -2 + 5)


def test_nothing_is_accepted_where_no_more_than_allowed_could_be_as_far():
    assert ends_of([0, 3, -5], [1, 0, 0], allowed=3) == (np.inf, -np.inf)
    assert ends_of([0, 3, -5], [1, 0, 0], 2, [False, True, False]) == (np.inf, -np.inf)
    ends = outermost(np.zeros(3), np.ones((3, 4)), np.zeros(3, bool), np.arange(3), 3)
    assert ends.shape == (2, 3)


def test_one_as_fast_as_the_real_one_is_ahead_of_it_on_one_side_for_ever():
    # |t| is at most |2 - t| as long as t is at most 1.
    assert ends_of([0, 2], [1, 1], allowed=1) == (-np.inf, 1)
    assert ends_of([0, 2], [1, -1], allowed=1) == (-1, np.inf)
    assert ends_of([0, 0], [1, 1], allowed=1) == (-np.inf, np.inf)


def test_a_faster_one_is_nearer_only_between_two_effects():
    # |3 - 2t| is less than |t| between 1 and 3.
    assert ends_of([0, 3], [1, 2], allowed=1) == (-np.inf, np.inf)
    assert ends_of([0, 3, 2], [1, 2, 0], allowed=2) == (-2, 1)
    assert ends_of([0, 3, 5], [1, 2, 0], allowed=2) == (-5, 5)
    assert ends_of([0, 3, 3], [1, 2, 0], allowed=2) == (-3, 3)
    assert ends_of([0, -3, 2], [1, 2, 0], allowed=2) == (-1, 2)
    assert ends_of([0, 3, 2], [1, 0.5, 0], allowed=2) == (-2, 2)


def test_a_real_one_that_does_not_move_has_no_ends():
    assert ends_of([0, 3, 5], [0, 1, 2], allowed=1) == (-np.inf, np.inf)


def test_rounding_parts_no_two_that_are_equal_whatever_the_unit():
    third = 1e8 / 3
    assert ends_of([third, third * (1 + 1e-15)], [1, 1], 1) == (-np.inf, np.inf)
    fast = 1e6
    ends = ends_of([0, 2], [fast, fast * (1 + 1e-12)], 1)
    assert ends == pytest.approx((-np.inf, 1 / fast))
