"""Least squares on unit and period effects, and how far to trust its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from hubanalysis.estimators.given import (
    cell_covariates,
    chosen_covariates,
    cluster_codes,
)
from hubanalysis.estimators.two_way import two_way_least_squares
from hubanalysis.estimators.weights import ROUNDING
from hubanalysis.panels.cells import Cells
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, absent, check_option, listed

# Below this many treated (or untreated) units a clustered standard error is too
# small: MacKinnon and Webb (2017, 2018).
FEW_UNITS = 6
# Below this many it is no measure of anything: it shrinks towards zero with the number,
# whatever the noise.
TOO_FEW = 3
# Below this many units in a group the bootstrap's 95% bands hold less than 90%
# (benchmarks/coverage.py, "small groups").
SMALL_GROUP = 15
ERRORS = ("clustered", "two_way", "driscoll_kraay")
NO_NOISE = (
    "the standard error comes out as zero but for rounding, so that nothing is left "
    "over to learn one from"
)


def no_noise(errors: np.ndarray | float, panel: Cells) -> str:
    """Say why standard errors are none where all are zero to rounding; else nothing.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=9, periods=6, treated=3, start=4, noise=0.0,
    ...                            factors=0, seed=0)
    >>> no_noise(0.0, panel) == NO_NOISE, no_noise(0.1, panel)
    (True, '')
    """
    bar = ROUNDING * np.nanmax(np.abs(panel.values))
    return NO_NOISE if np.all(np.asarray(errors) <= bar) else ""


def few_units_note(
    panel: Cells, clusters: Mapping | pd.Series | None = None
) -> tuple[str, ...]:
    """Warn of clustered standard errors with few units; nothing if there are enough.

    Where weights are unequal few units do most of the work: what counts is how many of
    equal weight would be worth as much, the squared sum of weights over the sum of
    their squares (Kish 1965).
    """
    treated, donors = _sides(panel, clusters)
    worth = _worth(panel, clusters)
    if min(worth[0], worth[1] or FEW_UNITS) >= FEW_UNITS:
        return ()
    what = "units" if clusters is None else "clusters"
    told = f"{treated} treated and {donors} untreated {what}"
    if panel.weights is not None:
        told += ", worth {:.1f} and {:.1f} by their weights".format(*worth)
    return (
        f"{told}: a clustered standard error is too small here; judge by "
        "placebo_in_space or randomization_test",
    )


def short_memory_note(panel: Cells, errors: str) -> tuple[str, ...]:
    """Warn of Driscoll and Kraay's standard errors, whose kernel is short.

    Treatment, once begun, lasts: shocks that outlast the kernel add up beside it, with
    a hundred periods as with twenty (benchmarks/coverage.py, "kernel standard errors").
    """
    if errors != "driscoll_kraay":
        return ()
    back = int(4 * (len(panel.periods) / 100) ** (2 / 9))
    return (
        f"Driscoll and Kraay's standard errors look {back} period(s) back here: where "
        "shocks last longer, or periods are few, they are too small; cluster by unit, "
        "or judge by randomization_test",
    )


def alone_note(sizes: Mapping) -> tuple[str, ...]:
    """Say that one unit starts by itself, if one does; sizes are units by date."""
    alone = [start for start, size in sizes.items() if size == 1]
    if not alone:
        return ()
    return (
        f"one unit starts in {listed(alone)}: how much it varies by itself cannot be "
        "seen, so standard errors are too small",
    )


def small_groups_notes(sizes: Mapping, bands: bool) -> tuple[str, ...]:
    """Warn of groups too small for standard errors, or for the bootstrap's bands.

    `sizes` is the number of units by first treated period; `bands` says whether there
    are any.
    """
    notes = alone_note(sizes)
    smallest = min(sizes.values())
    if bands and smallest < SMALL_GROUP:
        held = "is not given" if notes else "holds far less often than it says"
        notes += (
            f"a band by bootstrap needs groups of {SMALL_GROUP} units or more, and the "
            f"smallest has {smallest}: it {held}; randomization_band gives one by lot",
        )
    return notes


def too_few_clusters(
    panel: Cells, clusters: Mapping | pd.Series | None = None
) -> str | None:
    """Say why a clustered standard error gives no interval here; None if it does."""
    treated, donors = _sides(panel, clusters)
    if min(treated, donors or TOO_FEW) >= TOO_FEW:
        return None
    what = "unit(s)" if clusters is None else "cluster(s)"
    return (
        f"{treated} treated and {donors} untreated {what}, and with fewer than "
        f"{TOO_FEW} of either a clustered standard error is far too small; "
        "randomization_test gives an interval"
    )


def _sides(panel: Cells, clusters: Mapping | pd.Series | None) -> tuple[int, int]:
    """How many clusters hold treated units, and how many untreated ones."""
    codes, dated = cluster_codes(panel, clusters), panel.starts < len(panel.periods)
    return len(set(codes[dated])), len(set(codes[~dated]))


def _worth(panel: Cells, clusters: Mapping | pd.Series | None) -> tuple[float, float]:
    """How many clusters of equal weight those of either side are worth."""
    codes, dated = cluster_codes(panel, clusters), panel.starts < len(panel.periods)

    def side(chosen: np.ndarray) -> float:
        mass = np.bincount(codes[chosen], weights=panel.weight[chosen])
        return float(mass.sum() ** 2 / max(mass @ mass, np.finfo(float).tiny))

    # Rounding must not turn six equal units into fewer.
    return round(side(dated), 9), round(side(~dated), 9)


class TwoWay(NamedTuple):
    """Least squares on unit and period effects.

    Attributes
    ----------
    effect : pandas.Series
        Coefficients of the columns asked for, without those of covariates.
    covariance : pandas.DataFrame
        Theirs.
    df : int
        Degrees of freedom of the t distribution behind them.
    adjusted : numpy.ndarray of shape (n_units, n_periods)
        The outcome less what covariates explain of it.
    """

    effect: pd.Series
    covariance: pd.DataFrame
    df: int
    adjusted: np.ndarray


def two_way_regression(
    panel: Panel,
    regressors: np.ndarray,
    names: list[str],
    covariates: list[str] | str | None = None,
    errors: str = "clustered",
    clusters: Mapping | pd.Series | None = None,
) -> TwoWay:
    """Regress the outcome on unit and period effects and these columns.

    Parameters
    ----------
    panel : Panel
        Holes are left out; units count by its weights.
    regressors : numpy.ndarray of shape (n_units * n_periods, n_columns)
        Unit by unit.
    names : list of str
        Of the columns.
    covariates : list of str, optional
        All of the panel's by default.
    errors : {"clustered", "two_way", "driscoll_kraay"}
        Clustered by unit; by unit and by period; or robust to whatever units share
        within and across neighbouring periods, by a Bartlett kernel over
        ``floor(4 * (periods / 100) ** (2 / 9))`` of them.
    clusters : mapping, optional
        Unit -> cluster, in place of the unit itself.
    """
    check_option("errors", errors, ERRORS)
    codes = cluster_codes(panel, clusters)
    if errors == "driscoll_kraay" and clusters is not None:
        raise HubError(
            "Driscoll-Kraay errors hold whatever units share: leave clusters out."
        )
    if errors == "clustered" and not any(chosen_covariates(panel, covariates)):
        given = None if clusters is None else codes
        columns = regressors.T.reshape(len(names), *panel.values.shape)
        try:
            found = two_way_least_squares(panel.values, columns, panel.weight, given)
        except np.linalg.LinAlgError as error:
            raise _inseparable(names) from error
        effects = pd.Series(found[0], names)
        covariance = pd.DataFrame(found[1], names, names)
        return TwoWay(effects, covariance, len(set(codes)) - 1, panel.values)
    return _by_linearmodels(panel, regressors, names, covariates, errors, codes)


def _by_linearmodels(
    panel: Panel,
    regressors: np.ndarray,
    names: list[str],
    covariates: list[str] | str | None,
    errors: str,
    codes: np.ndarray,
) -> TwoWay:
    """Regress with covariates or errors of another kind."""
    try:
        from linearmodels.panel import PanelOLS
        from linearmodels.panel.utility import AbsorbingEffectError
    except ModuleNotFoundError as error:
        what = "a regression with covariates or errors of another kind"
        raise absent("linearmodels", what) from error

    n, n_periods = panel.values.shape
    index = pd.MultiIndex.from_product(
        [range(n), range(n_periods)], names=["unit", "period"]
    )
    # Unit effects absorb the levels; taken out first, these cost no digits.
    values = panel.frame.sub(panel.frame.mean(axis=1), axis=0).to_numpy()
    outcome = pd.Series(values.ravel(), index=index, name="outcome")
    observed = outcome.notna().to_numpy()
    more, labels = cell_covariates(panel, covariates)
    design = pd.DataFrame(
        np.hstack([regressors, more]), index=index, columns=[*names, *labels]
    )
    spare = int(observed.sum()) - design.shape[1]
    if labels and spare - n - n_periods < 0:
        raise HubError(
            f"{len(labels)} columns of covariates are too many for {observed.sum()} "
            "cells with unit and period effects. Leave some out."
        )
    weights = None
    if panel.weights is not None:
        weights = pd.Series(np.repeat(panel.weight, n_periods), index, name="weight")
        weights = weights[observed]
    groups = pd.DataFrame({"cluster": np.repeat(codes, n_periods)}, index=index)
    how = {
        "clustered": {"clusters": groups[observed]},
        "two_way": {"clusters": groups[observed], "cluster_time": True},
        "driscoll_kraay": {},
    }[errors]
    try:
        fit = PanelOLS(
            outcome[observed],
            design[observed],
            entity_effects=True,
            time_effects=True,
            weights=weights,
        ).fit(
            cov_type="kernel" if errors == "driscoll_kraay" else "clustered",
            debiased=True,
            auto_df=False,
            count_effects=errors == "driscoll_kraay",
            **(how and how | {"group_debias": True}),
        )
        effect, covariance = fit.params, fit.cov
    except (AbsorbingEffectError, ValueError) as error:
        raise _inseparable(names, labels) from error
    if errors == "clustered":
        # Unit effects are nested in the clusters and cost no degrees of freedom; the
        # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
        covariance = covariance * spare / (spare - n_periods)
    kinds = {"clustered": [len(set(codes))], "driscoll_kraay": [n_periods]}
    df = min(kinds.get(errors, [len(set(codes)), n_periods])) - 1
    adjusted = panel.values - (more @ effect[labels].to_numpy()).reshape(n, n_periods)
    return TwoWay(effect[names], covariance.loc[names, names], df, adjusted)


def _inseparable(names: list[str], labels: Sequence[str] = ()) -> HubError:
    given = f", given {listed(labels)}," if labels else ""
    return HubError(
        f"the cells that are left{given} do not tell {listed(names)} apart from unit "
        "and period effects. Keep cells of untreated units in every period, and leave "
        "out covariates that tell who is treated."
    )
