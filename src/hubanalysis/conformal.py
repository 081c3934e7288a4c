"""Conformal intervals for synthetic control, period by period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.panel import Panel
from hubanalysis.simplex import simplex_weights
from hubanalysis.synthetic import synthetic_control

__all__ = ["conformal_interval"]


def conformal_interval(
    panel: Panel, level: float = 0.95, intercept: bool = False
) -> pd.DataFrame:
    r"""Effects in each treated period that the residuals before it do not reject.

    Chernozhukov, Wüthrich and Zhu (2021): suppose the effect in period t were
    :math:`\theta`. Take it off, fit the synthetic control on all periods before
    treatment *and* t, and ask how the residual in t ranks among all,
    :math:`\hat p(\theta) = \frac{1}{T_0 + 1} \sum_s 1\{|\hat u_s| \ge |\hat u_t|\}`
    (their moving block permutations with one treated period). The interval holds
    the :math:`\theta` with :math:`\hat p > 1 -` level.

    Parameters
    ----------
    panel : Panel
        One treated unit, balanced.
    level : float
        Coverage. With :math:`T_0` periods before treatment p is at least
        :math:`1 / (T_0 + 1)`; if that is above ``1 - level`` nothing can be
        rejected, and the ends are infinite.
    intercept : bool
        As in `synthetic_control`.

    Returns
    -------
    pandas.DataFrame
        By treated period: `effect` (of the ordinary synthetic control), `lower`,
        `upper`, and `p_value` of no effect.

    Raises
    ------
    ValueError
        If several units are treated, or the panel has holes.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=32, treated=1, start=31,
    ...                            effect=20.0, noise=0.5, seed=0)
    >>> (hub.conformal_interval(panel)["lower"] > 0).tolist()
    [True, True]
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}.")
    start = panel.start
    if len(panel.treated) != 1:
        raise ValueError(
            f"{len(panel.treated)} units are treated and conformal intervals are for "
            "one. Pool them with .pool(), or drop all but one."
        )
    estimate = synthetic_control(panel, intercept=intercept)
    treated = panel.starts < len(panel.periods)
    target, pool = panel.values[treated][0], panel.values[~treated].T
    effects = estimate.path["effect"].to_numpy()
    alpha = 1 - level
    rows = {}
    for t in range(start, len(panel.periods)):
        window = [*range(start), t]
        donors, own = pool[window], target[window]

        def p_value(null: float, donors=donors, own=own) -> float:
            adjusted = own.copy()
            adjusted[-1] -= null
            return _rank(donors, adjusted, intercept)

        reachable = 1 / (start + 1) <= alpha + 1e-12
        step = np.abs(effects[:start]).max() + 1e-6 * np.abs(target).max()
        # The residual in t is zero where the effect is the one fitted last.
        centre = _centre(p_value, effects[t], step)
        ends = [
            _search(p_value, centre, side * step, alpha) if reachable else side * np.inf
            for side in (-1, 1)
        ]
        rows[panel.periods[t]] = [effects[t], *ends, p_value(0.0)]
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["effect", "lower", "upper", "p_value"]
    ).rename_axis("period")


def _rank(donors: np.ndarray, own: np.ndarray, intercept: bool) -> float:
    """Share of residuals at least as large as the last one's."""
    if intercept:
        donors, own = donors - donors.mean(axis=0), own - own.mean()
    residual = np.abs(own - donors @ simplex_weights(donors, own))
    return float(np.mean(residual >= residual[-1] * (1 - 1e-9)))


def _centre(p_value, guess: float, step: float) -> float:
    """Return an effect with the highest p within reach of the guess."""
    tries = guess + step * np.linspace(-3, 3, 25)
    return float(tries[np.argmax([p_value(null) for null in tries])])


def _search(p_value, centre: float, step: float, alpha: float) -> float:
    """Walk out until p is at most alpha, then halve the distance to the edge."""
    inside, outside = centre, centre + step
    for _ in range(60):
        if p_value(outside) <= alpha + 1e-12:
            break
        inside, outside = outside, outside + 1.5 * (outside - inside)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(50):
        middle = (inside + outside) / 2
        if p_value(middle) > alpha + 1e-12:
            inside = middle
        else:
            outside = middle
    return float(outside)
