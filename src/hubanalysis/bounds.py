r"""Bounds on an effect when trends are not quite parallel (Rambachan and Roth 2023).

An event study estimates :math:`\beta = \tau + \delta`: effects, which are zero
before treatment, plus a difference in trends, zero in the reference period. A
restriction limits what the difference may be after treatment, given what it was
before; a robust interval covers the effect whatever the difference within it.

Both restrictions reduce to something small and exact, so nothing here is drawn at
random and no grid of effects is searched:

* relative magnitudes: the vertices of the test's dual linear programme can be written
  down (`_dual_vertices`), at most four per polyhedron, and only two normal variables
  enter it, however many periods there are;
* smoothness: the best trade of bias against variance is a lasso with fewer
  coefficients than pre-periods (`_fixed_length`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq, lsq_linear
from scipy.special import log_ndtr, ndtr, ndtri

from hubanalysis.estimate import Estimate

__all__ = ["breakdown", "honest_bounds"]

# The first stage of the hybrid test takes this share of the error probability.
FIRST_STAGE = 0.1
# Directions over which the first stage's critical value is integrated. Doubling it
# moves the value by less than 1e-6 of itself.
DIRECTIONS = 4096
# `breakdown` is found to this share of itself.
TOLERANCE = 1e-6


def honest_bounds(
    event_study: Estimate,
    restriction: str = "relative_magnitudes",
    m: float | Sequence[float] = (0.5, 1, 1.5, 2),
    event_time: int | str | Mapping[int, float] = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Confidence intervals that allow for a difference in trends.

    With :math:`\delta_t` the difference in trends, :math:`t = 0` the reference and
    :math:`t = 1` the first treated period, the restrictions are

    * ``"relative_magnitudes"``: :math:`|\delta_{t+1} - \delta_t| \le \bar M \max_{s<0}
      |\delta_{s+1} - \delta_s|` for all :math:`t \ge 0`. No change from one period
      to the next is more than `m` times the largest before treatment. The interval is
      the union, over the period s and the sign of that largest change, of the sets not
      rejected by the hybrid of the conditional and the least favourable test of
      Andrews, Roth and Pakes, whose first stage has a tenth of the size.
    * ``"smoothness"``: :math:`|(\delta_{t+1} - \delta_t) - (\delta_t - \delta_{t-1})|
      \le M` for all t. The slope changes by no more than `m` from one period to the
      next, in units of the outcome; at 0 the difference is a straight line. The
      interval is the shortest of fixed length around a linear estimator.

    Parameters
    ----------
    event_study : Estimate
        With `path` (column `effect`, indexed by event time, reference -1 included) and
        `covariance` (without the reference). Event times must be consecutive.
    restriction : {"relative_magnitudes", "smoothness"}
        What the difference in trends may do.
    m : float or sequence of float
        Values of :math:`\bar M` (a ratio) or M (units of the outcome); not negative.
    event_time : int, "average" or mapping
        Which effect: of one event time, the mean over all event times from 0 on, or
        a weighted sum, given as weights by event time.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        Columns `m`, `lower`, `upper`, a row for each value of `m`. In `attrs`:
        `original`, the interval under parallel trends; `estimate`, its centre;
        `restriction`, `event_time` and `level`. If the set of effects not rejected has
        a gap, the interval covers the gap.

    Raises
    ------
    ValueError
        If the event time is not one from 0 on, no coefficient precedes the reference,
        the reference is not -1, event times are not consecutive, the covariance does
        not fit the path or is no covariance, a number is missing, `m` is negative or
        the restriction is unknown.

    References
    ----------
    Rambachan, A. and Roth, J. (2023). A more credible approach to parallel trends.
    Review of Economic Studies 90(5), 2555-2591. Restrictions: section 2.4; hybrid
    test: section 3; intervals of fixed length: section 4.

    Andrews, I., Roth, J. and Pakes, A. (2023). Inference for linear conditional moment
    inequalities. Review of Economic Studies 90(6), 2763-2791.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=20, start=5,
    ...                            effect=3.0, seed=0)
    >>> study = hub.event_study(panel)
    >>> honest_bounds(study, m=(0, 1)).round(2)
         m  lower  upper
    0  0.0   1.79   4.03
    1  1.0   0.57   4.67
    """
    problem = _problem(event_study, restriction, event_time, level)
    values = np.atleast_1d(np.asarray(m, dtype=float))
    if values.ndim > 1 or not np.all(np.isfinite(values)) or (values < 0).any():
        raise ValueError(f"m must hold finite numbers from 0 on; it is {m!r}.")
    interval = _INTERVALS[restriction]
    ends = [interval(problem, value) for value in values]
    frame = pd.DataFrame(ends, columns=["lower", "upper"], dtype=float)
    frame.insert(0, "m", values)
    half = ndtri(0.5 + level / 2) * problem.se
    frame.attrs = {
        "estimate": problem.estimate,
        "original": (problem.estimate - half, problem.estimate + half),
        "restriction": restriction,
        "event_time": event_time,
        "level": level,
    }
    return frame


