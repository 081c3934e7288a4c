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
