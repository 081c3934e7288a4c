"""Many problems solved in step have the solutions that each has alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubanalysis.estimators import lockstep
from hubanalysis.estimators.lockstep import weights_without
from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=20, deadline=None, derandomize=True)


def alone(donors, target, barred):
    weights = np.zeros(barred.shape)
    for row, closed in zip(weights, barred):
        row[~closed] = simplex_weights(donors[:, ~closed], target)
    return weights


def some_barred(rng, count, n, share):
    barred = rng.random((count, n)) < share
    barred[:, 0] &= ~barred.all(axis=1)
    return barred


@fast
@given(
    st.integers(0, 2**16),
    st.integers(1, 12),
    st.integers(2, 60),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([1e-9, 1.0, 1e9]),
)
def test_problems_in_step_agree_with_each_alone(seed, rows, n, share, scale):
    rng = np.random.default_rng(seed)
    donors, target = scale * rng.normal(size=(rows, n)), scale * rng.normal(size=rows)
    barred = some_barred(rng, 20, n, share)
    found = weights_without(donors, target, barred)
    assert not found[barred].any()
    assert np.allclose(found, alone(donors, target, barred), atol=1e-8)


@pytest.mark.parametrize("near", [3, 20])
def test_donors_that_were_not_looked_at_first_are_found_all_the_same(monkeypatch, near):
    monkeypatch.setattr(lockstep, "NEAREST", near)
    monkeypatch.setattr(lockstep, "TOGETHER", 7)
    rng = np.random.default_rng(3)
    donors, target = rng.normal(size=(8, 40)), rng.normal(size=8)
    barred = some_barred(rng, 30, 40, 0.4)
    found = weights_without(donors, target, barred)
    assert np.allclose(found, alone(donors, target, barred), atol=1e-9)


def test_equal_donors_and_exact_fits_are_left_to_the_single_solver():
    rng = np.random.default_rng(4)
    half = rng.normal(size=(5, 6))
    donors = np.hstack([half, half])
    barred = some_barred(rng, 20, 12, 0.2)
    for target in (rng.normal(size=5), half.mean(axis=1), half[:, 0]):
        found = weights_without(donors, target, barred)
        assert np.allclose(found, alone(donors, target, barred), atol=1e-8)
