"""Importance of predictors in synthetic control: the nested choice of V."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.optimize import minimize

from hubanalysis.estimators.weights import simplex_weights

# The least important predictor counts at least this much of the most important. The
# problem has kinks that a search can stop at, so it goes two ways: at once, and through
# narrow ranges, where there are fewer of them.
LEAST = 1e-6
ROUTES = ((1e-4, LEAST), (1e-2, 1e-3, 1e-4, 1e-5, LEAST))
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
    (L-BFGS-B in :math:`\log v`) from four starts, in each of which every predictor
    counts: equal importances, importances by regression of the outcomes on the
    predictors, and by the predictors' variances and their inverses. All of it is
    deterministic, and it stops where the fit is as good as with the outcomes
    themselves, which no importances can beat.

    The outer problem is not convex. The best of the four ends is a local optimum; a
    lower one can exist where a single predictor has nearly all importance, and the
    others, which the method is there to match, have none (Malo, Eskelinen, Zhou and
    Kuosmanen 2024).

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
    zero = np.zeros(len(x) + len(y))

    def fit(logs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Mean squared gap in the outcome, its gradient, and the donor weights."""
        v = np.exp(logs - logs.max())
        system = np.vstack([np.sqrt(v)[:, None] * x_gaps, TIES * y_gaps])
        w = simplex_weights(system, zero)
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
    best, chosen = np.inf, np.zeros(len(x))
    for start, route in itertools.product(_starts(x, y, spread), ROUTES):
        logs = np.log(np.maximum(start / start.max(), LEAST))
        for least in route:
            if len(x) == 1 or min(best, fit(logs)[0]) <= enough:
                break
            logs = improve(logs, least)
        if fit(logs)[0] < best:
            best, chosen = fit(logs)[0], logs
    v = np.exp(chosen - chosen.max())
    return fit(chosen)[2], v / v.sum()


def _starts(x: np.ndarray, y: np.ndarray, spread: np.ndarray) -> list[np.ndarray]:
    """Importances to search from; x and y have a column per unit."""
    design = np.column_stack([np.ones(x.shape[1]), x.T])
    slopes = np.linalg.lstsq(design, y.T, rcond=None)[0][1:]
    by_regression = np.sum(slopes**2, axis=1) + np.finfo(float).tiny
    return [np.ones(len(x)), spread**2, by_regression, 1 / spread**2]
