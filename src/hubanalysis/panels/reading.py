"""A table's columns, read as what they mean whatever their type, or refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import HubError, check_name, kind_of, listed, quoted

HOW = "hub.Panel.from_long(table, unit=..., period=..., outcome=..., first_treated=...)"
NEVER = ("", "-", "na", "nan", "none", "never", "never treated")


def as_table(given: Any) -> pd.DataFrame:
    """Read a table: pandas, polars, or a dict of columns."""
    if isinstance(given, pd.DataFrame):
        return given
    if type(given).__module__.partition(".")[0] == "polars" and hasattr(given, "lazy"):
        return pd.DataFrame(given.to_dict(as_series=False))
    if isinstance(given, Mapping):
        try:
            return pd.DataFrame(dict(given))
        except (TypeError, ValueError) as error:
            raise HubError(
                "a dict must give one list per column, all of one length, as in "
                f"{{'county': [...], 'year': [...]}}: {error}."
            ) from error
    raise HubError(
        f"the table must be a DataFrame, not {kind_of(given)}. {_made_of(given)}"
    )


def _made_of(given: object) -> str:
    """Say how a table is made of what was given."""
    if isinstance(given, np.ndarray):
        return "Name its columns: pandas.DataFrame(array, columns=[...])."
    if isinstance(given, pd.Series):
        return "Turn its index into columns with .reset_index()."
    if isinstance(given, str) or hasattr(given, "__fspath__"):
        return "Read the file first, with pandas.read_csv."
    if hasattr(given, "collect"):
        return "Collect it first, with .collect()."
    return "Make one with pandas.DataFrame."


def tidy(label: Any) -> Any:
    """A name without spaces around it, its accents in one piece (NFC)."""
    if isinstance(label, str):
        return unicodedata.normalize("NFC", str(label)).strip()
    return label


def read_units(column: pd.Series) -> pd.Series:
    """Names of units: plain text or numbers, without stray spaces."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    if pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
        return column.astype("int64")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    kinds = {type(u) for u in column.dropna().array}
    loose = [u for u in kinds if u.__hash__ is None]
    if loose or (len(kinds) > 1 and str in kinds):
        names = sorted(kind.__name__ for kind in kinds)
        raise HubError(
            f"units in column {column.name!r} are of types {listed(names)}. Make them "
            "all text, with .astype(str), or all numbers."
        )
    return column.map(tidy) if kinds == {str} else column


def read_periods(column: pd.Series) -> pd.Series:
    """Periods as int64, datetime64 or period; other kinds are left for a refusal."""
    # A table that was turned over keeps whole numbers as objects.
    column = column.infer_objects()
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return read_periods(column.astype(kind.categories.dtype))
    if column.hasnans or isinstance(kind, pd.PeriodDtype):
        return column
    if getattr(kind, "tz", None) is not None:
        raise HubError(
            f"periods in column {column.name!r} carry a time zone. Take it off with "
            ".dt.tz_localize(None)."
        )
    if pd.api.types.is_integer_dtype(kind):
        return column.astype("int64")
    if pd.api.types.is_float_dtype(kind):
        # An empty cell in a file makes whole years floats.
        values = column.to_numpy(dtype=float)
        whole = np.isfinite(values) & (values == np.round(values))
        return column.astype("int64") if whole.all() else column
    loose = pd.api.types.is_object_dtype(kind)
    dates = loose and all(isinstance(p, date) for p in column)
    if dates or "date32" in str(kind) or str(kind).startswith("timestamp"):
        return pd.to_datetime(column)
    if loose and all(isinstance(p, pd.Period) for p in column):
        return column.astype("period")
    return column


def read_numbers(column: pd.Series, what: str) -> pd.Series:
    """Numbers as float64, or a refusal that says what to turn them into."""
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind):
        raise HubError(
            f"{what} {column.name!r} is true or false. If you mean the share of those "
            "that are true, turn it into 0 and 1 with .astype(int)."
        )
    if pd.api.types.is_complex_dtype(kind):
        raise HubError(
            f"{what} {column.name!r} is complex: take its real part or its size first."
        )
    if not pd.api.types.is_numeric_dtype(kind):
        raise HubError(
            f"{what} {column.name!r} is of type {kind}, not a number. "
            "Convert it with pandas.to_numeric."
        )
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(values, index=column.index, name=column.name)


def starts_from_column(rows: pd.DataFrame, unit: str, period: str, column: str) -> dict:
    """First treated period by unit, from a column of dates or of treatment.

    Missing, infinite or 0 means never; a column of 0 and 1 (or false and true) that
    turns within units says in which rows a unit is treated.
    """
    given = rows[column]
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype(given.dtype.categories.dtype)
    yes_no = pd.api.types.is_bool_dtype(given.dtype)
    numeric = yes_no or pd.api.types.is_numeric_dtype(given.dtype)
    if not numeric:
        return _dates(rows.assign(**{column: given}), unit, column)
    if pd.api.types.is_complex_dtype(given.dtype):
        raise HubError(f"column {column!r} is complex, and no date.")
    rows = rows.assign(**{column: given.to_numpy(dtype=float, na_value=np.nan)})
    values = rows[column]
    turns = (rows.groupby(unit)[column].nunique() > 1).any()
    dated = pd.api.types.is_integer_dtype(rows[period].dtype)
    no_date = (values == 1).any() and not (dated and rows[period].min() <= 1)
    if values.isin([0, 1]).all() and (yes_no or turns or no_date):
        if not turns:
            raise HubError(
                f"column {column!r} says who is treated, but not when. Give the first "
                "treated period, as in {unit: period}, or a column that is 1 in "
                "treated rows only."
            )
        return _turning(rows, unit, period, column)
    starts = constant_within(rows, unit, [column])[column]
    if pd.api.types.is_integer_dtype(rows[period].dtype):
        first, last = rows[period].min(), rows[period].max()
        if first <= 0 <= last and (starts == 0).any():
            raise HubError(
                f"0 in column {column!r} could mean never, or period 0, which this "
                "panel has. Leave the cell empty for units that are never treated."
            )
    starts = starts[(starts != 0) & (starts != np.inf)].dropna()
    odd = starts[(starts != np.round(starts)) | ~np.isfinite(starts)]
    if len(odd):
        raise HubError(
            f"column {column!r} holds {odd.iloc[0]:g} for {odd.index[0]}, which is no "
            "whole period. Write the first treated period itself."
        )
    return {u: int(s) for u, s in starts.items()}


