"""Treatment that is pretended before there was any: when, of whom, with what result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from hubanalysis.estimators.estimator import Estimator
from hubanalysis.inference.assignments import (
    deal_all,
    deal_some,
    require_ways,
    run_deals,
    run_sets,
)
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import as_list, as_period
from hubanalysis.words.refusals import HubError, check_draws, check_name

# The date of a unit that is never treated, however many periods there are.
NEVER = np.iinfo(np.int32).max // 2  # a browser counts in 32 bits
# Pretended starts, at most: neighbours see almost the same years.
MOST_STARTS = 6


def before_treatment(panel: Panel) -> tuple[Panel, np.ndarray]:
    """Periods before treatment, and dates counted from the earliest.

    Units stand in the order of their names, so that that of a table decides nothing.
    """
    panel.require_treated()
    order = np.argsort([str(unit) for unit in panel.units], kind="stable")
    never, dates = len(panel.periods), panel.starts[order]
    first = int(dates.min())
    if first < 3:
        raise HubError(
            f"a contest needs three periods before treatment; before "
            f"{panel.periods[first]} there are {first}. Widen the window, or name the "
            "estimator that decides without one."
        )
    values = panel.values[order, :first]  # a copy
    values.setflags(write=False)
    early = panel.periods[:first]
    cut = replace(panel.take(order), values=values, periods=early, first_treated={})
    cut.require_balanced("a contest of estimators")
    return cut, np.where(dates < never, dates - first, NEVER)


def pretended_starts(
    panel: Panel, starts: Iterable | None, horizon: object, real: int
) -> dict[int, np.ndarray]:
    """Positions of the pretended starts by horizon, the shortest first."""
    n = len(panel.periods)
    first, given = max(2, (n + 1) // 2), []
    for start in [] if starts is None else as_list(starts):
        start = as_period(panel.periods, start)
        check_name(start, panel.periods[2:], "pretended start with two periods before")
        given.append(panel.periods.get_loc(start))
    latest = max(given, default=first)
    horizons = [min(real, n - latest)] if horizon is None else as_list(horizon)
    for after in horizons or [0]:
        check_draws(after, "horizon")
        if latest + after > n:
            raise HubError(
                f"horizon {after} does not fit: from {panel.periods[latest]} on there "
                f"are {n - latest} period(s) before treatment."
            )
    places = {}
    for after in sorted(map(int, horizons)):
        last = n - after
        spread = np.linspace(first, last, min(MOST_STARTS, max(last - first, 0) + 1))
        places[after] = np.unique(given or spread.round().astype(int))
    return places


def pretended_deals(
    kinds: np.ndarray, groups: list[np.ndarray], draws: int, seed: int
) -> tuple[np.ndarray, bool]:
    """Ways to deal out the dates, whoever was really treated; and whether all."""
    if require_ways(kinds, groups) <= draws:
        return deal_all(kinds, groups), True
    anyone = kinds.copy()
    for rows in groups:
        anyone[rows] = np.sort(kinds[rows])
    return deal_some(anyone, groups, draws, seed)[1:], False


def run_pretended(
    estimator: Estimator, panel: Panel, deals: np.ndarray, start: int, after: int
) -> np.ndarray:
    """Estimates of all assignments from a pretended start on, as reported."""
    estimator = estimator.on(panel)
    stop, dated = start + after, deals < NEVER
    values, periods = panel.values[:, :stop], panel.periods[:stop]
    window = replace(panel, values=values, periods=periods)
    try:
        dealt = estimator.many is None and estimator.deals is not None
        if dealt or deals[dated].any():
            found = run_deals(window, estimator, np.where(dated, start + deals, stop))
        else:
            sets = np.nonzero(dated)[1].reshape(len(deals), -1)
            found = run_sets(window, estimator, sets, start)[0]
        if not np.isfinite(found).all():
            raise HubError("not all of its estimates are finite numbers.")
    except ValueError as error:
        raise HubError(
            f"{estimator.name} cannot take part with a pretended start in "
            f"{panel.periods[start]}: {error}"
        ) from error
    return found
