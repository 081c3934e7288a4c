"""Least squares on unit and period effects in closed form, where there are no holes."""

from __future__ import annotations

import numpy as np


def balanced_two_way(
    values: np.ndarray,
    regressors: np.ndarray,
    weight: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Regress a balanced outcome on unit and period effects and these columns.

    Without holes both kinds of effects are taken out by means, and what is left is a
    least-squares problem in the columns alone. Equal to `two_way_regression`, which
    takes holes as well, to the last digits.

    Parameters
    ----------
    values : numpy.ndarray of shape (n_units, n_periods)
    regressors : numpy.ndarray of shape (n_columns, n_units, n_periods)
    weight : numpy.ndarray of shape (n_units,), optional
        How much each unit counts; all the same if absent.
    clusters : numpy.ndarray of shape (n_units,), optional
        The cluster of each unit, by number; each its own if absent.

    Returns
    -------
    tuple of numpy.ndarray
        Coefficients, and their covariance clustered by unit or cluster.

    Examples
    --------
    >>> import numpy as np
    >>> treated = np.array([[[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]])
    >>> balanced_two_way(np.array([[1.0, 5.0], [0, 1], [0, 3]]), treated)[0]
    array([2.])
    >>> weight = np.array([1.0, 3.0, 1.0])
    >>> balanced_two_way(np.array([[1.0, 5.0], [0, 1], [0, 3]]), treated, weight)[0]
    array([2.5])
    """
    n, periods = values.shape
    weight = np.ones(n) if weight is None else weight / weight.mean()
    outcome, columns = _within(values, weight), _within(regressors, weight)
    flat = columns.reshape(len(columns), -1)
    weighted = (columns * weight[:, None]).reshape(len(columns), -1)
    gram = weighted @ flat.T
    effect = np.linalg.solve(gram, weighted @ outcome.ravel())
    residual = weight[:, None] * (outcome - (effect @ flat).reshape(outcome.shape))
    scores = np.linalg.solve(gram, np.einsum("kit,it->ki", columns, residual))
    if clusters is not None:
        scores = scores @ (clusters[:, None] == np.unique(clusters))
    groups = scores.shape[1]
    # Unit effects are nested in the clusters and cost no degrees of freedom; the
    # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
    spare = n * periods - len(columns) - periods
    scale = groups / (groups - 1) * (n * periods - 1) / spare
    return effect, scale * scores @ scores.T


def _within(table: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Take unit means out, then the weighted means of periods, over the last axes."""
    table = table - table.mean(axis=-1, keepdims=True)
    return table - np.average(table, axis=-2, weights=weight)[..., None, :]