def breakdown(
    event_study: Estimate,
    restriction: str = "relative_magnitudes",
    event_time: int | str | Mapping[int, float] = 0,
    level: float = 0.95,
) -> float:
    """Largest `m` up to which the interval of `honest_bounds` excludes zero.

    Parameters
    ----------
    event_study, restriction, event_time, level
        As in `honest_bounds`.

    Returns
    -------
    float
        To one part in a million, from below: the interval excludes zero at this value.
        Missing (nan) if it holds zero even at 0, so that there is no finding to lose.
        An interval of fixed length shifts its centre as m grows and may lose zero
        again; the first loss counts, looked for at m = 1/64, 1/32, ... of a natural
        unit (1 for a ratio, the standard error for a change of slope).

    Raises
    ------
    ValueError
        As `honest_bounds`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=20, start=5,
    ...                            effect=3.0, seed=0)
    >>> study = hub.event_study(panel)
    >>> limit = breakdown(study)
    >>> bool(honest_bounds(study, m=limit)["lower"].iloc[0] > 0)
    True
    """
    problem = _problem(event_study, restriction, event_time, level)
    interval = _INTERVALS[restriction]

    def survives(m: float) -> bool:
        lower, upper = interval(problem, m)
        return lower > 0 or upper < 0

    if not survives(0.0):
        return float("nan")
    # Both intervals grow without limit in m, so doubling ends.
    low, high = 0.0, (1.0 if restriction == "relative_magnitudes" else problem.se) / 64
    while survives(high):
        low, high = high, 2 * high
    while high - low > TOLERANCE * high:
        middle = (low + high) / 2
        low, high = (middle, high) if survives(middle) else (low, middle)
    return low


class _Problem(NamedTuple):
    """Coefficients by event time without the reference, and the effect asked for."""

    beta: np.ndarray  # (n_pre + n_post,)
    sigma: np.ndarray  # (n_pre + n_post, n_pre + n_post)
    n_pre: int
    weights: np.ndarray  # (n_post,)
    level: float

    @property
    def estimate(self) -> float:
        return float(self.weights @ self.beta[self.n_pre :])

    @property
    def se(self) -> float:
        post = self.sigma[self.n_pre :, self.n_pre :]
        return float(np.sqrt(self.weights @ post @ self.weights))


# Relative magnitudes -----------------------------------------------------------------


def _relative_magnitudes(problem: _Problem, m_bar: float) -> tuple[float, float]:
    """Union of the sets not rejected, over period and sign of the largest change."""
    alpha = 1 - problem.level
    kappa = FIRST_STAGE * alpha
    size = (alpha - kappa) / (1 - kappa)
    n_pre, n = problem.n_pre, len(problem.beta)
    # Differences between neighbouring periods; the reference column drops out.
    difference = np.delete(np.diff(np.eye(n + 1), axis=0), n_pre, axis=1)
    change = difference @ problem.beta
    sigma = difference @ problem.sigma @ difference.T
    ends = []
    for s in range(n_pre):
        vertices, covariance = _dual_vertices(sigma, n_pre, s, problem.weights, m_bar)
        critical = _least_favourable(vertices, covariance, kappa)
        for sign in (1, -1):
            # The polyhedron of a negative change is the mirror image of the other.
            gaps = _not_rejected(sign * change[s], vertices, covariance, critical, size)
            ends += [problem.estimate - sign * gap for gap in gaps]
    return min(ends), max(ends)


