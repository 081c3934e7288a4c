"""Staggered adoption: impute what untreated cells say would have happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from hubanalysis.estimators.did import did_runs
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.regression import (
    few_units_note,
    too_few_clusters,
    two_way_regression,
)
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import listed, listed_cells


def _many(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    """Run it on many sets, as `Estimator.many` asks; paths are NaN before treatment.

    With one date and no hole, untreated cells fit each treated unit's mean before
    `start` and the others' period means: from `start` on this is `did`.
    """
    runs = did_runs(panel, sets, start)
    runs.paths[:, :start] = np.nan
    return runs


def _deals(panel: Panel, starts: np.ndarray) -> np.ndarray:
    """`imputation` under many assignments of the same dates, (n_deals, n_units).

    Which cells are untreated hangs on how many units start when, not on which, so
    one system serves all assignments; only its right side changes.
    """
    values, n_periods = panel.values, len(panel.periods)
    dates, sizes = np.unique(starts[0], return_counts=True)
    normal = np.zeros((n_periods, n_periods))
    right, total = np.zeros((len(starts), n_periods)), np.zeros(len(starts))
    spans, cells = np.zeros(n_periods), 0
    for g, size in zip(dates, sizes):
        chosen, after = (starts == g).astype(float), n_periods - g
        mean = values[:, :g].mean(axis=1, keepdims=True)
        normal[:g, :g] += size * (np.eye(g) - 1 / g)
        right[:, :g] += chosen @ (values[:, :g] - mean)
        total += chosen @ (values[:, g:] - mean).sum(axis=1)
        spans[g:] += size
        spans[:g] -= size * after / g
        cells += size * after
    period = right @ np.linalg.pinv(normal, hermitian=True)
    return (total - period @ spans) / cells


@declare("imputation", many=_many, deals=_deals)
def imputation(panel: Panel, leads: int = 0) -> Estimate:
    r"""Effect as observed less imputed, from unit and period effects of the untreated.

    Borusyak, Jaravel and Spiess (2024), theorem 2: fit :math:`Y_{it} = \alpha_i +
    \beta_t + e_{it}` on untreated cells only, impute it in treated cells, and average
    :math:`\hat\tau_{it} = Y_{it} - \hat\alpha_i - \hat\beta_t`, every treated cell
    counting the same. Standard errors are the conservative ones of theorem 3,
    clustered by unit: residuals of treated cells are taken from the mean effect of
    their group and period (equation 8, the authors' default), without leave-one-out.

    Parameters
    ----------
    panel : Panel
        Holes are allowed. Units that are not treated yet count as untreated, so
        never-treated units are not needed for effects before the last group starts.
    leads : int
        Number of event times before treatment to test, as the paper does it
        (proposition 9): a regression on untreated cells only, apart from the
        estimate, with indicators for these event times. 0 for none.

    Returns
    -------
    Estimate
        With `se`; `path` by event time (effect, se, and `cells`, how many are
        averaged); `covariance` of the effects from event time 0 on. Leads come from
        another regression, so they are in `path` but not in `covariance`, and
        `honest_bounds` does not apply.

    Raises
    ------
    ValueError
        If nothing is treated, or an effect cannot be imputed: its unit is never seen
        untreated, or no untreated cell links it to that period. The cells are named.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=8, treated=12, start=[4, 6],
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> round(hub.imputation(panel).att, 6)
    2.0
    """
    panel.require_treated()
    values, starts = panel.values, panel.starts
    n_periods = len(panel.periods)
    seen, treated = ~np.isnan(values), panel.treatment
    free, post = seen & ~treated, seen & treated
    if not post.any():
        raise ValueError(
            "no treated cell is observed: there is no effect to impute. "
            f"Treated units are {listed(panel.treated)}."
        )
    outcome = np.where(seen, values, 0.0)
    solve = _two_way_solver(panel, free, post)
    unit, period = solve((outcome * free).sum(axis=1), (outcome * free).sum(axis=0))
    gap = np.where(seen, outcome - unit[:, None] - period, 0.0)

    event = np.arange(n_periods) - starts[:, None]
    times = np.unique(event[post])
    cells = np.array([np.sum(post & (event == k)) for k in times])
    effect = np.array([gap[post & (event == k)].mean() for k in times])
    # Theorem 3 needs each unit's sum of weight times residual. In untreated cells the
    # weights are a unit's plus a period's number, and residuals sum to zero within a
    # unit, so the periods' numbers are enough.
    before = np.where(free, gap, 0.0)
    after = np.zeros_like(gap)
    for g in np.unique(starts[starts < n_periods]):
        rows = starts == g
        count = post[rows].sum(axis=0)
        mean = gap[rows].sum(axis=0, where=post[rows]) / np.maximum(count, 1)
        after[rows] = np.where(post[rows], gap[rows] - mean, 0.0)
    score = np.empty((len(values), len(times)))
    for j, k in enumerate(times):
        weight = (post & (event == k)) / cells[j]
        _, slope = solve(weight.sum(axis=1), weight.sum(axis=0))
        score[:, j] = (weight * after).sum(axis=1) - before @ slope
    share = cells / cells.sum()
    covariance = score.T @ score
    index = pd.Index(times, name="event_time")
    path = pd.DataFrame(
        {"effect": effect, "se": np.sqrt(np.diag(covariance)), "cells": cells}, index
    )
    if leads:
        path = pd.concat([_leads(panel, free, event, leads), path])
    parts = {
        "se": float(np.linalg.norm(score @ share)),
        "interval": too_few_clusters(panel),
        "path": path,
        "covariance": pd.DataFrame(covariance, index, index),
        "unit_weights": "every untreated cell helps to fit unit and period effects",
        "time_weights": "every untreated cell helps to fit unit and period effects",
    }
    notes = list(few_units_note(panel))
    alone = [str(g) for g, units in panel.cohorts.items() if len(units) == 1]
    if alone:
        notes.append(
            f"one unit starts in {listed(alone)}: how much it varies by itself cannot "
            "be seen, so standard errors are too small"
        )
    return Estimate("imputation", float(share @ effect), panel, tuple(notes), parts)


def _two_way_solver(
    panel: Panel, free: np.ndarray, post: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Least squares on unit and period indicators of the `free` cells.

    Returns a function from the sums by unit and by period (the right side of the
    normal equations) to unit and period numbers. Units are eliminated by hand, so
    the system is periods x periods however many units there are.
    """
    by_unit, by_period = free.sum(axis=1), free.sum(axis=0)
    inverse = 1.0 / np.maximum(by_unit, 1)
    weighted = (free * inverse[:, None]).astype(float)
    links = free.T.astype(float) @ weighted
    laplacian = np.diag(by_period.astype(float)) - links
    _, block = csgraph.connected_components(links > 0, directed=False)
    home = np.where(by_unit > 0, block[free.argmax(axis=1)], -1)
    lost = post & (home[:, None] != np.where(by_period > 0, block, -2))
    if lost.any():
        raise ValueError(
            "the effect cannot be imputed for "
            + listed_cells(lost, panel.units, panel.periods)
            + ": no untreated observation links the unit to the period. Drop units "
            "that are never seen untreated, and end the window while some unit is "
            "still untreated."
        )
    # Each block leaves its level open; fixing the mean makes the system regular.
    level = by_period.mean() * (block[:, None] == block)
    inverted = np.linalg.inv(laplacian + level)

    def solve(
        unit_sum: np.ndarray, period_sum: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        period = inverted @ (period_sum - weighted.T @ unit_sum)
        return inverse * unit_sum - weighted @ period, period

    return solve


def _leads(
    panel: Panel, free: np.ndarray, event: np.ndarray, leads: int
) -> pd.DataFrame:
    """Effects at event times -leads to -1, by a regression on untreated cells."""
    times = np.arange(-leads, 0)
    dated = (panel.starts < len(panel.periods))[:, None]
    ever = free & dated
    spare = [k for k in range(event.min(), -leads) if (ever & (event == k)).any()]
    if leads < 0 or leads != int(leads) or not spare:
        first = -event[ever].min()
        raise ValueError(
            f"leads must be a whole number from 0 to {first - 1}, so that a period "
            f"before them is left to compare with; not {leads}."
        )
    hidden = replace(panel, values=np.where(free, panel.values, np.nan))
    dummies = (dated & (event == times[:, None, None])).reshape(leads, -1).T
    effect, covariance = two_way_regression(
        hidden, dummies.astype(float), [str(k) for k in times]
    )
    return pd.DataFrame(
        {
            "effect": effect.to_numpy(),
            "se": np.sqrt(np.diag(covariance)),
            "cells": [int((ever & (event == k)).sum()) for k in times],
        },
        index=pd.Index(times, name="event_time"),
    )
