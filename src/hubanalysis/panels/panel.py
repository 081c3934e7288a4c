"""The noun every estimator takes: units by periods, and when each unit was treated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from hubanalysis.panels.checks import (
    as_list,
    as_mapping,
    as_period,
    check_balanced,
    check_rows,
    check_transformed,
    check_values,
    constant_within,
    elapsed,
    pick_columns,
    starts_from_column,
    starts_within,
)
from hubanalysis.words.refusals import check_name, listed


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """Outcomes of units over periods, with the period in which each was treated.

    Build one with `Panel.from_long`; every method returns a new panel.

    Attributes
    ----------
    values : numpy.ndarray of shape (n_units, n_periods)
        The outcome, read-only. Holes are NaN and occur only when
        ``from_long(..., balanced=False)`` was asked for.
    units, periods : pandas.Index
        Row and column labels. Periods are sorted integers, dates or
        `pandas.Period`; event time counts them, so a period that was left out
        is not counted.
    first_treated : dict
        Treated unit -> first treated period. Units that are absent were never
        treated. Treatment is absorbing: once treated, always treated.
    outcome : str
        Name of the outcome, used in tables and on axes.
    covariates : pandas.DataFrame or None
        Units by variables, constant over time.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
    >>> panel.window(3, 8).drop(["u05"])
    Panel of outcome: 5 units x 6 periods (3 to 8)
      treated  u01 from 6
      donors   4 never treated
    """

    values: np.ndarray
    units: pd.Index
    periods: pd.Index
    first_treated: dict
    outcome: str
    covariates: pd.DataFrame | None = None

    # -- building ---------------------------------------------------------------

    @classmethod
    def from_long(
        cls,
        df: pd.DataFrame,
        unit: str,
        period: str,
        outcome: str,
        first_treated: Mapping | str,
        covariates: str | list[str] | None = None,
        balanced: bool = True,
    ) -> Panel:
        """Build a panel from a table with one row per unit and period.

        Parameters
        ----------
        df : pandas.DataFrame
            The table. It is not changed.
        unit, period, outcome : str
            Columns that hold the unit, the period (integers, dates or
            `pandas.Period`, never text) and the outcome (a number).
        first_treated : mapping or str
            Unit -> first treated period, with never-treated units absent; or the
            name of a column that holds it, where missing or 0 means never.
        covariates : str or list of str, optional
            Columns that are constant within each unit.
        balanced : bool
            If true (the default), a missing cell is refused; if false, it is
            kept as a hole, which only some estimators accept.

        Raises
        ------
        ValueError
            For a column or unit that does not exist, duplicate rows, a missing,
            infinite or constant outcome, periods of text, a unit treated from
            the first period, and all units treated at the same time.

        Examples
        --------
        >>> import pandas as pd, hubanalysis as hub
        >>> df = pd.DataFrame({"county": ["A", "A", "B", "B"],
        ...                    "year": [2000, 2001, 2000, 2001],
        ...                    "nights": [1.0, 4.0, 2.0, 3.0]})
        >>> hub.Panel.from_long(df, unit="county", period="year",
        ...                     outcome="nights", first_treated={"A": 2001})
        Panel of nights: 2 units x 2 periods (2000 to 2001)
          treated  A from 2001
          donors   1 never treated
        """
        covariates = as_list(covariates or [])
        extra = [first_treated] if isinstance(first_treated, str) else []
        rows = pick_columns(df, unit, period, outcome, [*covariates, *extra])
        check_rows(rows, unit, period, outcome)
        wide = rows.pivot(index=unit, columns=period, values=outcome)
        wide = wide.sort_index(axis=1).astype(float)
        if isinstance(first_treated, str):
            first_treated = starts_from_column(rows, unit, first_treated)
        traits = None
        if covariates:
            traits = constant_within(rows, unit, covariates)
        if balanced:
            check_balanced(wide, unit, period, outcome)
        return cls.from_wide(wide, as_mapping(first_treated), outcome, traits)

    @classmethod
    def from_wide(
        cls,
        wide: pd.DataFrame,
        first_treated: Mapping,
        outcome: str,
        covariates: pd.DataFrame | None = None,
    ) -> Panel:
        """Build from a frame of units by periods, refusing what no estimator could use.

        `covariates` has a row per unit. The rest is as in `from_long`.
        """
        check_values(wide, outcome)
        starts = starts_within(wide, first_treated)
        values = wide.to_numpy(dtype=float, copy=True)
        values.setflags(write=False)
        if covariates is not None:
            covariates = covariates.loc[wide.index]
        return cls(values, wide.index, wide.columns, starts, outcome, covariates)

    # -- what is in it ----------------------------------------------------------

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
        date = self.first_treated.get
        return np.array([at[date(u)] for u in self.units.tolist()], dtype=int)

    @property
    def treatment(self) -> np.ndarray:
        """Booleans of shape (n_units, n_periods): true where treated."""
        return np.arange(len(self.periods)) >= self.starts[:, None]

    @property
    def cohorts(self) -> dict:
        """First treated period -> units that start there, in order of time."""
        groups: dict = {}
        for u in self.treated:
            groups.setdefault(self.first_treated[u], []).append(u)
        return dict(sorted(groups.items()))

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
            raise ValueError(
                f"units start at different times ({when}) and this needs one date. "
                "Keep one cohort, or use an estimator for staggered adoption."
            )
        return starts[0]

    def require_treated(self) -> None:
        """Refuse a panel in which nothing is treated."""
        if not self.first_treated:
            raise ValueError(
                "no unit is treated within the panel's periods "
                f"({self.periods[0]} to {self.periods[-1]}). "
                "Name one with .treat({unit: first treated period})."
            )

    def require_donors(self) -> None:
        """Refuse a panel in which no unit is never treated."""
        if len(self.first_treated) == len(self.units):
            raise ValueError(
                "no donor is left: every unit in the panel is treated. "
                "Keep at least one unit that was never treated."
            )

    def require_balanced(self, method: str) -> None:
        """Refuse a panel with holes, on behalf of `method`."""
        if not self.is_balanced:
            check_balanced(self.frame, "unit", "period", self.outcome, method)

    # -- making another ---------------------------------------------------------

    def with_frame(
        self,
        frame: pd.DataFrame,
        first_treated: Mapping | None = None,
        outcome: str | None = None,
    ) -> Panel:
        """Put other figures, units by periods, in place of the outcome; check them.

        `first_treated` and the outcome's name stay as they are unless they are given;
        units that are not in the frame are no longer treated.
        """
        starts = self.first_treated if first_treated is None else first_treated
        starts = {u: s for u, s in starts.items() if u in frame.index}
        traits = self.covariates
        if traits is not None and not frame.index.isin(traits.index).all():
            traits = None
        return Panel.from_wide(frame, starts, outcome or self.outcome, traits)

    def window(self, first: int | str | date, last: int | str | date) -> Panel:
        """Keep the periods from `first` to `last`, both included.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
        >>> list(panel.window(3, 7).periods)
        [3, 4, 5, 6, 7]
        """
        first, last = as_period(self.periods, first), as_period(self.periods, last)
        inside = (self.periods >= first) & (self.periods <= last)
        if not inside.any():
            raise ValueError(
                f"no period lies between {first} and {last}; the panel has "
                f"{self.periods[0]} to {self.periods[-1]}."
            )
        return self.with_frame(self.frame.loc[:, inside])

    def without_periods(self, periods: Iterable) -> Panel:
        """Leave out single periods, such as a year of transition."""
        periods = [as_period(self.periods, p) for p in as_list(periods)]
        for p in periods:
            check_name(p, self.periods, "period")
        return self.with_frame(self.frame.drop(columns=periods))

    def drop(self, units: Iterable) -> Panel:
        """Leave out units, treated or not."""
        return self.with_frame(self.frame.drop(index=self._known(units)))

    def keep(self, units: Iterable) -> Panel:
        """Keep these units only, in the panel's order."""
        return self.with_frame(self.frame[self.units.isin(self._known(units))])

    def transform(self, function: Callable) -> Panel:
        """Apply a function such as `numpy.log` to the outcome.

        Raises
        ------
        ValueError
            If the result has another shape, or is missing or infinite where the
            outcome was not (the log of zero, say): the cells are named.
        """
        label = getattr(function, "__name__", "transformed")
        with np.errstate(all="ignore"):
            new = function(self.frame)
        check_transformed(new, self.frame, f"{label} of {self.outcome}")
        new = pd.DataFrame(new, index=self.units, columns=self.periods)
        return self.with_frame(new, outcome=f"{label} {self.outcome}")

    def pool(self, units: Iterable, name: Hashable, how: str = "sum") -> Panel:
        """Add up (or average) units into one; take logs after, not before.

        Parameters
        ----------
        units : iterable
            Units to pool; all treated from the same period, or none treated.
        name : hashable
            The new unit's name.
        how : {"sum", "mean"}
        """
        units = self._known(units)
        if len(units) != len(set(units)) or not units:
            raise ValueError(
                f"units to pool must be named once each, not {listed(units) or 'none'}."
            )
        if how not in ("sum", "mean"):
            raise ValueError(f"how must be 'sum' or 'mean', not {how!r}.")
        if name in self.units.difference(units):
            raise ValueError(f"there is already a unit called {name!r}.")
        starts = {self.first_treated.get(u) for u in units}
        if len(starts) > 1:
            dates = [f"{u} ({self.first_treated.get(u, 'never')})" for u in units]
            raise ValueError(
                "units that start at different times cannot be pooled into one: "
                f"{', '.join(dates)}"
            )
        wide = self.frame
        pooled = wide.loc[units].agg(how, skipna=False).rename(name)
        wide = pd.concat([wide.drop(index=units), pooled.to_frame().T])
        first = {u: s for u, s in self.first_treated.items() if u not in units}
        start = starts.pop()
        if start is not None:
            first[name] = start
        return self.with_frame(wide, first)

    def treat(self, first_treated: Mapping) -> Panel:
        """Replace who is treated and when, as a placebo does."""
        first_treated = as_mapping(first_treated)
        self._known(first_treated)
        return self.with_frame(self.frame, first_treated)

    def backdate(self, period: int | str | date) -> Panel:
        """Pretend that treatment began at `period`, and end the panel before it did.

        The true treated periods are cut off, so that an effect found in what is
        left cannot be the policy's.
        """
        self.require_treated()
        period = as_period(self.periods, period)
        true_start = min(self.first_treated.values())
        if not self.periods[0] < period < true_start:
            raise ValueError(
                f"a pretended start must lie after {self.periods[0]} and before the "
                f"true one ({true_start}); {period} does not."
            )
        wide = self.frame.loc[:, self.periods < true_start]
        return self.with_frame(wide, dict.fromkeys(self.first_treated, period))

    def minus(self, other: Panel) -> Panel:
        """Subtract another panel of the same units and periods, cell by cell.

        Of two outcomes in logs it leaves the log of their ratio: the outcome of a
        triple difference.
        """
        if not (self.units.equals(other.units) and self.periods.equals(other.periods)):
            raise ValueError(
                "the panels do not have the same units and periods; bring them in "
                "line with .keep() and .window() first."
            )
        return self.with_frame(
            self.frame - other.frame, outcome=f"{self.outcome} less {other.outcome}"
        )

    def detrend(self) -> Panel:
        """Subtract each unit's own straight line, fitted before treatment began.

        The line is fitted by least squares on the periods before the first
        treatment in the panel and carried on through the rest, so the same is
        done to every unit whoever is treated.
        """
        self.require_treated()
        before = int(self.starts.min())
        if before < 3:
            raise ValueError(
                "a straight line needs at least three periods before treatment; "
                f"this panel has {before}. Widen the window."
            )
        t = elapsed(self.periods)
        design = np.column_stack([np.ones_like(t), t])
        coefficients = np.linalg.pinv(design[:before]) @ self.values[:, :before].T
        new = self.values - (design @ coefficients).T
        wide = pd.DataFrame(new, index=self.units, columns=self.periods)
        return self.with_frame(wide, outcome=f"detrended {self.outcome}")

    def _known(self, units: Iterable) -> list:
        units = as_list(units)
        for u in units:
            check_name(u, self.units, "unit")
        return units

    def assign(self, rows: Iterable[int], start: int) -> Panel:
        """Treat the units in these rows from position `start`; nothing is checked."""
        starts = np.full(len(self.units), len(self.periods))
        starts[list(rows)] = start
        return self.deal(starts)

    def deal(self, starts: np.ndarray) -> Panel:
        """Treat units from these positions, (n_units,); n_periods means never.

        Nothing is checked: it is what a randomisation test does thousands of times.
        """
        dated = np.flatnonzero(starts < len(self.periods))
        first = {self.units[i]: self.periods[starts[i]] for i in dated}
        return replace(self, first_treated=first)

    def take(self, rows: np.ndarray) -> Panel:
        """Keep the units in these rows, by position; nothing is checked."""
        units = self.units[rows]
        first = {u: s for u, s in self.first_treated.items() if u in units}
        traits = None if self.covariates is None else self.covariates.loc[units]
        return replace(
            self,
            values=self.values[rows],
            units=units,
            first_treated=first,
            covariates=traits,
        )

    def __repr__(self) -> str:
        """Say what the panel holds, in three lines."""
        lines = [
            f"Panel of {self.outcome}: {len(self.units)} units x "
            f"{len(self.periods)} periods ({self.periods[0]} to {self.periods[-1]})"
        ]
        for start, units in self.cohorts.items():
            lines.append(f"  treated  {listed(units)} from {start}")
        lines.append(f"  donors   {len(self.donors)} never treated")
        return "\n".join(lines)
