"""Which column of a table is what, where nobody said so."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.cases.own_columns import is_nothing, numbers, periods
from hubanalysis.cases.own_file import Sheet
from hubanalysis.cases.own_table import YEAR
from hubanalysis.cases.own_whole import never_changes
from hubanalysis.words.refusals import HubError, check_name, listed

# What a column of periods is called, in the languages of the offices that write them.
_TIMES = re.compile(
    r"(year|date|period|time|month|quarter|jahr|datum|zeit|monat|quartal|ann[ée]e|anno|"
    r"a[ñn]o|ano|år|rok|dato|mois|mes|fiscal|school)",
    re.I,
)
# What a column of codes is called.
_CODES = re.compile(
    r"(id|key|code|no|nr|num|index|row|line|ags|ars|nuts|fips|iso|geo|insee|kommunenr|"
    r"schl[üu]ssel|kennziffer|lau|zip|postcode|plz)([ _.-]?\d*)",
    re.I,
)
# A part of a year in a column of its own is no figure either.
_PARTS = re.compile(
    r"(quarter|quartal|trimestre|month|monat|mois|mes|week|day)s?", re.I
)


def guess(sheet: Sheet, given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Find out which column is what, where nobody said so.

    Parameters
    ----------
    sheet : Sheet
    given : mapping of str to str
        Names of columns by `unit`, `period` and `outcome`; empty where not said.

    Returns
    -------
    tuple
        All three, and what was assumed.

    Raises
    ------
    HubError
        If a name is unknown, or one cannot be found out; if several columns could be
        the outcome, since nobody else can say which is meant.
    """
    cells, said, chosen = sheet.cells, [], dict(given)
    years = [c for c in cells.columns if YEAR.fullmatch(c)]
    wide = len(years) > 1
    for role, name in given.items():
        new = wide and role != "unit"
        if name and not (new and name not in cells.columns):
            check_name(name, list(cells.columns), "column")
    rest = [c for c in cells.columns if c not in [*given.values(), *years]]
    if not chosen["period"]:
        chosen["period"] = "year" if wide else _period(cells[rest])
    if not chosen["unit"]:
        fits = [c for c in rest if c != chosen["period"] and _names(cells[c])]
        chosen["unit"] = fits[0] if fits else ""
    if not chosen["outcome"]:
        known = set(chosen.values())
        fits = [c for c in rest if c not in known and _figures(cells[c], sheet)]
        if chosen["unit"] and not wide:
            # What says the same of a unit throughout is a key or a size.
            units, told = cells[chosen["unit"]], cells.mask(cells.apply(is_nothing))
            fits = [c for c in fits if not never_changes(told[c], units)]
        if len(fits) > 1 and not wide and chosen["period"]:
            raise HubError(
                f"{sheet.name}: {listed(map(repr, fits))} hold figures, and each could "
                "be the outcome. Name the one that is meant: --outcome COLUMN."
            )
        chosen["outcome"] = "value" if wide else fits[0] if fits else ""
    for role, name in chosen.items():
        if not name:
            left = [c for c in rest if c not in chosen.values()]
            raise HubError(_no_column(sheet, role, left))
        if not given[role] and not (wide and role != "unit"):
            said.append(f"the {role} is {name!r}")
    return chosen, said


def _no_column(sheet: Sheet, role: str, rest: list[str]) -> str:
    """Say that nothing looks like a role, and what comes nearest."""
    cells, way = sheet.cells, ""
    if role == "period":
        way = (
            " Periods are years (2019), months (2019-01), quarters (2019-Q1) "
            "or dates (2019-12-31)."
        )
        for name in rest:
            inside = cells[name].str.extract(r"\b([12]\d{3})\b")[0].notna()
            if inside.mean() > 0.5:
                example = cells[name][inside].iloc[0]
                way += f" {name!r} holds {example!r}: leave the year alone in it."
                break
    if role == "outcome":
        for name in rest:
            digits = cells[name].str.contains(r"\d") & ~is_nothing(cells[name])
            text = digits & numbers(cells[name], sheet.separator).values.isna()
            if text.mean() > 0.5:
                example = cells[name][text].iloc[0]
                way += f" {name!r} holds {example!r}: write it as a number alone."
                break
    return (
        f"no column of {sheet.name} looks like the {role}. Name it: --{role} "
        f"COLUMN. There are: {listed(cells.columns, 20)}.{way}"
    )


def _period(cells: pd.DataFrame) -> str:
    """The column that is most like one of periods.

    Counts of jobs may look like years, and a first year by unit is one: a column is
    more likely if its name says so, and if its values come back for every unit.
    """
    fits = [c for c in cells.columns if _mostly_periods(cells[c])]
    named = [c for c in fits if _TIMES.search(c)]

    def unlikely(name: str) -> tuple[bool, bool, int]:
        counts = cells[name].value_counts()
        uneven = int(counts.max() - counts.min())
        return name not in named, counts.mean() < 2, uneven

    return min(fits, key=unlikely, default="")


def _mostly_periods(cells: pd.Series) -> bool:
    wrong = {line for fault in periods(cells).faults for line in fault.lines}
    return len(wrong) < 0.5 * len(cells)


def _names(cells: pd.Series) -> bool:
    text = cells[~is_nothing(cells)]
    return len(text) > 0 and text.nunique() > 1 and numbers(text).values.isna().any()


def _figures(cells: pd.Series, sheet: Sheet) -> bool:
    """Whether a column holds figures, and not codes or the numbers of its rows."""
    if _CODES.fullmatch(str(cells.name)) or _PARTS.fullmatch(str(cells.name)):
        return False
    read = numbers(cells, sheet.separator).values
    counts = len(read) > 2 and (np.diff(read) == 1).all()
    return bool(read.notna().mean() > 0.5 and read.nunique() > 2 and not counts)
