"""The computations behind the bounds, against their definitions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.optimize import linprog

from hubanalysis.inference import robust_intervals
from hubanalysis.inference.bounds import honest_bounds
from tests.inference.studies import ends, random_arrays, study


def polyhedron(n_pre, n, s, m_bar):
    """Rows A of A delta <= 0, written from the definition."""
    change = np.delete(np.diff(np.eye(n + 1), axis=0), n_pre, axis=1)
    return np.vstack([change[n_pre:], -change[n_pre:]]) - m_bar * change[s]


def reduced(sigma, n_pre, s, weights, m_bar):
    change = np.delete(np.diff(np.eye(len(sigma) + 1), axis=0), n_pre, axis=1)
    return robust_intervals.dual_vertices(
        change @ sigma @ change.T, n_pre, s, np.cumsum(weights[::-1])[::-1], m_bar
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_dual_vertices_give_the_value_of_the_linear_programme(seed):
    rng = np.random.default_rng(seed)
    # With one post-period there is no nuisance parameter; the extra vertices are then
    # averages of the first two.
    n_pre, n_post = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    beta, sigma = random_arrays(seed, n_pre, n_post)
    s, m_bar = int(rng.integers(n_pre)), rng.choice([0, 0.5, 1, 2])
    weights = rng.normal(size=n_post) if seed % 2 else np.eye(n_post)[seed % n_post]
    theta = rng.normal(scale=0.2)

    a = polyhedron(n_pre, n_pre + n_post, s, m_bar)
    sd = np.sqrt(np.diag(a @ sigma @ a.T))
    primal = linprog(
        np.r_[1, np.zeros(n_post)],
        A_ub=np.c_[-sd, -a[:, n_pre:]],
        b_ub=-a @ beta,
        A_eq=np.r_[0, weights][None],
        b_eq=[theta],
        bounds=[(None, None)] * (n_post + 1),
    )
    vertices, _ = reduced(sigma, n_pre, s, weights, m_bar)
    before = np.r_[beta[:n_pre], 0.0]
    data = np.array([before[s + 1] - before[s], weights @ beta[n_pre:] - theta])
    assert (vertices @ data).max() == pytest.approx(primal.fun, abs=1e-8)


def test_the_first_stage_has_its_size():
    for seed in range(5):
        _, sigma = random_arrays(seed, 3, 3)
        vertices, covariance = reduced(sigma, 3, 1, np.ones(3) / 3, 1.0)
        critical = robust_intervals.least_favourable(vertices, covariance, 0.005)
        rng = np.random.default_rng(seed)
        draws = rng.multivariate_normal([0, 0], covariance, size=400_000)
        share = ((draws @ vertices.T).max(axis=1) > critical).mean()
        assert share == pytest.approx(0.005, abs=4 * np.sqrt(0.005 / 400_000))


def test_the_critical_value_is_exact_to_a_millionth(monkeypatch):
    for seed in range(5):
        _, sigma = random_arrays(seed, 4, 2)
        case = reduced(sigma, 4, 0, np.array([1.0, 0.0]), 2.0)
        coarse = robust_intervals.least_favourable(*case, 0.005)
        with monkeypatch.context() as patch:
            patch.setattr(robust_intervals, "DIRECTIONS", 2**17)
            fine = robust_intervals.least_favourable(*case, 0.005)
        assert coarse == pytest.approx(fine, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_no_effect_outside_the_interval_passes_and_those_at_its_ends_do(seed):
    n_pre, n_post, m_bar = 3, 3, 1.0
    beta, sigma = random_arrays(seed, n_pre, n_post)
    weights = np.eye(n_post)[seed % n_post]
    problem = robust_intervals.Problem(beta, sigma, n_pre, weights, 0.95)
    lower, upper = robust_intervals.relative_magnitudes(problem, m_bar)
    width = upper - lower
    nudge = 1e-6 * width
    theta = np.r_[
        np.linspace(lower - 3 * width, lower - nudge, 2000),
        np.linspace(upper + nudge, upper + 3 * width, 2000),
        lower + nudge,
        upper - nudge,
    ]
    passed = np.zeros(len(theta), bool)
    before = np.diff(np.r_[beta[:n_pre], 0.0])
    for s in range(n_pre):
        vertices, covariance = reduced(sigma, n_pre, s, weights, m_bar)
        critical = robust_intervals.least_favourable(vertices, covariance, 0.005)
        cross = vertices @ covariance @ vertices.T
        for sign in (1, -1):
            gap = sign * (problem.estimate - theta)
            p = robust_intervals.p_value(
                gap, sign * before[s] * vertices[:, 0], vertices[:, 1], cross, critical
            )
            passed |= p >= (0.05 - 0.005) / (1 - 0.005)
    assert not passed[:-2].any()
    assert passed[-2:].all()


@pytest.mark.parametrize("together", [0.006, -0.006])
def test_after_a_large_change_each_end_is_a_one_sided_test_of_its_own(together):
    # The trend fell by one before treatment, ten standard errors, and may move twice
    # as far after: whichever end is tested, the other is out of sight.
    changes, u = np.array([[0.01, together], [together, 0.01]]), 1.0
    flip = np.diag([-1.0, 1.0])
    problem = robust_intervals.Problem(
        np.array([-u, 3.0]), flip @ changes @ flip, 1, np.ones(1), 0.95
    )
    case = robust_intervals.dual_vertices(changes, 1, 0, np.ones(1), 2.0)
    passed = stats.norm.sf(robust_intervals.least_favourable(*case, 0.005))
    share = (0.05 - 0.005) / (1 - 0.005)
    critical = stats.norm.isf(passed + share * (1 - passed))
    below, above = (np.sqrt(0.01 + 4 * 0.01 - s * 4 * together) for s in (1, -1))
    assert_allclose(
        robust_intervals.relative_magnitudes(problem, 2.0),
        (3.0 - 2 * u - below * critical, 3.0 + 2 * u + above * critical),
        rtol=1e-9,
    )


def test_relative_magnitudes_cover_where_the_restriction_just_holds():
    # A difference in trends that rises by one a period from the first pre-period on.
    delta = np.array([-2.0, -1.0, 1.0, 2.0])
    sigma = 0.05 * (np.eye(4) + 1)
    rng = np.random.default_rng(0)
    draws = rng.multivariate_normal(delta, sigma, size=400)
    covered = [
        lower <= 0 <= upper
        for beta in draws
        for lower, upper in ends(honest_bounds(study(beta, sigma, 2), m=1))
    ]
    assert np.mean(covered) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 400)


def test_one_pre_and_one_post_period_give_a_closed_form():
    beta, sigma = np.array([0.3, 1.0]), np.array([[0.04, 0.01], [0.01, 0.09]])
    sd = np.sqrt(0.04 + 0.09 + 2 * 0.01)
    for m in (0, 0.1, 1):
        # The quantile of |N(b, 1)| is the root of a noncentral chi-squared one.
        half = sd * np.sqrt(stats.ncx2.ppf(0.95, 1, (m / sd) ** 2 + 1e-300))
        frame = honest_bounds(study(beta, sigma, 1), "smoothness", m)
        assert_allclose(ends(frame)[0], [1.3 - half, 1.3 + half], rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_at_m_zero_smoothness_is_generalised_least_squares_on_a_line(seed):
    n_pre, n_post = 4, 3
    beta, sigma = random_arrays(seed, n_pre, n_post)
    trend = np.r_[-n_pre:0, 1 : n_post + 1]
    effects = np.vstack([np.zeros((n_pre, n_post)), np.eye(n_post)])
    x = np.column_stack([trend, effects])
    precision = np.linalg.inv(sigma)
    variance = np.linalg.inv(x.T @ precision @ x)
    fitted = variance @ x.T @ precision @ beta
    frame = honest_bounds(study(beta, sigma, n_pre), "smoothness", 0, 1)
    expected = stats.norm.interval(0.95, fitted[2], np.sqrt(variance[2, 2]))
    assert_allclose(ends(frame)[0], expected, rtol=1e-8)


@pytest.mark.parametrize("seed", range(10))
def test_the_worst_bias_is_the_linear_programmes_and_no_weights_do_better(seed):
    n_pre, n_post, m = 4, 3, [0.0, 0.01, 0.05, 0.2, 1.0][seed % 5]
    beta, sigma = random_arrays(seed, n_pre, n_post)
    effect = np.eye(n_post)[seed % n_post]
    problem = robust_intervals.Problem(beta, sigma, n_pre, effect, 0.95)
    weights, half = robust_intervals.fixed_length(problem, m)
    n = n_pre + n_post
    bend = np.delete(np.diff(np.eye(n + 1), n=2, axis=0), n_pre, axis=1)

    def length(v):
        worst = linprog(
            -v,
            A_ub=np.vstack([bend, -bend]),
            b_ub=np.ones(2 * len(bend)),
            bounds=[(None, None)] * n,
        )
        sd = np.sqrt(v @ sigma @ v)
        return sd * np.sqrt(stats.ncx2.ppf(0.95, 1, (m * worst.fun / sd) ** 2 + 1e-300))

    assert length(weights) == pytest.approx(half, rel=1e-8)
    rng = np.random.default_rng(seed)
    distance = np.arange(n_pre, 0, -1)
    for size in (1e-3, 1e-2, 0.1):
        for _ in range(5):
            move = rng.normal(scale=size, size=n_pre)
            move -= distance * (distance @ move) / (distance @ distance)
            assert length(weights + np.r_[move, np.zeros(n_post)]) >= half * (1 - 1e-9)


def change(attribute, edit):
    es = study([0.1, 0.2, 1.0, 2.0], 0.01 * np.eye(4), 2)
    setattr(es, attribute, edit(getattr(es, attribute).copy()))
    return es
