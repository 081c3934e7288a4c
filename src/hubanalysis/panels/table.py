"""A long table, one row per unit and period, taken apart into what makes a panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.panels.checks import check_periods, check_rows, pick_columns
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
from hubanalysis.words.refusals import HubError, kind_of, listed


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


def read_wide(wide: Any) -> pd.DataFrame:
    """Read a frame of units by periods: its labels as in a long table, and in order.

    Parameters
    ----------
    wide : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        Of floats; its periods are sorted.

    Raises
    ------
    HubError
        If it is no frame, a label is missing or there twice, a period is neither whole
        number nor date, or figures are no numbers.

    Examples
    --------
    >>> read_wide(pd.DataFrame({2001: [3, 5], 2000: [2, 4]}, index=["A", "B"]))
       2000  2001
    A   2.0   3.0
    B   4.0   5.0
    """
    if not isinstance(wide, pd.DataFrame):
        raise HubError(
            f"the figures must be a DataFrame of units by periods, not {kind_of(wide)}."
        )
    for labels, what in ((wide.index, "unit"), (wide.columns, "period")):
        if labels.hasnans:
            raise HubError(f"a {what} in the frame has no name. Fill it in or drop it.")
        if labels.has_duplicates:
            twice = labels[labels.duplicated()].unique()
            raise HubError(
                f"the frame has more than one {what} {listed(twice)}. Keep one of each."
            )
    periods = pd.Series(wide.columns, name=wide.columns.name or "periods")
    read = read_periods(periods)
    if len(read):
        check_periods(read)
    if read.dtype != wide.columns.dtype:
        wide = wide.set_axis(pd.Index(read, name=wide.columns.name), axis=1)
    if not wide.columns.is_monotonic_increasing:
        wide = wide.sort_index(axis=1)
    if not (wide.dtypes == np.float64).all():
        numbers = {p: read_numbers(wide[p], "the outcome in") for p in wide.columns}
        named = {"index": wide.index, "columns": wide.columns}
        wide = pd.DataFrame(numbers, **named)
    return wide
