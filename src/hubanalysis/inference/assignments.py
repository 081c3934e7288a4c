"""Ways in which treatment could have fallen, and the estimates of all of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs
from tqdm import tqdm

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import is_missing
from hubanalysis.words.refusals import (
    HubError,
    check_name,
    check_seed,
    is_label,
    listed,
)

# Estimates closer than this share of their size count as equal, so that rounding
# never decides a rank.
TIE = 1e-9
# A fit before treatment that is this many times worse than the lot's median is no basis
# for a comparison.
FIT_BAR = 3


def at_least_as_far(values: np.ndarray, observed: float) -> np.ndarray:
    """Which values lie at least as far from zero as the observed one, ties included."""
    return np.abs(values) >= abs(observed) * (1 - TIE)


def sets_of_units(n: int, m: int, draws: int, seed: int) -> tuple[np.ndarray, bool]:
    """All sets of m out of n, or `draws` different ones; and whether these are all."""
    check_seed(seed)
    if math.comb(n, m) <= draws:
        return np.array(list(itertools.combinations(range(n), m))), True
    rng = np.random.default_rng(seed)
    chosen: dict = {}
    while len(chosen) < draws:
        picks = np.argsort(rng.random((draws, n)), axis=1)[:, :m]
        chosen |= dict.fromkeys(map(tuple, np.sort(picks, axis=1)))
    return np.array(list(chosen)[:draws]), False


def strata_of(panel: Panel, strata: Mapping | None) -> list[np.ndarray]:
    """Row positions of the units of each stratum; all units in one if none is given."""
    if strata is None:
        return [np.arange(len(panel.units))]
    if not isinstance(strata, Mapping | pd.Series):
        raise HubError(
            f"strata must be a mapping from unit to stratum, not {strata!r}."
        )
    strata = {unit: label for unit, label in strata.items() if not is_missing(label)}
    for unit in strata:
        if unit not in panel.unseen:
            check_name(unit, panel.units, "unit")
    missing = [u for u in panel.units if u not in strata]
    if missing:
        raise HubError(
            f"no stratum is given for {listed(missing)}. Give each unit one."
        )
    # Labels that are equal, as 1 and 1.0 are, name one stratum.
    same: dict = {}
    loose = [u for u in panel.units if not is_label(strata[u])]
    if loose:
        raise HubError(f"the stratum of {listed(loose)} is no single value.")
    labels = np.array([str(same.setdefault(strata[u], strata[u])) for u in panel.units])
    return [np.flatnonzero(labels == s) for s in np.unique(labels)]


def count_deals(starts: np.ndarray, groups: list[np.ndarray]) -> int:
    """Number of different ways to deal these dates out within groups of units."""

    def ways(dates: np.ndarray) -> int:
        _, counts = np.unique(dates, return_counts=True)
        return math.factorial(len(dates)) // math.prod(map(math.factorial, counts))

    return math.prod(ways(starts[rows]) for rows in groups)


def deal_all(starts: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Every different way to deal the dates out within groups, (n_deals, n_units)."""
    ways = [list(_rearranged(np.sort(starts[rows]))) for rows in groups]
    deals = []
    for choice in itertools.product(*ways):
        deal = np.empty_like(starts)
        for rows, part in zip(groups, choice):
            deal[rows] = part
        deals.append(deal)
    return np.array(deals)


def deal_some(
    starts: np.ndarray, groups: list[np.ndarray], draws: int, seed: int
) -> np.ndarray:
    """`draws` other assignments by lot, after the real one: (1 + draws, n_units)."""
    rng = np.random.default_rng(seed)
    found = {starts.tobytes(): starts}
    while len(found) <= draws:
        some = np.tile(starts, (draws, 1))
        for rows in groups:
            some[:, rows] = rng.permuted(some[:, rows], axis=1)
        for deal in some:
            found.setdefault(deal.tobytes(), deal)
    return np.array(list(found.values())[: draws + 1])


def require_ways(starts: np.ndarray, groups: list[np.ndarray]) -> int:
    """Count the ways to deal out dates, and refuse where there is only one."""
    total = count_deals(starts, groups)
    if total < 2:
        raise HubError(
            "there is only one way to deal out treatment: every stratum is all "
            "treated or all untreated. Use wider strata."
        )
    return total


def deal_out(
    panel: Panel, strata: Mapping | None, draws: int, seed: int
) -> tuple[np.ndarray, bool]:
    """The lot of a panel: all assignments, or `draws` others after the real one.

    Returns
    -------
    tuple
        Assignments, the real one first, shape (n_lots, n_units); and whether these
        are all there are.

    Raises
    ------
    ValueError
        If there is only one.
    """
    check_seed(seed)
    panel.require_treated()
    groups, real = strata_of(panel, strata), panel.starts
    if require_ways(real, groups) > draws:
        return deal_some(real, groups, draws, seed), False
    starts = deal_all(real, groups)
    return starts[np.argsort((starts != real).any(axis=1), kind="stable")], True


