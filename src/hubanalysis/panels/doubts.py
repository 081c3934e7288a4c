"""What may be wrong with figures and dates, though nothing says that it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import listed, listed_cells

# Numbers that stand for an empty cell in many files.
CODES = (99, 999, 9999, 99999, 999999, -99, -999, -9999, -99999, -999999)
# A code is one if it is so many times as large as anything else in the table.
FAR = 10
# How much a number grows, or shrinks, where it loses or gains three digits on its way
# (a dot for thousands read as a decimal point), with room for what really happened.
THOUSAND = (500, 2000)


def stands_for_none(values: np.ndarray) -> np.ndarray:
    """Say which numbers look like codes for an empty cell.

    Parameters
    ----------
    values : numpy.ndarray
        Of one outcome, of any shape, NaN where a cell is empty.

    Returns
    -------
    numpy.ndarray of bool
        Of the same shape.

    Examples
    --------
    >>> stands_for_none(np.array([3.0, 4.0, -999.0, 99.0])).tolist()
    [False, False, True, True]
    """
    coded = np.isin(values, CODES)
    others = values[~coded & np.isfinite(values)]
    largest = np.abs(others).max(initial=0.0)
    negative = values < min(others.min(initial=0.0), 0.0)
    far = np.abs(values) / FAR > largest
    return coded & (far | (negative & (others >= 0).all()))


def doubted_values(
    values: np.ndarray, units: pd.Index, periods: pd.Index, outcome: str
) -> tuple[str, ...]:
    """Note numbers that look like codes for a missing cell, and thousandfold jumps.

    `values` has shape (n_units, n_periods), with NaN for holes.

    Examples
    --------
    >>> values = np.array([[3.0, 4.0, -999.0], [2.0, 3.0, 3.0]])
    >>> doubted_values(values, pd.Index(["A", "B"]), pd.Index([1, 2, 3]), "nights")[0]
    'nights is -999 for A in 3: is that a code for a missing cell? If so, empty it'
    """
    coded = stands_for_none(values)
    notes: tuple[str, ...] = ()
    if coded.any():
        which = listed([f"{code:g}" for code in np.unique(values[coded])])
        notes += (
            f"{outcome} is {which} for {listed_cells(coded, units, periods)}: is that "
            "a code for a missing cell? If so, empty it",
        )
    seen = np.where(coded | (values == 0), np.nan, values)
    if np.nanmin(seen, initial=np.inf) < 0:
        # No amount, but a change, a gap or a logarithm: it is near zero at times.
        return notes
    low, high = THOUSAND
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        growth = seen[:, 1:] / seen[:, :-1]
        size = np.maximum(growth, 1 / growth)
    jumps = (size >= low) & (size <= high)
    if jumps.any():
        i, t = np.argwhere(jumps)[0]
        where = listed_cells(jumps, units, periods[1:])
        notes += (
            f"{outcome} changes about a thousandfold for {where} (first from "
            f"{values[i, t]:g} to {values[i, t + 1]:g}): is a dot or comma for "
            "thousands read as a decimal point, or has the unit changed?",
        )
    return notes


def doubted_dates(later: Mapping, last: object) -> tuple[str, ...]:
    """Note units that start after the last period, and so count as never treated."""
    if not later:
        return ()
    which = listed([f"{unit} ({start})" for unit, start in later.items()])
    return (
        f"treatment starts after the last period, {last}, in {which}: never treated "
        "here. Correct the date, or drop the unit if it is no fair comparison",
    )


def never_seen_note(units: tuple, outcome: str) -> tuple[str, ...]:
    """Note units without a single figure, which are left out.

    Examples
    --------
    >>> never_seen_note(("Oslo",), "nights")
    ('left out, as there is no figure of nights in any period: Oslo',)
    """
    if not units:
        return ()
    return (
        f"left out, as there is no figure of {outcome} in any period: {listed(units)}",
    )
