"""Columns of text, read as numbers, periods, places or treatment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from hubanalysis.cases.own_file import THREE, Fault
from hubanalysis.panels.reading import NEVER
from hubanalysis.words.refusals import listed

NOTHING = {"", "na", "n/a", "nan", "null", "none", "..", ":", "...", "-", "–", "—", "."}
YES = {"1", "true", "yes", "y", "oui", "ja", "si", "sí", "sim", "tak"}
NO = {"0", "false", "no", "n", "non", "nein", "nei", "nej", "nee", "não", "nie"}
SPACES = re.compile("[\\s\u00a0\u2007\u2009\u202f'’](?=\\d{3}(?!\\d))")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
GROUPS = r"[+-]?\d{{1,3}}({0}\d{{3}})+"
WRITE = "Write numbers without units, as 1413 or 14.5; leave the cell empty if unknown."

_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})( .*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?")
_MONTH = re.compile(r"(\d{4})[-/. ]?M?(\d{2})|(\d{1,2})[/.](\d{4})")
_QUARTER = re.compile(r"(\d{4})[-/ ]?Q([1-4])|Q([1-4])[-/ ](\d{4})", re.I)
_TWO_YEARS = re.compile(r"(\d{4})[/–-](\d{2}|\d{4})")
_PERIODS = "Periods must be all years (2019), all months (2019-01) or all dates."


@dataclass
class Column:
    """A column as it was understood.

    Attributes
    ----------
    values : pandas.Series
        On the lines of the file.
    assumed : list of str
    faults, warnings : list of Fault
    """

    values: pd.Series
    assumed: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def at(cells: pd.Series, wrong: pd.Series, what: str) -> Fault:
    """Name the lines of a column in which something is wrong."""
    rows = cells[wrong]
    return Fault(what, str(cells.name), tuple(map(int, rows.index)), tuple(rows))


def is_nothing(cells: pd.Series) -> pd.Series:
    """Whether cells are empty, or say so."""
    return cells.str.lower().isin(NOTHING)


# -- numbers --------------------------------------------------------------------


def numbers(
    cells: pd.Series, separator: str = ",", decimal: str = "", typed: bool = False
) -> Column:
    """Read numbers, however their thousands and decimals are written.

    Parameters
    ----------
    cells : pandas.Series of str
    separator : str
        What separates the columns of the file: where that is a semicolon, a comma
        stands before decimals.
    decimal : {"", ".", ","}
        What stands before decimals; found out by default.
    typed : bool
        Whether the cells were numbers before they were text, as in a spreadsheet.

    Examples
    --------
    >>> found = numbers(pd.Series(["88.065,0", "1.234,5"], name="jobs"))
    >>> found.values.tolist(), found.assumed
    ([88065.0, 1234.5], ["'jobs': a comma before decimals, points between thousands"])
    """
    column = Column(pd.Series(np.nan, cells.index, dtype=float, name=cells.name))
    nothing = is_nothing(cells)
    text = (
        cells.mask(nothing, "")
        .str.replace("−", "-")
        .str.replace(SPACES, "", regex=True)
    )
    shares = text.str.fullmatch(r".*\d\s*%")
    if shares.any() and (shares | nothing).all():
        column.assumed.append(f"{cells.name!r}: numbers of percent, 5 for 5%")
        text = text.str.replace(r"\s*%$", "", regex=True)
        cells = cells.str.replace(r"\s*%$", "", regex=True)
    spaced = (text != cells) & ~nothing & ~cells.str.contains("−")
    if spaced.any():
        column.assumed.append(f"{cells.name!r}: spaces or marks between thousands")
    dots, commas = text.str.contains(".", regex=False), text.str.contains(",")
    point = decimal or _decimal(text, dots, commas, separator, column)
    if point == ",":
        if commas.any():
            more = ", points between thousands" if dots.any() else ""
            column.assumed.append(f"{cells.name!r}: a comma before decimals{more}")
        elif dots.any():
            column.assumed.append(f"{cells.name!r}: points between thousands")
        odd = dots & ~text.str.fullmatch(GROUPS.format(r"\.") + r"(,\d+)?")
        plain = text.str.replace(".", "").str.replace(",", ".")
    else:
        if commas.any():
            column.assumed.append(f"{cells.name!r}: commas between thousands")
        odd = commas & ~text.str.fullmatch(GROUPS.format(",") + r"(\.\d+)?")
        plain = text.str.replace(",", "")
        if dots.any():
            _ask_of_thousands(text, dots, decimal, typed, column)
    good = plain.str.fullmatch(NUMBER) & ~odd
    column.values[good] = plain[good].astype(float)
    good &= np.isfinite(column.values)
    wrong = ~good & ~nothing
    if wrong.any():
        column.faults.append(at(cells, wrong, WRITE))
    said = nothing & (cells != "")
    if said.any():
        marks = ", ".join(sorted(set(cells[said])))
        column.assumed.append(f"{cells.name!r}: {marks} means that nothing is known")
    return column


def _decimal(
    text: pd.Series, dots: pd.Series, commas: pd.Series, separator: str, column: Column
) -> str:
    """Find out what stands before decimals."""
    both = text[dots & commas]
    if len(both):
        last = both.map(lambda cell: max(cell.rfind("."), cell.rfind(",")))
        signs = {cell[place] for cell, place in zip(both, last)}
        # Where they contradict each other the numbers themselves are refused.
        return "," if signs == {","} else "."
    for sign, rows in ((",", text[commas]), (".", text[dots])):
        other = "." if sign == "," else ","
        if not len(rows):
            continue
        grouped = rows.str.fullmatch(GROUPS.format(re.escape(sign)))
        if (rows.str.count(re.escape(sign)) > 1).any() and grouped.all():
            return other
        if sign == ",":
            if not grouped.all():
                return ","
            if separator == ",":
                return "."
            column.faults.append(_asked(text, commas))
            return ","
    return "."


def _asked(text: pd.Series, grouped: pd.Series) -> Fault:
    """Ask what a sign stands for that has three digits behind it."""
    bare = re.sub(r"[.,]", "", text[grouped].iloc[0])
    what = (
        "Is that thousands, or three decimals? Say which: --decimal . or --decimal , "
        f"(in a plan's folder, write {bare}, or {text[grouped].iloc[0]}0)."
    )
    return at(text, grouped, what)


def _ask_of_thousands(
    text: pd.Series, dots: pd.Series, decimal: str, typed: bool, column: Column
) -> None:
    """Say where a point may stand between thousands, and ask where it likely does.

    Who writes three decimals writes them of every number: whole ones of up to three
    digits beside them are below a thousand.
    """
    grouped = text.str.fullmatch(THREE)
    if (grouped != dots).any():
        return
    whole = text.str.fullmatch(r"[+-]?[1-9]\d{0,2}").any()
    if whole and not typed and not decimal:
        column.faults.append(_asked(text, grouped))
        return
    column.assumed.append(f"{text.name!r}: a point before three decimals")
    if not decimal:
        column.warnings.append(
            at(text, grouped, "Read as decimals. If these points stand between "
               "thousands, say so: --decimal ,")
        )  # fmt: skip


# -- periods --------------------------------------------------------------------


def years_of(when: pd.Series) -> pd.Series:
    """Years of periods that were read: of months, or themselves."""
    return when.dt.year if isinstance(when.dtype, pd.PeriodDtype) else when


def periods(cells: pd.Series) -> Column:
    """Read years, or months, of years, months, quarters and dates.

    Examples
    --------
    >>> periods(pd.Series(["2004/05", "2005/06"], name="school year")).values.tolist()
    [2004, 2005]
    """
    column = Column(pd.Series(0, cells.index, dtype=int, name=cells.name))
    whole = cells.str.replace(r"(?<=^\d{4})\.0+$", "", regex=True)
    kinds: dict[str, Callable[[str], tuple[int, int] | None]] = {
        "years": _year,
        "school or fiscal years, of which the first is taken": _two_years,
        "quarters": _quarter,
        "months": _month,
        "dates": _date,
    }
    read = {kind: whole.map(function) for kind, function in kinds.items()}
    kind = max(read, key=lambda k: read[k].notna().sum())
    found = read[kind]
    wrong = found.isna()
    if wrong.any():
        column.faults.append(at(cells, wrong, _PERIODS))
        if not found.notna().any():
            return column
    pairs = found.map(lambda pair: pair or (2000, 1))
    years = pairs.map(lambda pair: pair[0]).astype(int)
    months = pairs.map(lambda pair: pair[1]).astype(int)
    if kind not in ("years", "months"):
        column.assumed.append(f"{cells.name!r}: {kind}")
    if kind == "months" and set(months) == {1, 2, 3, 4} and years.nunique() > 1:
        what = "Months 1 to 4 of every year: are these quarters? Write 2006-Q1."
        column.faults.append(Fault(what, str(cells.name)))
    if kind in ("years", *list(kinds)[1:2]):
        column.values = years.rename(cells.name)
        return column
    if kind == "dates" and _same_day(cells[~wrong]):
        column.assumed[-1] += ", cut to years"
        column.values = years.rename(cells.name)
        return column
    if kind == "dates":
        column.assumed[-1] += ", cut to months"
        if _either_way(cells):
            column.faults.append(
                at(cells, cells.str.fullmatch(_DAY) & ~wrong,
                   "Is that day and month, or month and day? Write 2004-12-31.")
            )  # fmt: skip
    dated = pd.PeriodIndex.from_fields(year=years, month=months, freq="M")
    column.values = pd.Series(dated, cells.index, name=cells.name)
    return column


def _year(text: str) -> tuple[int, int] | None:
    return (int(text), 1) if re.fullmatch(r"[12]\d{3}", text) else None


def _two_years(text: str) -> tuple[int, int] | None:
    found = _TWO_YEARS.fullmatch(text)
    if not found or not _year(found[1]):
        return None
    first, second = int(found[1]), int(found[2])
    return (first, 1) if second in (first + 1, (first + 1) % 100) else None


def _quarter(text: str) -> tuple[int, int] | None:
    found = _QUARTER.fullmatch(text)
    if not found or not _year(found[1] or found[4]):
        return None
    return int(found[1] or found[4]), 3 * int(found[2] or found[3]) - 2


def _month(text: str) -> tuple[int, int] | None:
    found = _MONTH.fullmatch(text)
    if not found or not _year(found[1] or found[4]):
        return None
    month = int(found[2] or found[3])
    return (int(found[1] or found[4]), month) if 1 <= month <= 12 else None


def _date(text: str) -> tuple[int, int] | None:
    """Year and month of a date; of 31/12/2004 and of 12/31/2004 alike."""
    if found := _ISO.fullmatch(text):
        year, first, second = found[1], int(found[3]), int(found[2])
    elif found := _DAY.fullmatch(text):
        year, first, second = found[3], int(found[1]), int(found[2])
        if second > 12:
            first, second = second, first
    else:
        return None
    if not _year(year):
        return None
    try:
        date(int(year), second, first)
    except ValueError:  # the thirtieth of February
        return None
    return int(year), second


def _same_day(cells: pd.Series) -> bool:
    """Whether all dates fall on one day of the year, as 31 December."""
    days = cells.str.replace(r"[T ].*$", "", regex=True).str.replace(
        r"\d{4}", "", regex=True
    )
    return days.nunique() == 1


def _either_way(cells: pd.Series) -> bool:
    """Whether nothing tells days from months."""
    parts = cells.str.extract(_DAY).dropna(subset=[0, 1])
    first, second = parts[0].astype(int), parts[1].astype(int)
    if not len(parts) or (first == second).all():
        return False
    # In months told by dates the day is the same throughout.
    settled = first.nunique() == 1 or second.nunique() == 1
    return not settled and bool((first <= 12).all() and (second <= 12).all())


# -- treatment ------------------------------------------------------------------


def treatment(cells: pd.Series, units: pd.Series, when: pd.Series) -> Column:
    """Read the first treated year of every row's unit, missing where there is none.

    From a column of years or dates, or one of yes and no (1 and 0) that turns.

    Examples
    --------
    >>> cells = pd.Series(["0", "1", "0", "0"], name="treated")
    >>> units, when = pd.Series(list("aabb")), pd.Series([2018, 2019] * 2)
    >>> treatment(cells, units, when).values.tolist()
    [2019.0, 2019.0, nan, nan]
    """
    column = Column(pd.Series(np.nan, cells.index, dtype=float, name=cells.name))
    low = cells.str.lower()
    never = low.isin(NOTHING | set(NEVER) | {"inf", "∞"})
    if (never & (cells != "")).any():
        words = ", ".join(sorted(set(cells[never & (cells != "")])))
        column.assumed.append(f"{cells.name!r}: {words} means never treated")
    if low[~never].isin(YES | NO).all() and low.isin(YES).any():
        return _turned(column, cells, low.isin(YES), units, when)
    never |= low.isin(NO)
    dated = cells[~never]
    if not len(dated):
        return column
    read = periods(dated)
    column.assumed += read.assumed
    if read.faults:
        told = "Write the first treated year (2019), nothing where never treated."
        column.faults += [
            Fault(told, fault.column, fault.lines, fault.found) for fault in read.faults
        ]
        return column
    years = read.values
    if isinstance(years.dtype, pd.PeriodDtype):
        column.assumed.append(f"{cells.name!r}: cut to years")
        years = years.dt.year
    column.values[~never] = years.astype(float)
    within = dated.map(lambda text: ((_date(text) or _month(text)) or (0, 1))[1] > 1)
    if within.any():
        column.warnings.append(
            at(dated, within, "This begins within a year, and the whole of that year "
               "counts as treated. If most of it was not, write the year after.")
        )  # fmt: skip
    # A row without its unit is a fault of that column.
    kinds = (
        column.values.fillna(0).groupby(units.where(units != "")).transform("nunique")
    )
    if (kinds > 1).any():
        unlike = units[kinds > 1].drop_duplicates()
        what = (
            f"{listed(unlike)} have more than one {cells.name!r}; fill in all rows of "
            "a unit alike."
        )
        column.faults.append(Fault(what, lines=tuple(map(int, unlike.index))))
    return column


def _turned(
    column: Column, cells: pd.Series, on: pd.Series, units: pd.Series, when: pd.Series
) -> Column:
    """First treated year where a column says yes in treated rows."""
    name = str(cells.name)
    years = years_of(when)
    # Months count from their order, years from themselves.
    order = when.map(lambda p: p.ordinal) if years is not when else when
    turns = on.groupby(units).transform("nunique") > 1
    if not turns.any():
        column.faults.append(
            Fault("This says who is treated, but not when. Name the first treated year "
                  "in it, or make it 1 in treated rows only.", name)
        )  # fmt: skip
        return column
    rows = pd.DataFrame({"on": on.astype(int), "unit": units, "at": order})
    back = rows.sort_values("at").groupby("unit")["on"].diff() < 0
    if back.any():
        column.faults.append(
            at(cells, back.reindex(cells.index), "Treated before, and then no longer: "
               "once treated, always treated is assumed here.")
        )  # fmt: skip
    first = years[on].groupby(units[on]).min()
    column.values = units.map(first).astype(float).rename(name)
    column.assumed.append(f"{name!r}: 1 or yes in treated rows; the first is the start")
    return column
