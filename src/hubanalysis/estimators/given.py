"""What an estimate is given besides outcomes: covariates, and clusters of units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.panels.cells import Cells
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import as_list, as_mapping, is_missing
from hubanalysis.words.refusals import HubError, check_name, is_label, listed


def chosen_covariates(
    panel: Cells, names: list[str] | str | None
) -> tuple[list[str], list[str]]:
    """Names of the fixed and of the varying covariates asked for; all by default."""
    if names is None:
        names = panel.given
    names = as_list(names)
    if names and not panel.given:
        raise HubError(
            f"the panel has no covariates, so no {listed(names)}. Name them in "
            "Panel.from_long(..., covariates=[...]), or varying=[...] if they change."
        )
    for name in names:
        check_name(name, panel.given, "covariate")
    moving = [name for name in names if name in panel.varying]
    return [name for name in names if name not in moving], moving


def standardised_design(panel: Cells, names: list[str]) -> pd.DataFrame:
    """Constant and standardised fixed covariates, units x (1 + covariates)."""
    design = pd.DataFrame({"constant": 1.0}, index=panel.units)
    traits = design if panel.covariates is None else panel.covariates
    for name in names:
        trait = traits[name]
        kind = trait.dtype
        if not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_complex_dtype(
            kind
        ):
            raise HubError(
                f"covariate {name!r} is not a number. Turn it into columns of 0 and 1 "
                "with pandas.get_dummies(drop_first=True)."
            )
        column = trait.to_numpy(dtype=float, na_value=np.nan)
        bad = ~np.isfinite(column)
        if bad.any():
            raise HubError(
                f"covariate {name!r} is missing or infinite for "
                f"{listed(panel.units[bad])}. Drop these units or the covariate."
            )
        if np.ptp(column) == 0:
            raise HubError(f"covariate {name!r} is constant: leave it out.")
        design[name] = (column - column.mean()) / column.std()
    if np.linalg.matrix_rank(design) < design.shape[1]:
        rank = np.linalg.matrix_rank
        spare = [c for c in names if rank(design.drop(columns=c)) == rank(design)]
        raise HubError(
            f"covariates {listed(spare)} are collinear: leave out one of them."
        )
    return design


def fixed_design(
    panel: Cells, names: list[str] | str | None, method: str
) -> pd.DataFrame:
    """`standardised_design`, on behalf of a method that takes fixed covariates only."""
    fixed, moving = chosen_covariates(panel, names)
    if moving:
        raise HubError(
            f"{method} asks who is alike before treatment, and {listed(moving)} "
            "changes over time. Put its value before treatment among the fixed "
            "covariates, or name others in covariates=[...]."
        )
    return standardised_design(panel, fixed)


def cell_covariates(
    panel: Panel, names: list[str] | str | None
) -> tuple[np.ndarray, list[str]]:
    """Covariates of each cell, (n_cells, n_columns), and their names.

    A fixed one counts in every period but the first, each time with a slope of its own:
    units may differ in their paths by as much as it explains. One that varies has one
    slope.
    """
    fixed, moving = chosen_covariates(panel, names)
    n, n_periods = panel.values.shape
    columns, labels = [], []
    design = standardised_design(panel, fixed)
    for name in fixed:
        for t in range(1, n_periods):
            column = np.zeros((n, n_periods))
            column[:, t] = design[name]
            columns.append(column.ravel())
            labels.append(f"{name} in {panel.periods[t]}")
    seen = ~np.isnan(panel.values)
    for name in moving:
        frame = panel.varying[name].reindex(index=panel.units, columns=panel.periods)
        values = frame.to_numpy(dtype=float)
        if not np.isfinite(values[seen]).all():
            raise HubError(
                f"covariate {name!r} is missing in some cells of the panel. Give it "
                "anew in Panel.from_long(..., varying=[...])."
            )
        values = np.where(seen, values - values[seen].mean(), 0.0)
        columns.append((values / (values[seen].std() or 1.0)).ravel())
        labels.append(name)
    both = np.column_stack(columns) if columns else np.empty((n * n_periods, 0))
    return both, labels


def given_notes(panel: Cells, names: list[str] | str | None) -> tuple[str, ...]:
    """Say what the answer is to: given which covariates, and for whom."""
    fixed, moving = chosen_covariates(panel, names)
    notes = []
    if fixed:
        notes.append(
            f"among units alike in {listed(fixed)}: what these explain of the paths, "
            "period by period, is taken out"
        )
    if moving:
        notes.append(
            f"given {listed(moving)}, which must not itself answer to treatment"
        )
    if panel.weights is not None:
        notes.append(
            f"units count by {panel.weights.name}: the effect on the average of these, "
            "not on the average unit"
        )
    return tuple(notes)


def cluster_codes(panel: Cells, clusters: Mapping | pd.Series | None) -> np.ndarray:
    """Number of each unit's cluster; a cluster of its own by default."""
    if clusters is None:
        return np.arange(len(panel.units))
    if not isinstance(clusters, Mapping | pd.Series):
        raise HubError(
            "clusters must say which unit lies where, as in {unit: cluster}, not "
            f"{clusters!r}."
        )
    where = {u: c for u, c in as_mapping(clusters).items() if not is_missing(c)}
    lost = [u for u in panel.units if not is_label(where.get(u)) or u not in where]
    if lost:
        raise HubError(f"no cluster is given for {listed(lost)}.")
    codes, names = pd.factorize(np.array([where[u] for u in panel.units], dtype=object))
    if len(names) < 2:
        raise HubError("all units lie in one cluster; standard errors need several.")
    return codes
