"""Many units, each asked about alone, on many outcomes: on one machine or on many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from joblib import parallel_config

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import TIE, each, run_sets
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.panels.reading import as_period
from hubanalysis.words.refusals import HubError, check_name


def one_at_a_time(
    outcomes: Mapping[str, Panel | Callable[[], Panel]],
    estimator: Callable[[Panel], Estimate],
    start: int | str | date,
) -> pd.DataFrame:
    """Ask of every unit alone, on every outcome, what became of it from a date on.

    Each unit is set against all others as if it alone had been treated, and its
    estimate is ranked among theirs. Outcomes are spread by `joblib.parallel_config`
    over cores, or with its Dask backend over machines.

    With thousands of units on thousands of outcomes many stand out by chance: one in
    twenty has a p of .05. Correct for that before a single one is believed, for example
    with `scipy.stats.false_discovery_control`.

    Parameters
    ----------
    outcomes : mapping of str to Panel or callable
        Balanced panels by name; or functions that make one, which are called where the
        work is done, so that figures need not travel. Who is treated does not matter.
    estimator : callable
        Takes a Panel, returns an Estimate.
    start : int, str or date
        First period after.

    Returns
    -------
    pandas.DataFrame
        By `outcome` and `unit`: `att`, and `p_value`, the share of units at least as
        far from the mean of all.

    Raises
    ------
    HubError
        If there is no outcome, or `start` is not a period with another before it.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> jobs = hub.simulate_panel(units=40, periods=10, treated=1, start=8, effect=9.0,
    ...                           seed=0)
    >>> found = hub.one_at_a_time({"jobs": jobs}, hub.did, start=8)
    >>> len(found), float(found.loc[("jobs", "u01"), "p_value"])
    (40, 0.025)
    """
    if not isinstance(outcomes, Mapping) or not outcomes:
        raise HubError('name at least one outcome, as {"jobs": panel}.')
    chosen = named(estimator)
    found = each(
        lambda name: _of_all(outcomes[name], chosen, start), list(outcomes), "outcomes"
    )
    return pd.concat(dict(zip(outcomes, found)), names=["outcome", "unit"])


def _of_all(
    given: Panel | Callable[[], Panel], estimator: Estimator, start: int | str | date
) -> pd.DataFrame:
    """Ask of all units on one outcome, in the process that was given it."""
    panel = given() if callable(given) else given
    require_panel(panel, "one_at_a_time")
    first = as_period(panel.periods, start)
    check_name(first, panel.periods, "period")
    if first == panel.periods[0]:
        raise HubError(
            f"{first} is the panel's first period, and there is none before it to "
            f"compare with. Take {panel.periods[1]} or a later one."
        )
    place = int(panel.periods.get_loc(first))
    sets = np.arange(len(panel.units))[:, None]
    # A worker that handed parts on would wait longer than it takes to do them.
    with parallel_config("sequential"):
        att, _, _ = run_sets(panel, estimator.on(panel), sets, place)
    apart = np.abs(att - att.mean())
    # How many lie at least as far out, ties included.
    nearer = np.searchsorted(np.sort(apart), apart * (1 - TIE))
    share = (len(apart) - nearer) / len(apart)
    return pd.DataFrame({"att": att, "p_value": share}, index=panel.units)
