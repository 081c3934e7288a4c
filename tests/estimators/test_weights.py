"""Least squares on the simplex is solved exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**16)
# Few donors, more than are tried at once, and the dual for a strong ridge.
donors = st.sampled_from([2, 5, 12, 90, 200])


def problem(seed, rows, n):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, n)), rng.normal(size=rows)


def loss(w, a, b, ridge=0.0):
    return np.sum((a @ w - b) ** 2) + ridge**2 * (w @ w)


@fast
@given(seeds, st.integers(1, 9), donors, st.sampled_from([0.0, 1e-5, 0.5, 5.0]))
def test_simplex_weights_satisfy_the_conditions_of_an_optimum(seed, rows, n, ridge):
    a, b = problem(seed, rows, n)
    w = simplex_weights(a, b, ridge)
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1, abs=1e-12)
    slope = a.T @ (a @ w - b) + ridge**2 * w
    # No donor could gain, and those in use gain nothing from each other.
    assert slope.min() >= slope @ w - 1e-9
    assert np.ptp(slope[w > 1e-9]) < 1e-7


@fast
@given(seeds, st.integers(1, 9), donors, st.sampled_from([0.0, 0.5]))
def test_the_order_and_the_scale_of_donors_do_not_matter(seed, rows, n, ridge):
    a, b = problem(seed, rows, n)
    w = simplex_weights(a, b, ridge)
    order = np.random.default_rng(seed).permutation(n)
    assert np.allclose(simplex_weights(a[:, order], b, ridge), w[order], atol=1e-7)
    for scale in (1e-12, 1e12):
        scaled = simplex_weights(a * scale, b * scale, ridge * scale)
        assert np.allclose(scaled, w, atol=1e-7)
    level = np.arange(rows)[:, None]
    assert np.allclose(simplex_weights(a + level, b + level[:, 0], ridge), w, atol=1e-7)


@fast
@given(seeds, st.integers(1, 9), st.sampled_from([2, 12, 90]))
def test_equal_donors_share_equally(seed, rows, n):
    a, b = problem(seed, rows, n)
    twice = simplex_weights(np.hstack([a, a[:, :1]]), b)
    assert twice[0] == pytest.approx(twice[-1], abs=1e-9)
    once = simplex_weights(a, b)
    together = twice[:-1] + np.eye(n)[0] * twice[-1]
    assert loss(together, a, b) == pytest.approx(loss(once, a, b), abs=1e-12)


def with_a_vanishing_ridge(a, b):
    """Another solver: dense, with a ridge of 1e-6 in rows of its own."""
    n = a.shape[1]
    m = a - b[:, None]
    system = np.vstack([m / np.abs(m).max(), 1e-6 * np.eye(n), np.ones(n)])
    x, _ = optimize.nnls(system, np.append(np.zeros(len(system) - 1), 1.0))
    return x / x.sum()


def by_sequential_programming(a, b):
    """A third: of all weights that give this fit, those of least norm."""
    n = a.shape[1]
    fits = {"type": "eq", "fun": lambda w: a @ w - b, "jac": lambda w: a}
    adds = {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(n)}
    return optimize.minimize(
        lambda w: w @ w,
        np.full(n, 1 / n),
        jac=lambda w: 2 * w,
        bounds=[(0, 1)] * n,
        constraints=[fits, adds],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    ).x


@pytest.mark.parametrize(("rows", "n"), [(2, 8), (4, 30), (6, 90), (5, 150)])
@pytest.mark.parametrize("seed", range(3))
def test_where_weights_are_not_unique_two_other_solvers_find_the_same(rows, n, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(rows, n))
    b = a @ rng.dirichlet(np.ones(n))
    w = simplex_weights(a, b)
    assert loss(w, a, b) < 1e-20
    assert np.count_nonzero(w > 1e-9) > rows + 1
    assert np.allclose(w, with_a_vanishing_ridge(a, b), atol=1e-6)
    assert np.allclose(w, by_sequential_programming(a, b), atol=1e-6)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_collinear_and_constant_donors_are_taken(ridge):
    rng = np.random.default_rng(0)
    line = rng.normal(size=6)
    a = np.column_stack([line, 2 * line, np.zeros(6), np.ones(6), np.ones(6)])
    w = simplex_weights(a, rng.normal(size=6), ridge)
    assert w.sum() == pytest.approx(1)
    assert w[3] == pytest.approx(w[4])


def test_a_donor_far_away_does_not_blur_those_nearby():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(6, 9)), rng.normal(size=6)
    w = simplex_weights(a, b)
    # On the side from which it cannot help.
    far = np.column_stack([a, 1e8 * (a @ w - b)])
    assert np.allclose(simplex_weights(far, b), np.append(w, 0.0), atol=1e-12)


def test_one_donor_has_all_the_weight_and_none_that_differ_share_it():
    assert simplex_weights(np.ones((3, 1)), np.zeros(3)).tolist() == [1.0]
    assert simplex_weights(np.ones((3, 4)), np.ones(3)).tolist() == [0.25] * 4
    equal = simplex_weights(np.array([[0.0, 0.0, 3.0]]), np.zeros(1))
    assert equal == pytest.approx([0.5, 0.5, 0.0], abs=1e-9)


def test_simplex_weights_are_no_worse_than_a_general_optimiser():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(12, 7)), rng.normal(size=12)
    other = optimize.minimize(
        lambda w: loss(w, a, b),
        np.full(7, 1 / 7),
        bounds=[(0, 1)] * 7,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
    )
    assert loss(simplex_weights(a, b), a, b) <= other.fun + 1e-8


@pytest.mark.parametrize("seed", range(4))
def test_a_small_ridge_is_kept_to_among_many_donors(seed):
    a, b = problem(seed, 3, 150)
    ridge = 2e-4
    w = simplex_weights(a, b, ridge)
    slope = a.T @ (a @ w - b) + ridge**2 * w
    assert slope.min() >= slope @ w - 1e-12


def test_gaps_that_rounding_makes_are_none():
    rng = np.random.default_rng(8)
    a = rng.integers(0, 9, (5, 12)) / 10
    a[:, :4] = a[:, :1]
    size = np.full(12, 1.0)
    noise = 1e-16 * rng.normal(size=a.shape)
    found = simplex_weights(a + noise, a[:, 0], size=size)
    assert found == pytest.approx(simplex_weights(a, a[:, 0]), abs=1e-12)
    assert found[:4] == pytest.approx(4 * [found[0]], abs=1e-12)
