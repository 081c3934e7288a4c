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
# A figure stands alone that leaves its unit's path by so many times, inside and at
# either end where it cannot be seen to come back, and by this power of all others.
ALONE, AT_END, BEYOND = 3.0, 5.0, 3.0
# Others are those that are left when this share, and those that far off, are set aside.
SET_ASIDE, OFF = 0.01, 1.5


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


def stands_alone(values: np.ndarray) -> np.ndarray:
    """Say how many times too large figures are that leave a path and come back.

    What all units do at once is taken off. A figure is told only if it goes far beyond
    what any other does: in a table that moves much, nothing stands alone.

    Parameters
    ----------
    values : numpy.ndarray
        Of units by periods, NaN where nothing is known.

    Returns
    -------
    numpy.ndarray
        Of the same shape: the figure over those beside it, NaN where it is in line.

    Examples
    --------
    >>> values = np.array([[20.0, 21, 210, 21, 20], [30, 31, 30, 31, 31]])
    >>> stands_alone(values)[0].round().tolist()
    [nan, nan, 10.0, nan, nan]
    """
    times = np.full(values.shape, np.nan)
    if values.shape[1] < 4 or (values < 0).any():
        return times
    logs = np.log(np.where((values > 0) & np.isfinite(values), values, np.nan))
    steps = np.diff(logs, axis=1)
    common = np.nanmedian(np.where(np.isnan(steps).all(axis=0), 0.0, steps), axis=0)
    steps = np.nan_to_num(steps - (common if len(steps) > 3 else 0.0))
    came, went = steps[:, :-1], steps[:, 1:]
    back = np.minimum(np.abs(came), np.abs(went)) * (came * went < 0)
    # A step at an end is the figure's beside it where that one comes back.
    first = np.abs(steps[:, :1]) * (back[:, :1] < np.abs(steps[:, :1]) / 2)
    last = np.abs(steps[:, -1:]) * (back[:, -1:] < np.abs(steps[:, -1:]) / 2)
    away = np.hstack([first, back, last])
    aside = np.zeros(values.shape, bool)
    most = max(2, int(np.ceil(SET_ASIDE * np.isfinite(values).sum())))
    aside.flat[np.argsort(-away, axis=None, kind="stable")[:most]] = True
    aside &= away > np.log(OFF)
    stepped = aside[:, 1:] | aside[:, :-1]
    beside = aside[:, 1:-1] | stepped[:, 1:] | stepped[:, :-1]
    inside = max(np.log(ALONE), BEYOND * back[~beside].max(initial=0.0))
    at_end = max(np.log(AT_END), BEYOND * np.abs(steps[~stepped]).max(initial=0.0))
    bar = np.full(values.shape, inside)
    bar[:, [0, -1]] = at_end
    near = np.stack([np.roll(logs, 1, axis=1), np.roll(logs, -1, axis=1)])
    near[0, :, 0] = near[1, :, -1] = np.nan
    for i, t in np.argwhere(aside & (away > bar)):
        times[i, t] = np.exp(logs[i, t] - np.nanmean(near[:, i, t]))
    return times


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
