"""A table of somebody's own, read with units as text and periods as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.cases.plan import OutcomePlan
from hubanalysis.cases.plan_file import SAVE_AS
from hubanalysis.words.refusals import HubError, listed


def read_own(folder: Path, table: str, plans: Iterable[OutcomePlan]) -> pd.DataFrame:
    """Read a table of somebody's own.

    Parameters
    ----------
    folder : pathlib.Path
        Where it lies.
    table : str
        Its name, without the ending .csv.
    plans : iterable of OutcomePlan
        All outcomes of the plan: they say which columns are units, periods and numbers.

    Raises
    ------
    ValueError
        If it is missing or cannot be used; the file and the line are named.
    """
    file = folder / f"{table}.csv"
    if not file.exists():
        others = listed(sorted(f.name for f in folder.glob("*.csv"))) or "no CSV file"
        raise HubError(
            f"the plan names {table!r}, but {file} is missing; there is {others}."
        )
    plans = list(plans)
    units, periods = {p.unit for p in plans}, {p.period for p in plans}
    rows = _read(file, units | periods)
    there = set(rows.columns)
    for column in units & there:
        _refuse(rows[column].isna(), file, rows[column], "Every row needs its unit.")
    for column in periods & there:
        rows[column] = _periods(rows[column].fillna(""), file)
    keys = units | periods | {c for p in plans for c in p.where}
    keys |= {p.spread for p in plans if p.spread is not None}
    if (units | periods) <= there:
        way_out = "This unit and period was there before; take one of the rows out."
        twice = rows.duplicated(list(keys & there))
        _refuse(twice, file, rows[min(units)], way_out)
    formulas = " ".join(f"{p.value} {p.share_of or ''}" for p in plans)
    for column in set(re.findall(r"\w+", formulas)) & there:
        if not pd.api.types.is_numeric_dtype(rows[column]):
            figures = pd.to_numeric(rows[column], errors="coerce")
            way_out = "Write numbers without separators or units, as 1413 or 14.5."
            wrong = figures.isna() & rows[column].notna()
            _refuse(wrong, file, rows[column], way_out)
    return rows


def _read(file: Path, labels: set[str]) -> pd.DataFrame:
    # As text, so that a code such as 01001 keeps its zero.
    types = dict.fromkeys(labels, str)
    try:
        rows = pd.read_csv(file, dtype=types, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise HubError(f"{file} is not in UTF-8: {SAVE_AS}.") from error
    if len(rows.columns) == 1 and ";" in rows.columns[0]:
        raise HubError(f"{file} is separated by semicolons; save it with commas.")
    return rows


def _periods(text: pd.Series, file: Path) -> pd.Series:
    """Years or months, all of one kind."""
    year = text.str.fullmatch(r"\d{4}")
    if year.all():
        return text.astype(int)
    month = text.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")
    way_out = "Periods must be all years (2019) or all months (2019-01)."
    _refuse(~year if year.mean() > 0.5 else ~month, file, text, way_out)
    return pd.Series(pd.PeriodIndex(text, freq="M"), index=text.index)


def _refuse(wrong: pd.Series, file: Path, column: pd.Series, way_out: str) -> None:
    """Name the first line of a file that is wrong."""
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise HubError(
            f"{file}, line {row + 2}: {column.name!r} is {str(column.iloc[row])!r}. "
            f"{way_out}"
        )
