"""A plan: what it may say, and the panel that it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.battery import ESTIMATORS
from hubanalysis.checks import _check_name, _some
from hubanalysis.panel import Panel

__all__ = ["SAVE_AS", "TRANSFORMS", "build_panel", "check_design", "read_own"]

TRANSFORMS = {"log": np.log, "asinh": np.arcsinh, "none": None}
ROLES = ("primary", "secondary", "contrast", "audit", "design test")
OUTCOME_KEYS = {
    *("role", "title", "table", "where", "unit", "period", "year_starts", "value"),
    *("aggregate", "share_of", "transform", "window", "leave_out_periods"),
    *("first_treated", "leave_out_units", "only_units", "spread", "minus"),
    *("strata", "main", "also", "placebo_periods", "variants"),
}
KEYS = (
    *("title", "question", "estimand", "policy_date", "end_date", "cannot_show"),
    *("defaults", "outcomes", "rivals", "refused", "facts"),
)
# What a value must be, and an example for whoever wrote something else.
KINDS = {
    "also": (lambda value: isinstance(value, list), '["did"]'),
    "placebo_periods": (lambda value: isinstance(value, list), "[2016]"),
    "window": (
        lambda value: isinstance(value, list) and len(value) == 2,
        "[2010, 2020]",
    ),
    "leave_out_periods": (
        lambda value: isinstance(value, dict) and all(map(str.isdigit, value)),
        '{ 2020 = "why" }',
    ),
}
NEEDED_KEYS = ("role", "table", "unit", "period", "value", "first_treated", "main")
SAVE_AS = "save it as UTF-8 (in a spreadsheet, as 'CSV UTF-8')"
# Reads a table of the case by name.
Load = Callable[[str], pd.DataFrame]


def build_panel(load: Load, plan: dict, where: str) -> Panel:
    """Build the panel of an outcome from its table, as its plan says."""
    rows = load(plan["table"])
    for key in ("unit", "period"):
        _check_name(plan[key], rows.columns, f"column (the {key} of {where})")
    for column, wanted in plan.get("where", {}).items():
        _check_name(column, rows.columns, "column")
        wanted = wanted if isinstance(wanted, list) else [wanted]
        for value in wanted:
            _check_name(value, rows[column].unique(), f"value in column {column!r}")
        rows = rows[rows[column].isin(wanted)]
    if "spread" in plan:
        rows = _spread(rows, plan, where)
    if "only_units" in plan:
        rows = rows[rows[plan["unit"]].isin(_only(load, plan))]
    left_out = plan.get("leave_out_units", {})
    for unit in left_out:
        _check_name(unit, rows[plan["unit"]].unique(), "unit")
    rows = rows[~rows[plan["unit"]].isin(list(left_out))]

    period = rows[plan["period"]]
    months = isinstance(period.dtype, pd.PeriodDtype)
    if "year_starts" in plan:
        period = (period - (plan["year_starts"] - 1)).dt.year
    elif months:
        period = period.dt.year
    label = plan["value"]
    if label not in rows.columns:
        label = plan.get("title", label)
    whole = _worked_out(rows, plan["share_of"], where) if "share_of" in plan else 1.0
    first_treated = plan["first_treated"]
    if isinstance(first_treated, str):
        first_treated = _first_treated(rows, plan, where)
    rows = pd.DataFrame(
        {
            "unit": rows[plan["unit"]],
            "period": period.astype(int),
            label: _worked_out(rows, plan["value"], where),
            "whole": whole,
        }
    )
    first, last = plan.get("window", (rows["period"].min(), rows["period"].max()))
    rows = rows[rows["period"].between(first, last)]
    dropped = [int(p) for p in plan.get("leave_out_periods", {})]
    rows = rows[~rows["period"].isin(dropped)]

    grouped = rows.groupby(["unit", "period"])
    counts = grouped.size()
    short = counts[counts < counts.max()]
    if len(short):
        cells = _some([f"{u} in {p}" for u, p in short.index])
        raise ValueError(
            f"{where}: {cells} have fewer rows than the full {counts.max()} a year. "
            "Shorten the window in design.toml, or leave the units out."
        )
    # An empty month must not become a small year.
    yearly = grouped.agg(plan.get("aggregate", "sum"), skipna=False)
    if "share_of" in plan:
        yearly[label] /= yearly["whole"]
    yearly = yearly.reset_index()
    return Panel.from_long(yearly, "unit", "period", label, first_treated)


def _only(load: Load, plan: dict) -> pd.Series:
    """Units that a rule on another table picks."""
    table = load(plan["only_units"]["table"])
    return table.query(plan["only_units"]["query"])[plan["unit"]]


def _first_treated(rows: pd.DataFrame, plan: dict, where: str) -> dict:
    """First treated period by unit, from a column; none where it is empty or zero."""
    column = plan["first_treated"]
    _check_name(column, rows.columns, f"column (first_treated of {where})")
    if not pd.api.types.is_numeric_dtype(rows[column]):
        text = rows[column].dropna()
        text = text[pd.to_numeric(text, errors="coerce").isna()]
        raise ValueError(
            f"{where}: column {column!r} must hold the first treated year (2019), or "
            f"nothing for units that are never treated, not {text.iloc[0]!r}."
        )
    dates = rows.groupby(plan["unit"])[column]
    several = dates.nunique(dropna=False)
    if (several > 1).any():
        raise ValueError(
            f"{where}: {_some(list(several[several > 1].index))} have more than one "
            f"value of {column!r}; fill in all rows of a unit alike."
        )
    first = dates.first().fillna(0).astype(int)
    return first[first > 0].to_dict()


def _worked_out(rows: pd.DataFrame, formula: str, where: str) -> pd.Series:
    """Work out a formula of the plan on a table's columns."""
    if formula in rows.columns:
        return rows[formula]
    try:
        return rows.eval(formula)
    except (NameError, SyntaxError, TypeError, ValueError) as error:
        raise ValueError(
            f"{where}: {formula!r} cannot be worked out from the columns "
            f"{_some(list(rows.columns))}: {error}."
        ) from error


