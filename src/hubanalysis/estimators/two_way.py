"""Least squares on unit and period effects with NumPy alone, as a browser needs it."""

from __future__ import annotations

import numpy as np

# Of a column's size: what is less than this once the effects are out is rounding.
NOTHING = 1e-10


def net_of_means(values: np.ndarray) -> np.ndarray:
    """Take unit and period means out of a balanced table.

    Examples
    --------
    >>> net_of_means(np.array([[1.0, 2.0], [3.0, 6.0]]))
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    values = values - values.mean(axis=1, keepdims=True)
    return values - values.mean(axis=0)


def two_way_least_squares(
    values: np.ndarray,
    regressors: np.ndarray,
    weight: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Regress an outcome on unit and period effects and these columns.

    Both kinds of effects are taken out of outcome and columns: by means where there
    are no holes, else by means of units and least squares on periods. What is left is
    a problem in the columns alone. Equal to linearmodels to the last digits.

    Parameters
    ----------
    values : numpy.ndarray of shape (n_units, n_periods)
        NaN where there is a hole.
    regressors : numpy.ndarray of shape (n_columns, n_units, n_periods)
    weight : numpy.ndarray of shape (n_units,), optional
        How much each unit counts; all the same if absent.
    clusters : numpy.ndarray of shape (n_units,), optional
        The cluster of each unit, by number; each its own if absent.

    Returns
    -------
    tuple of numpy.ndarray
        Coefficients, and their covariance clustered by unit or cluster.

    Raises
    ------
    numpy.linalg.LinAlgError
        If columns cannot be told from the effects or from each other.

    Examples
    --------
    >>> import numpy as np
    >>> treated = np.array([[[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]])
    >>> values = np.array([[1.0, 5.0], [0, 1], [0, 3]])
    >>> two_way_least_squares(values, treated)[0]
    array([2.])
    >>> two_way_least_squares(values, treated, np.array([1.0, 3.0, 1.0]))[0]
    array([2.5])
    """
    seen = ~np.isnan(values)
    weight = np.ones(len(values)) if weight is None else weight / weight.mean()
    root = np.sqrt(weight)[:, None] * seen
    # Weighted by the root, so that plain sums of squares are the weighted ones.
    outcome = root * _within(np.where(seen, values, 0.0), seen, root)
    columns = root * _within(regressors, seen, root)
    flat = columns.reshape(len(columns), -1)
    sizes = np.linalg.norm((root * regressors).reshape(flat.shape), axis=1)
    if np.linalg.svd(flat, compute_uv=False)[-1] <= NOTHING * sizes.max():
        raise np.linalg.LinAlgError("columns are not told apart")
    gram = flat @ flat.T
    effect = np.linalg.solve(gram, flat @ outcome.ravel())
    residual = outcome - (effect @ flat).reshape(outcome.shape)
    scores = np.linalg.solve(gram, np.einsum("kit,it->ki", columns, residual))
    scores = scores[:, seen.any(axis=1)]
    if clusters is not None:
        of_unit = clusters[seen.any(axis=1)]
        scores = scores @ (of_unit[:, None] == np.unique(of_unit))
    groups, cells = scores.shape[1], seen.sum()
    # Unit effects are nested in the clusters and cost no degrees of freedom; the
    # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
    spare = cells - len(columns) - values.shape[1]
    scale = groups / (groups - 1) * (cells - 1) / spare
    return effect, scale * scores @ scores.T


def _within(table: np.ndarray, seen: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Take unit and period effects out, over the last two axes."""
    if seen.all():
        weight = root[:, 0] ** 2
        table = table - table.mean(axis=-1, keepdims=True)
        return table - np.average(table, axis=-2, weights=weight)[..., None, :]
    periods = _less_unit_means(np.eye(seen.shape[1])[:, None, :], seen)
    table = _less_unit_means(table, seen)
    base = (root * periods).reshape(len(periods), -1).T
    aims = (root * table).reshape(-1, base.shape[0]).T
    explained = np.linalg.lstsq(base, aims, rcond=None)[0]
    return table - np.einsum("pk,pit->kit", explained, periods).reshape(table.shape)


def _less_unit_means(table: np.ndarray, seen: np.ndarray) -> np.ndarray:
    sums = (table * seen).sum(axis=-1, keepdims=True)
    return (table - sums / np.maximum(seen.sum(axis=1, keepdims=True), 1)) * seen
