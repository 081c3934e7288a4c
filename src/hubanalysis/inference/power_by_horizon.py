"""What would have been found with fewer periods after the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.inference.power import minimum_detectable_effect
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.panels.reading import as_list
from hubanalysis.words.refusals import HubError, check_draws, check_share, check_size


def power_by_horizon(
    panel: Panel,
    estimator: Callable[[Panel], Estimate],
    horizons: Iterable[int] | None = None,
    strata: Mapping | None = None,
    power: float = 0.8,
    level: float = 0.05,
    draws: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Ask how large an effect would have been found with fewer treated periods.

    Noise adds up over the years: what can be seen soon may be out of sight later.

    Parameters
    ----------
    panel : Panel
        With several dates the first treated period is the earliest one.
    estimator : callable
        Takes a Panel, returns an Estimate.
    horizons : iterable of int, optional
        Numbers of treated periods to use, the first ones; all numbers by default.
    strata, power, level, draws, seed
        As in `minimum_detectable_effect`.

    Returns
    -------
    pandas.DataFrame
        By `horizon`: `last`, the last period used, and `mde`, the smallest effect
        found with the wanted power, infinite if no size is.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=60, periods=8, treated=1, start=6, seed=0)
    >>> hub.power_by_horizon(panel, hub.did)["last"].tolist()
    [6, 7, 8]
    """
    require_panel(panel, "power_by_horizon")
    check_share(power=power)
    check_size(level)
    panel.require_treated()
    start = int(panel.starts.min())
    most = len(panel.periods) - start
    chosen = range(1, most + 1) if horizons is None else as_list(horizons)
    rows = {}
    for horizon in chosen:
        check_draws(horizon, "horizon")
        if horizon > most:
            raise HubError(
                f"horizon {horizon} does not fit: there are {most} treated period(s)."
            )
        last = panel.periods[start + horizon - 1]
        part = panel.window(panel.periods[0], last)
        found = minimum_detectable_effect(
            part, estimator, power, level, draws, seed, strata
        )
        rows[int(horizon)] = {"last": last, "mde": found.mde}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["last", "mde"])
    return table.rename_axis("horizon")
