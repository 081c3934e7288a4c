"""Where the estimates of a lot cross the real one as an effect grows.

Estimates that move with an effect in straight lines need no search: each is as far out
as the real one between two effects at most, and the ends are order statistics of these.
"""

from __future__ import annotations

import numpy as np

from hubanalysis.inference.assignments import TIE

# Truths for which an outermost effect is sought at a time.
TOGETHER = 50


def outermost(
    gaps: np.ndarray,
    pulls: np.ndarray,
    barred: np.ndarray,
    real: np.ndarray,
    side: int,
    allowed: int,
) -> np.ndarray:
    """Outermost effect at which more than `allowed` are as far out as the real one.

    Parameters
    ----------
    gaps : numpy.ndarray of shape (n_lots,)
        Estimates from their mean.
    pulls : numpy.ndarray of shape (n_lots, n_truths)
        How these move with the effect, if the treated are those of each truth.
    barred : numpy.ndarray of shape (n_lots,)
        Which are never as far out.
    real : numpy.ndarray of shape (n_truths,)
        Positions of the assignments that are tested.
    side : int
        1 for the largest such effect, -1 for the smallest.
    allowed : int

    Returns
    -------
    numpy.ndarray of shape (n_truths,)
        Times `side`, so that it grows outwards.
    """
    ends = np.empty(len(real))
    for first in range(0, len(real), TOGETHER):
        part = slice(first, first + TOGETHER)
        ends[part] = _outermost(gaps, pulls[:, part], barred, real[part], side, allowed)
    return ends


def _outermost(
    gaps: np.ndarray,
    pulls: np.ndarray,
    barred: np.ndarray,
    real: np.ndarray,
    side: int,
    allowed: int,
) -> np.ndarray:
    own = pulls[real, np.arange(len(real))]
    speed, counted = np.abs(own), ~barred
    still = speed <= TIE
    if counted.sum() <= allowed:
        return np.where(still, np.inf, -np.inf)
    # All signs turned at once change nothing: the real one's speed is positive here.
    sign = np.sign(own)
    here, gaps = sign * gaps[real], sign * gaps[counted][:, None]
    pull = sign * pulls[counted]
    apart = side * np.array([here - gaps, here + gaps])
    drift = speed + np.array([-pull, pull])
    # Those as fast as the real one also meet it infinitely far out, or far in.
    level = np.abs(drift) <= TIE * speed
    drift[level] = 0.0
    apart[level & (np.abs(apart) <= TIE * np.abs(gaps).max(axis=0))] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        meet = apart / drift
    meet[np.isnan(meet)] = np.inf  # as far out always, as the real one is
    outer, inner = meet.max(axis=0), meet.min(axis=0)
    ends = np.partition(outer, -allowed - 1, axis=0)[-allowed - 1]
    fast = np.abs(pull) > speed * (1 + TIE)
    some = fast.any(axis=0)
    if some.any():
        ends[some] = _turning(outer[:, some], inner[:, some], fast[:, some], allowed)
    return np.where(still, np.inf, ends)


def _turning(
    outer: np.ndarray, inner: np.ndarray, fast: np.ndarray, allowed: int
) -> np.ndarray:
    """Ends where some move faster than the real one, arrays (n_lots, n_truths).

    On the way in, a slower one becomes as far out once; a faster one is from the
    beginning, ceases to be where they first meet, and becomes so again.
    """
    where = np.concatenate(
        [
            np.where(fast, np.inf, outer),
            np.where(fast, inner, -np.inf),
            np.where(fast, outer, -np.inf),
        ]
    )
    step = np.concatenate(
        [np.ones(fast.shape, int), fast.astype(int), -fast.astype(int)]
    )
    inwards = np.lexsort((-step, -where), axis=0)
    many = np.take_along_axis(step, inwards, axis=0).cumsum(axis=0) > allowed
    first = np.take_along_axis(inwards, np.argmax(many, axis=0)[None], axis=0)
    return np.take_along_axis(where, first, axis=0)[0]
