"""One group against its controls: means alone, or fitted, reweighted, or both."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy import sparse

from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import check_name, listed

# No overlap, and controls too like the treated: thresholds of the authors' packages.
NO_OVERLAP, TRIM = 0.999, 0.995
# Of each cell: its group, its period, and the period that it is measured from.
Where = tuple[np.ndarray, np.ndarray, np.ndarray]


def adjusted_cells(
    values: np.ndarray,
    cohort: np.ndarray,
    where: Where,
    controls: np.ndarray,
    design: pd.DataFrame,
    method: str,
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Cells one by one where covariates or holes make each sample its own."""
    own, t, base = where
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
            effect, score = _two_by_two(change, treated, design[inside], method)
        except _NotEstimable as reason:
            why.update(dict.fromkeys(cells, str(reason)))
            continue
        att[cells] = effect
        influence[np.ix_(inside, cells)] = score * (len(values) / len(treated))
    return att, influence, dict(sorted(why.items()))


class _NotEstimable(Exception):
    """Why one comparison cannot be made; becomes a note."""


def _two_by_two(
    change: np.ndarray, treated: np.ndarray, design: pd.DataFrame, method: str
) -> tuple[np.ndarray, np.ndarray]:
    """Effects and influence of one group against its controls.

    Sant'Anna and Zhao (2020), equation 3.1 and theorem A.1. `change` is units x
    cells, `treated` units, `design` units x (1 + covariates); the influence is that
    of the units in this sample.
    """
    if not treated.any() or treated.all():
        who = "the group" if not treated.any() else "its controls"
        raise _NotEstimable(f"nobody in {who} is seen in both periods")
    residual, n = change, len(treated)
    plain = design.shape[1] == 1
    if plain:
        method = "outcome_regression"
    design = design.to_numpy()
    lever = None
    if method != "ipw":
        outside = design[~treated]
        if np.linalg.matrix_rank(outside) < design.shape[1]:
            raise _NotEstimable(
                f"its {len(outside)} controls cannot tell the covariates apart"
            )
        inverse = np.linalg.inv(outside.T @ outside)
        residual = change - design @ (inverse @ (outside.T @ change[~treated]))
        lever = (design @ inverse) * ~treated[:, None]

    def from_regression(weight: np.ndarray) -> np.ndarray | int:
        return 0 if lever is None else (lever @ (design.T @ weight))[:, None] * residual

    weight = treated / treated.mean()
    effect = residual[treated].mean(axis=0)
    score = weight[:, None] * (residual - effect) - from_regression(weight)
    if method == "outcome_regression":
        return effect, score

    chance = _propensity(treated, design)
    weight = np.where(treated | (chance >= TRIM), 0.0, chance / (1 - chance))
    weight /= weight.mean()
    counter = weight @ residual / n
    pull = weight[:, None] * (residual - counter)
    hessian = design.T @ ((chance * (1 - chance))[:, None] * design)
    slope = np.linalg.solve(hessian, design.T @ pull)
    from_logit = (treated - chance)[:, None] * (design @ slope)
    return effect - counter, score - (pull + from_logit - from_regression(weight))


def _propensity(treated: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Chance of being treated, by logit; refused where some have no counterpart."""
    from statsmodels.discrete.discrete_model import Logit  # slow to import

    apart = _NotEstimable("covariates tell the group from its controls: no overlap")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = Logit(treated.astype(float), design).fit(
                disp=0, maxiter=100, skip_hessian=True
            )
    except np.linalg.LinAlgError:
        raise apart from None
    chance = fit.predict()
    if not chance.max() < NO_OVERLAP or not fit.mle_retvals["converged"]:
        raise apart
    return chance


def standardised_design(panel: Panel, names: list[str] | str | None) -> pd.DataFrame:
    """Constant and standardised covariates, units x (1 + covariates)."""
    design = pd.DataFrame({"constant": 1.0}, index=panel.units)
    traits = pd.DataFrame() if panel.covariates is None else panel.covariates
    if names is None:
        names = list(traits.columns)
    if isinstance(names, str):
        names = [names]
    if names and panel.covariates is None:
        raise ValueError(
            f"the panel has no covariates, so no {listed(names)}. "
            "Name them in Panel.from_long(..., covariates=[...])."
        )
    for name in names:
        check_name(name, traits.columns, "covariate")
        if not pd.api.types.is_numeric_dtype(traits[name].dtype):
            raise ValueError(
                f"covariate {name!r} is not a number. Turn it into columns of 0 and 1 "
                "with pandas.get_dummies(drop_first=True)."
            )
        column = traits[name].to_numpy(dtype=float)
        bad = ~np.isfinite(column)
        if bad.any():
            raise ValueError(
                f"covariate {name!r} is missing or infinite for "
                f"{listed(panel.units[bad])}. Drop these units or the covariate."
            )
        if np.ptp(column) == 0:
            raise ValueError(f"covariate {name!r} is constant: leave it out.")
        design[name] = (column - column.mean()) / column.std()
    if np.linalg.matrix_rank(design) < design.shape[1]:
        rank = np.linalg.matrix_rank
        spare = [c for c in names if rank(design.drop(columns=c)) == rank(design)]
        raise ValueError(
            f"covariates {listed(spare)} are collinear: leave out one of them."
        )
    return design


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
