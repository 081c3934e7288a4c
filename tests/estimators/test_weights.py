"""Least squares on the simplex is solved exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=15, deadline=None, derandomize=True)


seeds = st.integers(0, 2**16)


@fast
@given(seeds, st.integers(2, 8), st.integers(2, 12), st.sampled_from([0.0, 0.5]))
def test_simplex_weights_satisfy_the_conditions_of_an_optimum(seed, rows, n, ridge):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(rows, n)), rng.normal(size=rows)
    w = simplex_weights(a, b, ridge)
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1)
    slope = a.T @ (a @ w - b) + ridge**2 * w
    used = w > 1e-9
    assert np.ptp(slope[used]) < 1e-5
    assert slope.min() >= slope[used].min() - 1e-5


def test_simplex_weights_are_no_worse_than_a_general_optimiser():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(12, 7)), rng.normal(size=12)
    loss = lambda w: np.sum((a @ w - b) ** 2)  # noqa: E731
    other = optimize.minimize(
        loss,
        np.full(7, 1 / 7),
        bounds=[(0, 1)] * 7,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
    )
    assert loss(simplex_weights(a, b)) <= other.fun + 1e-8
