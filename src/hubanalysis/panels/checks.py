"""Checks of the table and the dates that a panel is made from."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
import pandas as pd

from hubanalysis.panels.reading import as_period, is_never
from hubanalysis.words.refusals import (
    HubError,
    check_name,
    kind_of,
    listed,
    listed_cells,
    quoted,
)


def pick_columns(
    df: pd.DataFrame, unit: str | None, period: str, outcome: str, extra: list
) -> pd.DataFrame:
    """Pick the columns that were named, each of which must be there once."""
    roles = {"unit": unit, "period": period, "outcome": outcome}
    if unit is None:  # every row is a unit of its own
        del roles["unit"]
    wanted = [*roles.values(), *extra]
    for column in wanted:
        if column in df.index.names and column is not None:
            raise HubError(
                f"{column!r} is in the table's index, not a column. Use .reset_index()."
            )
        check_name(column, df.columns, "column")
        if (df.columns == column).sum() > 1:
            raise HubError(
                f"the table has more than one column {column!r}. Drop or rename "
                "the others."
            )
    if len(set(roles.values())) < len(roles):
        raise HubError(
            f"{_and(roles)} must be {'three' if len(roles) > 2 else 'two'} different "
            f"columns, not {_and(roles.values())}."
        )
    return df[list(dict.fromkeys(wanted))].reset_index(drop=True)


def _and(names: Iterable) -> str:
    *first, last = map(str, names)
    return f"{', '.join(first)} and {last}"


def check_rows(rows: pd.DataFrame, unit: str, period: str) -> None:
    """Refuse rows that are missing, of the wrong type or doubled."""
    if rows.empty:
        raise HubError("the table has no rows.")
    for column in (unit, period):
        check_filled(rows, column)
    check_periods(rows[period])
    twice = rows.duplicated([unit, period], keep=False)
    if twice.any():
        pairs = rows.loc[twice, [unit, period]].drop_duplicates()
        named = [f"{u} in {p}" for u, p in pairs.itertuples(index=False)]
        raise HubError(
            f"more than one row for {listed(named)}. "
            "Drop or add up the duplicates first, for example with groupby().sum()."
        )


def check_filled(rows: pd.DataFrame, column: Hashable) -> None:
    """Refuse an empty cell in a column that says where a row belongs."""
    gaps = rows.index[rows[column].isna()]
    if len(gaps):
        raise HubError(
            f"column {column!r} is missing in row(s) {listed(gaps)}. "
            "Fill it in or drop the rows."
        )


def check_periods(column: pd.Series) -> None:
    """Refuse periods that are neither integers nor dates."""
    kind = column.dtype
    if not (
        pd.api.types.is_integer_dtype(kind)
        or pd.api.types.is_datetime64_any_dtype(kind)
        or isinstance(kind, pd.PeriodDtype)
    ):
        raise HubError(
            f"periods in column {column.name!r} are of type {kind} (first: "
            f"{quoted(column.iloc[0])}). Turn them into integers or dates, "
            "with .astype(int) or pandas.PeriodIndex(..., freq='M')."
        )


def check_weights(weights: pd.Series) -> None:
    """Refuse weights that are not positive numbers."""
    values = weights.to_numpy(dtype=float, na_value=np.nan)
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise HubError(
            f"weight {weights.name!r} of {listed(weights.index[bad])} is not a "
            "positive number. Fill it in, or drop these units."
        )


def check_values(wide: pd.DataFrame, outcome: str) -> None:
    """Refuse an outcome that is empty, infinite or constant."""
    if not len(wide):
        raise HubError(
            "no unit is left in the panel. Keep the treated units and their donors."
        )
    values = wide.to_numpy(dtype=float)
    if np.isnan(values).all():
        raise HubError(f"{outcome} is missing in every cell. Is it the right column?")
    infinite = np.isinf(values)
    if infinite.any():
        cells = listed_cells(infinite, wide.index, wide.columns)
        raise HubError(
            f"{outcome} is infinite for {cells}. Correct or drop these cells."
        )
    if values.shape[1] < 2:
        raise HubError("a panel needs at least two periods: one before, one after.")
    if np.nanmin(values) == np.nanmax(values):
        raise HubError(
            f"{outcome} is constant ({np.nanmin(values):g} in every cell): there is "
            "nothing to explain. Is it the right column?"
        )


def never_seen(wide: pd.DataFrame) -> list:
    """Units without a single figure, unless that is all of them."""
    empty = wide.isna().all(axis=1)
    return [] if empty.all() else wide.index[empty].tolist()


def check_balanced(
    wide: pd.DataFrame, unit: str, outcome: str, method: str | None = None
) -> None:
    """Refuse holes, on behalf of `method` if one is named."""
    holes = wide.isna().to_numpy()
    if holes.any():
        _check_twins(wide)
        who = f"{method} needs every cell, but " if method else ""
        cells = listed_cells(holes, wide.index, wide.columns)
        raise HubError(
            f"{who}{outcome} is missing for {cells}. Drop every such {unit}, shorten "
            "the window"
            + ("." if method else ", or allow holes: balanced=False, also in a plan.")
        )


def _check_twins(wide: pd.DataFrame) -> None:
    """Refuse names that differ by their capitals only, where cells are missing."""
    lower = pd.Series([str(u).lower() for u in wide.index], index=wide.index)
    twins = lower.duplicated(keep=False).to_numpy() & wide.isna().any(axis=1)
    if twins.any():
        raise HubError(
            f"{listed(wide.index[twins])} differ by their capitals only, and "
            "each lacks some periods. Write a unit the same way in all rows."
        )


def check_transformed(
    new: pd.DataFrame | np.ndarray | float, frame: pd.DataFrame, label: str
) -> None:
    """Refuse a transformation that changes the shape or makes cells infinite."""
    if new is None:
        raise HubError(
            f"{label} gives None. Does the function end in a return? It must give a "
            "number for each unit and period."
        )
    if np.shape(new) not in ((), frame.shape):
        raise HubError(
            f"{label} has shape {np.shape(new)}, but must keep the panel's "
            f"{frame.shape}: one number per unit and period."
        )
    try:
        cells = np.asarray(new).ravel()
        if any(isinstance(cell, str) for cell in cells[:1]):
            raise TypeError
        numbers = np.asarray(new, dtype=float)
    except (TypeError, ValueError) as error:
        raise HubError(
            f"{label} gives {kind_of(new)} that does not hold numbers. The function "
            "must return a number for each unit and period."
        ) from error
    bad = ~np.isfinite(np.broadcast_to(numbers, frame.shape)) & np.isfinite(frame)
    if bad.to_numpy().any():
        raise HubError(
            f"{label} is not a finite number for "
            f"{listed_cells(bad.to_numpy(), frame.index, frame.columns)}. Drop these "
            "cells, or choose a transformation that is defined for them."
        )


def starts_within(wide: pd.DataFrame, first_treated: Mapping) -> dict:
    """Dates as they fall in this window, refused if nobody is left to compare with."""
    starts = {}
    for unit, start in first_treated.items():
        check_name(unit, wide.index, "unit")
        if not is_never(start):
            starts[unit] = as_period(wide.columns, start)
    first, last = wide.columns[0], wide.columns[-1]
    early = [u for u, s in starts.items() if s <= first]
    if early:
        raise HubError(
            f"{listed(early)} treated from the first period "
            f"({first}): there is no period before to compare with. "
            "Widen the window, or drop these units."
        )
    # A start after the last period leaves no treated cell in this window.
    starts = {u: s for u, s in starts.items() if s <= last}
    if len(starts) == len(wide) and len(set(starts.values())) == 1:
        raise HubError(
            "all units are treated at the same time: no donor is left. "
            "Add units that were never treated, or treated later."
        )
    return starts


def starts_after(wide: pd.DataFrame, first_treated: Mapping) -> dict:
    """Dates of these units that lie after the last period, by unit."""
    last = wide.columns[-1]
    dated = {u: s for u, s in first_treated.items() if not is_never(s)}
    starts = {u: as_period(wide.columns, s) for u, s in dated.items()}
    return {u: s for u, s in starts.items() if s > last}


def check_no_covariates(names: list, method: str) -> None:
    """Refuse covariates, on behalf of a method that takes none."""
    if names:
        raise HubError(
            f"{method} does not take the panel's covariates ({listed(names)}). "
            "Leave them aside with panel.plain(), or ask did, imputation or "
            "group_time_att, which take them."
        )


def check_no_weights(name: object, method: str) -> None:
    """Refuse weights, on behalf of a method that takes none."""
    raise HubError(
        f"{method} does not take the panel's weights ({name}): it would answer for the "
        "average unit. Ask for that with panel.plain(), or ask did, imputation or "
        "group_time_att, which take them."
    )
