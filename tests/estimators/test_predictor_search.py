"""The search for importances: its gradient, its conditions, its bookkeeping."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from hubanalysis.estimators.predictor_search import LEAST, Search, inner_rows
from hubanalysis.estimators.weights import simplex_weights

few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 9999)


def search_of(seed, predictors=4, donors=8, periods=6):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(predictors, donors + 1))
    y = rng.normal(size=(periods, donors + 1)) + x[:1]
    return Search(x, y), rng


def height(search, logs):
    w = simplex_weights(
        inner_rows(np.exp(logs), search.x_gaps, search.y_gaps),
        np.zeros(len(logs) + len(search.y_gaps)),
    )
    return np.mean((search.y_gaps @ w) ** 2)


@few
@given(seeds)
def test_the_gradient_is_that_of_the_fit(seed):
    search, rng = search_of(seed)
    logs = -3 * rng.random(4)
    logs -= logs.max()
    found, slope = search.fit(logs)
    assert found == pytest.approx(height(search, logs))
    wanted = approx_fprime(logs, lambda z: height(search, z), 1e-6)
    # At a kink, where a donor just enters, there is none.
    if not np.allclose(wanted, approx_fprime(logs, lambda z: height(search, z), -1e-6)):
        return
    np.testing.assert_allclose(slope, wanted, atol=1e-3 * (1 + np.abs(wanted).max()))


@few
@given(seeds)
def test_nothing_that_is_tried_makes_the_best_worse_and_it_is_what_it_says(seed):
    search, rng = search_of(seed)
    least = [search.best]
    for _ in range(3):
        search.descend(np.log(LEAST) * rng.random(4), LEAST)
        least.append(search.best)
        search.relax(np.log(LEAST) * rng.random(4))
        least.append(search.best)
    assert least == sorted(least, reverse=True)
    assert search.best == pytest.approx(height(search, search.logs), rel=1e-9)
    assert search.logs.max() == 0
    assert search.best >= search.ideal * (1 - 1e-9)


def test_searched_together_weights_and_importances_find_what_a_descent_passes_by():
    found = []
    for seed in (6, 16, 19):
        descent, together, often = (search_of(seed)[0] for _ in "abc")
        descent.descend(np.zeros(4), LEAST)
        together.relax(np.zeros(4))
        rng = np.random.default_rng(0)
        for _ in range(15):
            often.descend(np.log(LEAST) * rng.random(4), LEAST)
        assert descent.best > often.best * 1.01
        found.append(together.best <= often.best * 1.001)
    # Rounding may lead one of them elsewhere.
    assert sum(found) >= 2


@few
@given(seeds)
def test_weights_solve_the_inner_problem_just_if_no_donor_would_improve_on_them(seed):
    """The condition under which importances and weights are searched together."""
    search, rng = search_of(seed, predictors=9, donors=6)
    v = rng.random(9) + 0.1
    w = search.weights(np.log(v))
    a = search.x_gaps @ w
    each, total = (v * a) @ search.x_gaps, v @ a**2
    assert (each >= total * (1 - 1e-5)).all()
    np.testing.assert_allclose(each[w > 1e-9], total, rtol=1e-5)
    other = rng.dirichlet(np.ones(6))
    a = search.x_gaps @ other
    assert ((v * a) @ search.x_gaps).min() < v @ a**2


def test_a_search_stops_where_no_importances_can_do_better():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(3, 6))
    search = Search(y, y)
    assert search.done
    before = search.used.sum()
    search.descend(np.zeros(3), LEAST)
    search.relax(np.zeros(3))
    assert search.used.sum() == before


@pytest.mark.parametrize(("apart", "least"), [(1e-2, 1 - 1e-4), (1e-3, 0.999)])
def test_a_thousandth_in_a_predictor_goes_before_any_fit_of_the_outcomes(apart, least):
    # The first donor matches the predictor, the second fits the outcomes.
    x, y = np.array([[0.0, apart]]), np.array([[1.0, 0.0]] * 4)
    system = inner_rows(np.ones(1), x, y)
    assert simplex_weights(system, np.zeros(5))[0] > least


def test_donors_who_match_the_predictors_alike_are_told_apart_by_the_outcomes():
    x, y = np.array([[2.0, 2.0, -2.0]]), np.array([[1.0, 0.0, 0.0]] * 4)
    system = inner_rows(np.ones(1), x, y)
    assert simplex_weights(system, np.zeros(5)) == pytest.approx([0, 0.5, 0.5])


def test_predictors_count_by_the_root_of_their_importance():
    system = inner_rows(np.array([1.0, 0.25]), np.ones((2, 3)), np.ones((1, 3)))
    assert system[:2] == pytest.approx(np.array([[1.0] * 3, [0.5] * 3]))
