"""A long table, one row per unit and period, taken apart into what makes a panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.panels.checks import check_rows, pick_columns
from hubanalysis.panels.reading import (
    as_list,
    as_mapping,
    as_table,
    constant_within,
    read_numbers,
    read_periods,
    read_units,
    starts_from_column,
)
from hubanalysis.words.refusals import HubError, listed


def read_long(
    df: Any,
    unit: str,
    period: str,
    outcome: str,
    first_treated: Mapping | str,
    covariates: str | list[str] | None = None,
    varying: str | list[str] | None = None,
    weights: str | None = None,
) -> tuple[pd.DataFrame, dict, dict]:
    """Read a table, as `Panel.from_long` asks.

    Returns
    -------
    tuple
        Outcomes, units by periods; first treated periods by unit; and covariates,
        varying covariates and weights by the names that `Panel.from_wide` gives them.
    """
    fixed, moving = as_list(covariates or []), as_list(varying or [])
    dates = first_treated if isinstance(first_treated, str) else None
    starts = as_mapping(first_treated) if dates is None else {}
    extra = [*fixed, *moving, *[c for c in (dates, weights) if c is not None]]
    if outcome in moving:
        raise HubError(
            f"{outcome} is the outcome: as a covariate of its own it would explain "
            "all of itself. Leave it out."
        )
    rows = pick_columns(as_table(df), unit, period, outcome, extra)
    rows = rows.assign(
        **{unit: read_units(rows[unit]), period: read_periods(rows[period])}
    )
    check_rows(rows, unit, period)
    rows = rows.assign(
        **{
            name: read_numbers(rows[name], what)
            for what, names in (("the outcome", [outcome]), ("covariate", moving))
            for name in names
        }
    )

    def wide_of(column: str) -> pd.DataFrame:
        wide = rows.pivot(index=unit, columns=period, values=column)
        return wide.sort_index(axis=1).astype(float)

    more: dict[str, Any] = {"varying": {name: wide_of(name) for name in moving}}
    for name in moving:
        bad = rows[outcome].notna() & ~np.isfinite(rows[name])
        if bad.any():
            cells = [f"{u} in {p}" for u, p in zip(rows[unit][bad], rows[period][bad])]
            raise HubError(
                f"covariate {name!r} is missing or infinite for {listed(cells)}. Fill "
                "it in, drop these units, or leave the covariate out."
            )
    if fixed:
        more["covariates"] = constant_within(rows, unit, fixed)
    if weights is not None:
        rows = rows.assign(**{weights: read_numbers(rows[weights], "weight")})
        more["weights"] = constant_within(rows, unit, [weights])[weights]
    if dates is not None:
        starts = starts_from_column(rows, unit, period, dates)
    return wide_of(outcome), starts, more
