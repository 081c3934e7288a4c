"""Repeated cross-sections: other people in every period, of groups that are dated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.panels.cells import Cells
from hubanalysis.panels.checks import (
    check_filled,
    check_periods,
    check_weights,
    pick_columns,
    starts_within,
)
from hubanalysis.panels.reading import (
    as_list,
    as_table,
    read_numbers,
    read_periods,
    starts_from_column,
)
from hubanalysis.words.refusals import HubError, listed


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CrossSections(Cells):
    """Observations that are seen once each, as in a survey repeated every year.

    Build it with `CrossSections.from_long`, and ask `group_time_att`.

    Attributes
    ----------
    values : numpy.ndarray of shape (n_rows,)
        The outcome of each observation.
    when : numpy.ndarray of shape (n_rows,)
        Position of its period in `periods`.
    units : pandas.Index
        Numbers of the observations.
    periods, first_treated, outcome, covariates, weights
        As of `Panel`, with observations for units.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> survey = pd.DataFrame({"year": [2000, 2000, 2001, 2001] * 4,
    ...                        "law": [2001, 0, 2001, 0] * 4,
    ...                        "hours": [4.0, 2, 7, 3, 4, 2, 7, 3] * 2})
    >>> sections = hub.CrossSections.from_long(survey, "year", "hours", "law")
    >>> sections
    CrossSections of hours: 16 observations in 2 periods (2000 to 2001)
      treated  8 from 2001
      donors   8 never treated
    >>> hub.group_time_att(sections, draws=0).aggregate().att
    2.0
    """

    when: np.ndarray

    @classmethod
    def from_long(
        cls,
        df: Any,
        period: str,
        outcome: str,
        first_treated: str,
        covariates: str | list[str] | None = None,
        weights: str | None = None,
    ) -> CrossSections:
        """Build them from a table with one row per observation.

        Parameters
        ----------
        df : pandas.DataFrame
            The table. It is not changed.
        period, outcome : str
            Columns that hold when it was observed, and what.
        first_treated : str
            Column with the first treated period of the group that the observation is
            of, treated yet or not; missing, infinite or 0 means never.
        covariates : str or list of str, optional
            Columns of what observations are compared by.
        weights : str, optional
            Column of what each counts by, such as a survey's weights.

        Raises
        ------
        ValueError
            For a column that does not exist, a missing outcome, and dates that leave
            nobody to compare.
        """
        names = as_list(covariates or [])
        extra = [first_treated, *names, *([] if weights is None else [weights])]
        rows = pick_columns(as_table(df), None, period, outcome, extra)
        if rows.empty:
            raise HubError("the table has no rows.")
        row = "observation"
        while row in rows:  # a column of the reader's own stays what it is
            row += "_"
        rows[row] = np.arange(len(rows))
        rows = rows.assign(
            **{
                period: read_periods(rows[period]),
                outcome: read_numbers(rows[outcome], "the outcome"),
            }
        )
        check_filled(rows, period)
        check_periods(rows[period])
        bad = rows.index[~np.isfinite(rows[outcome])]
        if len(bad):
            raise HubError(
                f"{outcome} is missing or infinite in row(s) {listed(bad)}. Drop them."
            )
        periods = pd.Index(np.sort(rows[period].unique()), name=period)
        units = pd.Index(rows[row], name="observation")
        starts = starts_within(
            pd.DataFrame(index=units, columns=periods),
            starts_from_column(rows, row, period, first_treated),
        )
        counted = None
        if weights is not None:
            counted = read_numbers(rows[weights], "weight").set_axis(units)
            check_weights(counted)
        return cls(
            rows[outcome].to_numpy(),
            units,
            periods,
            starts,
            outcome,
            rows[names].set_axis(units) if names else None,
            {},
            counted,
            when=periods.get_indexer(rows[period]),
        )

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Nothing: who is asked once has no figures beside which one would look odd."""
        return ()

    @property
    def _who_is_treated(self) -> str:
        return "Look at the column of dates: it says since when each group is treated."

    def __repr__(self) -> str:
        """Say what they hold, in three lines."""
        lines = [
            f"CrossSections of {self.outcome}: {len(self.units)} observations in "
            f"{len(self.periods)} periods ({self.periods[0]} to {self.periods[-1]})"
        ]
        for start, rows in self.cohorts.items():
            lines.append(f"  treated  {len(rows)} from {start}")
        lines.append(f"  donors   {len(self.donors)} never treated")
        return "\n".join(lines)
