"""The panel of an outcome, built from its table as the plan says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from hubanalysis.cases.plan import OutcomePlan
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_name, listed, listed_cells

# Reads a table of the case by name.
Load = Callable[[str], pd.DataFrame]
# How a panel says that it could have holes.
ALLOW = "or allow holes"
# What pandas raises for a formula that is none, or none of these columns.
FORMULA = (
    NameError, SyntaxError, TypeError, ValueError, AttributeError, LookupError,
    ArithmeticError, NotImplementedError, ImportError,
)  # fmt: skip


def build_panel(load: Load, plan: OutcomePlan, where: str) -> Panel:
    """Build the panel of an outcome, before its transformation.

    Parameters
    ----------
    load : callable
        Reads a table of the case by name.
    plan : OutcomePlan
    where : str
        What to call the outcome in a refusal.
    """
    rows = _rows(load, plan, where)
    label = plan.value
    if label not in rows.columns:
        label = plan.title or label
    figures = pd.DataFrame(
        {
            "unit": rows[plan.unit],
            "period": _years(rows[plan.period], plan),
            label: _worked_out(rows, plan.value, where),
            "whole": 1.0
            if plan.share_of is None
            else _worked_out(rows, plan.share_of, where),
        }
    )
    yearly = _yearly(figures, plan, where)
    if plan.share_of is not None:
        yearly[label] /= yearly["whole"]
    dates = _dates(rows, plan, where)
    weights = _weights(rows, plan, where)
    if weights is not None:
        yearly["weight"] = yearly["unit"].map(weights)
    try:
        return Panel.from_long(
            yearly, "unit", "period", label, dates,
            balanced=plan.balanced, weights=None if weights is None else "weight",
        )  # fmt: skip
    except HubError as error:
        wide = yearly.pivot(index="unit", columns="period", values=label)
        if not (plan.balanced and ALLOW in str(error) and wide.isna().any(axis=None)):
            raise
        raise HubError(
            f"{where}: {label} is missing for {missing(wide, dates)} Fill these in, or "
            "write balanced = false in the plan, with estimators that take holes "
            "(imputation takes most). A period can be left out by leave_out_periods, "
            "a unit by leave_out_units."
        ) from error


def missing(wide: pd.DataFrame, dates: Mapping) -> str:
    """Name the cells that are missing, and who of them is treated.

    Examples
    --------
    >>> missing(pd.DataFrame({2019: [1.0, None]}, index=["A", "B"]), {"B": 2019})
    'B in 2019. Of these, B is treated: without it the answer is about others.'
    """
    holes = wide.isna().to_numpy()
    lacking = wide.index[holes.any(axis=1)]
    own = [unit for unit in lacking if unit in {*dates}]
    told = f"{listed_cells(holes, wide.index, wide.columns)}."
    if own:
        are, them = ("is", "it") if len(own) == 1 else ("are", "them")
        told += (
            f" Of these, {listed(own)} {are} treated: without {them} the answer is "
            "about others."
        )
    return told


def first_dates(load: Load, plan: OutcomePlan, where: str) -> dict:
    """First treated period by unit, those after the last period of a table too.

    Parameters
    ----------
    load, plan, where
        As in `build_panel`.
    """
    return _dates(_rows(load, plan, where), plan, where)


def strata_of_plan(load: Load, plan: OutcomePlan, units: pd.Index) -> dict:
    """Stratum of each unit, from the table that the plan names."""
    assert plan.strata is not None
    rows = load(plan.strata.table)
    for column in (plan.unit, plan.strata.column):
        check_name(column, rows.columns, f"column (of strata, in {plan.strata.table})")
    named = rows.drop_duplicates([plan.unit, plan.strata.column])
    groups = named.set_index(plan.unit)[plan.strata.column]
    if not groups.index.is_unique:
        several = groups.index[groups.index.duplicated()].unique()
        raise HubError(
            f"{listed(several)} have more than one {plan.strata.column!r}. Name a "
            "column that does not change over time."
        )
    return groups.reindex(units).to_dict()


def _dates(rows: pd.DataFrame, plan: OutcomePlan, where: str) -> dict:
    if isinstance(plan.first_treated, str):
        return _first_treated(rows, plan, where)
    return dict(plan.first_treated)


def _weights(rows: pd.DataFrame, plan: OutcomePlan, where: str) -> pd.Series | None:
    """What each unit counts by, if the plan says so."""
    column = plan.weights
    if column is None:
        return None
    check_name(column, rows.columns, f"column (weights of {where})")
    if column == plan.unit or not pd.api.types.is_numeric_dtype(rows[column]):
        raise HubError(f"{where}: weights {column!r} must be a column of numbers.")
    by_unit = rows.groupby(plan.unit)[column]
    several = by_unit.nunique()
    if (several > 1).any():
        raise HubError(
            f"{where}: {listed(several.index[several > 1])} have more than one weight "
            f"in {column!r}. Name a column that does not change, such as the one of "
            "the year before the start."
        )
    return by_unit.first()


def _rows(load: Load, plan: OutcomePlan, where: str) -> pd.DataFrame:
    """Rows of the table that the plan keeps, with series as columns if it says so."""
    rows = load(plan.table)
    for key, column in (("unit", plan.unit), ("period", plan.period)):
        check_name(column, rows.columns, f"column (the {key} of {where})")
    for column, wanted in plan.where.items():
        check_name(column, rows.columns, "column")
        wanted = wanted if isinstance(wanted, list) else [wanted]
        for value in wanted:
            check_name(value, rows[column].unique(), f"value in column {column!r}")
        rows = rows[rows[column].isin(wanted)]
    if plan.spread is not None:
        rows = _spread(rows, plan, plan.spread, where)
    if plan.only_units is not None:
        chosen = _queried(load, plan.only_units.table, plan.only_units.query, where)
        check_name(plan.unit, chosen.columns, "column (the unit, of only_units)")
        rows = rows[rows[plan.unit].isin(chosen[plan.unit])]
        if not len(rows):
            raise HubError(
                f"{where}: the rule {plan.only_units.query!r} of only_units keeps no "
                "unit of these figures."
            )
    for unit in plan.leave_out_units:
        check_name(unit, rows[plan.unit].unique(), "unit")
    return rows[~rows[plan.unit].isin(list(plan.leave_out_units))]


def _queried(load: Load, table: str, query: str, where: str) -> pd.DataFrame:
    """Rows of a table by a rule of the plan."""
    rows = load(table)
    try:
        chosen = rows.eval(query)
        if not pd.api.types.is_bool_dtype(chosen):
            raise HubError("it is not true or false of each row")
        return rows[chosen]
    except FORMULA as error:
        raise HubError(
            f"{where}: the rule {query!r} cannot be carried out on the columns "
            f"{listed(rows.columns)} of {table!r}: {error}."
        ) from error


def _years(period: pd.Series, plan: OutcomePlan) -> pd.Series:
    """Years of a column of years or months."""
    if plan.year_starts is not None:
        if not isinstance(period.dtype, pd.PeriodDtype):
            raise HubError(
                f"year_starts is for months, and column {plan.period!r} holds years. "
                "Take it out of the plan."
            )
        period = (period - (plan.year_starts - 1)).dt.year
    elif isinstance(period.dtype, pd.PeriodDtype):
        period = period.dt.year
    return period.astype(int)


def _yearly(figures: pd.DataFrame, plan: OutcomePlan, where: str) -> pd.DataFrame:
    """One number per unit and year, within the plan's window."""
    period = figures["period"]
    first, last = plan.window or (period.min(), period.max())
    for left_out in plan.leave_out_periods:
        check_name(left_out, sorted(period.unique()), "period to leave out")
    inside = period.between(first, last) & ~period.isin(list(plan.leave_out_periods))
    if not inside.any():
        raise HubError(
            f"{where}: no row is left between {first} and {last}. The figures run from "
            f"{period.min()} to {period.max()}; widen the window in plan.toml."
        )
    grouped = figures[inside].groupby(["unit", "period"])
    counts = grouped.size()
    short = counts[counts < counts.max()]
    if len(short):
        cells = listed([f"{u} in {p}" for u, p in short.index])
        raise HubError(
            f"{where}: {cells} have fewer rows than the full {counts.max()} a year. "
            "Shorten the window in plan.toml, or leave the units out."
        )
    # An empty month must not become a small year.
    full = int(counts.max())
    yearly = grouped.sum(min_count=full)
    return (yearly / full if plan.aggregate == "mean" else yearly).reset_index()


