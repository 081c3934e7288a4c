"""Least squares on unit and period effects in closed form, where there are no holes."""

from __future__ import annotations

import numpy as np


def balanced_two_way(
    values: np.ndarray, regressors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Regress a balanced outcome on unit and period effects and these columns.

    Without holes both kinds of effects are taken out by means, and what is left is a
    least-squares problem in the columns alone. Equal to `two_way_regression`, which
    takes holes as well, to the last digits.

    Parameters
    ----------
    values : numpy.ndarray of shape (n_units, n_periods)
    regressors : numpy.ndarray of shape (n_columns, n_units, n_periods)

    Returns
    -------
    tuple of numpy.ndarray
        Coefficients, and their covariance clustered by unit.

    Examples
    --------
    >>> import numpy as np
    >>> treated = np.array([[[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]])
    >>> balanced_two_way(np.array([[1.0, 5.0], [0, 1], [0, 3]]), treated)[0]
    array([2.])
    """
    n, periods = values.shape
    outcome, columns = _within(values), _within(regressors)
    flat = columns.reshape(len(columns), -1)
    gram = flat @ flat.T
    effect = np.linalg.solve(gram, flat @ outcome.ravel())
    residual = outcome - (effect @ flat).reshape(outcome.shape)
    scores = np.linalg.solve(gram, np.einsum("kit,it->ki", columns, residual))
    # Unit effects are nested in the clusters and cost no degrees of freedom; the
    # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
    spare = n * periods - len(columns) - periods
    scale = n / (n - 1) * (n * periods - 1) / spare
    return effect, scale * scores @ scores.T


def _within(table: np.ndarray) -> np.ndarray:
    """Take unit means out, then those of periods, over the last two axes."""
    table = table - table.mean(axis=-1, keepdims=True)
    return table - table.mean(axis=-2, keepdims=True)
