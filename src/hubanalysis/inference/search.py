"""The one search: walk outwards until a test says so, then halve the last stride."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable


def edge(
    outside: Callable[[float], bool],
    inside: float,
    points: Iterable[float],
    halvings: int = 40,
    tolerance: float = 0.0,
) -> tuple[float, float]:
    """Find where a condition begins to hold on the way from a point outwards.

    Parameters
    ----------
    outside : callable
        Says of a value whether it lies beyond the edge.
    inside : float
        A value that does not.
    points : iterable of float
        Where to try, one after another, on the way out.
    halvings : int
        How often at most the stride that crosses the edge is halved.
    tolerance : float
        Stop once it is this short, as a share of the value beyond.

    Returns
    -------
    tuple of float
        The last value inside and the first beyond; the second is infinite (with the
        sign of the direction) if no point lies outside.

    Examples
    --------
    >>> inside, beyond = edge(lambda x: x > 10, 0.0, [1, 2, 4, 8, 16])
    >>> inside <= 10 < beyond, round(beyond, 6)
    (True, 10.0)
    """
    first = inside
    for beyond in points:
        if outside(beyond):
            break
        inside = beyond
    else:
        return float(inside), math.copysign(math.inf, inside - first)
    for _ in range(halvings):
        if abs(beyond - inside) <= tolerance * abs(beyond):
            break
        middle = (inside + beyond) / 2
        inside, beyond = (inside, middle) if outside(middle) else (middle, beyond)
    return float(inside), float(beyond)
