"""Where many mixes of donors fit exactly, and how far their answers lie apart."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from hubanalysis.estimators.weights import SAME, gaps_of
from hubanalysis.panels.panel import Panel
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import listed

# Answers that lie closer than this share of the spread among donors are one: what the
# linear programme leaves open.
ONE_ANSWER = 1e-6
# For more units the range would take longer than the estimate.
RANGED = 20


def many_mixes_note(
    panel: Panel, weights: np.ndarray, effects: np.ndarray, intercept: bool = False
) -> tuple[str, ...]:
    """Say of which treated units many mixes fit exactly, and what others would answer.

    Parameters
    ----------
    panel : Panel
    weights : numpy.ndarray of shape (n_donors, n_treated)
        The mixes that were taken.
    effects : numpy.ndarray of shape (n_treated,)
        Mean effects by these.
    intercept : bool
        Whether a constant gap was allowed.

    Returns
    -------
    tuple of str
        One note, or none.

    Examples
    --------
    >>> import numpy as np, pandas as pd, hubanalysis as hub
    >>> table = pd.DataFrame({1: [0, 1, -1, 2.0], 2: [0, 1, -1, 9]}, index=[*"abcd"])
    >>> panel = hub.Panel.from_wide(table, {"a": 2}, "y")
    >>> even = np.array([[0.5], [0.5], [0]])
    >>> many_mixes_note(panel, even, np.zeros(1))[0].rpartition(", ")[2]
    'others give from -2.3333 to 0.0000'
    """
    starts, values = panel.starts, panel.values
    dated = starts < len(panel.periods)
    pool, rows = np.flatnonzero(~dated), np.flatnonzero(dated)
    low, high = effects.astype(float), effects.astype(float)
    exact, many = 0, []
    for j, i in enumerate(rows):
        before = values[:, : starts[i]]
        level = before.mean(axis=1) if intercept else np.zeros(len(values))
        gaps = _gaps(before - level[:, None], i, pool, np.abs(before).max(axis=1))
        if not _fits(*gaps, weights[:, j]):
            continue
        exact += 1
        if exact > RANGED:
            many += [i] if many else []
            continue
        after = values[:, starts[i] :].mean(axis=1) - level
        ends = after[i] - _ends(gaps[0], after[pool])
        if np.ptp(ends) > ONE_ANSWER * np.ptp(after[pool]):
            many.append(i)
            low[j], high[j] = ends
    if not many:
        return ()
    periods = sorted({int(starts[i]) for i in many})
    told = "others give other answers"
    if exact <= RANGED:
        ends = low.mean(), high.mean()
        digits = decimals(*ends)
        told = f"others give from {ends[0]:{digits}} to {ends[1]:{digits}}"
    return (
        f"many mixes of the {len(pool)} donors follow {listed(panel.units[many])} "
        f"exactly through {listed(periods)} period(s) before treatment; the one that "
        f"is most even is taken, {told}",
    )


def _gaps(
    before: np.ndarray, i: int, pool: np.ndarray, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Donors less unit i, the nearest at a distance of one; and what is no gap."""
    gaps, blur = gaps_of(before[pool].T, before[i], np.maximum(size[pool], size[i]))
    far = np.sqrt(np.einsum("tj,tj->j", gaps, gaps))
    near = far[far > 0].min(initial=np.inf)
    return gaps / near, np.maximum(SAME, blur / near)


def _fits(gaps: np.ndarray, blur: np.ndarray, weights: np.ndarray) -> bool:
    gap = gaps @ weights
    return bool(np.sqrt(gap @ gap) <= blur @ weights)


def _ends(gaps: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Largest and smallest mean of `after` over all mixes without a gap."""
    system, goal = np.vstack([gaps, np.ones(len(after))]), np.zeros(len(gaps) + 1)
    goal[-1] = 1.0
    found = [linprog(sign * after, A_eq=system, b_eq=goal) for sign in (-1, 1)]
    if not all(one.success for one in found):
        return np.zeros(2)
    return np.array([-found[0].fun, found[1].fun])
