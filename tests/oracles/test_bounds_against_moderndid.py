"""Honest bounds beside moderndid (with its extra `didhonest`), where it is right.

It searches a grid, draws its first-stage critical value 1000 times, and leaves out the
earliest change before treatment as a candidate for the largest; so the study here has
a small earliest change, and with our critical value only the grid is left to differ.
"""

import numpy as np
import pytest

from hubanalysis.inference import robust_intervals

pytest.importorskip("cvxpy", reason="moderndid's bounds need cvxpy")
nuisance = pytest.importorskip("moderndid.didhonest.arp_nuisance")
flci = pytest.importorskip("moderndid.didhonest.fixed_length_ci")
rm = pytest.importorskip("moderndid.didhonest.delta.rm.rm")

N_PRE = 4
BETA = np.array([0.010, 0.011, -0.045, 0.02, 0.30, 0.42])
CHANGE = np.delete(np.diff(np.eye(7), axis=0), N_PRE, axis=1)
SIGMA = 0.03**2 * (0.5 + 0.3 * np.eye(6) + np.diag(np.arange(6) * 0.05))
WEIGHTS = {"first": (1, 0), "second": (0, 1), "average": (0.5, 0.5)}


def problem(which):
    weights = np.array(WEIGHTS[which], float)
    return robust_intervals.Problem(BETA, SIGMA, N_PRE, weights, 0.95)


@pytest.mark.parametrize("which", WEIGHTS)
@pytest.mark.parametrize("m", [0.5, 2.0])
def test_relative_magnitudes(monkeypatch, which, m):
    """Their ends lie on a grid: ours must lie within one step outside."""
    ours = problem(which)
    critical = []
    for s in range(1, N_PRE):
        case = robust_intervals.dual_vertices(
            CHANGE @ SIGMA @ CHANGE.T, N_PRE, s, np.cumsum(ours.weights[::-1])[::-1], m
        )
        critical += 2 * [robust_intervals.least_favourable(*case, 0.005)]
    values = iter(critical)
    monkeypatch.setattr(
        nuisance, "compute_least_favorable_cv", lambda *_, **__: next(values)
    )
    lower, upper = robust_intervals.relative_magnitudes(ours, m)
    width = upper - lower
    theirs = rm.compute_conditional_cs_rm(
        BETA,
        SIGMA,
        N_PRE,
        2,
        l_vec=ours.weights[:, None],
        m_bar=m,
        grid_points=400,
        grid_lb=lower - 0.2 * width,
        grid_ub=upper + 0.2 * width,
    )
    grid = theirs["grid"]
    passed = grid[theirs["accept"] > 0]
    step = grid[1] - grid[0]
    assert lower - 1e-6 * width <= passed.min() <= lower + step
    assert upper - step <= passed.max() <= upper + 1e-6 * width


@pytest.mark.parametrize("which", WEIGHTS)
@pytest.mark.parametrize("m", [0.0, 0.01, 0.05])
def test_smoothness(which, m):
    """Their quantile is drawn, or found to a tolerance; ours is computed."""
    ours = problem(which)
    theirs = flci.compute_flci(
        BETA, SIGMA, m, N_PRE, 2, post_period_weights=ours.weights
    ).flci
    # Its folded normal quantile is drawn, or found to a tolerance.
    assert robust_intervals.smoothness(ours, m) == pytest.approx(
        theirs, abs=0.01 * ours.se
    )
