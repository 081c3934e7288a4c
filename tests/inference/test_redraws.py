"""Redrawn units move mean squares as much as other units would."""

import itertools

import numpy as np
import pytest

from hubanalysis.inference.redraws import redrawn_squares


def lot_of(n, m):
    """All sets of m of n units as booleans."""
    sets = np.array(list(itertools.combinations(range(n), m)))
    treated = np.zeros((len(sets), n), dtype=bool)
    np.put_along_axis(treated, sets, True, axis=1)
    return treated


def gaps(x, treated):
    """Mean of the treated less that of the others."""
    m = treated.sum(axis=1)
    return treated @ x / m - ~treated @ x / (len(x) - m)


def test_with_one_treated_unit_each_square_counts_as_often_as_its_unit():
    errors = np.random.default_rng(0).normal(size=(2, 3, 10))
    errors -= errors.mean(axis=2, keepdims=True)
    found = redrawn_squares(errors, np.eye(10, dtype=bool), [np.arange(10)], 50, 1)
    times = np.random.default_rng(1).multinomial(10, np.full(10, 0.1), 50)
    assert found == pytest.approx(times @ (errors**2).mean(axis=1).T / 10)


def test_redraws_scatter_around_the_mean_square():
    rng = np.random.default_rng(3)
    treated = lot_of(9, 3)
    errors = np.stack([gaps(rng.normal(size=9), treated) for _ in range(2)])[:, None]
    found = redrawn_squares(errors, treated, [np.arange(9)], 4000, 0)
    assert found.mean(axis=0) == pytest.approx((errors**2).mean(axis=(1, 2)), rel=0.05)


@pytest.mark.parametrize("m", [1, 3, 5, 8])
def test_redraws_move_as_much_as_other_units_would(m):
    # With half of the units treated, who is treated says nothing about a square.
    rng, treated = np.random.default_rng(0), lot_of(10, m)
    truth, redrawn = [], []
    for _ in range(200):
        errors = gaps(rng.standard_t(9, size=10), treated)
        truth.append(np.log(np.mean(errors**2)))
        found = redrawn_squares(errors[None, None], treated, [np.arange(10)], 60, 0)
        redrawn.append(np.std(np.log(np.maximum(found, 1e-9))))
    assert 0.6 < np.mean(redrawn) / np.std(truth) < 1.3


def test_units_are_redrawn_within_their_strata():
    treated = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], bool)
    errors = np.array([[[1.0, 1.0, -1.0, -1.0]]])
    within = redrawn_squares(errors, treated, [np.arange(2), np.arange(2, 4)], 50, 0)
    assert within == pytest.approx(np.ones((50, 1)))
    across = redrawn_squares(errors, treated, [np.arange(4)], 50, 0)
    assert across.std() > 0.2


def test_what_no_unit_explains_counts_by_how_often_its_units_are_redrawn():
    treated = lot_of(5, 2)
    # Round a ring of four, 01, 12, 23 and 30: each adds nothing over its pairs.
    errors = np.zeros(10)
    for pair, error in zip(([0, 1], [1, 2], [2, 3], [0, 3]), (1, -1, 1, -1)):
        errors[treated[:, pair].all(axis=1)] = error
    assert (errors @ treated == 0).all()
    found = redrawn_squares(errors[None, None], treated, [np.arange(5)], 30, 7)
    times = np.random.default_rng(7).multinomial(5, np.full(5, 0.2), 30)
    counts = 1 + (times - 1) @ treated.T
    assert found[:, 0] == pytest.approx((counts * errors**2).mean(axis=1))