def run_sets(
    panel: Panel, estimator: Estimator, sets: np.ndarray, start: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Run an estimator on many sets of treated units that start together.

    Parameters
    ----------
    panel : Panel
        Who is treated in it does not matter.
    estimator : Estimator
    sets : numpy.ndarray of shape (n_sets, n_treated)
        Row positions of the treated units; all others are donors.
    start : int
        Position of the first treated period.

    Returns
    -------
    tuple
        Estimates, shape (n_sets,); effect paths, shape (n_sets, n_periods), missing
        where the estimator gives none; and its loads (`Runs`), if it knows them.
    """
    if estimator.many is None:
        event = np.arange(len(panel.periods)) - start

        def one(rows: np.ndarray) -> tuple[float, np.ndarray]:
            estimate = estimator(panel.assign(rows, start))
            return estimate.att, effect_of(estimate, event).to_numpy()

        atts, found = zip(*each(one, sets, "assignments"))
        treated = (panel.units[rows] for rows in sets)
        return check_finite(np.array(atts), treated, estimator), np.array(found), None
    panel.require_balanced("a placebo or randomisation test")
    many = estimator.many
    # In parts, so that a long run shows progress and joblib can spread it: large ones,
    # which cost least, but one for each core that is offered.
    cores = min(effective_n_jobs(None), len(sets) // 250)
    parts = np.array_split(sets, max(1, cores, len(sets) // 2500))
    runs = each(lambda s: many(panel, s, start), parts, "assignments")
    paths, loads = (np.vstack(part) for part in zip(*runs))
    means, treated = paths[:, start:].mean(axis=1), (panel.units[s] for s in sets)
    return check_finite(means, treated, estimator), paths, loads


def run_deals(panel: Panel, estimator: Estimator, starts: np.ndarray) -> np.ndarray:
    """Estimates for many assignments of dates, `starts` of shape (n_deals, n_units)."""
    if estimator.deals is None:
        found = np.array(
            each(lambda s: estimator(panel.deal(s)).att, starts, "assignments")
        )
    else:
        deals, values = estimator.deals, panel.values
        parts = np.array_split(starts, max(1, len(starts) // 1000))
        found = np.concatenate(each(lambda s: deals(values, s), parts, "assignments"))
    treated = (panel.units[row < len(panel.periods)] for row in starts)
    return check_finite(found, treated, estimator)


def run_all(
    panel: Panel, estimator: Estimator, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Estimates of all assignments; with one date, paths and loads as `run_sets`."""
    dealt = estimator.many is None and estimator.deals is not None
    if dealt or len(panel.cohorts) > 1:
        return run_deals(panel, estimator, starts), None, None
    return run_sets(panel, estimator, sets_of(starts), panel.start)


def sets_of(starts: np.ndarray) -> np.ndarray:
    """Rows of the treated units of each assignment, as many each; dates aside."""
    return np.nonzero(starts < starts.max())[1].reshape(len(starts), -1)


def check_finite(
    estimates: np.ndarray, treated: Iterable[pd.Index], estimator: Estimator
) -> np.ndarray:
    """Refuse estimates that are no finite numbers, naming the first who were treated.

    Among such no rank means anything: each comparison with one is false.
    """
    bad = ~np.isfinite(estimates)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        units = next(itertools.islice(treated, first, None))
        many = f" ({bad.sum():,} of {len(estimates):,} such)" if len(bad) > 1 else ""
        raise HubError(
            f"{estimator.name} gives {estimates[first]} with {listed(units)} treated"
            f"{many}, and only finite numbers can be ranked. Drop the units it cannot "
            "do, or choose another estimator."
        )
    return estimates


def badly_fitted(panel: Panel, before: np.ndarray, levels: bool) -> np.ndarray:
    """Which assignments' gaps before treatment are no basis for a comparison."""
    if np.isnan(before).any() or before.shape[1] < 2:
        return np.zeros(len(before), dtype=bool)
    if not levels:
        before = before - before.mean(axis=1, keepdims=True)
    fit = np.sqrt(np.mean(before**2, axis=1))
    changes = np.diff(panel.values[:, : before.shape[1]], axis=1)
    if changes.shape[1] < 2:
        return np.zeros(len(before), dtype=bool)
    noise = np.median(changes.std(axis=1, ddof=1)) / np.sqrt(len(panel.treated))
    return fit > FIT_BAR * max(float(np.median(fit)), noise / 2)


def effect_of(estimate: Estimate, event: Iterable) -> pd.Series:
    """Effects by event time; missing where the estimator gives no path."""
    path = getattr(estimate, "path", None)
    if path is None:
        return pd.Series(np.nan, index=event, name="effect")
    return path["effect"].reindex(event)


def each(function: Callable, items: Collection, what: str) -> list:
    """Apply to all items; `joblib.parallel_config` spreads it over cores."""
    tasks = (delayed(function)(item) for item in items)
    done = Parallel(return_as="generator")(tasks)
    return list(tqdm(done, total=len(items), desc=what, delay=2, leave=False))


def _rearranged(starts: np.ndarray) -> Iterator[np.ndarray]:
    """Distinct arrangements: place the earliest date's units, then the rest."""
    first = np.sum(starts == starts[0])
    if first == len(starts):
        yield starts
        return
    for places in itertools.combinations(range(len(starts)), first):
        others = np.delete(np.arange(len(starts)), places)
        for rest in _rearranged(starts[first:]):
            deal = np.empty_like(starts)
            deal[list(places)] = starts[0]
            deal[others] = rest
            yield deal
