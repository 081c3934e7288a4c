"""Staggered adoption: impute what untreated cells say would have happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from hubanalysis.estimators.did import did_runs
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.given import cell_covariates, cluster_codes, given_notes
from hubanalysis.estimators.regression import (
    alone_note,
    few_units_note,
    no_noise,
    too_few_clusters,
    two_way_regression,
)
from hubanalysis.estimators.weighed import imputation_weighed
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_count, listed, listed_cells


def _many(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    """Run it on many sets, as `Estimator.many` asks; paths are NaN before treatment.

    With one date and no hole, untreated cells fit each treated unit's mean before
    `start` and the others' period means: from `start` on this is `did`.
    """
    runs = did_runs(panel, sets, start)
    runs.paths[:, :start] = np.nan
    return runs


def _deals(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """`imputation` under many assignments of the same dates, as `Estimator.deals` asks.

    Which cells are untreated hangs on how many units start when, not on which, so
    one system serves all assignments, and a unit adds the same whenever it starts
    with `g`.
    """
    n_periods = values.shape[1]
    dates, sizes = np.unique(starts[0], return_counts=True)
    normal, spans = np.zeros((n_periods, n_periods)), np.zeros(n_periods)
    for g, size in zip(dates, sizes):
        normal[:g, :g] += size * (np.eye(g) - 1 / g)
        spans[g:] += size
        spans[:g] -= size * (n_periods - g) / g
    # Levels cancel, so the system is singular; a bar at the last digit would let
    # rounding decide whether it is, and blow up what is left of it.
    lever = np.linalg.lstsq(normal, spans, rcond=1e-10)[0]
    total = np.zeros((len(starts), *values.shape[2:]))
    for g in dates:
        net = values - values[:, :g].mean(axis=1, keepdims=True)
        own = net[:, g:].sum(axis=1) - np.tensordot(net[:, :g], lever[:g], (1, 0))
        total += (starts == g).astype(float) @ own
    return total / (sizes @ (n_periods - dates))


@declare(
    "imputation",
    many=_many,
    deals=_deals,
    moves=False,
    fitted=False,
    weighed=imputation_weighed,
    takes=("covariates", "weights"),
)
def imputation(
    panel: Panel,
    leads: int = 0,
    covariates: list[str] | None = None,
    anticipation: int = 0,
    clusters: Mapping | None = None,
) -> Estimate:
    r"""Effect as observed less imputed, from unit and period effects of the untreated.

    Borusyak, Jaravel and Spiess (2024), theorem 2: fit :math:`Y_{it} = \alpha_i +
    \beta_t + e_{it}` on untreated cells only, impute it in treated cells, and average
    :math:`\hat\tau_{it} = Y_{it} - \hat\alpha_i - \hat\beta_t`, every treated cell
    counting the same. Standard errors are the conservative ones of theorem 3,
    clustered by unit: residuals of treated cells are taken from the mean effect of
    their group and period (equation 8, the authors' default), without leave-one-out.

    Covariates enter the fit on untreated cells: one slope for each that varies, and a
    slope in every period for a fixed one. With weights both the fit and the average
    are weighted. Gardner's two-stage DiD (2022) is the same estimate: his second
    stage averages what the first leaves.

    Parameters
    ----------
    panel : Panel
        Holes are allowed. Units that are not treated yet count as untreated, so
        never-treated units are not needed for effects before the last group starts.
    leads : int
        Number of event times before treatment to test, as the paper does it
        (proposition 9): a regression on untreated cells only, apart from the
        estimate, with indicators for these event times. 0 for none.
    covariates : list of str, optional
        Of the panel's; all of them by default, [] for none.
    anticipation : int
        Periods before the first treated one in which units may have acted already:
        they are imputed and not fitted, and are in `path` but not in the average.
    clusters : mapping, optional
        Unit -> cluster (county -> state), to cluster by in place of the unit.

    Returns
    -------
    Estimate
        With `se`; `path` by event time (effect, se, and `cells`, how many are
        averaged); `covariance` of the effects from event time 0 on, or from the
        first that may be anticipated. Leads come from another regression, so they are
        in `path` but not in `covariance`, and `honest_bounds` does not apply. Intervals
        are those of the normal distribution: they need many units, and with unequal
        weights more; where there are few, a note says so.

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
    leads = check_count("leads", leads)
    ahead = check_count("anticipation", anticipation)
    event = np.arange(n_periods) - starts[:, None]
    seen, touched = ~np.isnan(values), event >= -ahead
    touched &= (starts < n_periods)[:, None]
    free, post = seen & ~touched, seen & touched
    if not (post & (event >= 0)).any():
        raise HubError(
            "no treated cell is observed: there is no effect to impute. "
            f"Treated units are {listed(panel.treated)}."
        )
    count = panel.weight[:, None]
    solve = _two_way_solver(panel, free, post)
    fitted = free * count

    def net(of: np.ndarray) -> np.ndarray:
        of = np.where(seen, of, 0.0)
        unit, period = solve((of * fitted).sum(axis=1), (of * fitted).sum(axis=0))
        return np.where(seen, of - unit[:, None] - period, 0.0)

    more, labels = cell_covariates(panel, covariates)
    traits = np.array([net(column.reshape(values.shape)) for column in more.T])
    traits = traits.reshape(len(labels), *values.shape)
    square = np.einsum("kit,it,lit->kl", traits, fitted, traits)
    # In older NumPy an empty matrix has no rank.
    if labels and np.linalg.matrix_rank(square, hermitian=True) < len(labels):
        raise HubError(
            f"untreated cells cannot tell {listed(labels)} apart from each other and "
            "from unit and period effects. Leave out covariates."
        )
    gap = net(values)
    slopes = np.linalg.solve(square, np.einsum("kit,it->k", traits, fitted * gap))
    gap = gap - np.einsum("k,kit->it", slopes, traits)

    times = np.unique(event[post])
    cells = np.array([np.sum(post & (event == k)) for k in times])
    mass = np.array([np.sum(count * (post & (event == k))) for k in times])
    effect = np.array([np.sum(count * gap * (post & (event == k))) for k in times])
    effect /= mass
    # Theorem 3 needs each unit's sum of weight times residual. In untreated cells the
    # weights are a unit's plus a period's number, and residuals sum to zero within a
    # unit, so the periods' numbers are enough.
    before = np.where(free, gap, 0.0)
    after = np.zeros_like(gap)
    for g in np.unique(starts[starts < n_periods]):
        rows = starts == g
        share = post[rows] * np.square(count[rows])
        mean = (share * gap[rows]).sum(axis=0) / np.maximum(share.sum(axis=0), 1e-300)
        after[rows] = np.where(post[rows], gap[rows] - mean, 0.0)
    score = np.empty((len(values), len(times)))
    for j, k in enumerate(times):
        weight = count * (post & (event == k)) / mass[j]
        _, slope = solve(weight.sum(axis=1), weight.sum(axis=0))
        pull = np.linalg.solve(square, np.einsum("kit,it->k", traits, weight))
        lever = count * (slope + np.einsum("k,kit->it", pull, traits))
        score[:, j] = (weight * after - before * lever).sum(axis=1)
    share = np.where(times >= 0, mass, 0.0) / mass[times >= 0].sum()
    codes = cluster_codes(panel, clusters)
    unit_score, score = score, np.zeros((codes.max() + 1, len(times)))
    np.add.at(score, codes, unit_score)
    covariance = score.T @ score
    index = pd.Index(times, name="event_time")
    path = pd.DataFrame(
        {"effect": effect, "se": np.sqrt(np.diag(covariance)), "cells": cells}, index
    )
    if leads:
        given = {"covariates": covariates, "clusters": clusters}
        path = pd.concat([_leads(panel, free, event, leads, ahead, given), path])
    still = no_noise(path["se"], panel)
    parts = {
        "se": still or float(np.linalg.norm(score @ share)),
        "interval": too_few_clusters(panel, clusters) or still,
        "path": path.drop(columns="se") if still else path,
        "covariance": still or pd.DataFrame(covariance, index, index),
        "unit_weights": "every untreated cell helps to fit unit and period effects",
        "time_weights": "every untreated cell helps to fit unit and period effects",
    }
    notes = few_units_note(panel, clusters) + given_notes(panel, covariates)
    notes += alone_note({g: len(units) for g, units in panel.cohorts.items()})
    notes += (still,) if still else ()
    return Estimate("imputation", float(share @ effect), panel, notes, parts)


def _two_way_solver(
    panel: Panel, free: np.ndarray, post: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Least squares on unit and period indicators of the `free` cells.

    Returns a function from the sums by unit and by period (the right side of the
    normal equations) to unit and period numbers. Units are eliminated by hand, so
    the system is periods x periods however many units there are. Units count by the
    panel's weights.
    """
    fitted = free * panel.weight[:, None]
    by_unit, by_period = fitted.sum(axis=1), fitted.sum(axis=0)
    inverse = np.divide(1.0, by_unit, out=np.ones(len(free)), where=by_unit > 0)
    weighted = fitted * inverse[:, None]
    links = fitted.T @ weighted
    laplacian = np.diag(by_period) - links
    _, block = csgraph.connected_components(links > 0, directed=False)
    home = np.where(by_unit > 0, block[free.argmax(axis=1)], -1)
    lost = post & (home[:, None] != np.where(by_period > 0, block, -2))
    if lost.any():
        raise HubError(
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
    panel: Panel,
    free: np.ndarray,
    event: np.ndarray,
    leads: int,
    ahead: int,
    given: dict,
) -> pd.DataFrame:
    """Effects at the last event times before `ahead`, by a regression on free cells."""
    times = np.arange(-leads, 0) - ahead
    dated = (panel.starts < len(panel.periods))[:, None]
    ever = free & dated
    earlier = range(event.min(), times[0])
    if not any((ever & (event == k)).any() for k in earlier):
        first = -event[ever].min() - ahead
        raise HubError(
            f"leads must be a whole number from 0 to {first - 1}, so that a period "
            f"before them is left to compare with; not {leads}."
        )
    hidden = replace(panel, values=np.where(free, panel.values, np.nan))
    dummies = (dated & (event == times[:, None, None])).reshape(leads, -1).T
    effect, covariance, *_ = two_way_regression(
        hidden, dummies.astype(float), [str(k) for k in times], **given
    )
    return pd.DataFrame(
        {
            "effect": effect.to_numpy(),
            "se": np.sqrt(np.diag(covariance)),
            "cells": [int((ever & (event == k)).sum()) for k in times],
        },
        index=pd.Index(times, name="event_time"),
    )
