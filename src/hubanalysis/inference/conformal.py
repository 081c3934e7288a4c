"""Conformal intervals for synthetic control, period by period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.estimators.synthetic_control import synthetic_control
from hubanalysis.estimators.weights import simplex_weights
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.refusals import HubError, check_coverage

# Residuals drift if a test of trend says so at this level.
DRIFTS = 0.01
# Residuals closer than this share of the outcome's spread are tied, and a fit is exact.
EXACT = 1e-7


def conformal_interval(
    panel: Panel, level: float = 0.95, intercept: bool = False
) -> pd.DataFrame:
    r"""Effects in each treated period that the residuals before it do not reject.

    Chernozhukov, Wüthrich and Zhu (2021): suppose the effect in period t were
    :math:`\theta`. Take it off, fit the synthetic control on all periods before
    treatment *and* t, and ask how the residual in t ranks among all,
    :math:`\hat p(\theta) = \frac{1}{T_0 + 1} \sum_s 1\{|\hat u_s| \ge |\hat u_t|\}`.
    The interval holds the :math:`\theta` with :math:`\hat p > 1 -` level. With one
    treated period at a time, shifting the residuals in time and dealing them out
    freely are the same test, and so are all the norms :math:`S_q`.

    Parameters
    ----------
    panel : Panel
        One treated unit, balanced.
    level : float
        Coverage. With :math:`T_0` periods before treatment p is a multiple of
        :math:`1 / (T_0 + 1)`, so the true coverage is the next such step from
        `level` upwards; if ``1 - level`` is below the first step nothing can be
        rejected, and the ends are infinite.
    intercept : bool
        As in `synthetic_control`.

    Returns
    -------
    pandas.DataFrame
        By treated period: `effect` (of the ordinary synthetic control), `lower`,
        `upper`, and `p_value` of no effect. In ``attrs["notes"]``, what in these data
        does not meet what the ranks rest on, that residuals could come in any order:
        a drift of the residuals before treatment, of their size, or too few of them.

    Raises
    ------
    ValueError
        If several units are treated, the panel has holes, or level makes no sense.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=32, treated=1, start=31,
    ...                            effect=20.0, noise=0.5, seed=0)
    >>> (hub.conformal_interval(panel)["lower"] > 0).tolist()
    [True, True]
    """
    require_panel(panel, "conformal_interval")
    check_coverage(level)
    start = panel.start
    if len(panel.treated) != 1:
        raise HubError(
            f"{len(panel.treated)} units are treated and conformal intervals are for "
            "one. Pool them with .pool(), or drop all but one."
        )
    panel.require_balanced("conformal_interval")
    effects = synthetic_control(panel, intercept=intercept).path["effect"].to_numpy()
    with np.errstate(over="ignore"):
        tie = EXACT * panel.values.std()
    if not np.isfinite([tie, *effects]).all():
        raise HubError(
            f"the effect on {panel.treated[0]}, or how far apart figures lie, is no "
            "finite number: they are too large. Measure them in a larger unit."
        )
    treated = panel.starts < len(panel.periods)
    target, pool = panel.values[treated][0], panel.values[~treated].T
    alpha = 1 - level + 1e-12
    # Residuals before treatment give the scale of the search.
    step = np.abs(effects[:start]).max() + 1e-6 * np.abs(target).max()
    strides = step * np.cumsum(1.5 ** np.arange(61))
    rows = {}
    for t in range(start, len(panel.periods)):
        window = [*range(start), t]
        donors, own = pool[window], target[window]

        def p_value(
            null: float, donors: np.ndarray = donors, own: np.ndarray = own
        ) -> float:
            residuals = _residuals(
                donors, np.append(own[:-1], own[-1] - null), intercept
            )
            return float(np.mean(residuals >= residuals[-1] - tie))

        if 1 / (start + 1) > alpha:
            ends = [-np.inf, np.inf]
        else:
            # Taking off the effect found in t leaves no residual there, so p is 1.
            ends = [
                edge(lambda x: p_value(x) <= alpha, effects[t], effects[t] + out)[1]
                for out in (-strides, strides)
            ]
        rows[panel.periods[t]] = [effects[t], *ends, p_value(0.0)]
    columns = ["effect", "lower", "upper", "p_value"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.attrs["notes"] = _notes(effects[:start], 1 - level, tie)
    return table.rename_axis("period")


def _notes(before: np.ndarray, alpha: float, tie: float) -> tuple[str, ...]:
    """What speaks against residuals that could come in any order."""
    notes, periods = [], len(before)
    if 1 / (periods + 1) > alpha + 1e-12:
        notes.append(
            f"{periods} periods before treatment are too few: the smallest p value is "
            f"1/{periods + 1}, so nothing can be rejected at this level"
        )
    if np.abs(before).max() <= tie:
        notes.append(
            "before treatment the donors reproduce the treated unit exactly, so the "
            "residuals say nothing of how far apart they would have drifted"
        )
    else:
        notes += drift_notes(before)
    return tuple(notes)


def drift_notes(residuals: np.ndarray) -> tuple[str, ...]:
    """Say whether residuals before treatment, or their sizes, rise or fall over time.

    Parameters
    ----------
    residuals : numpy.ndarray of shape (n_periods,)
        In order of time.

    Returns
    -------
    tuple of str
        A sentence for each.

    Examples
    --------
    >>> import numpy as np
    >>> len(drift_notes(np.arange(12.0)))
    2
    """
    if len(residuals) < 2:
        return ()
    from scipy import stats  # slow to import

    notes = []
    for what, seen in (("they", residuals), ("their sizes", np.abs(residuals))):
        trend = stats.kendalltau(np.arange(len(seen)), seen)
        if trend.pvalue <= DRIFTS:
            way = "rise" if trend.statistic > 0 else "fall"
            notes.append(
                f"residuals before treatment come in an order: {what} {way} over "
                f"time (Kendall's p = {trend.pvalue:.3f}), and later ones need not "
                "rank among them"
            )
    return tuple(notes)


def _residuals(donors: np.ndarray, own: np.ndarray, intercept: bool) -> np.ndarray:
    """Sizes of the gaps that a fit on all these periods leaves."""
    size = np.maximum(np.abs(donors).max(axis=0), np.abs(own).max())
    if intercept:
        donors, own = donors - donors.mean(axis=0), own - own.mean()
    return np.abs(own - donors @ simplex_weights(donors, own, size=size))
