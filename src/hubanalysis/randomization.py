"""Treatment dealt out again by lot, as often as the number of ways allows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hubanalysis.checks import _check_name, _missing
from hubanalysis.estimate import Facts, check_share
from hubanalysis.panel import Panel
from hubanalysis.placebo import (
    TIE,
    Estimator,
    _at_least,
    _batch,
    _check_draws,
    _estimate,
    _run,
    run_deals,
)

__all__ = ["Randomization", "randomization_test"]


@dataclass(frozen=True, eq=False, repr=False)
class Randomization(Facts):
    """Outcome of a randomisation test.

    Attributes
    ----------
    observed : float
        The estimate for the units that were really treated.
    distribution : pandas.Series
        The estimate under every assignment looked at, the real one included.
    exact : bool
        Whether every possible assignment was looked at.
    overlap : pandas.Series or None
        What each assignment would make of an effect of one on the truly treated;
        only for estimators that are linear in the outcome and say so (`deals`).

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4, seed=0)
    >>> test = hub.randomization_test(panel, hub.did)
    >>> len(test.distribution), test.p_value >= 1 / 28
    (28, True)
    """

    observed: float
    distribution: pd.Series
    exact: bool
    overlap: pd.Series | None = None

    @property
    def p_value(self) -> float:
        """Share of assignments, the real one included, at least as far from zero."""
        return float(np.mean(_at_least(self.distribution.to_numpy(), self.observed)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Effects that the test does not reject, the same for all treated cells.

        Each is taken off the treated cells and the test run again, which for a
        linear estimator only shifts the distribution.
        """
        check_share(level=level)
        if self.overlap is None:
            raise AttributeError(
                "no interval here: only group_time_average and imputation give one"
            )
        found, pull = self.distribution.to_numpy(), self.overlap.to_numpy()

        def rejected(effect: float) -> bool:
            rest = self.observed - effect
            return np.mean(_at_least(found - effect * pull, rest)) <= 1 - level

        step = max(float(np.std(found)), TIE)
        return tuple(_edge(rejected, self.observed, side * step) for side in (-1, 1))

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        kind = "all" if self.exact else "drawn"
        facts = {
            "estimate": f"{self.observed:.4f}",
            f"assignments ({kind})": str(len(self.distribution)),
            "p value": f"{self.p_value:.4f}",
        }
        return pd.DataFrame({"value": facts}).rename_axis("randomisation test")


def randomization_test(
    panel: Panel,
    estimator: Estimator,
    strata: Mapping | None = None,
    draws: int = 9999,
    seed: int = 0,
) -> Randomization:
    """Ask how often chance alone would have picked units that look as affected.

    Dates of treatment are dealt out again among all units (within strata), and
    the estimator is run each time (Fisher 1935). If treatment had no effect on
    anyone and had been dealt by lot, the p value would be exact.

    Parameters
    ----------
    panel : Panel
    estimator : callable
        Takes a Panel, returns an Estimate.
    strata : mapping, optional
        Unit -> stratum, for all units; dates are exchanged only within a stratum.
    draws : int
        Assignments are enumerated where there are at most this many, and drawn
        otherwise; the real one is always among them.
    seed : int

    Returns
    -------
    Randomization
        `observed`, `distribution`, `p_value`, `exact`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=6, treated=3, start=4,
    ...                            effect=9.0, seed=0)
    >>> test = hub.randomization_test(panel, hub.did)
    >>> test.exact, len(test.distribution), round(test.p_value, 4)
    (True, 120, 0.0083)
    """
    _check_draws(draws)
    panel.require_treated()
    groups = strata_of(panel, strata)
    starts = panel.starts
    total = math.prod(_arrangements(starts[rows]) for rows in groups)
    if total < 2:
        raise ValueError(
            "there is only one way to deal out treatment: every stratum is all "
            "treated or all untreated. Use wider strata."
        )
    exact = total <= draws
    if exact:
        assignments = np.array(list(_deal_all(starts, groups)))
    else:
        assignments = deal_some(starts, groups, draws, seed)
    n_periods = len(panel.periods)
    observed = _estimate(estimator, panel).att
    if len(panel.cohorts) == 1 and _batch(estimator):
        sets = np.nonzero(assignments < n_periods)[1].reshape(len(assignments), -1)
        atts, _ = _run(panel, estimator, sets, panel.start)
    else:
        atts = run_deals(panel, estimator, assignments)
    # The real assignment is among them to the last digit, however it was run.
    atts = np.where((assignments == starts).all(axis=1), observed, atts)
    overlap = None
    if hasattr(estimator, "deals"):
        planted = replace(panel, values=panel.treatment.astype(float))
        overlap = pd.Series(run_deals(planted, estimator, assignments), name="overlap")
    return Randomization(observed, pd.Series(atts, name="att"), exact, overlap)


def strata_of(panel: Panel, strata: Mapping | None) -> list[np.ndarray]:
    if strata is None:
        return [np.arange(len(panel.units))]
    if not isinstance(strata, Mapping | pd.Series):
        raise ValueError(
            f"strata must be a mapping from unit to stratum, not {strata!r}."
        )
    strata = {unit: label for unit, label in strata.items() if not _missing(label)}
    for unit in strata:
        _check_name(unit, panel.units, "unit")
    missing = [str(u) for u in panel.units if u not in strata]
    if missing:
        raise ValueError(f"no stratum is given for {', '.join(missing[:5])}.")
    labels = np.array([str(strata[u]) for u in panel.units])
    return [np.flatnonzero(labels == s) for s in np.unique(labels)]


def _arrangements(starts: np.ndarray) -> int:
    """Number of different ways to deal these dates out among as many units."""
    _, counts = np.unique(starts, return_counts=True)
    return math.factorial(len(starts)) // math.prod(map(math.factorial, counts))


def deal_some(starts, groups, draws: int, seed: int) -> np.ndarray:
    """`draws` assignments by lot, after the real one."""
    rng = np.random.default_rng(seed)
    assignments = np.tile(starts, (draws + 1, 1))
    for rows in groups:
        assignments[1:, rows] = rng.permuted(assignments[1:][:, rows], axis=1)
    return assignments


def _edge(rejected, inside: float, step: float) -> float:
    """Walk out until an effect is rejected, then halve the distance to the edge."""
    outside = inside + step
    for _ in range(60):
        if rejected(outside):
            break
        inside, outside = outside, outside + 2 * (outside - inside)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(40):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if rejected(middle) else (middle, outside)
    return float(outside)


def _deal_all(starts: np.ndarray, groups: list[np.ndarray]) -> Iterator[np.ndarray]:
    """Every different way to deal the dates out within groups."""
    ways = [list(_rearranged(np.sort(starts[rows]))) for rows in groups]
    for choice in itertools.product(*ways):
        deal = np.empty_like(starts)
        for rows, part in zip(groups, choice):
            deal[rows] = part
        yield deal


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
