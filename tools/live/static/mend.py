"""Mend what this SciPy does worse than the one that the library asks for.

The library asks for 1.16; a browser's Python has 1.14, whose `nnls` goes in circles
where a variable that enters is thrown out at once by rounding, or ends there beside
the best.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.optimize


def mend() -> None:
    """Put a steadier `nnls` in the place of SciPy's; before the library is imported."""
    scipy.optimize.nnls = steady(scipy.optimize.nnls)


def steady(nnls: Callable) -> Callable:
    """Let `active_set` answer where `nnls` finds no end, or not the best."""

    def solve(
        system: np.ndarray, goal: np.ndarray, maxiter: int | None = None
    ) -> tuple[np.ndarray, float]:
        try:
            found = nnls(system, goal, maxiter=maxiter)
        except RuntimeError:
            return active_set(system, goal)
        promise = system.T @ (goal - system @ found[0])
        if promise.max() > 100 * rounding(system):
            return active_set(system, goal)
        return found

    return solve


def rounding(system: np.ndarray) -> float:
    """What a promise may be off by where it is zero."""
    size = 10 * max(system.shape) * np.finfo(float).eps
    return float(size * np.abs(system).sum(0).max())


def active_set(system: np.ndarray, goal: np.ndarray) -> tuple[np.ndarray, float]:
    """Solve non-negative least squares as Lawson and Hanson do.

    A variable whose own value would not be positive is passed over until another has
    entered: its promise was rounding.

    Returns
    -------
    tuple
        The solution, shape (n_columns,), and the norm of what is left.
    """
    n = system.shape[1]
    found, inside, passed = np.zeros(n), np.zeros(n, bool), np.zeros(n, bool)
    bar = rounding(system)

    def free() -> np.ndarray:
        best = np.zeros(n)
        best[inside] = np.linalg.lstsq(system[:, inside], goal, rcond=None)[0]
        return best

    for _ in range(30 * n):
        promise = system.T @ (goal - system @ found)
        promise[inside | passed] = -np.inf
        entering = int(np.argmax(promise))
        if promise[entering] <= bar:
            break
        inside[entering] = True
        best = free()
        if best[entering] <= 0:
            inside[entering], passed[entering] = False, True
            continue
        passed[:] = False
        while inside.any() and best[inside].min() <= 0:
            out = np.flatnonzero(inside & (best <= 0))
            steps = found[out] / (found[out] - best[out])
            found += steps.min() * (best - found)
            inside[out[np.argmin(steps)]] = False
            found[~inside] = 0
            best = free()
        found = best
    return found, float(np.linalg.norm(goal - system @ found))
