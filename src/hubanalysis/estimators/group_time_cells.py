"""One group against its controls: means alone, or fitted, reweighted, or both."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from hubanalysis.panels.cells import Cells
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, absent, listed

# No overlap, and controls too like the treated: thresholds of the authors' packages.
NO_OVERLAP = 0.999
TRIM = 0.995
# Of each cell: its group, its period, and the period that it is measured from.
Where = tuple[np.ndarray, np.ndarray, np.ndarray]


class Layout(NamedTuple):
    """Who is compared with whom, and when.

    Attributes
    ----------
    starts : numpy.ndarray of shape (n_cohorts,)
        Positions of first treated periods; the last cohort closes the comparison.
    cohort : numpy.ndarray of shape (n_units,)
        Of each unit.
    where : tuple of numpy.ndarray of shape (n_cells,)
    controls : numpy.ndarray of shape (n_cells, n_cohorts)
        Which cohorts each cell is compared with.
    end : int
        Position of the first period that is left out.
    notes : list of str
        Which groups and periods are left out.
    """

    starts: np.ndarray
    cohort: np.ndarray
    where: Where
    controls: np.ndarray
    end: int
    notes: list


def lay_out(panel: Cells, control: str, universal: bool, ahead: int) -> Layout:
    """Lay out the cells; units may have acted `ahead` periods before they start."""
    starts, cohort = np.unique(panel.starts, return_inverse=True)
    # The last group to start (usually: never) closes the comparison.
    never = starts[-1] == len(panel.periods)
    if control == "never_treated" and not never:
        raise HubError(
            "no unit is never treated, so there is nobody to compare with. Use "
            "control='not_yet_treated', or add units that were never treated."
        )
    end = int(starts[-1]) - (0 if never else ahead)
    periods = np.arange(0 if universal else 1, max(end, 0))
    own = np.repeat(np.arange(len(starts) - 1), len(periods))
    t = np.tile(periods, len(starts) - 1)
    g = starts[own]
    base = np.where(universal | (t >= g - ahead), g - ahead - 1, t - 1)
    early = np.unique(g[base < 0])
    usable = ~np.isin(g, early)
    if not (usable & (t >= g)).any():
        raise HubError(
            f"with {ahead} period(s) of anticipation no group has a period to measure "
            "from and a control in its treated periods. Ask for less anticipation, or "
            "widen the window."
        )
    own, t, base = own[usable], t[usable], base[usable]
    if control == "never_treated":
        controls = np.tile(starts == starts[-1], (len(t), 1))
    else:
        untouched = np.where(starts == len(panel.periods), np.inf, starts - ahead)
        controls = untouched > np.maximum(t, base)[:, None]
        controls[np.arange(len(t)), own] = False
    notes = []
    if end < len(panel.periods):
        notes.append(
            f"no unit is never treated: the group of {panel.periods[starts[-1]]} is "
            f"used as a control only, and periods from {panel.periods[end]} on are "
            "left out"
        )
    if len(early):
        notes.append(
            f"no effect for group {listed(panel.periods[early])}: no period before it "
            "is free of anticipation"
        )
    return Layout(starts, cohort, (own, t, base), controls, end, notes)


def adjusted_cells(
    panel: Panel,
    cohort: np.ndarray,
    where: Where,
    controls: np.ndarray,
    design: pd.DataFrame,
    method: str,
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Cells one by one where covariates, weights or holes make each its own."""
    own, t, base = where
    values, weight = panel.values, panel.weight
    observed = ~np.isnan(values)
    samples: dict = {}
    for k in range(len(t)):
        inside = controls[k][cohort] | (cohort == own[k])
        inside &= observed[:, t[k]] & observed[:, base[k]]
        samples.setdefault((own[k], inside.tobytes()), (inside, []))[1].append(k)
    att = np.full(len(t), np.nan)
    influence = np.zeros((len(values), len(t)))
    why = {}
    for (group, _), (inside, cells) in samples.items():
        treated = cohort[inside] == group
        change = values[np.ix_(inside, t[cells])] - values[np.ix_(inside, base[cells])]
        try:
            effect, score = _two_by_two(
                change, treated, design[inside], method, weight[inside]
            )
        except NotEstimableError as reason:
            why.update(dict.fromkeys(cells, str(reason)))
            continue
        att[cells] = effect
        influence[np.ix_(inside, cells)] = score * (len(values) / len(treated))
    return att, influence, dict(sorted(why.items()))


class NotEstimableError(Exception):
    """Why one comparison cannot be made; becomes a note."""