def _dates(rows: pd.DataFrame, unit: str, column: str) -> dict:
    """Dates of a column that holds text, dates or periods."""
    starts = constant_within(rows, unit, [column])[column].dropna()
    for name, start in starts.items():
        if isinstance(start, str) and start.strip().lower() in NEVER:
            raise HubError(
                f"column {column!r} holds {start!r} for {name}. Leave the cell empty "
                "(NaN) for units that are never treated."
            )
    return {u: s for u, s in starts.items() if not is_never(s)}


def _turning(rows: pd.DataFrame, unit: str, period: str, column: str) -> dict:
    """First treated period of units by a column that is 1 in treated rows."""
    rows = rows.sort_values(period)
    back = rows.groupby(unit)[column].diff() < 0
    if back.any():
        row = rows[back].iloc[0]
        raise HubError(
            f"{row[unit]} is treated and then, in {row[period]}, no longer: once "
            "treated, always treated is assumed here. End the window before, or "
            "drop it."
        )
    return rows[rows[column] == 1].groupby(unit)[period].first().to_dict()


def constant_within(rows: pd.DataFrame, unit: str, columns: list[str]) -> pd.DataFrame:
    """One row per unit of columns that must not change over time."""
    grouped = rows.groupby(unit, sort=True)[columns]
    changing = (grouped.nunique(dropna=False) > 1).stack()
    if changing.any():
        named = [f"{c} of {u}" for u, c in changing.index[changing]]
        raise HubError(
            f"{listed(named)} changes over time, but must be one value per unit."
        )
    return grouped.first()


def as_mapping(first_treated: object) -> dict:
    """Unit to first treated period as a dict, or a refusal."""
    if not isinstance(first_treated, Mapping | pd.Series):
        raise HubError(
            "first_treated must say when, as in {unit: first treated period}, not "
            f"{first_treated!r}."
        )
    if isinstance(first_treated, pd.Series) and not first_treated.index.is_unique:
        twice = first_treated.index[first_treated.index.duplicated()].unique()
        raise HubError(f"first_treated gives more than one date for {listed(twice)}.")
    return {tidy(unit): start for unit, start in first_treated.items()}


def as_period(periods: pd.Index, period: Any) -> Any:
    """Read `period` as the panel's own kind of label, so '2009-06' finds a month."""
    try:
        if isinstance(period, bool | np.bool_):
            raise ValueError
        if isinstance(periods, pd.PeriodIndex):
            return pd.Period(period, freq=periods.freq)
        if isinstance(periods, pd.DatetimeIndex):
            if not isinstance(period, str | date | np.datetime64 | pd.Period):
                raise ValueError
            return pd.Timestamp(str(period))
        if period != int(period):
            raise ValueError
        return int(period)
    except (ValueError, TypeError, OverflowError, ArithmeticError) as error:
        raise HubError(
            f"{quoted(period)} is not a period of this panel; write it like "
            f"{quoted(periods[0])}."
        ) from error


def is_missing(start: object) -> bool:
    """Whether a cell is empty."""
    return start is None or (np.isscalar(start) and pd.isna(start)) or start is pd.NaT


def is_never(start: object) -> bool:
    """Whether a date says never: empty, or infinite as in R."""
    if is_missing(start) or start is pd.NA:
        return True
    return isinstance(start, float | np.floating) and bool(np.isposinf(start))


def traits_of(
    covariates: pd.DataFrame | None, units: pd.Index, what: str = "covariates"
) -> pd.DataFrame | None:
    """Rows of these units, or a refusal where there is none."""
    if covariates is None:
        return None
    if not isinstance(covariates, pd.DataFrame | pd.Series):
        raise HubError(
            f"{what} must be a pandas object with units as rows, not "
            f"{kind_of(covariates)}."
        )
    if covariates.index.has_duplicates:
        twice = covariates.index[covariates.index.duplicated()].unique()
        raise HubError(f"there are several rows of {what} for {listed(twice)}.")
    lost = units.difference(covariates.index)
    if len(lost):
        raise HubError(
            f"there are no {what} for {listed(lost)}. Give them, or go on without any: "
            "panel.plain()."
        )
    return covariates.loc[units]


def as_list(names: Any) -> list:
    """A single name, or several, as a list."""
    return list(names) if pd.api.types.is_list_like(names) else [names]


def known_units(units: Collection, names: Any) -> list:
    """Names of units of the panel, however their accents and spaces are written."""
    found = [tidy(name) for name in as_list(names)]
    for name in found:
        check_name(name, units, "unit")
    return found
