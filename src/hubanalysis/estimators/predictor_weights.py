"""Importance of predictors in synthetic control: the nested choice of V."""

from __future__ import annotations

import numpy as np

from hubanalysis.estimators.predictor_search import (
    LEAST,
    NARROW,
    Search,
    inner_rows,
)
from hubanalysis.estimators.weights import simplex_weights

# Where searches start: besides those that are named, from importances that are drawn,
# from the best fits among those in which one predictor counts far more than the rest,
# and among many that are drawn, and, with donor weights, from some that are drawn.
DRAWN, LEADING, BEST, RELAXED, MANY = 6, 10, 8, 8, 300
LEADS = (1e-2, 1e-3, 1e-4)


def nested_weights(
    predictors: np.ndarray,
    target_predictors: np.ndarray,
    outcomes: np.ndarray,
    target_outcomes: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Choose donor weights and predictor weights together.

    Abadie, Diamond and Hainmueller (2010, section 2.3): given importances
    :math:`v`, donor weights :math:`w(v)` minimise
    :math:`\sum_k v_k (x_{1k} - x_{0k}' w)^2` on the simplex; :math:`v` minimises the
    mean squared gap in the outcome before treatment. Predictors are divided by
    their standard deviation over all units first. Where several :math:`w` match the
    predictors equally well, the one that fits the outcomes best is taken.

    The inner problem is solved exactly, and on a given set of donors its solution
    is smooth in :math:`v`, so the outer one is searched by its exact gradient
    (L-BFGS-B in :math:`\log v`, the least important predictor counting at least a
    millionth of the most important). It starts from equal importances, from importances
    by regression of the outcomes on the predictors, by the predictors' variances and
    their inverses, from the best of those in which one predictor leads, and from some
    of many drawn with a fixed seed; a dozen more search importances and donor weights
    together (`Search.relax`). That makes some forty, fewer with few predictors. It
    stops where the fit is as good as with the outcomes themselves, which no importances
    can beat.

    The outer problem is not convex (Malo, Eskelinen, Zhou and Kuosmanen 2024). The best
    of all ends is an optimum among its neighbours; that none is lower anywhere is
    likely with so many starts, not certain. Which of several is found can hang on
    rounding, and so on how many threads linear algebra uses: with OMP_NUM_THREADS=1 a
    machine gives the same each time. A donor who is left out takes a rival from
    the inner problem, so that the fit in the outcome can get better as well as worse;
    what cannot be at an optimum is that the importances found without her fit better
    once she is back.

    Parameters
    ----------
    predictors : numpy.ndarray of shape (n_predictors, n_donors)
        None of them the same for all units.
    target_predictors : numpy.ndarray of shape (n_predictors,)
    outcomes : numpy.ndarray of shape (n_periods, n_donors)
        Before treatment.
    target_outcomes : numpy.ndarray of shape (n_periods,)

    Returns
    -------
    tuple of numpy.ndarray
        Donor weights, shape (n_donors,), and predictor weights that add up to one,
        shape (n_predictors,).

    Examples
    --------
    >>> import numpy as np
    >>> donors = np.array([[0.0, 2.0, 9.0], [1.0, 3.0, 9.0]])
    >>> w, v = nested_weights(donors, np.array([1.0, 2.0]), donors,
    ...                       np.array([1.0, 2.0]))
    >>> w.round(3).tolist()
    [0.5, 0.5, 0.0]
    """
    x = np.column_stack([predictors, target_predictors])
    y = np.column_stack([outcomes, target_outcomes])
    spread = x.std(axis=1, ddof=1)
    x, y = x / spread[:, None], y / (y.std() or 1.0)
    search = Search(x, y)
    k = len(x)
    if k > 1:
        _search(search, [np.log(v / v.max()) for v in _starts(x, y, spread)])
    v = np.exp(search.logs)
    return search.weights(search.logs), v / v.sum()


def _search(search: Search, named: list[np.ndarray]) -> None:
    """From all starts."""
    k = len(search.logs)
    rng = np.random.default_rng(0)
    drawn = np.log(LEAST) * rng.random((MANY, k))
    drawn -= drawn.max(axis=1, keepdims=True)
    first, relaxed, many = np.split(drawn, [DRAWN, DRAWN + RELAXED])
    for logs in (*named, *first):
        search.descend(logs, NARROW, LEAST)
    leading = [np.log(lead) * (1 - row) for lead in LEADS for row in np.eye(k)]
    if search.done:
        return
    leading, best = (
        sorted(starts, key=lambda logs: search.fit(logs)[0])[: min(most, 2 * k)]
        for starts, most in ((leading, LEADING), (list(many[: 30 * k]), BEST))
    )
    for logs in (*leading, *best):
        search.descend(logs, LEAST)
    for logs in (*leading[: min(4, k)], *relaxed[:k]):
        search.relax(logs)


def weights_given(
    importance: np.ndarray,
    predictors: np.ndarray,
    target_predictors: np.ndarray,
    outcomes: np.ndarray,
    target_outcomes: np.ndarray,
) -> np.ndarray:
    """Donor weights when the importance of each predictor is known.

    Parameters
    ----------
    importance : numpy.ndarray of shape (n_predictors,)
        Of predictors divided by their standard deviation over all units.
    predictors, target_predictors, outcomes, target_outcomes : numpy.ndarray
        As for `nested_weights`.

    Returns
    -------
    numpy.ndarray of shape (n_donors,)
    """
    x = np.column_stack([predictors, target_predictors])
    gaps = (predictors - target_predictors[:, None]) / x.std(axis=1, ddof=1)[:, None]
    y_gaps = outcomes - target_outcomes[:, None]
    spread = np.column_stack([outcomes, target_outcomes]).std() or 1.0
    system = inner_rows(importance / importance.max(), gaps, y_gaps / spread)
    return simplex_weights(system, np.zeros(len(system)))


def _starts(x: np.ndarray, y: np.ndarray, spread: np.ndarray) -> list[np.ndarray]:
    """Importances to search from; x and y have a column per unit."""
    design = np.column_stack([np.ones(x.shape[1]), x.T])
    slopes = np.linalg.lstsq(design, y.T, rcond=None)[0][1:]
    by_regression = np.sum(slopes**2, axis=1) + np.finfo(float).tiny
    return [np.ones(len(x)), spread**2, by_regression, 1 / spread**2]
