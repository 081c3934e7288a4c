"""Importance of predictors in synthetic control: the nested choice of V."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from hubanalysis.estimators.weights import simplex_weights

# The least important predictor counts at least this much of the most important. The
# problem has kinks that a search can stop at, so it goes through a narrower range
# first, where there are fewer of them.
LEAST, NARROW = 1e-6, 1e-4
# Importances to search from; local optima are common, and some are far from the best.
STARTS, DRAWN = 30, 300
# Weight of the outcomes in the inner problem, squared far below any predictor's: it
# decides only between donor weights that match the predictors equally well.
TIES = 1e-5


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
    (L-BFGS-B in :math:`\log v`) from equal importances, importances by regression of
    the outcomes on the predictors, by the predictors' variances and their inverses,
    and from some of many importances drawn with a fixed seed, thirty in all. It
    stops where the fit is as good as with the outcomes themselves, which no importances
    can beat.

    The outer problem is not convex (Malo, Eskelinen, Zhou and Kuosmanen 2024). The best
    of all ends is an optimum among its neighbours; that none is lower anywhere is
    likely with so many starts, not certain.

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
    x_gaps, y_gaps = x[:, :-1] - x[:, -1:], y[:, :-1] - y[:, -1:]

    def fit(logs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Mean squared gap in the outcome, its gradient, and the donor weights."""
        v = np.exp(logs - logs.max())
        system = _inner(v, x_gaps, y_gaps)
        w = simplex_weights(system, np.zeros(len(system)))
        gap = y_gaps @ w
        used = w > 0
        # Moving v by dv moves w among the used donors by dw, sum dw = 0, with
        # D'D dw = -D' d(system' system w): differences D from the last used donor.
        steps = system[:, used]
        steps = steps[:, :-1] - steps[:, -1:]
        slope = 2 / len(y) * (y_gaps[:, used].T @ gap)
        inverse = np.linalg.pinv(steps, rcond=1e-9)
        adjoint = inverse @ (inverse.T @ (slope[:-1] - slope[-1]))
        moved = x_gaps[:, used]
        moved = (moved[:, :-1] - moved[:, -1:]) @ adjoint
        return float(np.mean(gap**2)), -v * moved * (x_gaps @ w), w

    def improve(logs: np.ndarray, least: float) -> np.ndarray:
        """Search from here, with the largest importance put at one."""
        found = minimize(
            lambda logs: fit(logs)[:2],
            np.maximum(logs - logs.max(), np.log(least)),
            jac=True,
            method="L-BFGS-B",
            bounds=[(np.log(least), 0.0)] * len(x),
            options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-10},
        )
        return found.x if found.fun < fit(logs)[0] else logs

    ideal = np.mean((y_gaps @ simplex_weights(y_gaps, np.zeros(len(y)))) ** 2)
    enough = ideal * (1 + 1e-9) + 1e-12
    ends: list[tuple[float, np.ndarray]] = []
    rng = np.random.default_rng(0)
    logs = np.log(LEAST) * rng.random((DRAWN if len(x) > 1 else 0, len(x)))
    drawn = list(logs - logs.max(axis=1, keepdims=True))
    named = [np.log(np.maximum(v / v.max(), LEAST)) for v in _starts(x, y, spread)]
    # Some as they come, to be far apart; others where the fit is good already, as it is
    # flat, and no gradient leads on, where few donors are in use.
    half = (STARTS - len(named)) // 2
    rest = sorted(drawn[half:], key=lambda logs: fit(logs)[0])
    drawn = drawn[:half] + rest[:half]
    for logs in named + drawn:
        for least in (NARROW, LEAST):
            if len(x) == 1 or fit(logs)[0] <= enough:
                break
            logs = improve(logs, least)
        ends.append((fit(logs)[0], logs))
        if len(x) == 1 or ends[-1][0] <= enough:
            break
    chosen = min(ends, key=lambda end: end[0])[1]
    v = np.exp(chosen - chosen.max())
    return fit(chosen)[2], v / v.sum()


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
    system = _inner(importance / importance.max(), gaps, y_gaps / spread)
    return simplex_weights(system, np.zeros(len(system)))


def _inner(v: np.ndarray, x_gaps: np.ndarray, y_gaps: np.ndarray) -> np.ndarray:
    """Rows of the inner problem: predictors by importance, then the outcomes."""
    return np.vstack([np.sqrt(v)[:, None] * x_gaps, TIES * y_gaps])


def _starts(x: np.ndarray, y: np.ndarray, spread: np.ndarray) -> list[np.ndarray]:
    """Importances to search from; x and y have a column per unit."""
    design = np.column_stack([np.ones(x.shape[1]), x.T])
    slopes = np.linalg.lstsq(design, y.T, rcond=None)[0][1:]
    by_regression = np.sum(slopes**2, axis=1) + np.finfo(float).tiny
    return [np.ones(len(x)), spread**2, by_regression, 1 / spread**2]
