"""A yardstick, set beside the effects that fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.plan import Yardstick
from hubanalysis.inference.power import Significance, significance_of

Reading = Literal["ruled out", "outside", "fits", "fits, too small to find"]


@dataclass(frozen=True)
class Measured:
    """A yardstick set beside the interval.

    Attributes
    ----------
    yardstick : Yardstick
    effect : float
        Its value on the scale of the estimate.
    reading : str
        *fits* if it lies inside the interval; *fits, too small to find* if also smaller
        than what could have been detected. *Ruled out* if it lies outside; merely
        *outside* where that decides nothing: it is of another kind than the outcome
        (`Yardstick.unlike`), it is for one period (`by`) where several are averaged, or
        no pretended date was passed.
    significance : Significance
        What a significant estimate would have been worth, were it true.
    """

    yardstick: Yardstick
    effect: float
    reading: Reading
    significance: Significance

    @property
    def undecided(self) -> bool:
        """Whether it lies outside, is alike, and is not ruled out all the same."""
        return self._outside and self.yardstick.by is None

    @property
    def of_its_time(self) -> bool:
        """Whether it lies outside a mean, and is for one period of it or another."""
        return self._outside and self.yardstick.by is not None

    @property
    def _outside(self) -> bool:
        return self.reading == "outside" and not self.yardstick.unlike


def measure(yardstick: Yardstick, battery: Battery) -> Measured:
    """Set a yardstick beside what those who are heard leave open.

    Parameters
    ----------
    yardstick : Yardstick
    battery : Battery

    Returns
    -------
    Measured
    """
    low, high = battery.interval
    mde = battery.power.mde
    value = yardstick.value
    effect = float(np.log1p(value)) if battery.plan.transform == "log" else value
    reading: Reading = "fits"
    if not low <= effect <= high:
        sure = battery.passed and not yardstick.unlike
        sure = sure and (yardstick.by is None or len(battery.averaged) == 1)
        reading = "ruled out" if sure else "outside"
    elif abs(effect) < mde < np.inf:
        reading = "fits, too small to find"
    return Measured(
        yardstick, effect, reading, significance_of(battery.heard_lots, effect)
    )