def _two_by_two(
    change: np.ndarray,
    treated: np.ndarray,
    design: pd.DataFrame,
    method: str,
    count: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Effects and influence of one group against its controls.

    Sant'Anna and Zhao (2020), equation 3.1 and theorem A.1. `change` is units x
    cells, `treated` and `count` (weights) units, `design` units x (1 + covariates);
    the influence is that of the units in this sample.
    """
    if not treated.any() or treated.all():
        who = "the group" if not treated.any() else "its controls"
        raise NotEstimableError(f"nobody in {who} is seen in both periods")
    residual, n = change, len(treated)
    plain = design.shape[1] == 1
    if plain:
        method = "outcome_regression"
    design = design.to_numpy()
    lever = None
    if method != "ipw":
        outside = design[~treated]
        if np.linalg.matrix_rank(outside) < design.shape[1]:
            raise NotEstimableError(
                f"its {len(outside)} controls cannot tell the covariates apart"
            )
        counted = outside * count[~treated, None]
        inverse = np.linalg.inv(counted.T @ outside)
        residual = change - design @ (inverse @ (counted.T @ change[~treated]))
        lever = (design @ inverse) * (count * ~treated)[:, None]

    def from_regression(weight: np.ndarray) -> np.ndarray | int:
        return 0 if lever is None else (lever @ (design.T @ weight))[:, None] * residual

    weight = count * treated / np.mean(count * treated)
    effect = weight @ residual / n
    score = weight[:, None] * (residual - effect) - from_regression(weight)
    if method == "outcome_regression":
        return effect, score

    chance, logit = propensity(treated, design, count)
    weight = count * np.where(treated | (chance >= TRIM), 0.0, chance / (1 - chance))
    weight /= weight.mean()
    counter = weight @ residual / n
    pull = weight[:, None] * (residual - counter)
    from_logit = logit @ (design.T @ pull)
    return effect - counter, score - (pull + from_logit - from_regression(weight))


def propensity(
    treated: np.ndarray, design: np.ndarray, count: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Chance of being treated, by logit; refused where some have no counterpart.

    Returns it, and the influence of each unit on the coefficients over their number.
    """
    try:
        from statsmodels.genmod.families import Binomial  # slow to import
        from statsmodels.genmod.generalized_linear_model import GLM
    except ModuleNotFoundError as error:
        raise absent("statsmodels", "a logit of who is treated") from error
    apart = NotEstimableError("covariates tell the group from its controls: no overlap")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = GLM(
                treated.astype(float), design, family=Binomial(), var_weights=count
            ).fit(maxiter=100, tol=1e-13)
        chance = fit.fittedvalues
        hessian = design.T @ ((count * chance * (1 - chance))[:, None] * design)
        inverse = np.linalg.inv(hessian)
    except np.linalg.LinAlgError:
        raise apart from None
    if not chance.max() < NO_OVERLAP or not fit.converged:
        raise apart
    return chance, (count * (treated - chance))[:, None] * (design @ inverse)


def plain_cells(
    values: np.ndarray,
    cohort: np.ndarray,
    sizes: np.ndarray,
    where: Where,
    controls: np.ndarray,
) -> tuple[
    np.ndarray, list[tuple[np.ndarray, np.ndarray]], sparse.csc_array, np.ndarray
]:
    """All cells of a balanced panel without covariates, from cohort means."""
    own, t, base = where
    n, width = len(values), values.shape[1] + 1
    order = np.argsort(cohort, kind="stable")
    ends = np.cumsum(sizes)
    values = values[order]
    means = np.add.reduceat(values, ends - sizes) / sizes[:, None]
    basis = np.empty((n, width))
    np.subtract(values, np.repeat(means, sizes, axis=0), out=basis[:, :-1])
    basis[:, -1] = 1.0
    blocks = [(order[e - s : e], basis[e - s : e]) for s, e in zip(sizes, ends)]

    change = means[:, t] - means[:, base]
    weight = controls * sizes
    weight = weight / weight.sum(axis=1, keepdims=True)
    counter = np.einsum("kc,ck->k", weight, change)
    cell = np.arange(len(t))
    att = change[own, cell] - counter
    # Influence: the group's deviations over its share, less the controls' over theirs;
    # a control cohort's mean may differ from that of all controls together.
    k, c = np.nonzero(controls)
    up, down = n / sizes[own], n * weight[k, c] / sizes[c]
    rows = [own * width + t, own * width + base]
    rows += [c * width + t[k], c * width + base[k], c * width + width - 1]
    data = [up, -up, -down, down, -down * (change[c, k] - counter[k])]
    link = sparse.csc_array(
        (np.concatenate(data), (np.concatenate(rows), np.r_[cell, cell, k, k, k])),
        shape=(len(sizes) * width, len(t)),
    )
    return att, blocks, link, np.arange(1, len(sizes) + 1) * width - 1
