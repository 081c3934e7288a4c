"""Units added up, and lines taken out."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from hubanalysis.panels.reading import is_missing
from hubanalysis.words.refusals import HubError, check_option, is_label, listed


def pooled(
    wide: pd.DataFrame, first_treated: dict, units: list, name: Hashable, how: str
) -> tuple[pd.DataFrame, dict]:
    """Outcomes and dates with these units made into one, as `Panel.pool` does."""
    if len(units) != len(set(units)) or not units:
        raise HubError(
            f"units to pool must be named once each, not {listed(units) or 'none'}."
        )
    check_option("how", how, ("sum", "mean"))
    if not is_label(name) or is_missing(name):
        raise HubError(f"a pooled unit needs a name, such as 'both', not {name!r}.")
    if name in wide.index.difference(units):
        raise HubError(f"there is already a unit called {name!r}.")
    starts = {first_treated.get(u) for u in units}
    if len(starts) > 1:
        dates = [f"{u} ({first_treated.get(u, 'never')})" for u in units]
        raise HubError(
            "units that start at different times cannot be pooled into one: "
            f"{', '.join(dates)}"
        )
    one = wide.loc[units].agg(how, skipna=False).rename(name)
    wide = pd.concat([wide.drop(index=units), one.to_frame().T])
    first = {u: s for u, s in first_treated.items() if u not in units}
    start = starts.pop()
    return wide, first if start is None else first | {name: start}


def detrended(wide: pd.DataFrame, before: int) -> pd.DataFrame:
    """Outcomes less each unit's line through its first `before` periods."""
    if before < 3:
        raise HubError(
            "a straight line needs at least three periods before treatment; "
            f"this panel has {before}. Widen the window."
        )
    t = elapsed(wide.columns)
    design = np.column_stack([np.ones_like(t), t])
    values = wide.to_numpy()
    coefficients = np.linalg.pinv(design[:before]) @ values[:, :before].T
    return wide - (design @ coefficients).T


def elapsed(periods: pd.Index) -> np.ndarray:
    """Time since the first period, in steps of the shortest, left-out ones included.

    Examples
    --------
    >>> elapsed(pd.Index([2000, 2002, 2006])).tolist()
    [0.0, 1.0, 3.0]
    """
    length = steps(periods)
    return np.append(0.0, np.cumsum(length)) / min(length, default=1)


def steps(periods: pd.Index) -> np.ndarray:
    """Time from each period to the next, as whole numbers.

    Dates on one day of the month, or each on its month's last, are months apart: these
    differ by days and are alike.

    Examples
    --------
    >>> steps(pd.to_datetime(["2024-01-31", "2024-02-29", "2024-04-30"])).tolist()
    [1, 2]
    """
    if isinstance(periods, pd.DatetimeIndex):
        months = periods.to_period("M")
        one_day = len(periods.day.unique()) == 1 or periods.is_month_end.all()
        periods = months if one_day and months.is_unique else periods
    return np.diff(periods.astype("int64").to_numpy())
