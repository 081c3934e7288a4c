r"""Robust intervals under limits on how far trends may drift apart.

The computations behind `honest_bounds` (Rambachan and Roth 2023). Both restrictions
reduce to something small and exact, so nothing here is drawn at random and no grid of
effects is searched:

* relative magnitudes: the vertices of the test's dual linear programme can be written
  down (`dual_vertices`), at most four per polyhedron, and only two normal variables
  enter it, however many periods there are;
* smoothness: the best trade of bias against variance is a lasso with fewer
  coefficients than pre-periods (`fixed_length`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, lsq_linear
from scipy.special import log_ndtr, ndtr, ndtri

# The first stage of the hybrid test takes this share of the error probability.
FIRST_STAGE = 0.1
# Directions over which the first stage's critical value is integrated. Doubling it
# moves the value by less than 1e-6 of itself.
DIRECTIONS = 4096


class Problem(NamedTuple):
    """Coefficients by event time without the reference, and the effect asked for."""

    beta: np.ndarray  # (n_pre + n_post,)
    sigma: np.ndarray  # (n_pre + n_post, n_pre + n_post)
    n_pre: int
    weights: np.ndarray  # (n_post,)
    level: float
    # Time from each period to the next, (n_pre + n_post,), in any unit.
    lengths: np.ndarray | float = 1.0

    @property
    def estimate(self) -> float:
        """The effect asked for, as estimated."""
        return float(self.weights @ self.beta[self.n_pre :])

    @property
    def se(self) -> float:
        """Standard error of the estimate."""
        post = self.sigma[self.n_pre :, self.n_pre :]
        return float(np.sqrt(self.weights @ post @ self.weights))


# Relative magnitudes -----------------------------------------------------------------


def relative_magnitudes(problem: Problem, m_bar: float) -> tuple[float, float]:
    """Union of the sets not rejected, over period and sign of the largest change."""
    alpha = 1 - problem.level
    kappa = FIRST_STAGE * alpha
    size = (alpha - kappa) / (1 - kappa)
    n_pre, n = problem.n_pre, len(problem.beta)
    # Changes by unit of time between neighbours; the reference column drops out.
    lengths = np.broadcast_to(problem.lengths, n)
    difference = np.delete(np.diff(np.eye(n + 1), axis=0), n_pre, axis=1)
    difference /= lengths[:, None]
    # The effect is a sum of those after treatment: each counts for its own and all
    # later periods, and for its length.
    loads = np.cumsum(problem.weights[::-1])[::-1] * lengths[n_pre:]
    change = difference @ problem.beta
    sigma = difference @ problem.sigma @ difference.T
    ends = []
    for s in range(n_pre):
        vertices, covariance = dual_vertices(sigma, n_pre, s, loads, m_bar)
        critical = least_favourable(vertices, covariance, kappa)
        for sign in (1, -1):
            # The polyhedron of a negative change is the mirror image of the other.
            gaps = _not_rejected(sign * change[s], vertices, covariance, critical, size)
            ends += [problem.estimate - sign * gap for gap in gaps]
    return min(ends), max(ends)


def dual_vertices(
    sigma: np.ndarray, n_pre: int, s: int, loads: np.ndarray, m_bar: float
) -> tuple[np.ndarray, np.ndarray]:
    r"""Vertices of the dual of the test's linear programme, for one polyhedron.

    Let d be the changes by unit of time between neighbours and u = d_s. The polyhedron
    says :math:`\pm d_t - \bar M u \le 0` for every post-period t. The test statistic is
    :math:`\max_\gamma \gamma' Y` over :math:`\gamma \ge 0` with
    :math:`\gamma'\tilde\sigma = 1` and :math:`\gamma'\tilde X = 0`, where
    :math:`\tilde\sigma` holds the moments' standard deviations. Since
    :math:`\theta = \sum_t L_t d_t`, the second condition says :math:`\gamma^+ -
    \gamma^- = c L` for some scalar c. That cone's extreme rays are
    :math:`c = \pm 1` with nothing to spare, and
    :math:`\gamma^+_t = \gamma^-_t` for one t. Each ray's :math:`\gamma' Y` depends on
    the data through u and :math:`\theta` only; the rays of the second kind all point
    along u, so that the longest and the shortest stand for the rest.

    Parameters
    ----------
    sigma : numpy.ndarray of shape (n, n)
        Covariance of the changes.
    n_pre : int
        Number of changes before treatment.
    s : int
        Position of the largest of them.
    loads : numpy.ndarray of shape (n - n_pre,)
        How much of each change after treatment is in the effect asked for, L: the
        weights of this period and all later ones, times the length of the step.
    m_bar : float
        Ratio of the restriction.

    Returns
    -------
    vertices : numpy.ndarray of shape (4, 2)
        Coefficients of u and of the estimate less the effect tested.
    covariance : numpy.ndarray of shape (2, 2)
        Covariance of these two.
    """
    loading = np.zeros((2, len(sigma)))
    loading[0, s] = 1
    loading[1, n_pre:] = loads
    covariance = loading @ sigma @ loading.T

    own = np.diag(sigma)[n_pre:] + m_bar**2 * sigma[s, s]
    cross = 2 * m_bar * sigma[n_pre:, s]
    least = 1e-16 * np.trace(sigma)  # a moment that does not vary still counts
    above = np.sqrt(np.maximum(own - cross, least))  # of d_t - m_bar u
    below = np.sqrt(np.maximum(own + cross, least))  # of -d_t - m_bar u
    size = np.abs(loads)
    up = size @ np.where(loads > 0, above, below)
    down = size @ np.where(loads > 0, below, above)
    both = above + below
    vertices = [
        [-m_bar * size.sum() / up, 1 / up],
        [-m_bar * size.sum() / down, -1 / down],
        [-2 * m_bar / both.min(), 0],
        [-2 * m_bar / both.max(), 0],
    ]
    return np.array(vertices), covariance


def least_favourable(
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
        return p_value(gap, level, slope, cross, critical) - size

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


def p_value(
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


def smoothness(problem: Problem, m: float) -> tuple[float, float]:
    """Shortest interval of fixed length around a linear estimator."""
    weights, half = fixed_length(problem, m)
    centre = float(weights @ problem.beta)
    return centre - half, centre + half


def fixed_length(problem: Problem, m: float) -> tuple[np.ndarray, float]:
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


INTERVALS: dict[str, Callable[[Problem, float], tuple[float, float]]] = {
    "relative_magnitudes": relative_magnitudes,
    "smoothness": smoothness,
}
