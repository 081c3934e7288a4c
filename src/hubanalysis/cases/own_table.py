"""A table of somebody's own, read as it was meant, and all its faults told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.cases.own_columns import Column, numbers, periods, treatment
from hubanalysis.cases.own_file import KINDS, Fault, Sheet, read_file
from hubanalysis.cases.own_places import places
from hubanalysis.cases.own_whole import (
    called_total,
    far_periods,
    odd_figures,
    outside_dates,
    repeated_rows,
    skipped_periods,
    totals,
)
from hubanalysis.cases.plan import OutcomePlan
from hubanalysis.words.refusals import HubError, listed

# A name of a column that is a year: 2012, Y2012, 2012 [YR2012].
YEAR = re.compile(r"[Yy]?([12]\d{3})(\.0)?( \[YR\d{4}\])?")


@dataclass(frozen=True)
class Roles:
    """Which columns of a table are what.

    Attributes
    ----------
    units, periods : set of str
    figures : set of str
        Columns that must hold numbers.
    treated : set of str
        Columns that say since when, or whether, a unit is treated.
    labels : set of str
        Columns that tell rows of one unit and period apart.
    wide : str
        What to call figures that stand in a column for each year.
    left_out : set of str
        Units that the plan leaves out of every outcome of the table.
    by_rule : bool
        Whether a rule of the plan says in every outcome which units are kept.
    """

    units: set[str]
    periods: set[str]
    figures: set[str] = field(default_factory=set)
    treated: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    wide: str = "value"
    left_out: set[str] = field(default_factory=set)
    by_rule: bool = False

    @classmethod
    def of(cls, plans: Iterable[OutcomePlan], table: str) -> Roles:
        """Read them off a plan."""
        plans = list(plans)
        labels = {c for p in plans for c in p.where}
        labels |= {p.spread for p in plans if p.spread is not None}
        own = [p for p in plans if p.table == table]
        formulas = " ".join(f"{p.value} {p.share_of or ''}" for p in own or plans)
        names = {p.value for p in own} | set(re.findall(r"\w+", formulas))
        names |= {p.weights for p in own if p.weights is not None}
        simple = [p.value for p in own if p.value.isidentifier()]
        if both := {p.unit for p in plans} & {p.period for p in plans}:
            raise HubError(
                f"{listed(sorted(both))} cannot be unit and period at once: name two "
                "columns."
            )
        return cls(
            {p.unit for p in plans},
            {p.period for p in plans},
            names - labels - {p.unit for p in plans} - {p.period for p in plans},
            {p.first_treated for p in own if isinstance(p.first_treated, str)},
            labels,
            simple[0] if simple else "value",
            set.intersection(*({*p.leave_out_units} for p in own or plans)),
            all(p.only_units is not None for p in own or plans),
        )


@dataclass(frozen=True)
class OwnTable:
    """A table as it was read.

    Attributes
    ----------
    rows : pandas.DataFrame
        Units as text, periods as years or months, figures as numbers, first treated
        years (missing for never). The index is the line of the file.
    assumed : tuple of str
        What was taken for granted.
    faults : tuple of Fault
        What stands in the way.
    warnings : tuple of Fault
        What somebody should look at.
    name : str
        Of the file.
    """

    rows: pd.DataFrame
    assumed: tuple[str, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    name: str

    def require(self) -> pd.DataFrame:
        """Return the rows, or refuse them with all faults at once."""
        if self.faults:
            raise HubError(told(self.name, self.faults))
        return self.rows.reset_index(drop=True)


def told(name: str, faults: Iterable[Fault]) -> str:
    """Tell faults: one in a sentence, several in a list."""
    faults = list(faults)
    if len(faults) == 1:
        where = ", " if faults[0].lines else ": "
        return f"{name}{where}{faults[0]}"
    return f"{name} has {len(faults)} faults:\n  " + "\n  ".join(map(str, faults))


def read_own(folder: Path, table: str, plans: Iterable[OutcomePlan]) -> OwnTable:
    """Read a table of somebody's own.

    Parameters
    ----------
    folder : pathlib.Path
        Where it lies.
    table : str
        Its name, without its ending.
    plans : iterable of OutcomePlan
        All outcomes of the plan: they say which columns are units, periods and numbers.

    Raises
    ------
    ValueError
        If it is missing or cannot be read at all.
    """
    file = find(folder, table)
    return understood(read_file(file), Roles.of(plans, table))


def find(folder: Path, table: str) -> Path:
    """Find the file of a table, whatever kind it is of."""
    found = [folder / f"{table}{kind}" for kind in KINDS]
    found = [file for file in found if file.is_file()]
    if len(found) > 1:
        raise HubError(
            f"there are {listed(f.name for f in found)} in {folder}: which of them is "
            f"{table!r}? Take the others out."
        )
    if found:
        return found[0]
    files = sorted(
        f.name for f in folder.glob("*.*") if f.suffix.lower() in KINDS and f.is_file()
    )
    raise HubError(
        f"the plan names {table!r}, but {folder / table}.csv is missing; there is "
        f"{listed(files) or 'no CSV file'}."
    )


def understood(sheet: Sheet, roles: Roles, decimal: str = "") -> OwnTable:
    """Read the columns of a sheet as what they are.

    Parameters
    ----------
    sheet : Sheet
    roles : Roles
    decimal : {"", ".", ","}
        What stands before decimals; found out by default.

    Examples
    --------
    >>> from hubanalysis.cases.own_file import of_frame
    >>> sheet = of_frame(pd.DataFrame({"place": ["A"], "2019": ["1,5"], "2020": ["2"]}))
    >>> table = understood(sheet, Roles({"place"}, {"year"}, {"jobs"}, wide="jobs"))
    >>> table.rows.values.tolist()
    [['A', 2019, 1.5], ['A', 2020, 2.0]]
    """
    assumed = list(sheet.assumed)
    cells = _long(sheet, roles, assumed)
    # Lines may repeat, where each holds all years; positions do not.
    lines, cells = cells.index.to_numpy(), cells.reset_index(drop=True)
    faults: list[Fault] = []
    warnings: list[Fault] = []
    there = set(cells.columns)
    units, when = roles.units & there, roles.periods & there
    summed: list[Fault] = []
    if len(units) == 1:
        summed = called_total(cells[min(units)], roles.left_out)
        if not roles.by_rule:
            # A total goes as a whole, and what it lacks is no other fault.
            cells = cells.drop([line for fault in summed for line in fault.lines])
    rows = pd.DataFrame(index=cells.index)
    kept: dict[str, Column] = {}
    treated = roles.treated & there
    for name in cells.columns.difference(treated, sort=False):
        column = cells[name]
        if name in roles.units:
            kept[name] = places(column)
        elif name in roles.periods:
            kept[name] = periods(column)
        elif name in roles.figures:
            kept[name] = numbers(column, sheet.separator, decimal, sheet.typed)
        else:
            kept[name] = Column(_plain(column))
    for name in treated:
        if len(units) == len(when) == 1:
            unit, period = kept[min(units)].values, kept[min(when)].values
            kept[name] = treatment(cells[name], unit, period)
        else:
            kept[name] = numbers(cells[name], sheet.separator, decimal)
    for name in cells.columns:
        column = kept[name]
        rows[name] = column.values
        assumed += column.assumed
        faults += column.faults
        warnings += column.warnings
    if units and when:
        faults += repeated_rows(rows, cells, units, when, roles.labels & there)
    for period in when:
        # What could not be read stands at no time.
        lost = {line for fault in kept[period].faults for line in fault.lines}
        sound = rows.loc[~rows.index.isin(list(lost)), period]
        if len(sound):
            warnings += far_periods(sound, cells.loc[sound.index, period])
            warnings += skipped_periods(sound)
    placed = not any(fault.column in units | when for fault in faults)
    if len(units) == len(when) == 1 and placed:
        unit, period = min(units), min(when)
        labels = sorted(roles.labels & there)
        for name in sorted(roles.figures & there):
            warnings += odd_figures(rows, name, unit, labels, period)
            if not labels:
                certain, likely = totals(rows, name, unit, period)
                summed += (f for f in certain if not {*f.found} <= roles.left_out)
                warnings += (f for f in likely if not {*f.found} <= roles.left_out)
        for name in treated if not faults else ():
            warnings += outside_dates(rows, name, period)
    (warnings if roles.by_rule else faults).extend(dict.fromkeys(summed))
    found, heeded = (
        tuple(fault.moved(lines) for fault in part) for part in (faults, warnings)
    )
    rows.index = lines[rows.index]
    gone = {line for fault in found if fault.whole for line in fault.lines}
    faulty = (*(f for f in sheet.faults if not {*f.lines} <= gone), *found)
    return OwnTable(rows, tuple(assumed), faulty, heeded, sheet.name)


def _long(sheet: Sheet, roles: Roles, assumed: list[str]) -> pd.DataFrame:
    """Put a table with a column for each year below each other."""
    cells = sheet.cells
    years = {c: m[1] for c in cells.columns if (m := YEAR.fullmatch(c))}
    if len(years) < 2 or roles.periods & set(cells.columns) or len(roles.periods) > 1:
        return cells
    period, value = min(roles.periods), roles.wide
    if value in cells.columns:
        raise HubError(
            f"{sheet.name} has a column for each year and one called {value!r}. Give "
            "the figures another name, or take that column out."
        )
    assumed.append(f"{sheet.name}: a column for each year, put below each other")
    others = [c for c in cells.columns if c not in years]
    parts = [
        cells[others].assign(**{period: year, value: cells[column]})
        for column, year in years.items()
    ]
    # Rows of one line of the file stay together.
    return pd.concat(parts).sort_index(kind="stable")


def _plain(cells: pd.Series) -> pd.Series:
    """A column that the plan does not explain, as a spreadsheet would read it."""
    full = cells[cells != ""]
    if len(full) and full.isin(["True", "False"]).all():
        return cells.map({"True": True, "False": False})
    figures = pd.to_numeric(full, errors="coerce")
    # Codes that begin with a zero are names.
    coded = full.str.fullmatch(r"0\d+").any()
    if len(full) and figures.notna().all() and not coded:
        return pd.to_numeric(cells.replace("", np.nan))
    return cells.replace("", np.nan)
