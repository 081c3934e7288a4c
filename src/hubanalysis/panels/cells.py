"""What a panel holds: outcomes of units over periods, and the dates of treatment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from hubanalysis.panels.checks import (
    check_balanced,
    check_no_covariates,
    check_no_weights,
)
from hubanalysis.panels.doubts import doubted_dates, doubted_values, never_seen_note
from hubanalysis.words.refusals import HubError, listed


@dataclass(frozen=True, eq=False, repr=False)
class Cells:
    """What `Panel` holds, and what can be read off it."""

    values: np.ndarray
    units: pd.Index
    periods: pd.Index
    first_treated: dict
    outcome: str
    covariates: pd.DataFrame | None = None
    varying: dict[str, pd.DataFrame] = field(default_factory=dict)
    weights: pd.Series | None = None
    later: dict = field(default_factory=dict)
    unseen: tuple = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The outcome as a frame, units by periods."""
        return pd.DataFrame(self.values, index=self.units, columns=self.periods)

    @property
    def treated(self) -> list:
        """Units that are treated at some period, in the panel's order."""
        return [u for u in self.units.tolist() if u in self.first_treated]

    @property
    def donors(self) -> list:
        """Units that are never treated in the panel, in its order."""
        return [u for u in self.units.tolist() if u not in self.first_treated]

    @property
    def starts(self) -> np.ndarray:
        """Position of each unit's first treated period; n_periods for never."""
        dates = set(self.first_treated.values())
        at = {date: int(self.periods.searchsorted(date)) for date in dates}
        at[None] = len(self.periods)
        # A list, as walking along an Index of text is slow.
        units = self.units.tolist()
        return np.array([at[self.first_treated.get(u)] for u in units], dtype=int)

    @property
    def treatment(self) -> np.ndarray:
        """Booleans of shape (n_units, n_periods): true where treated."""
        return np.arange(len(self.periods)) >= self.starts[:, None]

    @property
    def cohorts(self) -> dict:
        """First treated period -> units that start there, in order of time.

        Dates between two periods all mean the later one, as nothing tells them apart.
        """
        groups: dict = {}
        for unit, start in zip(self.units.tolist(), self.starts.tolist()):
            if start < len(self.periods):
                groups.setdefault(start, []).append(unit)
        named = {}
        for start in sorted(groups):
            dates = {self.first_treated[u] for u in groups[start]}
            date = dates.pop() if len(dates) == 1 else self.periods.tolist()[start]
            named[date] = groups[start]
        return named

    @property
    def is_balanced(self) -> bool:
        """Whether every unit is observed in every period."""
        return not np.isnan(self.values).any()

    @property
    def start(self) -> int:
        """Position of the one period in which all treated units start.

        Raises
        ------
        ValueError
            If nothing is treated or units start at different times.
        """
        self.require_treated()
        starts = sorted({int(s) for s in self.starts if s < len(self.periods)})
        if len(starts) > 1:
            when = ", ".join(str(self.periods[s]) for s in starts)
            raise HubError(
                f"units start at different times ({when}) and this needs one date. "
                "Keep one cohort, or use an estimator for staggered adoption."
            )
        return starts[0]

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What may be wrong with the figures or dates, and is for you to look at."""
        return (
            never_seen_note(self.unseen, self.outcome)
            + doubted_dates(self.later, self.periods[-1])
            + doubted_values(self.values, self.units, self.periods, self.outcome)
        )

    @property
    def weight(self) -> np.ndarray:
        """What each unit counts by, one on average."""
        if self.weights is None:
            return np.ones(len(self.units))
        weight = self.weights.to_numpy(dtype=float)
        return weight / weight.mean()

    @property
    def given(self) -> list:
        """Names of all covariates, those that vary last."""
        fixed = [] if self.covariates is None else list(self.covariates)
        return [*fixed, *self.varying]

    @property
    def is_plain(self) -> bool:
        """Whether there are outcomes and dates only, no covariates and no weights."""
        return not self.given and self.weights is None

    def require_plain(self, method: str, takes: Iterable[str] = ()) -> None:
        """Refuse covariates or weights that `method` does not take."""
        if "covariates" not in takes:
            check_no_covariates(self.given, method)
        if "weights" not in takes and self.weights is not None:
            check_no_weights(self.weights.name, method)

    @property
    def _who_is_treated(self) -> str:
        """How to say who is treated, where nobody is."""
        return "Name one with .treat({unit: first treated period})."

    def require_treated(self) -> None:
        """Refuse a panel in which nothing is treated."""
        if not self.first_treated:
            raise HubError(
                "no unit is treated within the panel's periods "
                f"({self.periods[0]} to {self.periods[-1]}). {self._who_is_treated}"
            )

    def require_donors(self) -> None:
        """Refuse a panel in which no unit is never treated."""
        if len(self.first_treated) == len(self.units):
            raise HubError(
                "no donor is left: every unit in the panel is treated. "
                "Keep at least one unit that was never treated."
            )

    def require_balanced(self, method: str) -> None:
        """Refuse a panel with holes, on behalf of `method`."""
        if not self.is_balanced:
            check_balanced(self.frame, "unit", self.outcome, method)

    def __repr__(self) -> str:
        """Say what the panel holds, and what may be wrong with it."""
        lines = [
            f"Panel of {self.outcome}: {len(self.units)} units x "
            f"{len(self.periods)} periods ({self.periods[0]} to {self.periods[-1]})"
        ]
        for start, units in self.cohorts.items():
            lines.append(f"  treated  {listed(units)} from {start}")
        lines.append(f"  donors   {len(self.donors)} never treated")
        if self.given:
            lines.append(f"  given    {listed(self.given)}")
        if self.weights is not None:
            lines.append(f"  weights  {self.weights.name}")
        lines += [f"  note     {note}" for note in self.notes]
        return "\n".join(lines)
