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
    allowed: int,
) -> np.ndarray:
    """Outermost effects at which more than `allowed` are as far out as the real one.

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
    allowed : int

    Returns
    -------
    numpy.ndarray of shape (2, n_truths)
        The smallest, times -1 so that it too grows outwards, and the largest.
    """
    ends = np.empty((2, len(real)))
    for first in range(0, len(real), TOGETHER):
        part = slice(first, first + TOGETHER)
        ends[:, part] = _both_ends(gaps, pulls[:, part].T, barred, real[part], allowed)
    return ends


def _both_ends(
    gaps: np.ndarray,
    pulls: np.ndarray,
    barred: np.ndarray,
    real: np.ndarray,
    allowed: int,
) -> np.ndarray:
    """`outermost` for a few truths, whose pulls are rows here."""
    own, counted = pulls[np.arange(len(real)), real][:, None], ~barred
    speed = np.abs(own)
    still = speed[:, 0] <= TIE
    if counted.sum() <= allowed:
        return np.tile(np.where(still, np.inf, -np.inf), (2, 1))
    # All signs turned at once change nothing: the real one's speed is positive here.
    sign = np.sign(own)
    here, gaps = sign * gaps[real][:, None], sign * gaps[counted]
    pull = sign * pulls[:, counted]
    tied = TIE * np.abs(gaps).max(axis=1, keepdims=True)
    above = _meet(here - gaps, speed - pull, TIE * speed, tied)
    below = _meet(here + gaps, speed + pull, TIE * speed, tied)
    fast = np.abs(pull) > speed * (1 + TIE)
    some = fast.any(axis=1)
    ends = np.empty((2, len(real)))
    for row, outer, inner in (
        (0, -np.minimum(above, below), -np.fmax(above, below)),
        (1, np.maximum(above, below), np.fmin(above, below)),
    ):
        # As far out always, as the real one is.
        outer[np.isnan(outer)] = np.inf
        ends[row] = np.partition(outer, -allowed - 1)[:, -allowed - 1]
        if some.any():
            inner[np.isnan(inner)] = np.inf
            ends[row, some] = _turning(outer[some], inner[some], fast[some], allowed)
    return np.where(still, np.inf, ends)


def _meet(
    apart: np.ndarray, drift: np.ndarray, level: np.ndarray, tied: np.ndarray
) -> np.ndarray:
    """Effects at which two estimates meet; missing where they never part.

    Those as fast as the real one also meet it infinitely far out, or far in.
    """
    same = np.abs(drift) <= level
    if same.any():
        drift[same] = 0.0
        apart[same & (np.abs(apart) <= tied)] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return apart / drift


def _turning(
    outer: np.ndarray, inner: np.ndarray, fast: np.ndarray, allowed: int
) -> np.ndarray:
    """Ends where some move faster than the real one, arrays (n_truths, n_lots).

    On the way in, a slower one becomes as far out once; a faster one is from the
    beginning, ceases to be where they first meet, and becomes so again.
    """
    where = np.hstack(
        [
            np.where(fast, np.inf, outer),
            np.where(fast, inner, -np.inf),
            np.where(fast, outer, -np.inf),
        ]
    )
    turns = fast.astype(int)
    step = np.hstack([np.ones_like(turns), turns, -turns])
    inwards = np.lexsort((-step, -where))
    many = np.take_along_axis(step, inwards, axis=1).cumsum(axis=1) > allowed
    first = np.take_along_axis(inwards, np.argmax(many, axis=1)[:, None], axis=1)
    return np.take_along_axis(where, first, axis=1)[:, 0]
