"""Checks of the table and the dates that a panel is made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import check_name, listed, listed_cells, quoted


def pick_columns(
    df: pd.DataFrame, unit: str, period: str, outcome: str, extra: list[str]
) -> pd.DataFrame:
    """Pick the columns that were named, each of which must be there once."""
    if len({unit, period, outcome}) < 3:
        raise ValueError(
            "unit, period and outcome must be three different columns, not "
            f"{unit}, {period} and {outcome}."
        )
    wanted = [unit, period, outcome, *extra]
    for column in wanted:
        check_name(column, df.columns, "column")
        if (df.columns == column).sum() > 1:
            raise ValueError(
                f"the table has more than one column {column!r}. Drop or rename "
                "the others."
            )
    return df[list(dict.fromkeys(wanted))]


def check_rows(rows: pd.DataFrame, unit: str, period: str, outcome: str) -> None:
    """Refuse rows that are missing, of the wrong type or doubled."""
    if rows.empty:
        raise ValueError("the table has no rows.")
    for column in (unit, period):
        gaps = rows.index[rows[column].isna()]
        if len(gaps):
            raise ValueError(
                f"column {column!r} is missing in row(s) {listed(gaps)}. "
                "Fill it in or drop the rows."
            )
    kind = rows[period].dtype
    if not (
        pd.api.types.is_integer_dtype(kind)
        or pd.api.types.is_datetime64_any_dtype(kind)
        or isinstance(kind, pd.PeriodDtype)
    ):
        raise ValueError(
            f"periods in column {period!r} are of type {kind} (first: "
            f"{quoted(rows[period].iloc[0])}). Turn them into integers or dates, "
            "with .astype(int) or pandas.PeriodIndex(..., freq='M')."
        )
    if not pd.api.types.is_numeric_dtype(rows[outcome].dtype):
        raise ValueError(
            f"the outcome {outcome!r} is of type {rows[outcome].dtype}, not a number. "
            "Convert it with pandas.to_numeric."
        )
    twice = rows.duplicated([unit, period], keep=False)
    if twice.any():
        pairs = rows.loc[twice, [unit, period]].drop_duplicates()
        named = [f"{u} in {p}" for u, p in pairs.itertuples(index=False)]
        raise ValueError(
            f"more than one row for {listed(named)}. "
            "Drop or add up the duplicates first, for example with groupby().sum()."
        )


def check_values(wide: pd.DataFrame, outcome: str) -> None:
    """Refuse an outcome that is empty, infinite or constant."""
    if not len(wide):
        raise ValueError(
            "no unit is left in the panel. Keep the treated units and their donors."
        )
    values = wide.to_numpy(dtype=float)
    if np.isnan(values).all():
        raise ValueError(f"{outcome} is missing in every cell. Is it the right column?")
    infinite = np.isinf(values)
    if infinite.any():
        cells = listed_cells(infinite, wide.index, wide.columns)
        raise ValueError(
            f"{outcome} is infinite for {cells}. Correct or drop these cells."
        )
    if values.shape[1] < 2:
        raise ValueError("a panel needs at least two periods: one before, one after.")
    if np.nanmin(values) == np.nanmax(values):
        raise ValueError(
            f"{outcome} is constant ({np.nanmin(values):g} in every cell): there is "
            "nothing to explain. Is it the right column?"
        )


def check_balanced(
    wide: pd.DataFrame, unit: str, period: str, outcome: str, method: str | None = None
) -> None:
    """Refuse holes, on behalf of `method` if one is named."""
    holes = wide.isna().to_numpy()
    if holes.any():
        who = f"{method} needs every cell, but " if method else ""
        cells = listed_cells(holes, wide.index, wide.columns)
        raise ValueError(
            f"{who}{outcome} is missing for {cells}. Drop these {unit}s, shorten the "
            "window" + ("." if method else ", or pass balanced=False.")
        )


def check_transformed(
    new: pd.DataFrame | np.ndarray | float, frame: pd.DataFrame, label: str
) -> None:
    """Refuse a transformation that changes the shape or makes cells infinite."""
    if np.shape(new) not in ((), frame.shape):
        raise ValueError(
            f"{label} has shape {np.shape(new)}, but must keep the panel's "
            f"{frame.shape}: one number per unit and period."
        )
    bad = ~np.isfinite(np.broadcast_to(new, frame.shape)) & np.isfinite(frame)
    if bad.to_numpy().any():
        raise ValueError(
            f"{label} is not a finite number for "
            f"{listed_cells(bad.to_numpy(), frame.index, frame.columns)}. Drop these "
            "cells, or choose a transformation that is defined for them."
        )


def starts_from_column(rows: pd.DataFrame, unit: str, column: str) -> dict:
    """First treated period by unit, from a column; missing and 0 mean never."""
    starts = constant_within(rows, unit, [column])[column]
    numeric = pd.api.types.is_numeric_dtype(starts.dtype)
    never = starts.isna() | (starts == 0 if numeric else False)
    return {u: int(s) if numeric else s for u, s in starts[~never].items()}


def starts_within(wide: pd.DataFrame, first_treated: Mapping) -> dict:
    """Dates as they fall in this window, refused if nobody is left to compare with."""
    starts = {}
    for unit, start in first_treated.items():
        check_name(unit, wide.index, "unit")
        if not is_missing(start):
            starts[unit] = as_period(wide.columns, start)
    first, last = wide.columns[0], wide.columns[-1]
    early = [u for u, s in starts.items() if s <= first]
    if early:
        raise ValueError(
            f"{listed(early)} treated from the first period "
            f"({first}): there is no period before to compare with. "
            "Widen the window, or drop these units."
        )
    # A start after the last period leaves no treated cell in this window.
    starts = {u: s for u, s in starts.items() if s <= last}
    if len(starts) == len(wide) and len(set(starts.values())) == 1:
        raise ValueError(
            "all units are treated at the same time: no donor is left. "
            "Add units that were never treated, or treated later."
        )
    return starts


def constant_within(rows: pd.DataFrame, unit: str, columns: list[str]) -> pd.DataFrame:
    """One row per unit of columns that must not change over time."""
    grouped = rows.groupby(unit, sort=True)[columns]
    changing = (grouped.nunique(dropna=False) > 1).stack()
    if changing.any():
        named = [f"{c} of {u}" for u, c in changing.index[changing]]
        raise ValueError(
            f"{listed(named)} changes over time, but must be one value per unit."
        )
    return grouped.first()


def as_list(names: Any) -> list:
    """A single name, or several, as a list."""
    return list(names) if pd.api.types.is_list_like(names) else [names]


def as_mapping(first_treated: object) -> dict:
    """Unit to first treated period as a dict, or a refusal."""
    if not isinstance(first_treated, Mapping | pd.Series):
        raise ValueError(
            "first_treated must say when, as in {unit: first treated period}, not "
            f"{first_treated!r}."
        )
    return dict(first_treated)


def as_period(periods: pd.Index, period: Any) -> Any:
    """Read `period` as the panel's own kind of label, so '2009-06' finds a month."""
    try:
        if isinstance(periods, pd.PeriodIndex):
            return pd.Period(period, freq=periods.freq)
        if isinstance(periods, pd.DatetimeIndex):
            if not isinstance(period, str | date | np.datetime64 | pd.Period):
                raise ValueError
            return pd.Timestamp(str(period))
        if period != int(period):
            raise ValueError
        return int(period)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{quoted(period)} is not a period of this panel; write it like "
            f"{quoted(periods[0])}."
        ) from error


def is_missing(start: object) -> bool:
    """Whether a date says never."""
    return start is None or (np.isscalar(start) and pd.isna(start)) or start is pd.NaT


def elapsed(periods: pd.Index) -> np.ndarray:
    """Time since the first period, so that a left-out period still counts."""
    if isinstance(periods, pd.PeriodIndex):
        ordinal = periods.astype("int64").to_numpy()
    elif isinstance(periods, pd.DatetimeIndex):
        ordinal = periods.as_unit("s").astype("int64").to_numpy() / 86_400
    else:
        ordinal = periods.to_numpy(dtype=float)
    return (ordinal - ordinal[0]).astype(float)