def _dual_vertices(
    sigma: np.ndarray, n_pre: int, s: int, weights: np.ndarray, m_bar: float
) -> tuple[np.ndarray, np.ndarray]:
    r"""Vertices of the dual of the test's linear programme, for one polyhedron.

    Let d be the changes between neighbouring periods and u = d_s. The polyhedron says
    :math:`\pm d_t - \bar M u \le 0` for every post-period t. The test statistic is
    :math:`\max_\gamma \gamma' Y` over :math:`\gamma \ge 0` with
    :math:`\gamma'\tilde\sigma = 1` and :math:`\gamma'\tilde X = 0`, where
    :math:`\tilde\sigma` holds the moments' standard deviations. Since
    :math:`\theta = \sum_t L_t d_t` with :math:`L_t = \sum_{k \ge t} l_k`, the second
    condition says :math:`\gamma^+ - \gamma^- = c L` for some scalar c. That cone's
    extreme rays are :math:`c = \pm 1` with nothing to spare, and
    :math:`\gamma^+_t = \gamma^-_t` for one t. Each ray's :math:`\gamma' Y` depends on
    the data through u and :math:`\theta` only; the rays of the second kind all point
    along u, so that the longest and the shortest stand for the rest.

    Parameters
    ----------
    sigma : numpy.ndarray of shape (n, n)
        Covariance of the changes between neighbouring periods.
    n_pre : int
        Number of changes before treatment.
    s : int
        Position of the largest of them.
    weights : numpy.ndarray of shape (n - n_pre,)
        Weights l of the effects.
    m_bar : float
        Ratio of the restriction.

    Returns
    -------
    vertices : numpy.ndarray of shape (4, 2)
        Coefficients of u and of the estimate less the effect tested.
    covariance : numpy.ndarray of shape (2, 2)
        Covariance of these two.
    """
    cumulated = np.cumsum(weights[::-1])[::-1]
    loading = np.zeros((2, len(sigma)))
    loading[0, s] = 1
    loading[1, n_pre:] = cumulated
    covariance = loading @ sigma @ loading.T

    own = np.diag(sigma)[n_pre:] + m_bar**2 * sigma[s, s]
    cross = 2 * m_bar * sigma[n_pre:, s]
    least = 1e-16 * np.trace(sigma)  # a moment that does not vary still counts
    above = np.sqrt(np.maximum(own - cross, least))  # of d_t - m_bar u
    below = np.sqrt(np.maximum(own + cross, least))  # of -d_t - m_bar u
    size = np.abs(cumulated)
    up = size @ np.where(cumulated > 0, above, below)
    down = size @ np.where(cumulated > 0, below, above)
    both = above + below
    vertices = [
        [-m_bar * size.sum() / up, 1 / up],
        [-m_bar * size.sum() / down, -1 / down],
        [-2 * m_bar / both.min(), 0],
        [-2 * m_bar / both.max(), 0],
    ]
    return np.array(vertices), covariance