def read_own(folder: Path, table: str, design: dict) -> pd.DataFrame:
    """Read a table of somebody's own, with units as text and periods as numbers."""
    file = folder / f"{table}.csv"
    if not file.exists():
        there = _some(sorted(f.name for f in folder.glob("*.csv"))) or "no CSV file"
        raise ValueError(
            f"the plan names {table!r}, but {file} is missing; there is {there}."
        )
    plans = design["outcomes"].values()
    units, periods = ({p[key] for p in plans} for key in ("unit", "period"))
    # As text, so that a code such as 01001 keeps its zero.
    types = dict.fromkeys(units | periods, str)
    try:
        rows = pd.read_csv(file, dtype=types, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is not in UTF-8: {SAVE_AS}.") from error
    if len(rows.columns) == 1 and ";" in rows.columns[0]:
        raise ValueError(f"{file} is separated by semicolons; save it with commas.")
    for column in units & set(rows.columns):
        _refuse(rows[column].isna(), file, rows[column], "Every row needs its unit.")
    for column in periods & set(rows.columns):
        text = rows[column].fillna("")
        if text.str.fullmatch(r"\d{4}").all():
            rows[column] = text.astype(int)
            continue
        wrong = ~text.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")
        if text.str.fullmatch(r"\d{4}").mean() > 0.5:
            wrong = ~text.str.fullmatch(r"\d{4}")
        way_out = "Periods must be all years (2019) or all months (2019-01)."
        _refuse(wrong, file, text, way_out)
        rows[column] = pd.PeriodIndex(text, freq="M")
    filters = {column for p in plans for column in p.get("where", {})}
    filters |= {p["spread"] for p in plans if "spread" in p}
    keys = list((units | periods | filters) & set(rows.columns))
    way_out = "This unit and period was there before; take one of the rows out."
    if (units | periods) <= set(rows.columns):
        _refuse(rows.duplicated(keys), file, rows[sorted(units)[0]], way_out)
    formulas = " ".join(f"{p['value']} {p.get('share_of', '')}" for p in plans)
    for column in set(re.findall(r"\w+", formulas)) & set(rows.columns):
        if pd.api.types.is_numeric_dtype(rows[column]):
            continue
        figures = pd.to_numeric(rows[column], errors="coerce")
        wrong = figures.isna() & rows[column].notna()
        way_out = "Write numbers without separators or units, as 1413 or 14.5."
        _refuse(wrong, file, rows[column], way_out)
    return rows


def _refuse(wrong: pd.Series, file: Path, column: pd.Series, way_out: str) -> None:
    """Name the first line of a file that is wrong."""
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"{file}, line {row + 2}: {column.name!r} is {str(column.iloc[row])!r}. "
            f"{way_out}"
        )


def _spread(rows: pd.DataFrame, plan: dict, where: str) -> pd.DataFrame:
    """Turn a long table's series into columns, so that `value` can combine them."""
    keys = [plan["unit"], plan["period"]]
    _check_name(plan["spread"], rows.columns, "column")
    twice = rows.duplicated([*keys, plan["spread"]])
    if twice.any():
        row = rows[twice].iloc[0]
        raise ValueError(
            f"{where}: {row[plan['spread']]} is given more than once for "
            f"{row[keys[0]]} in {row[keys[1]]}. Name one source under `where`."
        )
    wide = rows.pivot(index=keys, columns=plan["spread"], values="value")
    return wide.rename_axis(columns=None).reset_index()


def check_design(design: dict, where: str) -> None:
    """Refuse a plan that cannot be carried out, naming the key."""
    for key in ("question", "outcomes"):
        if key not in design:
            raise ValueError(f"{where} lacks {key!r}.")
    for key in design:
        _check_name(key, KEYS, f"key (in {where})")
    for name, plan in design["outcomes"].items():
        missing = [key for key in NEEDED_KEYS if key not in plan]
        if missing:
            raise ValueError(f"{where}: outcome {name!r} lacks {_some(missing)}.")
        for key in plan:
            _check_name(
                key, sorted(OUTCOME_KEYS), f"key (in outcome {name!r}, {where})"
            )
        _check_kinds(plan, f"outcome {name!r} in {where}")
        _check_name(plan["role"], ROLES, "role")
        _check_name(plan.get("transform", "none"), list(TRANSFORMS), "transform")
        if "minus" in plan:
            _check_name(plan["minus"], list(design["outcomes"]), "outcome")
        for estimator in [plan["main"], *plan.get("also", [])]:
            _check_name(estimator, list(ESTIMATORS), "estimator")
        for label, change in plan.get("variants", {}).items():
            _check_kinds(change, f"variant {label!r} of outcome {name!r} in {where}")
            for key in change:
                _check_name(
                    key, ["drop", "keep", "window"], f"change in variant {label!r}"
                )
    primary = [k for k, o in design["outcomes"].items() if o["role"] == "primary"]
    if len(primary) != 1:
        raise ValueError(
            f"{where} must have one primary outcome; it has {len(primary)}."
        )


def _check_kinds(plan: dict, where: str) -> None:
    """Refuse a value of the wrong kind, with an example of the right one."""
    for key in plan.keys() & KINDS.keys():
        fits, example = KINDS[key]
        if not fits(plan[key]):
            raise ValueError(f"{where}: {key} is {plan[key]!r}; write it as {example}.")
