"""Many problems solved in step have the solutions that each has alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubanalysis.estimators import lockstep
from hubanalysis.estimators.lockstep import (
    weights_beside,
    weights_following,
    weights_without,
)
from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=20, deadline=None)


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


# -- problems that differ in their rows, or in whom they follow --------------------

scales = st.sampled_from([1e-9, 1.0, 1e9])


def some_sets(rng, n, m, count=12):
    return np.sort(rng.random((count, n)).argsort(axis=1)[:, :m], axis=1)


def each_beside(gaps, sets):
    rest = [np.delete(gaps, left_out, axis=0) for left_out in sets]
    return [simplex_weights(r - r.mean(axis=0), np.zeros(len(r))) for r in rest]


def each_following(paths, sets, ridges):
    weights = np.zeros((len(sets), len(paths)))
    for row, followed, ridge in zip(weights, sets, ridges):
        donors = np.delete(np.arange(len(paths)), followed)
        row[donors] = simplex_weights(
            paths[donors].T, paths[followed].mean(axis=0), ridge
        )
    return weights


@fast
@given(st.integers(0, 2**16), st.integers(4, 40), st.integers(1, 30), scales, scales)
def test_rows_left_out_in_step_agree_with_each_alone(seed, n, columns, scale, level):
    rng = np.random.default_rng(seed)
    gaps = scale * (rng.normal(size=(n, columns)) + rng.normal(size=(n, 1)))
    sets = some_sets(rng, n, rng.integers(1, n - 2))
    found = weights_beside(gaps + min(level, 1e3) * scale, sets)
    # Levels of columns cancel, but for the digits that they cost.
    near = 1e-7 if level > 1 else 1e-9
    assert np.allclose(found, each_beside(gaps, sets), rtol=0, atol=near)


@fast
@given(st.integers(0, 2**16), st.integers(3, 70), st.integers(2, 20), scales)
def test_donors_that_follow_in_step_agree_with_each_alone(seed, n, rows, scale):
    rng = np.random.default_rng(seed)
    paths = scale * rng.normal(size=(n, rows)).cumsum(axis=1)
    sets = some_sets(rng, n, rng.integers(1, n - 1))
    ridges = scale * 10 ** rng.uniform(-3, 2, len(sets))
    found = weights_following(paths, sets, ridges)
    np.testing.assert_array_equal(np.take_along_axis(found, sets, axis=1), 0.0)
    alone_each = each_following(paths, sets, ridges)
    assert np.allclose(found, alone_each, rtol=0, atol=1e-9)


@pytest.mark.parametrize("numbers", [1, 2000])
def test_how_many_move_together_changes_nothing(monkeypatch, numbers):
    rng = np.random.default_rng(6)
    gaps, sets = rng.normal(size=(9, 5)), some_sets(rng, 9, 2, 30)
    ridges = np.full(30, 0.5)
    before = weights_beside(gaps, sets), weights_following(gaps, sets, ridges)
    monkeypatch.setattr(lockstep, "NUMBERS", numbers)
    after = weights_beside(gaps, sets), weights_following(gaps, sets, ridges)
    np.testing.assert_allclose(after[0], before[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(after[1], before[1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_ordinary_problems_are_all_solved_in_step(monkeypatch, scale):
    rng = np.random.default_rng(8)
    gaps, sets = scale * rng.normal(size=(12, 6)), some_sets(rng, 12, 2)
    ridges = np.full(12, 0.5 * scale)
    alone_each = each_beside(gaps, sets), each_following(gaps, sets, ridges)

    def refuses(*_):
        raise AssertionError("solved alone")

    monkeypatch.setattr(lockstep, "simplex_weights", refuses)
    beside, following = (
        weights_beside(gaps, sets),
        weights_following(gaps, sets, ridges),
    )
    np.testing.assert_allclose(beside, alone_each[0], atol=1e-9)
    np.testing.assert_allclose(following, alone_each[1], atol=1e-9)


def test_columns_that_do_not_vary_are_divided_by_nothing():
    sets = some_sets(np.random.default_rng(9), 8, 2)
    with np.errstate(all="raise"):
        found = weights_beside(np.zeros((8, 3)), sets)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_twins_exact_fits_and_no_ridge_are_left_to_the_single_solver():
    rng = np.random.default_rng(7)
    half = rng.normal(size=(8, 4))
    sets = some_sets(rng, 8, 2)
    exact = half - half @ np.full((4, 1), 0.25)
    flat = np.column_stack([half, np.full(8, 3.0)])
    for gaps in (np.hstack([half, half]), exact, flat, np.zeros((8, 3))):
        found = weights_beside(gaps, sets)
        assert np.allclose(found, each_beside(gaps, sets), rtol=0, atol=1e-8)
    twins, none = np.vstack([half, half]), np.zeros(12)
    for paths in (twins, half, np.zeros((8, 4))):
        for ridges in (none, none + 0.3):
            found = weights_following(paths, sets, ridges)
            alone_each = each_following(paths, sets, ridges)
            assert np.allclose(found, alone_each, rtol=0, atol=1e-8)
