"""Importance of predictors in synthetic control: the nested choice of V."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from hubanalysis.simplex import simplex_weights

__all__ = ["nested_weights"]

# Predictors of no importance keep this share, so that their logarithm exists.
FLOOR = 1e-8


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
    their standard deviation over all units first.

    The outer problem is not convex. It is started from equal importances, from
    importances by regression of outcomes on predictors, from undone scaling and
    from each predictor alone, and the best few starts are improved by Powell's
    method. All of it is deterministic, and it stops where the fit is as good as
    with the outcomes themselves, which no importances can beat.

    Parameters
    ----------
    predictors : numpy.ndarray of shape (n_predictors, n_donors)
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
    spread = np.column_stack([predictors, target_predictors]).std(axis=1, ddof=1)
    x0, x1 = predictors / spread[:, None], target_predictors / spread
    n = len(x1)

    def fit(v: np.ndarray) -> tuple[float, np.ndarray]:
        root = np.sqrt(v)
        w = simplex_weights(root[:, None] * x0, root * x1)
        return float(np.mean((target_outcomes - outcomes @ w) ** 2)), w

    best_possible = float(
        np.mean(
            (target_outcomes - outcomes @ simplex_weights(outcomes, target_outcomes))
            ** 2
        )
    )
    enough = best_possible * (1 + 1e-9) + 1e-12 * np.mean(target_outcomes**2)

    starts = [np.ones(n), spread**2, _by_regression(x0, x1, outcomes, target_outcomes)]
    starts += list(np.eye(n) + FLOOR)
    starts = [np.maximum(v / v.sum(), FLOOR) for v in starts]
    scored = sorted(((fit(v)[0], k) for k, v in enumerate(starts)))
    loss, v = scored[0][0], starts[scored[0][1]]
    for _, k in scored[:3]:
        if loss <= enough or n == 1:
            break
        # Only ratios matter, so the largest importance stays where it is.
        logs = np.log(starts[k] / starts[k].max())
        found = minimize(
            lambda z: fit(np.exp(z))[0],
            logs,
            method="Powell",
            bounds=[(np.log(FLOOR), 0.0)] * n,
            options={"maxfev": 1500, "xtol": 1e-3, "ftol": 1e-7},
        )
        if found.fun < loss:
            loss, v = float(found.fun), np.exp(found.x)
    v = v / v.sum()
    return fit(v)[1], v


def _by_regression(x0, x1, outcomes, target_outcomes) -> np.ndarray:
    """Sum of squared coefficients of each predictor over all earlier periods."""
    x = np.column_stack([x0, x1]).T
    y = np.column_stack([outcomes, target_outcomes]).T
    design = np.column_stack([np.ones(len(x)), x])
    slopes = np.linalg.lstsq(design, y, rcond=None)[0][1:]
    return np.sum(slopes**2, axis=1) + FLOOR