def _first_treated(rows: pd.DataFrame, plan: OutcomePlan, where: str) -> dict:
    """First treated period by unit, from a column; none where it is empty or zero."""
    column = plan.first_treated
    check_name(column, rows.columns, f"column (first_treated of {where})")
    if not pd.api.types.is_numeric_dtype(rows[column]):
        text = rows[column].dropna()
        text = text[pd.to_numeric(text, errors="coerce").isna()]
        raise HubError(
            f"{where}: column {column!r} must hold the first treated year (2019), or "
            f"nothing for units that are never treated, not {text.iloc[0]!r}."
        )
    dates = rows.groupby(plan.unit)[column]
    several = dates.nunique(dropna=False)
    if (several > 1).any():
        raise HubError(
            f"{where}: {listed(several[several > 1].index)} have more than one "
            f"value of {column!r}; fill in all rows of a unit alike."
        )
    first = dates.first().fillna(0)
    odd = first[first != first.round()]
    if len(odd):
        raise HubError(
            f"{where}: column {column!r} holds {odd.iloc[0]:g} for {odd.index[0]}, "
            "which is no whole year. Write the first treated year itself."
        )
    return first[first > 0].astype(int).to_dict()


def _worked_out(rows: pd.DataFrame, formula: str, where: str) -> pd.Series:
    """Work out a formula of the plan on a table's columns."""
    if formula in rows.columns:
        return rows[formula]
    try:
        return rows.eval(formula)
    except FORMULA as error:
        raise HubError(
            f"{where}: {formula!r} cannot be worked out from the columns "
            f"{listed(rows.columns)}: {error}."
        ) from error


def _spread(
    rows: pd.DataFrame, plan: OutcomePlan, series: str, where: str
) -> pd.DataFrame:
    """Turn a long table's series into columns, so that `value` can combine them."""
    keys = [plan.unit, plan.period]
    check_name(series, rows.columns, "column")
    twice = rows.duplicated([*keys, series])
    if twice.any():
        row = rows[twice].iloc[0]
        raise HubError(
            f"{where}: {row[series]} is given more than once for "
            f"{row[keys[0]]} in {row[keys[1]]}. Name one source under `where`."
        )
    wide = rows.pivot(index=keys, columns=series, values="value")
    return wide.rename_axis(columns=None).reset_index()
