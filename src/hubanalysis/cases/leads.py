"""How the treated drifted against the others before anything began, by lot.

A formula's error for the gap of each period is far too small where few are treated. So
one number is taken, the gap's slope over all periods before the first start, and dealt
out again with the deals of the answer itself. No estimator of the plan has a part in
it, and no period in which anybody was treated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from hubanalysis.cases.battery import LEVEL, Battery
from hubanalysis.inference.assignments import TIE, sets_of
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reshape import elapsed
from hubanalysis.words.numbers import effect_text, number_text, p_text

# Periods before the first start from which on a slope is more than one change.
LEAST = 3


class Lead(NamedTuple):
    """How far the gap drifted before anything began, and how chance would have it.

    Attributes
    ----------
    slope : float
        A period, the shortest step of time, in units of the outcome and from the
        centre of the lot; not a number where it was not asked.
    periods : int
        Before the first start.
    rank, lots : int
        Deals of treatment whose gap drifts at least as far, in either direction, and
        all deals.
    moves : float or None
        By how much it moves the answer if it goes on; only where few deals drift as
        far.
    """

    slope: float
    periods: int
    rank: int = 0
    lots: int = 0
    moves: float | None = None

    @classmethod
    def of(cls, battery: Battery) -> Lead:
        """Ask it of the panel and the deals of the estimator that decides.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> lead = Lead.of(hub.Case.open("yozma").battery("gdp_per_head"))
        >>> lead.periods, lead.lots, lead.rank > 1
        (18, 30, True)
        """
        panel, starts = battery.panel, battery.lot.starts
        first = int(panel.starts.min())
        time = elapsed(panel.periods)
        slopes = _slopes(panel.values[:, :first], time[:first])
        weight = panel.weight * np.isfinite(slopes)
        sets = sets_of(starts)
        chosen = weight[sets].sum(axis=1)
        others = weight.sum() - chosen
        if first < LEAST or not (chosen[0] > 0 and others[0] > 0):
            return cls(np.nan, first)
        moved = weight * np.nan_to_num(slopes)
        ours = moved[sets].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            gaps = ours / chosen - (moved.sum() - ours) / others
        # A deal of units never seen before the start drifts nowhere.
        gaps = np.nan_to_num(gaps - np.nanmean(gaps))
        slack = TIE * np.abs(gaps).max()
        rank = int((np.abs(gaps) >= abs(gaps[0]) - slack).sum())
        lead = cls(float(gaps[0]), first, rank, len(gaps))
        if not lead.unlikely:
            return lead
        less = replace(panel, values=panel.values - _going_on(panel, time, lead.slope))
        moves = battery.main.att - battery.estimator(less).att
        return lead._replace(moves=float(moves))

    @property
    def unlikely(self) -> bool:
        """Whether so few deals drift as far that chance is no good reason."""
        return bool(self.lots) and self.rank <= (LEVEL + TIE) * self.lots

    def told(self, scale: str) -> str:
        """Say in words what was found, or why it was not asked.

        Examples
        --------
        >>> Lead(-0.01, 8, 120, 276).told("log")
        'over 8 periods the treated fell against the others by 1.0% a period; 120 of \
276 deals of treatment drift as far (p = 0.43)'
        >>> Lead(float("nan"), 1).told("log")
        'no drift was asked about: that takes 3 periods before the first start, and in \
them figures of some treated and some others'
        """
        if not self.lots:
            return (
                f"no drift was asked about: that takes {LEAST} periods before the "
                "first start, and in them figures of some treated and some others"
            )
        size = _size(self.slope, scale)
        way = "rose" if self.slope > 0 else "fell"
        way += f" against the others by {size} a period"
        if not size.strip("0.%"):
            way = "moved with the others"
        return (
            f"over {number_text(self.periods)} periods the treated {way}; "
            f"{number_text(self.rank)} of {number_text(self.lots)} deals of treatment "
            f"drift as far (p = {p_text(self.rank / self.lots)})"
        )

    def warning(self, scale: str, estimator: str) -> str:
        """Say which way it pulls the answer; empty where chance explains it.

        Examples
        --------
        >>> Lead(0.01, 8, 3, 276, 0.07).warning("log", "DiD")
        'before anything began, over 8 periods the treated rose against the others by \
1.0% a period; 3 of 276 deals of treatment drift as far (p = 0.01); if that went on \
after the start, the answer by DiD is too high by 7%'
        """
        if self.moves is None:
            return ""
        if abs(self.moves) <= abs(self.slope) / 2:
            pull = f"{estimator} keeps nearly all of that out of its answer"
        else:
            pull = (
                f"if that went on after the start, the answer by {estimator} is too "
                f"{'high' if self.moves > 0 else 'low'} by {_size(self.moves, scale)}"
            )
        return f"before anything began, {self.told(scale)}; {pull}"


def _slopes(before: np.ndarray, when: np.ndarray) -> np.ndarray:
    """Each unit's slope over the periods in which it is seen; missing if under two."""
    seen = np.isfinite(before)
    count = seen.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(seen, when, np.nan)
        time = time - np.nansum(time, axis=1, keepdims=True) / count
        return np.nansum(time * before, axis=1) / np.nansum(time**2, axis=1)


def _going_on(panel: Panel, time: np.ndarray, slope: float) -> np.ndarray:
    """A line with this slope through all periods, of those who are ever treated."""
    since = time - time[panel.starts.min()]
    ever = panel.starts < len(panel.periods)
    return slope * np.where(ever[:, None], since, 0.0)


def _size(value: float, scale: str) -> str:
    return effect_text(value, scale).lstrip("+−")
