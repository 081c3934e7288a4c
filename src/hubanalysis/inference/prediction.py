r"""Prediction intervals for synthetic control, period by period.

What would have been is predicted with two errors: the weights were learnt from a few
periods (in-sample), and the period to come brings noise of its own (out-of-sample).
Each is bounded, and the bounds are added up.

The bound on the weights asks, draw by draw, how far a linear function :math:`c'\delta`
can go in a ball cut by a cone, :math:`\lVert A\delta - u\rVert \le \lVert u\rVert`.
A Lagrangian would weigh the function against the ball; here the function is one more
row of a least-squares problem, whose target is pushed away until the ball is left.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from hubanalysis.estimators.synthetic_control import synthetic_control
from hubanalysis.estimators.weights import simplex_weights
from hubanalysis.inference.conformal import EXACT, drift_notes
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.refusals import HubError, check_coverage, check_draws, check_seed

# Fewer periods before treatment, or so few left once the weights are chosen, say too
# little about the noise.
LEAST_PERIODS, LEAST_LEFT = 10, 5
# No weight above this is taken for zero, whatever the noise.
MOST_RHO = 0.2
# How often the target of the added row is doubled before the ball counts as endless.
DOUBLINGS = 40


def prediction_interval(
    panel: Panel,
    level: float = 0.95,
    intercept: bool = False,
    draws: int = 200,
    seed: int = 0,
    rho: float | None = None,
) -> pd.DataFrame:
    r"""Intervals that hold the effect in each treated period, by predicting without it.

    The intervals of Cattaneo, Feng and Titiunik (2021), as the documentation of their
    package scpi describes them. With outcomes :math:`A` of the treated unit and
    :math:`B` of its donors before treatment, weights :math:`\hat w` of
    `synthetic_control`, and the donors' outcomes :math:`p_t` in a period after, the
    error of the estimated effect is

    .. math:: \hat\tau_t - \tau_t = p_t'(w_0 - \hat w) + e_t

    where :math:`w_0` are the weights that would be chosen without
    noise. *In-sample*: as :math:`\hat w` fits no worse than :math:`w_0`, their
    difference :math:`\delta` satisfies
    :math:`\delta'B'B\delta - 2 u'B\delta \le 0`. Errors :math:`u` are drawn as normal
    with the squared residuals as variances (HC1, their mean taken out), and for each
    draw :math:`p_t'\delta` is minimised and maximised over all such :math:`\delta`
    that add up to zero and are not negative where :math:`\hat w_j \le \rho`; taken are
    the quantiles of these ends. *Out-of-sample*: :math:`e_t` is bounded as if
    sub-Gaussian, by the mean of the residuals give or take
    :math:`\hat\sigma\sqrt{2\log(2/\alpha)}`. Half of the error that `level` allows goes
    to each, so that the interval is wide rather than short.

    Parameters
    ----------
    panel : Panel
        One treated unit, balanced; at least ten periods before treatment, and five
        more than donors with weight.
    level : float
        Coverage, in each period by itself. It is promised where residuals before
        treatment are alike in size to what comes after and do not remember each
        other; with outcomes that drift it can be lower (see the validation chapter).
    intercept : bool
        As in `synthetic_control`.
    draws : int
        Draws of the errors before treatment.
    seed : int
        Same seed, same draws.
    rho : float, optional
        Weights up to here are taken for zero. By default
        :math:`\hat\sigma \sqrt{\log T_0 / T_0}` over the standard deviation of the
        donor that varies least, and at most a fifth.

    Returns
    -------
    pandas.DataFrame
        By treated period: `observed`, `counterfactual` and `effect` (of the ordinary
        synthetic control); `lower` and `upper`, the interval of the effect;
        `in_sample_lower`, `in_sample_upper`, `out_of_sample_lower` and
        `out_of_sample_upper`, which parts of the error of the counterfactual each
        source may make up. In ``attrs["rho"]`` what was taken for zero, and in
        ``attrs["notes"]`` what speaks against residuals that could come in any order.

    Raises
    ------
    HubError
        If several units are treated, the panel has holes, there are too few periods
        before treatment, or the donors fit them exactly.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=32, treated=1, start=31,
    ...                            effect=20.0, noise=0.5, seed=0)
    >>> table = hub.prediction_interval(panel)
    >>> (table["lower"] > 0).tolist()
    [True, True]
    """
    require_panel(panel, "prediction_interval")
    check_coverage(level)
    check_draws(draws)
    check_seed(seed)
    start = panel.start
    if len(panel.treated) != 1:
        raise HubError(
            f"{len(panel.treated)} units are treated and prediction intervals are for "
            "one. Pool them with .pool(), or drop all but one."
        )
    panel.require_balanced("prediction_interval")
    panel.require_plain("prediction_interval")
    if rho is not None and not (isinstance(rho, int | float) and 0 <= rho < 1):
        raise HubError(f"rho must be a number from 0 to below 1, not {rho!r}.")
    if start < LEAST_PERIODS:
        raise HubError(
            f"{start} periods before treatment are too few for prediction intervals: "
            f"they take at least {LEAST_PERIODS}. Begin the panel earlier, or ask "
            "randomization_test."
        )
    estimate = synthetic_control(panel, intercept=intercept)
    path = estimate.path.set_index("period")
    weights = estimate.unit_weights.loc[panel.donors].to_numpy()
    left = start - np.count_nonzero(weights) + 1 - intercept
    if left < LEAST_LEFT:
        raise HubError(
            f"{np.count_nonzero(weights)} donors are weighted with {start} periods, so "
            f"that {max(left, 0)} are left to learn the noise from, and prediction "
            f"intervals take {LEAST_LEFT}. Begin the panel earlier, or keep fewer "
            "donors."
        )
    residuals = path["effect"].to_numpy()[:start]
    donors = panel.frame.loc[panel.donors].to_numpy().T
    if np.abs(residuals).max() <= EXACT * panel.values.std():
        raise HubError(
            "before treatment the donors reproduce the treated unit exactly, so that "
            "nothing tells how far they would miss it later. Keep fewer donors, or ask "
            "randomization_test."
        )
    mean = residuals.mean()
    spread = np.sqrt(start / left) * np.abs(residuals - mean)
    sigma = float(np.sqrt(np.mean(spread**2)))
    if rho is None:
        least = donors[:start].std(axis=0, ddof=1)
        least = least[least > 0].min(initial=np.inf)
        rho = min(sigma * np.sqrt(np.log(start) / start) / least, MOST_RHO)
    # The largest stays, whatever rho is.
    kept = np.where(weights > min(rho, weights.max() * (1 - EXACT)), weights, 0.0)
    noise = spread * np.random.default_rng(seed).normal(size=(draws, start))
    alpha = (1 - level) / 2
    ends = np.array(
        [
            _quantiles(donors[:start], later, kept, noise, intercept, alpha)
            for later in donors[start:]
        ]
    )
    half = sigma * np.sqrt(2 * np.log(2 / alpha))
    table = path.iloc[start:][["observed", "counterfactual", "effect"]].copy()
    outer = mean - half, mean + half
    table["lower"] = table["effect"] - ends[:, 1] - outer[1]
    table["upper"] = table["effect"] - ends[:, 0] - outer[0]
    table["in_sample_lower"], table["in_sample_upper"] = ends.T
    table["out_of_sample_lower"], table["out_of_sample_upper"] = outer
    table.attrs["rho"] = float(rho)
    table.attrs["notes"] = drift_notes(residuals)
    return table.rename_axis("period")


def _quantiles(
    before: np.ndarray,
    later: np.ndarray,
    weights: np.ndarray,
    noise: np.ndarray,
    intercept: bool,
    alpha: float,
) -> tuple[float, float]:
    r"""How far :math:`p'(w_0 - \hat w)` lies below and above zero, by drawn errors."""
    total = weights.sum()
    rows = np.vstack([before, later])
    rows = total * rows - rows @ weights[:, None]
    ends = {}
    for sign in (1.0, -1.0):
        push, found = 1.0, np.empty(len(noise))
        for i, u in enumerate(noise):
            # The last draw's push is a good first guess.
            found[i], push = _farthest(rows, u, sign, push, intercept)
        ends[sign] = found
    # What is drawn is how far the estimated weights lie from the true ones.
    return (
        -float(np.quantile(ends[-1.0], 1 - alpha / 2)),
        -float(np.quantile(ends[1.0], alpha / 2)),
    )


def _farthest(
    rows: np.ndarray, noise: np.ndarray, sign: float, push: float, intercept: bool
) -> tuple[float, float]:
    """Least (sign 1) or largest (-1) value of the last row in the ball, and its push.

    `rows` are the donors less the mix from which weights move. A push is counted in
    lengths of the noise.
    """
    length = float(np.sqrt(noise @ noise))
    level = rows.mean(axis=0) if intercept else 0.0

    @cache
    def fitted(push: float) -> np.ndarray:
        goal = np.append(noise, -sign * push * length)
        middle = goal.mean() if intercept else 0.0
        moved = rows - level
        return moved @ simplex_weights(moved, goal - middle) + middle

    def beyond(push: float) -> float:
        gap = fitted(push)[:-1] - noise
        return float(np.sqrt(gap @ gap)) / length - 1 - EXACT

    for _ in range(DOUBLINGS):
        if beyond(push) > 0:
            push = brentq(beyond, 0.0, push, xtol=1e-6 * push, rtol=1e-6)
            break
        push *= 2
    return float(fitted(push)[-1]), 1.2 * push
