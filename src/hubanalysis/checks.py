"""Checks of what is given, and the sentences that a refusal ends in."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd


def _columns(df: pd.DataFrame, unit, period, outcome, extra: list) -> pd.DataFrame:
    """Pick the columns that were named, each of which must be there once."""
    if len({unit, period, outcome}) < 3:
        raise ValueError(
            "unit, period and outcome must be three different columns, not "
            f"{unit}, {period} and {outcome}."
        )
    wanted = [unit, period, outcome, *extra]
    for column in wanted:
        _check_name(column, df.columns, "column")
        if (df.columns == column).sum() > 1:
            raise ValueError(
                f"the table has more than one column {column!r}. Drop or rename "
                "the others."
            )
    return df[list(dict.fromkeys(wanted))]


def _check_rows(rows, unit, period, outcome) -> None:
    if rows.empty:
        raise ValueError("the table has no rows.")
    for column in (unit, period):
        gaps = rows.index[rows[column].isna()]
        if len(gaps):
            raise ValueError(
                f"column {column!r} is missing in row(s) {_some(gaps)}. "
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
            f"{_text(rows[period].iloc[0])}). Turn them into integers or dates, "
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
            f"more than one row for {_some(named)}. "
            "Drop or add up the duplicates first, for example with groupby().sum()."
        )


def _check_values(wide: pd.DataFrame, outcome: str) -> None:
    if not len(wide):
        raise ValueError(
            "no unit is left in the panel. Keep the treated units and their donors."
        )
    values = wide.to_numpy(dtype=float)
    if np.isnan(values).all():
        raise ValueError(f"{outcome} is missing in every cell. Is it the right column?")
    infinite = np.isinf(values)
    if infinite.any():
        raise ValueError(
            f"{outcome} is infinite for {_cells(infinite, wide.index, wide.columns)}. "
            "Correct or drop these cells."
        )
    if values.shape[1] < 2:
        raise ValueError("a panel needs at least two periods: one before, one after.")
    if np.nanmin(values) == np.nanmax(values):
        raise ValueError(
            f"{outcome} is constant ({np.nanmin(values):g} in every cell): there is "
            "nothing to explain. Is it the right column?"
        )


def _check_balanced(wide, unit, period, outcome, method=None) -> None:
    holes = wide.isna().to_numpy()
    if holes.any():
        who = f"{method} needs every cell, but " if method else ""
        raise ValueError(
            f"{who}{outcome} is missing for {_cells(holes, wide.index, wide.columns)}. "
            f"Drop these {unit}s, shorten the window"
            + ("." if method else ", or pass balanced=False.")
        )


def _starts_from_column(rows, unit, column) -> dict:
    starts = _constant_within(rows, unit, [column])[column]
    numeric = pd.api.types.is_numeric_dtype(starts.dtype)
    never = starts.isna() | (starts == 0 if numeric else False)
    return {u: int(s) if numeric else s for u, s in starts[~never].items()}


def _starts_in(wide: pd.DataFrame, first_treated: Mapping) -> dict:
    """Dates as they fall in this window, refused if nobody is left to compare with."""
    starts = {}
    for unit, start in first_treated.items():
        _check_name(unit, wide.index, "unit")
        if not _missing(start):
            starts[unit] = _like(wide.columns, start)
    first, last = wide.columns[0], wide.columns[-1]
    early = [u for u, s in starts.items() if s <= first]
    if early:
        raise ValueError(
            f"{_some(early)} treated from the first period "
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


def _constant_within(rows, unit, columns) -> pd.DataFrame:
    grouped = rows.groupby(unit, sort=True)[columns]
    changing = (grouped.nunique(dropna=False) > 1).stack()
    if changing.any():
        named = [f"{c} of {u}" for u, c in changing.index[changing]]
        raise ValueError(
            f"{_some(named)} changes over time, but must be one value per unit."
        )
    return grouped.first()


def _check_name(name, known, what: str) -> None:
    if name in known:
        return
    texts = {str(k): k for k in known}
    near = difflib.get_close_matches(str(name), list(texts), n=1)
    hint = (
        f" Did you mean {_text(texts[near[0]])}?"
        if near
        else f" There are: {_some(list(known))}."
    )
    raise ValueError(f"there is no {what} {_text(name)}.{hint}")


def _text(label) -> str:
    """Write a label as a reader would type it: 2003, 'Oslo', '2003-01-01'."""
    if isinstance(label, np.generic):
        label = label.item()
    return repr(label if isinstance(label, int | float) else str(label))


def _names(names) -> list:
    return list(names) if pd.api.types.is_list_like(names) else [names]


def _mapping(first_treated) -> dict:
    if not isinstance(first_treated, Mapping | pd.Series):
        raise ValueError(
            "first_treated must say when, as in {unit: first treated period}, not "
            f"{first_treated!r}."
        )
    return dict(first_treated)


def _like(periods: pd.Index, period):
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
            f"{_text(period)} is not a period of this panel; write it like "
            f"{_text(periods[0])}."
        ) from error


def _missing(start) -> bool:
    return start is None or (np.isscalar(start) and pd.isna(start)) or start is pd.NaT


def _elapsed(periods: pd.Index) -> np.ndarray:
    """Time since the first period, so that a left-out period still counts."""
    if isinstance(periods, pd.PeriodIndex):
        ordinal = periods.astype("int64").to_numpy()
    elif isinstance(periods, pd.DatetimeIndex):
        ordinal = periods.as_unit("s").astype("int64").to_numpy() / 86_400
    else:
        ordinal = periods.to_numpy(dtype=float)
    return (ordinal - ordinal[0]).astype(float)


def _some(names, most: int = 5) -> str:
    """Join names, the first few of a long list."""
    names = [str(n) for n in names]
    tail = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + tail


def _cells(mask, units, periods) -> str:
    rows, columns = np.nonzero(mask)
    return _some([f"{units[i]} in {periods[j]}" for i, j in zip(rows, columns)])


def _check_option(what: str, value, options) -> None:
    if value not in options:
        near = difflib.get_close_matches(str(value), options, n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"{what} must be one of {', '.join(options)}, not {value!r}.{hint}"
        )
