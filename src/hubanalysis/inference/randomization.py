"""Treatment dealt out again by lot, as often as the number of ways allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import (
    TIE,
    at_least_as_far,
    count_deals,
    deal_all,
    deal_some,
    run_deals,
    run_sets,
    strata_of,
)
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.refusals import check_draws, check_share


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
        return float(
            np.mean(at_least_as_far(self.distribution.to_numpy(), self.observed))
        )

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
            return np.mean(at_least_as_far(found - effect * pull, rest)) <= 1 - level

        strides = max(float(np.std(found)), TIE) * (2.0 ** np.arange(1, 61) - 1)
        low, high = (
            edge(rejected, self.observed, self.observed + side * strides)[1]
            for side in (-1, 1)
        )
        return low, high

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
    estimator: Callable[[Panel], Estimate],
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
    check_draws(draws)
    chosen = named(estimator)
    panel.require_treated()
    groups = strata_of(panel, strata)
    starts = panel.starts
    total = count_deals(starts, groups)
    if total < 2:
        raise ValueError(
            "there is only one way to deal out treatment: every stratum is all "
            "treated or all untreated. Use wider strata."
        )
    exact = total <= draws
    assignments = (
        deal_all(starts, groups) if exact else deal_some(starts, groups, draws, seed)
    )
    n_periods = len(panel.periods)
    observed = chosen(panel).att
    if len(panel.cohorts) == 1 and chosen.many is not None:
        sets = np.nonzero(assignments < n_periods)[1].reshape(len(assignments), -1)
        atts, _ = run_sets(panel, chosen, sets, panel.start)
    else:
        atts = run_deals(panel, chosen, assignments)
    # The real assignment is among them to the last digit, however it was run.
    atts = np.where((assignments == starts).all(axis=1), observed, atts)
    overlap = None
    if chosen.deals is not None:
        planted = replace(panel, values=panel.treatment.astype(float))
        overlap = pd.Series(run_deals(planted, chosen, assignments), name="overlap")
    return Randomization(observed, pd.Series(atts, name="att"), exact, overlap)
