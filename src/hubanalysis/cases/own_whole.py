"""What is wrong or odd with a table as a whole, once its columns are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from hubanalysis.cases.own_columns import at, is_nothing, years_of
from hubanalysis.cases.own_file import Fault
from hubanalysis.panels.doubts import stands_alone, stands_for_none
from hubanalysis.panels.reading import tidy
from hubanalysis.words.numbers import number_text
from hubanalysis.words.refusals import listed

# A unit's figures seldom lie this many times off its median.
JUMP = 300.0
# And not this many times off those beside it, if these agree with each other.
TIMES = 20.0
# A zero stands out among figures of this size, and a sum is no accident.
LARGE = 20
# What rows are called that are of all places together.
_TOGETHER = {
    "total": re.compile(
        r"(grand |overall |sub-?)?total(e|t|s)?( (g[ée]n[ée]ral|generale?))?|sum|summe|"
        r"summa|(ins)?gesamt|ensemble|totaal|razem|ogółem|celkem|yhteensä",
        re.I,
    ),
    "mean": re.compile(
        r"mean|average|moyenne|mittelwert|durchschnitt|gemiddelde|gjennomsnitt|"
        r"genomsnitt|gennemsnit",
        re.I,
    ),
}
# Years between two periods that follow each other.
GAP = 10


def repeated_rows(
    rows: pd.DataFrame,
    cells: pd.DataFrame,
    units: set[str],
    when: set[str],
    labels: set[str],
) -> list[Fault]:
    """Rows that were there before."""
    keys = [*units, *when, *labels]
    filled = ~pd.concat([is_nothing(cells[k]) for k in [*units, *when]], axis=1).any(
        axis=1
    )
    twice = rows.duplicated(keys) & filled
    if not twice.any():
        return []
    what = "This unit and period was there before; take one of the rows out."
    for name in cells.columns.difference(keys, sort=False):
        # Something that has few values and tells all of them apart is a part of a year.
        parts = cells[name][filled]
        if parts.nunique() <= 12 and not rows[filled].duplicated([*keys, name]).any():
            what = (
                f"{name!r} tells rows of one unit and period apart. Write both in one "
                "column, as 2006-Q1 or 2006-01, or keep the rows of one of its values."
            )
            return [Fault(what, min(when))]
    return [at(cells[min(units)], twice, what)]


def far_periods(when: pd.Series, cells: pd.Series) -> list[Fault]:
    """Periods that lie years away from all others."""
    years = years_of(when)
    known = np.sort(years.unique())
    jumps = np.flatnonzero(np.diff(known) > GAP)
    if not len(jumps):
        return []
    blocks = np.split(known, jumps + 1)
    main = max(blocks, key=len)
    wrong = ~years.isin(main)
    return [at(cells, wrong, f"This lies far from {main[0]} to {main[-1]}: a slip?")]


def skipped_periods(when: pd.Series) -> list[Fault]:
    """Years or months that no row has, between others that follow each other."""
    dated = isinstance(when.dtype, pd.PeriodDtype)
    known = np.unique(when.map(lambda p: p.ordinal) if dated else when)
    steps = np.diff(known)
    if len(steps) < 3 or np.median(steps) != 1 or steps.max() > GAP:
        return []
    lost = np.setdiff1d(np.arange(known[0], known[-1]), known)
    if not len(lost):
        return []
    names = [str(pd.Period(ordinal=n, freq="M")) if dated else str(n) for n in lost]
    return [Fault(f"no row at all is of {listed(names)}. Is that meant?")]


def called_total(places: pd.Series, left_out: Iterable[str] = ()) -> list[Fault]:
    """Rows named as a total or a mean is, but for those that a plan leaves out."""
    names = places.str.strip(" .:*").mask(places.map(tidy).isin([*left_out]), "")
    called = {what: names.str.fullmatch(name) for what, name in _TOGETHER.items()}
    return [
        _no_place(places, rows, f"A {what} is no place")
        for what, rows in called.items()
        if rows.any()
    ]


def _no_place(places: pd.Series, rows: pd.Series, what: str) -> Fault:
    lines = "this line" if rows.sum() == 1 else "these lines"
    return replace(at(places, rows, f"{what}: delete {lines}."), whole=True)


def totals(
    rows: pd.DataFrame, name: str, unit: str, period: str
) -> tuple[list[Fault], list[Fault]]:
    """Units that are the sum, or the mean, of all the others in every period.

    Returns
    -------
    tuple of list of Fault
        Sums, which no place is by accident; then means and sums of small numbers,
        which one may be.
    """
    if rows.duplicated([unit, period]).any():
        return [], []
    wide = rows.pivot(index=unit, columns=period, values=name).dropna()
    if len(wide) < 4 or (wide.nunique(axis=1) <= 1).all():
        return [], []
    others = wide.sum() - wide
    whole_numbers = (wide % 1 == 0).all(axis=None)
    certain, likely = [], []
    for what, whole in (("sum", others), ("mean", others / (len(wide) - 1))):
        alike = (np.isclose(wide, whole, rtol=2e-3, atol=0)).all(axis=1)
        for place in wide.index[alike & (wide != 0).all(axis=1)]:
            small = whole_numbers and wide.loc[place].max() <= LARGE
            told = f"This is the {what} of all others, and no place"
            found = _no_place(rows[unit], rows[unit] == place, told)
            (likely if small or what == "mean" else certain).append(found)
    return certain, likely


def never_changes(values: pd.Series, units: pd.Series) -> bool:
    """Whether a column says one thing of each unit, in more rows than one."""
    known = values.dropna().groupby(units)
    return bool(len(known) and known.size().max() > 1 and known.nunique().max() <= 1)


def out_of_line(rows: pd.DataFrame, name: str, keys: list[str]) -> pd.Series:
    """Figures that lie far off those beside them, which agree with each other.

    A zero or a code among thousands, or a figure with two digits too many. The rows
    stand as in the file, by period within a unit or the other way round.
    """
    values = rows[name]
    groups = values.groupby([rows[key] for key in keys])
    beside = pd.concat([groups.shift(n) for n in (-2, -1, 1, 2)], axis=1)
    known = beside.notna().sum(axis=1) > 1
    low, middle, high = (
        beside.min(axis=1), beside.median(axis=1), beside.max(axis=1)
    )  # fmt: skip
    # One of those beside it may be odd itself; the middle one is then still near.
    near = ((beside.div(middle, axis=0) - 1).abs() < 0.5).sum(axis=1)
    large = LARGE if (values.dropna() % 1 == 0).all() else 0
    steady = known & (middle > large) & (near >= beside.notna().sum(axis=1) - 1)
    none = (values <= 0) & steady & (high > 0)
    times = values / middle
    far = steady & (low > 0) & ((times > TIMES) | (times < 1 / TIMES)) & (values > 0)
    # A unit that falls to nothing for good has closed: only single figures are odd.
    single = pd.concat([groups.shift(1), groups.shift(-1)], axis=1)
    alone = ~((single <= 0) & single.notna()).any(axis=1)
    return (none & alone) | far


def odd_figures(
    rows: pd.DataFrame, name: str, unit: str, labels: list[str], period: str
) -> list[Fault]:
    """Figures that stand for none, or that move as no figure does."""
    values = rows[name]
    texts = values.map(lambda v: f"{v:.12g}").rename(name)
    found = []
    marks = pd.Series(stands_for_none(values.to_numpy(float)), values.index)
    if marks.any():
        what = "Does this stand for an unknown figure? Then leave the cell empty."
        found.append(at(texts, marks, what))
    size = values.where(~marks & (values > 0))
    typical = size.groupby([rows[key] for key in [unit, *labels]]).transform("median")
    far = (size / typical > JUMP) | (size / typical < 1 / JUMP)
    if far.any():
        what = (
            "Hundreds of times off its unit's other figures: another unit, or a slip?"
        )
        found.append(at(texts, far, what))
    odd = out_of_line(rows, name, [unit, *labels]) & ~far & ~marks
    for line in rows.index[odd]:
        told = number_text(typical[line], 0 if typical[line] > LARGE else 1)
        why = "Unknown? Then leave the cell empty."
        if values[line] > 0:
            why = "Another unit, or a slip?"
        what = f"Its unit has about {told} otherwise. {why}"
        found.append(at(texts, rows.index == line, what))
    alone = _alone(
        rows.assign(**{name: values.mask(marks)}), name, unit, labels, period
    )
    for line, times in alone[~far & ~odd].dropna().items():
        size = number_text(times, 2 * (times < 1))
        what = (
            f"About {size} times what stands beside it, and nothing else here leaves "
            "its path nearly so far. A slip?"
        )
        found.append(at(texts, rows.index == line, what))
    return found


def _alone(
    rows: pd.DataFrame, name: str, unit: str, labels: list[str], period: str
) -> pd.Series:
    """How many times what stands beside it a figure is that leaves and comes back."""
    keys = [unit, *labels]
    if rows.duplicated([*keys, period]).any() or not len(rows):
        return pd.Series(np.nan, rows.index)
    wide = rows.pivot(index=keys, columns=period, values=name)
    lines = rows.assign(_line=rows.index).pivot(
        index=keys, columns=period, values="_line"
    )
    times = stands_alone(wide.to_numpy(float))
    # Small whole numbers double and halve by themselves.
    if (wide.stack() % 1 == 0).all():
        times[(wide.median(axis=1) <= LARGE).to_numpy()] = np.nan
    there = lines.notna().to_numpy()
    return pd.Series(times[there], lines.to_numpy()[there].astype(int)).reindex(
        rows.index
    )


def outside_dates(rows: pd.DataFrame, name: str, period: str) -> list[Fault]:
    """Dates of treatment that no row reaches."""
    years = years_of(rows[period])
    first, last = years.min(), years.max()
    starts = rows[name]
    texts = starts.map(lambda v: f"{v:.0f}").rename(name)
    found = []
    late = starts > last
    # A programme that lies ahead as a whole is no slip, unless it lies far ahead.
    if (late & ((starts <= last).any() | (starts > last + GAP))).any():
        what = (
            f"The figures end in {last}: until then these units are compared with, as "
            "if never treated. Is that meant?"
        )
        found.append(at(texts, late, what))
    if (early := starts <= first).any():
        what = f"The figures begin in {first}: there is nothing before to compare with."
        found.append(at(texts, early, what))
    return found
