"""Questions put to an estimate by pretending: other units, dates and donors."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate, rms
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import (
    TIE,
    at_least_as_far,
    check_finite,
    effect_of,
    run_sets,
    sets_of_units,
)
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.panels.reading import as_list
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import FramedAtLevel, terms
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import (
    HubError,
    check_coverage,
    check_draws,
)

# Fewer placebos than this make a rank that says little.
FEW_PLACEBOS = 10


@dataclass(frozen=True, eq=False, repr=False)
class Placebos(Facts, FramedAtLevel):
    """What the estimator finds where nothing happened.

    Attributes
    ----------
    observed : float
        The estimate for the units that were really treated.
    estimates : pandas.Series
        The estimate for every placebo, by the name of its unit(s).
    paths : pandas.DataFrame
        Effect paths, one column per placebo, by event time; missing where the
        estimator gives none.
    observed_path : pandas.Series
        Effect path of the treated, by event time.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=12, treated=1, start=9,
    ...                            effect=9.0, seed=0)
    >>> placebos = hub.placebo_in_space(panel, hub.synthetic_did)
    >>> low, high = placebos.interval(0.9)
    >>> low > 0, placebos.rmspe_ratio.idxmax()
    (True, 'treated')
    """

    observed: float
    estimates: pd.Series
    paths: pd.DataFrame
    observed_path: pd.Series
    notes: tuple[str, ...] = ()

    @property
    def sd(self) -> float:
        """Standard deviation of the placebo estimates (divided by N)."""
        return float(self.estimates.std(ddof=0))

    @property
    def rank(self) -> int:
        """Number of placebos at least as far from zero as the estimate (k)."""
        return int(at_least_as_far(self.estimates.to_numpy(), self.observed).sum())

    @property
    def p_value(self) -> float:
        """Share of placebos at least as far from zero, k / N."""
        return self.rank / len(self.estimates)

    @property
    def p_value_plus_one(self) -> float:
        """The same with the estimate among them, (k + 1) / (N + 1); never zero."""
        return (self.rank + 1) / (len(self.estimates) + 1)

    @property
    def rmspe_ratio(self) -> pd.Series:
        """Root mean square effect after over before; the treated come first.

        Abadie, Diamond and Hainmueller (2010, section 3.4): a large gap after
        treatment means little where the gap before it was large too.
        """
        if self.observed_path.isna().all():
            raise AttributeError("no rmspe_ratio here: the estimator gives no path")
        both = pd.concat([self.observed_path.rename("treated"), self.paths], axis=1)
        before, after = (
            both[both.index < 0].apply(rms),
            both[both.index >= 0].apply(rms),
        )
        if not np.isfinite(before).all():
            raise AttributeError(
                "no rmspe_ratio here: the estimator's path lacks the periods before "
                "treatment"
            )
        # Rounding is no gap. Over none the ratio is infinite; where there is none
        # after either, it is one.
        before[before <= TIE * np.nanmax(np.abs(both.to_numpy()))] = 0.0
        ratio = (after / before).fillna(1.0)
        return ratio.rename("rmspe_ratio")

    @property
    def rmspe_p_value(self) -> float:
        """Share of all ratios, the treated one's included, at least as large as it."""
        ratio = self.rmspe_ratio.to_numpy()
        return float(np.mean(ratio >= ratio[0] * (1 - TIE)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Effects that the placebo test does not reject.

        The estimate plus and minus the smallest distance that at most
        ``1 - level`` of placebos (counting the estimate as one) reach. With too few
        placebos for the level nothing can be rejected and both ends are infinite.
        """
        check_coverage(level)
        # Widened by the tie tolerance, so that it agrees with the p value.
        half = critical_value(self.estimates.to_numpy(), 1 - level) / (1 - TIE)
        return self.observed - half, self.observed + half

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Lay it out as one row, as an `Estimate` is; `estimates` are the placebos.

        Parameters
        ----------
        level : float
            Coverage of the interval.

        Returns
        -------
        pandas.DataFrame
            `term` (att), `estimate` (the treated's), `std_error` (the placebos' `sd`),
            `p_value` (`p_value_plus_one`, which the interval goes with), `lower` and
            `upper`.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=20, periods=12, treated=1, start=9,
        ...                            effect=9.0, seed=0)
        >>> placebos = hub.placebo_in_space(panel, hub.synthetic_did)
        >>> placebos.to_frame(0.9)[["term", "p_value"]]
          term  p_value
        0  att     0.05
        """
        low, high = self.interval(level)
        p = self.p_value_plus_one
        return terms(
            ["att"], self.observed, std_error=self.sd, p_value=p, lower=low, upper=high
        )

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        n, told = len(self.estimates), decimals(self.observed, self.sd)
        facts = {
            "estimate": f"{self.observed:{told}}",
            "placebos": str(n),
            "at least as large": f"{self.rank} of {n}",
            "k / N": f"{self.p_value:.4f}",
            "(k + 1) / (N + 1)": f"{self.p_value_plus_one:.4f}",
            "placebo sd": f"{self.sd:{told}}",
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("placebo in space")


def placebo_in_space(
    panel: Panel,
    estimator: Callable[[Panel], Estimate],
    draws: int = 9999,
    seed: int = 0,
) -> Placebos:
    """Treat donors instead, all in turn, with the treated units left out.

    With one treated unit each donor takes its place; with m treated units every
    set of m donors does, at the same date. Sets are enumerated where there are at
    most `draws` of them and drawn without replacement otherwise.

    Parameters
    ----------
    panel : Panel
        One date of adoption, balanced.
    estimator : callable
        Takes a Panel, returns an Estimate. One that says how (`Estimator.many`, as
        this library's do) is run on all sets at once.
    draws, seed : int
        Most sets to run, and the seed used if they have to be drawn.

    Returns
    -------
    Placebos
        `estimates` (N), `sd`, `rank`, `p_value`, `p_value_plus_one`,
        `rmspe_ratio`, `paths`, `interval`.

    Raises
    ------
    ValueError
        If units start at different times, or fewer than two donors would be left
        to a placebo.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=12, treated=1, start=9,
    ...                            effect=9.0, seed=0)
    >>> placebos = hub.placebo_in_space(panel, hub.synthetic_did)
    >>> placebos.rank, round(placebos.p_value_plus_one, 2)
    (0, 0.05)
    """
    check_draws(draws)
    chosen = named(estimator).on(panel)
    panel.require_donors()
    start, n, m = panel.start, len(panel.donors), len(panel.treated)
    if n - m < 2:
        raise HubError(
            f"{n} donor(s) cannot stand in for {m} treated unit(s) and still leave "
            "two to compare with. Add donors, or pool the treated units."
        )
    pool = panel.take(np.flatnonzero(panel.starts == len(panel.periods)))
    estimate = chosen(panel)
    check_finite(np.array([estimate.att]), [pd.Index(panel.treated)], chosen)
    sets, exhaustive = sets_of_units(n, m, draws, seed)
    atts, paths, _ = run_sets(pool, chosen, sets, start)
    # A list, as indexing into an Index thousands of times is slow.
    donors = pool.units.to_list()
    names = [_join([donors[i] for i in s]) for s in sets]
    event = pd.Index(np.arange(len(panel.periods)) - start, name="event_time")
    notes = []
    if len(sets) < FEW_PLACEBOS:
        notes.append(f"only {len(sets)} placebos: a rank among so few says little")
    if not exhaustive:
        notes.append(
            f"{len(sets):,} of {math.comb(n, m):,} sets of donors drawn as placebos"
        )
    return Placebos(
        estimate.att,
        pd.Series(atts, index=names, name="att"),
        pd.DataFrame(paths.T, index=event, columns=names),
        effect_of(estimate, event),
        tuple(notes),
    )


def placebo_in_time(
    panel: Panel, estimator: Callable[[Panel], Estimate], periods: Iterable
) -> pd.DataFrame:
    """Pretend that treatment began earlier, on the years before it really did.

    Parameters
    ----------
    panel : Panel
    estimator : callable
        Takes a Panel, returns an Estimate.
    periods : iterable
        Pretended first treated periods; the true treated periods are cut off.

    Returns
    -------
    pandas.DataFrame
        By pretended start: `att`, `se` (missing where there is none) and the
        number of periods before and after.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=12, treated=1, start=9,
    ...                            effect=9.0, noise=0.0, factors=0, seed=0)
    >>> hub.placebo_in_time(panel, hub.did, [5, 6])["att"].round(6).add(0.0).tolist()
    [0.0, 0.0]
    """
    require_panel(panel, "placebo_in_time")
    rows = {}
    chosen, periods = named(estimator), as_list(periods)
    if not periods:
        raise HubError("no pretended start is given; name one, such as [2005].")
    for period in periods:
        pretended = panel.backdate(period)
        estimate = chosen(pretended)
        start = pretended.start
        rows[period] = {
            "att": estimate.att,
            "se": getattr(estimate, "se", np.nan),
            "periods_before": start,
            "periods_after": len(pretended.periods) - start,
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table = table.astype({"periods_before": int, "periods_after": int})
    return table.rename_axis("pretended_start")


def critical_value(placebos: np.ndarray, level: float) -> float:
    """Smallest distance from zero at which (k + 1) / (N + 1) is at most `level`.

    Just beyond the returned value the test rejects; infinite if it never can.
    """
    n = len(placebos)
    allowed = math.floor(level * (n + 1) + 1e-9) - 1
    if allowed < 0:
        return math.inf
    return float(np.sort(np.abs(placebos))[::-1][allowed]) if allowed < n else 0.0


def _join(units: list) -> Hashable:
    return units[0] if len(units) == 1 else ", ".join(map(str, units))
