"""Least squares on unit and period effects, and how far to trust its errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import listed

# Below this many treated (or untreated) units a clustered standard error is too
# small: MacKinnon and Webb (2017, 2018).
FEW_UNITS = 6
# Below this many units in a group the bootstrap's 95% bands hold less than 90%
# (benchmarks/coverage.py, "small groups").
SMALL_GROUP = 15
# Below this many it is no measure of anything: it shrinks towards zero with the number,
# whatever the noise.
TOO_FEW = 3


def few_units_note(panel: Panel) -> tuple[str, ...]:
    """Warn of clustered standard errors with few units; nothing if there are enough."""
    treated, donors = len(panel.treated), len(panel.donors)
    if min(treated, donors or FEW_UNITS) >= FEW_UNITS:
        return ()
    return (
        f"{treated} treated and {donors} untreated units: a clustered standard error "
        "is too small here; judge by placebo_in_space or randomization_test",
    )


def small_groups_notes(sizes: Mapping, bands: bool) -> tuple[str, ...]:
    """Warn of groups too small for standard errors, or for the bootstrap's bands.

    `sizes` is the number of units by first treated period; `bands` says whether there
    are any.
    """
    notes: tuple[str, ...] = ()
    alone = [str(start) for start, size in sizes.items() if size == 1]
    if alone:
        notes += (
            f"one unit starts in {listed(alone)}: how much it varies by itself cannot "
            "be seen, so standard errors are too small",
        )
    smallest = min(sizes.values())
    if bands and smallest < SMALL_GROUP:
        held = "is not given" if alone else "holds far less often than it says"
        notes += (
            f"a band by bootstrap needs groups of {SMALL_GROUP} units or more, and the "
            f"smallest has {smallest}: it {held}; randomization_band gives one by lot",
        )
    return notes


def too_few_clusters(panel: Panel) -> str | None:
    """Say why a clustered standard error gives no interval here; None if it does."""
    treated, donors = len(panel.treated), len(panel.donors)
    if min(treated, donors or TOO_FEW) >= TOO_FEW:
        return None
    return (
        f"{treated} treated and {donors} untreated unit(s), and with fewer than "
        f"{TOO_FEW} of either a clustered standard error is far too small; "
        "randomization_test gives an interval"
    )


def two_way_regression(
    panel: Panel, regressors: np.ndarray, names: list[str]
) -> tuple[pd.Series, pd.DataFrame]:
    """Regress the outcome on unit and period effects and these columns.

    Parameters
    ----------
    panel : Panel
        Holes are left out.
    regressors : numpy.ndarray of shape (n_units * n_periods, n_columns)
        Unit by unit.
    names : list of str
        Of the columns.

    Returns
    -------
    tuple
        Coefficients, and their covariance clustered by unit.
    """
    from linearmodels.panel import PanelOLS  # not available in a browser's Python

    index = pd.MultiIndex.from_product(
        [range(len(panel.units)), range(len(panel.periods))], names=["unit", "period"]
    )
    # Unit effects absorb the levels; taken out first, these cost no digits.
    values = panel.frame.sub(panel.frame.mean(axis=1), axis=0).to_numpy()
    outcome = pd.Series(values.ravel(), index=index, name="outcome")
    observed = outcome.notna().to_numpy()
    regressors = pd.DataFrame(regressors, index=index, columns=names)
    model = PanelOLS(
        outcome[observed],
        regressors[observed],
        entity_effects=True,
        time_effects=True,
    )
    fit = model.fit(
        cov_type="clustered",
        cluster_entity=True,
        debiased=True,
        group_debias=True,
        auto_df=False,
        count_effects=False,
    )
    # Unit effects are nested in the clusters and cost no degrees of freedom; the
    # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
    spare = fit.nobs - regressors.shape[1]
    return fit.params, fit.cov * spare / (spare - len(panel.periods))
