r"""What errors would have been, had other units been at hand; nothing is run again.

Units are redrawn with replacement, unit i :math:`c_i` times. An assignment's estimate
is taken apart, by least squares on who is treated in it, into what each unit adds and a
rest. A unit's share of the mean square then counts :math:`c_i` times, and what is left
of an assignment's square :math:`1 + \sum (c_i - 1)` times, summed over its treated
units: to first order the product of their :math:`c_i`. The product itself would do for
a few treated units; with a dozen hardly any assignment is left that has one of each.
"""

from __future__ import annotations

import numpy as np


def redrawn_squares(
    errors: np.ndarray,
    treated: np.ndarray,
    groups: list[np.ndarray],
    redraws: int,
    seed: int,
) -> np.ndarray:
    """Mean squared errors once units are redrawn with replacement.

    Parameters
    ----------
    errors : numpy.ndarray of shape (n_estimators, n_starts, n_lots)
    treated : numpy.ndarray of shape (n_lots, n_units)
        Booleans: who is treated in each assignment.
    groups : list of numpy.ndarray
        Row positions of the units of each stratum, within which they are redrawn.
    redraws, seed : int

    Returns
    -------
    numpy.ndarray of shape (redraws, n_estimators)
    """
    rng = np.random.default_rng(seed)
    times = np.empty((redraws, treated.shape[1]))
    for rows in groups:
        even = np.full(len(rows), 1 / len(rows))
        times[:, rows] = rng.multinomial(len(rows), even, redraws)
    apart = treated - treated.mean(axis=0)
    flat = errors.reshape(-1, len(treated)).T
    slopes = np.linalg.lstsq(apart, flat - flat.mean(axis=0))[0]
    explained = (apart @ slopes) ** 2
    own = apart.var(axis=0)[:, None] * slopes**2
    own *= explained.mean(axis=0) / np.maximum(own.sum(axis=0), np.finfo(float).tiny)
    weights = 1 + (times - 1) @ treated.T
    squares = times @ own + weights @ (flat**2 - explained) / len(treated)
    return squares.reshape(redraws, *errors.shape[:2]).mean(axis=2)