def _least_favourable(
    vertices: np.ndarray, covariance: np.ndarray, kappa: float
) -> float:
    r"""Quantile :math:`1 - \kappa` of the largest vertex when all moments bind.

    The two normal variables are a direction, uniform on the circle, times a radius
    whose square is chi-squared with two degrees of freedom. Given the direction, the
    tail of the maximum is :math:`\exp(-c^2 / 2 r^2)`, with r the maximum at radius one:
    the mean over directions is a smooth one-dimensional integral, and no draw is made.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)
    root = eigenvectors * np.sqrt(np.maximum(eigenvalues, 0))
    angle = 2 * np.pi * (np.arange(DIRECTIONS) + 0.5) / DIRECTIONS
    unit = np.array([np.cos(angle), np.sin(angle)])
    reach = (vertices @ root @ unit).max(axis=0)
    rate = 0.5 / reach[reach > 0] ** 2

    def excess(c: float) -> float:
        return np.exp(-(c**2) * rate).sum() / DIRECTIONS - kappa

    return brentq(excess, 0, np.sqrt(-np.log(kappa) / rate.min()), xtol=1e-12)


def _not_rejected(
    u: float,
    vertices: np.ndarray,
    covariance: np.ndarray,
    critical: float,
    size: float,
) -> tuple[float, ...]:
    """Ends of the set of gaps, estimate less effect, that the hybrid test lets pass.

    Every vertex's value is linear in the gap, and so are the truncation points of the
    conditional test. Between the crossings of these lines the p-value is smooth; the
    outermost change of verdict is looked for there, then pinned down.

    Returns
    -------
    tuple of float
        Smallest and largest gap; empty if all are rejected.
    """
    level, slope = vertices[:, 0] * u, vertices[:, 1]
    highest = (critical - level[0]) / slope[0]
    lowest = (critical - level[1]) / slope[1]
    if max(level[2:]) > critical or lowest >= highest:
        return ()
    cross = vertices @ covariance @ vertices.T

    def margin(gap: np.ndarray) -> np.ndarray:
        return _p_value(gap, level, slope, cross, critical) - size

    knots = _crossings(level, slope, cross, critical)
    knots = knots[(knots > lowest) & (knots < highest)]
    knots = np.concatenate([[lowest], np.unique(knots), [highest]])
    # The p-value may jump at a knot: come close from both sides, never onto it.
    share = np.concatenate([[1e-9], np.arange(1, 8) / 8, [1 - 1e-9]])
    gap = (knots[:-1, None] + np.diff(knots)[:, None] * share).ravel()
    gap = np.concatenate([[lowest], gap, [highest]])
    passed = np.flatnonzero(margin(gap) >= 0)
    if not len(passed):
        return ()
    first, last = passed[0], passed[-1]

    def end(inside: int, outside: int) -> float:
        if not 0 <= outside < len(gap):
            return float(gap[inside])
        a, b = gap[inside], gap[outside]
        return brentq(lambda x: margin(np.array([x]))[0], a, b, xtol=1e-13, rtol=1e-12)

    return end(first, first - 1), end(last, last + 1)


def _p_value(
    gap: np.ndarray,
    level: np.ndarray,
    slope: np.ndarray,
    cross: np.ndarray,
    critical: float,
) -> np.ndarray:
    """Conditional p-value for each gap; 0 past the first stage, 1 where nothing binds.

    Given which vertex is largest and what is independent of its value, that value is
    normal, truncated to where the vertex stays the largest, and by the first stage.
    """
    value = level + gap[:, None] * slope
    top = value.argmax(axis=1)
    largest = value.max(axis=1)
    variance = np.diag(cross)[top]
    with np.errstate(all="ignore"):
        ratio = cross[top] / variance[:, None]
        # Where another vertex would overtake, were the largest to move.
        overtakes = (value - ratio * largest[:, None]) / (1 - ratio)
        low = np.where(ratio < 1 - 1e-12, overtakes, -np.inf).max(axis=1)
        high = np.where(ratio > 1 + 1e-12, overtakes, critical).min(axis=1)
        sd = np.sqrt(variance)
        high = np.minimum(high, critical)
        # In logarithms: far tails are common when the estimate is precise.
        tail, tail_low, tail_high = (log_ndtr(-v / sd) for v in (largest, low, high))
        p = np.exp(tail - tail_low) * np.expm1(tail_high - tail)
        p /= np.expm1(tail_high - tail_low)
    p = np.where(np.isnan(p), 1.0, p)
    return np.where(largest <= 0, 1.0, np.where(largest >= critical, 0.0, p))


def _crossings(
    level: np.ndarray, slope: np.ndarray, cross: np.ndarray, critical: float
) -> np.ndarray:
    """Gaps at which the p-value may kink or jump."""
    constants = [(0.0, 0.0), (critical, 0.0)]
    families = [[*zip(level, slope, strict=True), *constants]]
    for top in np.flatnonzero(np.diag(cross) > 0):
        ratio = cross[top] / cross[top, top]
        with np.errstate(divide="ignore", invalid="ignore"):
            lines = np.array([level, slope])
            lines = (lines - ratio * lines[:, [top]]) / (1 - ratio)
        families.append([*lines.T[np.abs(ratio - 1) > 1e-12], constants[1]])
    found = [
        (b[0] - a[0]) / (a[1] - b[1])
        for lines in families
        for a, b in combinations(lines, 2)
        if a[1] != b[1]
    ]
    return np.array(found)


# Smoothness --------------------------------------------------------------------------


def _smoothness(problem: _Problem, m: float) -> tuple[float, float]:
    """Shortest interval of fixed length around a linear estimator."""
    weights, half = _fixed_length(problem, m)
    centre = float(weights @ problem.beta)
    return centre - half, centre + half


def _fixed_length(problem: _Problem, m: float) -> tuple[np.ndarray, float]:
    r"""Weights of the estimator and half the length of its interval.

    The estimator is the effect's own estimate plus pre-period coefficients with weights
    v. Its bias is bounded only if it ignores linear trends; then it is
    :math:`\sum_k z_k \kappa_k`, with :math:`\kappa_k` the change of slope at period k,
    at most :math:`M \sum_k |z_k|`. From the reference on the z are given by the effect
    asked for; before it they are free, and v is their second difference. Half the
    length is :math:`\sigma\, \mathrm{cv}(M \sum |z| / \sigma)`, cv the quantile of
    :math:`|N(b, 1)|`. Least variance for a given bias is a lasso in z with penalty
    :math:`\lambda`, along which :math:`\sigma\, d\sigma = -\lambda\, d\sum |z|`; so
    the best :math:`\lambda` solves one equation.
    """
    n_pre, sigma, effect = problem.n_pre, problem.sigma, problem.weights
    t = np.arange(1, len(effect) + 1)
    # z at the reference (k = 0) and after it.
    given = np.maximum(t - np.arange(len(effect))[:, None], 0) @ effect
    # v for t = -1, -2, ... from z at k = 0, -1, ...; then back in order of time.
    second = np.eye(n_pre) - 2 * np.eye(n_pre, k=1) + np.eye(n_pre, k=2)
    second = second[::-1]
    quadratic = second.T @ sigma[:n_pre, :n_pre] @ second
    linear = second.T @ sigma[:n_pre, n_pre:] @ effect
    free = quadratic[1:, 1:]
    target = linear[1:] + quadratic[1:, 0] * given[0]
    z = np.zeros(n_pre)
    z[0] = given[0]
    penalty = np.abs(target).max(initial=0.0)

    def state() -> tuple[float, float]:
        variance = problem.se**2 + 2 * z @ linear + z @ quadratic @ z
        bias = np.abs(given[1:]).sum() + np.abs(z).sum()
        # A perfectly predictable effect leaves rounding error only.
        return float(np.sqrt(max(variance, (1e-8 * problem.se) ** 2))), m * float(bias)

    if penalty > 0:
        # Lasso by its dual, least squares in a box, solved exactly.
        scale = np.trace(free) / len(free)
        root = np.linalg.cholesky(free + 1e-13 * scale * np.eye(len(free)))
        inverse = np.linalg.inv(root)

    def solve(lam: float) -> float:
        box = np.zeros(n_pre - 1)
        if lam > 0:
            fit = lsq_linear(inverse, -inverse @ target, (-lam, lam), method="bvls")
            box = fit.x
        z[1:] = -inverse.T @ (inverse @ (target + box))
        sd, bias = state()
        cv = _folded_quantile(bias / sd, problem.level)
        slope = np.tanh(cv * bias / sd)
        return lam * (cv - slope * bias / sd) - m * sd * slope

    if penalty > 0 and solve(0.0) < 0:
        if solve(penalty) <= 0:
            z[1:] = 0
        else:
            solve(brentq(solve, 0, penalty, xtol=1e-14 * penalty, rtol=1e-13))
    sd, bias = state()
    half = sd * _folded_quantile(bias / sd, problem.level)
    return np.concatenate([second @ z, effect]), half


def _folded_quantile(bias: float, level: float) -> float:
    """Quantile of the absolute value of a normal variable with variance 1."""
    return brentq(
        lambda c: ndtr(c - bias) - ndtr(-c - bias) - level,
        bias + ndtri(level) - 1e-3,
        bias + ndtri(0.5 + level / 2) + 1e-3,
        xtol=1e-14,
    )


_INTERVALS: dict[str, Callable[[_Problem, float], tuple[float, float]]] = {
    "relative_magnitudes": _relative_magnitudes,
    "smoothness": _smoothness,
}


# Input -------------------------------------------------------------------------------


def _problem(event_study, restriction: str, event_time, level: float) -> _Problem:
    """Check what was given and lay it out as arrays."""
    if restriction not in _INTERVALS:
        near = get_close_matches(str(restriction), _INTERVALS, n=1, cutoff=0.3)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise ValueError(
            f"There is no restriction {restriction!r}. {hint}"
            f"There are: {', '.join(_INTERVALS)}."
        )
    if not 0.5 <= level < 1:
        raise ValueError(f"level must lie between 0.5 and 1, not {level}.")
    effect = event_study.path["effect"].sort_index()
    covariance = event_study.covariance
    times = _event_times(effect, covariance)
    n_pre = sum(k < 0 for k in times)
    if not n_pre:
        raise ValueError(
            "No coefficient precedes the reference period -1, so nothing says how far "
            "trends may differ. Use an event study with at least two pre-periods."
        )
    weights = _weights(event_time, times[n_pre:])
    beta = effect.loc[times].to_numpy(float)
    sigma = covariance.loc[times, times].to_numpy(float)
    known = np.isfinite(beta) & np.isfinite(np.diag(sigma))
    if not known.all() or not np.isfinite(sigma).all():
        raise ValueError(
            "The effect or its covariance is missing at event times "
            f"{_list(np.array(times)[~known]) or 'off the diagonal'}. Leave such "
            "periods out of the event study."
        )
    largest = np.abs(sigma).max()
    if not np.allclose(sigma, sigma.T, rtol=0, atol=1e-8 * largest):
        raise ValueError("The covariance is not symmetric, so it is no covariance.")
    sigma = (sigma + sigma.T) / 2
    smallest = np.linalg.eigvalsh(sigma)[0]
    if smallest < -1e-8 * largest:
        raise ValueError(
            "The covariance is not positive semidefinite (smallest eigenvalue "
            f"{smallest:.3g}). Take it from one fit of all event times, not from one "
            "fit for each."
        )
    problem = _Problem(beta, sigma, n_pre, weights, level)
    if not problem.se > 0:
        raise ValueError(
            f"The effect at event time {event_time!r} has variance 0, so there is no "
            "interval to widen. Check the covariance."
        )
    return problem


def _event_times(effect: pd.Series, covariance: pd.DataFrame) -> list:
    """Event times estimated, in order, once path and covariance fit each other."""
    path, rows = effect.index, covariance.index
    if not (path.is_unique and rows.is_unique and set(rows) == set(covariance.columns)):
        raise ValueError(
            "Path and covariance must name each event time once, and the covariance's "
            "rows and columns the same ones."
        )
    if foreign := sorted(set(rows) - set(path)):
        raise ValueError(
            f"The covariance has event times {_list(foreign)}, which the path lacks."
        )
    reference = [k for k in path if k not in rows]
    if reference != [-1]:
        raise ValueError(
            "Effects must be measured from event time -1, the last period before "
            "treatment, which alone is in the path and not in the covariance; here "
            f"that is {_list(reference) or 'none'}. Re-estimate with reference=-1 (or "
            'base_period="universal"); if treatment was anticipated, backdate the '
            "panel first."
        )
    if abs(effect.loc[-1]) > 1e-12 * effect.abs().max():
        raise ValueError(
            f"The effect at the reference, event time -1, is {effect.loc[-1]:.4g} and "
            "must be 0. Measure all effects from event time -1."
        )
    if gaps := sorted(set(range(int(path[0]), int(path[-1]) + 1)) - set(path)):
        raise ValueError(
            f"Event times must be consecutive; {_list(gaps)} are missing. Keep the "
            "unbroken stretch around event time 0."
        )
    return [k for k in path if k != -1]


def _weights(event_time, post: list) -> np.ndarray:
    """Weights of the effect asked for over the post-periods."""
    if not post:
        raise ValueError("The path has no event time from 0 on: nothing is treated.")
    if isinstance(event_time, str) and event_time == "average":
        return np.full(len(post), 1 / len(post))
    wanted = event_time if isinstance(event_time, Mapping) else {event_time: 1.0}
    if unknown := [k for k in wanted if k not in post]:
        raise ValueError(
            f"There is no effect at event time {_list(unknown)}. Choose from "
            f'{_list(post)}, or "average".'
        )
    weights = np.array([wanted.get(k, 0.0) for k in post], dtype=float)
    if not np.isfinite(weights).all() or not weights.any():
        raise ValueError(f"The weights {dict(wanted)} must be finite and not all 0.")
    return weights


def _list(items) -> str:
    return ", ".join(str(k) for k in items)
