"""The noun every estimator takes: units by periods, and when each unit was treated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from hubanalysis.panels.cells import Cells
from hubanalysis.panels.checks import (
    check_balanced,
    check_transformed,
    check_values,
    check_weights,
    never_seen,
    starts_after,
    starts_within,
)
from hubanalysis.panels.reading import (
    HOW,
    as_list,
    as_mapping,
    as_period,
    known_units,
    traits_of,
)
from hubanalysis.panels.reshape import detrended, pooled
from hubanalysis.panels.table import read_long, read_wide
from hubanalysis.words.refusals import HubError, check_name, kind_of


class Panel(Cells):
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
    varying : dict
        Name -> frame of units by periods, of covariates that change over time.
    weights : pandas.Series or None
        How much each unit counts in an average, such as its population.
    later : dict
        Unit -> first treated period, where that lay after the last one of the table
        that the panel was made from: these count as never treated, and a note says so.
    unseen : tuple
        Units without a single figure, which are left out; a note says so.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
    >>> panel.window(3, 8).drop(["u05"])
    Panel of outcome: 5 units x 6 periods (3 to 8)
      treated  u01 from 6
      donors   4 never treated
    """

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
        varying: str | list[str] | None = None,
        weights: str | None = None,
    ) -> Panel:
        """Build a panel from a table with one row per unit and period.

        Spaces around names of units are taken off, and accents written in one piece.

        Parameters
        ----------
        df : pandas.DataFrame
            The table, or one of polars, or a dict of columns. It is not changed.
        unit, period, outcome : str
            Columns that hold the unit, the period (integers, dates or
            `pandas.Period`, never text) and the outcome (a number).
        first_treated : mapping or str
            Unit -> first treated period, with never-treated units absent; or the
            name of a column that holds it, where missing, infinite or 0 means never;
            or of a column that is 1 (or true) in treated rows and 0 in others.
        covariates : str or list of str, optional
            Columns that are constant within each unit.
        balanced : bool
            If true (the default), a missing cell is refused; if false, it is
            kept as a hole, which only some estimators accept.
        varying : str or list of str, optional
            Covariates that change over time. They must not be changed by treatment.
        weights : str, optional
            Column of what each unit counts by, such as its population before
            treatment: positive, and constant within each unit.

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
        wide, starts, more = read_long(
            df, unit, period, outcome, first_treated, covariates, varying, weights
        )
        if balanced:
            check_balanced(wide, unit, outcome)
        panel = cls.from_wide(wide, starts, outcome, **more)
        later = starts_after(wide, starts)
        return replace(
            panel, later={u: s for u, s in later.items() if u in panel.units}
        )

    @classmethod
    def from_wide(
        cls,
        wide: pd.DataFrame,
        first_treated: Mapping,
        outcome: str,
        covariates: pd.DataFrame | None = None,
        varying: Mapping[str, pd.DataFrame] | None = None,
        weights: pd.Series | None = None,
    ) -> Panel:
        """Build from a frame of units by periods, refusing what no estimator could use.

        Periods are sorted, and units without a figure left out. `covariates` and
        `weights` have a row per unit. The rest is as in `from_long`.
        """
        wide, first_treated = read_wide(wide), as_mapping(first_treated)
        check_values(wide, outcome)
        unseen = never_seen(wide)
        starts = starts_within(wide, first_treated)
        if unseen:
            # A check of dates needs them, no estimate may count them.
            wide = wide.drop(index=unseen)
            starts = {u: s for u, s in starts.items() if u in wide.index}
        values = wide.to_numpy(dtype=float, copy=True)
        values.setflags(write=False)
        covariates = traits_of(covariates, wide.index)
        weights = traits_of(weights, wide.index, "weights")
        if weights is not None:
            check_weights(weights)
        return cls(
            values, wide.index, wide.columns, starts, outcome,
            covariates, dict(varying or {}), weights, unseen=tuple(unseen),
        )  # fmt: skip

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
        frame, starts = read_wide(frame), as_mapping(starts)
        starts = {u: s for u, s in starts.items() if u in frame.index}
        panel = Panel.from_wide(
            frame, starts, outcome or self.outcome,
            self.covariates, self.varying, self.weights,
        )  # fmt: skip
        kept = {u: s for u, s in self.later.items() if u in panel.donors}
        unseen = (*self.unseen, *panel.unseen)
        return replace(panel, later=kept, unseen=unseen) if kept or unseen else panel

    def plain(self) -> Panel:
        """Leave covariates and weights aside.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
        >>> panel.plain().is_plain
        True
        """
        return replace(self, covariates=None, varying={}, weights=None)

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
            raise HubError(
                f"no period lies between {first} and {last}; the panel has "
                f"{self.periods[0]} to {self.periods[-1]}."
            )
        return self.with_frame(self.frame.loc[:, inside])

    def without_periods(self, periods: Iterable) -> Panel:
        """Leave out single periods, such as a year of transition.

        Event time then counts what is left, over steps of unequal length:
        `detrended_did` and `honest_bounds` count time.
        """
        periods = [as_period(self.periods, p) for p in as_list(periods)]
        for p in periods:
            check_name(p, self.periods, "period")
        return self.with_frame(self.frame.drop(columns=periods))

    def drop(self, units: Iterable) -> Panel:
        """Leave out units, treated or not."""
        gone = known_units([*self.units, *self.unseen], units)
        rest = replace(self, unseen=tuple(u for u in self.unseen if u not in gone))
        return rest.with_frame(self.frame.drop(index=gone, errors="ignore"))

    def keep(self, units: Iterable) -> Panel:
        """Keep these units only, in the panel's order."""
        kept = self.units.isin(known_units(self.units, units))
        return self.with_frame(self.frame[kept])

    def transform(self, function: Callable) -> Panel:
        """Apply a function such as `numpy.log` to the outcome.

        Raises
        ------
        ValueError
            If the result has another shape, or is missing or infinite where the
            outcome was not (the log of zero, say): the cells are named.
        """
        if not callable(function):
            raise HubError(
                f"transform takes a function, such as numpy.log, not {function!r}."
            )
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
        self.require_plain("pool")
        wide, starts = pooled(
            self.frame, self.first_treated, known_units(self.units, units), name, how
        )
        return self.with_frame(wide, starts)

    def treat(self, first_treated: Mapping) -> Panel:
        """Replace who is treated and when, as a placebo does."""
        first_treated = as_mapping(first_treated)
        known_units(self.units, first_treated)
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
            raise HubError(
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
        require_panel(other, "minus")
        if not (self.units.equals(other.units) and self.periods.equals(other.periods)):
            raise HubError(
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
        wide = detrended(self.frame, int(self.starts.min()))
        return self.with_frame(wide, outcome=f"detrended {self.outcome}")

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
        return replace(
            self,
            values=self.values[rows],
            units=units,
            first_treated=first,
            covariates=traits_of(self.covariates, units),
            weights=traits_of(self.weights, units, "weights"),
        )


def require_panel(given: object, who: str) -> None:
    """Refuse anything that is not a panel, on behalf of `who`."""
    if isinstance(given, Panel):
        return
    own = getattr(given, "panel", None)
    if own is None:
        way = f"Make one with {HOW}."
    else:
        way = f"Pass its {'panel()' if callable(own) else 'panel'} instead."
    raise HubError(f"{who} takes a Panel, not {kind_of(given)}. {way}")
