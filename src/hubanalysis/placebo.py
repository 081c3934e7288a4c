"""Questions put to an estimate by pretending: other units, dates and donors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature
from numbers import Integral

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm import tqdm

from hubanalysis.checks import _names
from hubanalysis.estimate import Estimate, Facts, _rms, check_share
from hubanalysis.panel import Panel

__all__ = [
    "Placebos",
    "leave_one_out",
    "placebo_in_space",
    "placebo_in_time",
]

Estimator = Callable[[Panel], Estimate]

# Fewer placebos than this make a rank that says little.
FEW_PLACEBOS = 10
# Estimates closer than this share of their size count as equal, so that rounding
# never decides a rank.
TIE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Placebos(Facts):
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
        return int(_at_least(self.estimates.to_numpy(), self.observed).sum())

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
        before, after = both.index < 0, both.index >= 0
        ratio = both[after].apply(_rms) / both[before].apply(_rms)
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
        check_share(level=level)
        # Widened by the tie tolerance, so that it agrees with the p value.
        half = critical_value(self.estimates.to_numpy(), 1 - level) / (1 - TIE)
        return self.observed - half, self.observed + half

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        n = len(self.estimates)
        facts = {
            "estimate": f"{self.observed:.4f}",
            "placebos": str(n),
            "at least as large": f"{self.rank} of {n}",
            "k / N": f"{self.p_value:.4f}",
            "(k + 1) / (N + 1)": f"{self.p_value_plus_one:.4f}",
            "placebo sd": f"{self.sd:.4f}",
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("placebo in space")


def placebo_in_space(
    panel: Panel, estimator: Estimator, draws: int = 9999, seed: int = 0
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
        Takes a Panel, returns an Estimate. One with an attribute `batch` (all of
        this library's single-date estimators) is run on all sets at once.
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
    _check_draws(draws)
    panel.require_donors()
    start, n, m = panel.start, len(panel.donors), len(panel.treated)
    if n - m < 2:
        raise ValueError(
            f"{n} donor(s) cannot stand in for {m} treated unit(s) and still leave "
            "two to compare with. Add donors, or pool the treated units."
        )
    pool = panel._rows(np.flatnonzero(panel.starts == len(panel.periods)))
    estimate = _estimate(estimator, panel)
    sets, exhaustive = _sets(n, m, draws, seed)
    atts, paths = _run(pool, estimator, sets, start)
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
        _effect(estimate, event),
        tuple(notes),
    )


def placebo_in_time(
    panel: Panel, estimator: Estimator, periods: Iterable
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
    rows = {}
    periods = _names(periods)
    if not periods:
        raise ValueError("no pretended start is given; name one, such as [2005].")
    for period in periods:
        pretended = panel.backdate(period)
        estimate = _estimate(estimator, pretended)
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


def leave_one_out(panel: Panel, estimator: Estimator) -> pd.DataFrame:
    """Estimate again without each donor in turn.

    Parameters
    ----------
    panel : Panel
        At least two donors.
    estimator : callable
        Takes a Panel, returns an Estimate.

    Returns
    -------
    pandas.DataFrame
        By donor left out, largest change first: `att` without it, `change` from
        the full estimate, and its `weight` there (averaged over treated units or
        cohorts; missing where the estimator gives no weights).

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=12, treated=1, start=9, seed=0)
    >>> table = hub.leave_one_out(panel, hub.synthetic_did)
    >>> len(table)
    7
    """
    panel.require_donors()
    if len(panel.donors) < 2:
        raise ValueError("leaving out the only donor leaves none to compare with.")
    full = _estimate(estimator, panel)
    weights = getattr(full, "unit_weights", None)
    if isinstance(weights, pd.DataFrame):
        weights = weights.mean(axis=1)
    att = partial(_att, estimator)
    atts = _each(lambda d: att(panel.drop([d])), panel.donors, "donors")
    table = pd.DataFrame({"att": atts}, index=pd.Index(panel.donors, name="left_out"))
    table["change"] = table["att"] - full.att
    table["weight"] = np.nan if weights is None else weights.reindex(table.index)
    return table.sort_values("change", key=abs, ascending=False, kind="stable")


# -- shared with power.py and randomization.py -----------------------------------------


def critical_value(placebos: np.ndarray, level: float) -> float:
    """Smallest distance from zero at which (k + 1) / (N + 1) is at most `level`.

    Just beyond the returned value the test rejects; infinite if it never can.
    """
    n = len(placebos)
    allowed = math.floor(level * (n + 1) + 1e-9) - 1
    if allowed < 0:
        return math.inf
    return float(np.sort(np.abs(placebos))[::-1][allowed]) if allowed < n else 0.0


def _at_least(values: np.ndarray, observed: float) -> np.ndarray:
    return np.abs(values) >= abs(observed) * (1 - TIE)


def _sets(n: int, m: int, draws: int, seed: int) -> tuple[np.ndarray, bool]:
    """All sets of m out of n, or `draws` different ones."""
    total = math.comb(n, m)
    if total <= draws:
        return np.array(list(itertools.combinations(range(n), m))), True
    rng = np.random.default_rng(seed)
    chosen: dict = {}
    while len(chosen) < draws:
        picks = np.argsort(rng.random((draws, n)), axis=1)[:, :m]
        chosen |= dict.fromkeys(map(tuple, np.sort(picks, axis=1)))
    return np.array(list(chosen)[:draws]), False


def _batch(estimator: Estimator):
    """The estimator's function for many sets at once, if it has one."""
    if isinstance(estimator, partial) and not estimator.args:
        batch = _batch(estimator.func)
        if (
            batch is None
            or not estimator.keywords.keys() <= signature(batch).parameters.keys()
        ):
            return None
        return partial(batch, **estimator.keywords)
    return getattr(estimator, "batch", None)


def _run(panel: Panel, estimator: Estimator, sets: np.ndarray, start: int):
    """Estimates of all sets, and their effect paths of shape (n_sets, n_periods)."""
    panel.require_balanced("a placebo or randomisation test")
    batch = _batch(estimator)
    if batch is None:
        event = np.arange(len(panel.periods)) - start

        def one(rows):
            estimate = estimator(panel._assign(rows, start))
            return estimate.att, _effect(estimate, event).to_numpy()

        atts, paths = zip(*_each(one, sets, "placebos"))
        return np.array(atts), np.array(paths)
    # In parts, so that a long run shows progress and joblib can spread it.
    parts = np.array_split(sets, max(1, len(sets) // 250))
    paths = np.vstack(_each(lambda s: batch(panel, s, start), parts, "placebos"))
    return paths[:, start:].mean(axis=1), paths


def _att(estimator: Estimator, panel: Panel) -> float:
    """Only the estimate, which a batch of one gives without its standard error."""
    if _batch(estimator) is None or len(panel.cohorts) > 1 or not panel.is_balanced:
        return estimator(panel).att
    rows = np.flatnonzero(panel.starts < len(panel.periods))
    return float(_run(panel, estimator, rows[None], panel.start)[0][0])


def run_deals(panel: Panel, estimator: Estimator, starts: np.ndarray) -> np.ndarray:
    """Estimates for many assignments of dates, `starts` of shape (n_deals, n_units)."""
    if hasattr(estimator, "deals"):
        panel.require_balanced("a placebo or randomisation test")
        parts = np.array_split(starts, max(1, len(starts) // 1000))
        return np.concatenate(
            _each(lambda s: estimator.deals(panel, s), parts, "assignments")
        )
    return np.array(
        _each(lambda deal: estimator(_dealt(panel, deal)).att, starts, "assignments")
    )


def _estimate(estimator: Estimator, panel: Panel) -> Estimate:
    """Run an estimator of anyone's, or say what is wrong with it."""
    if not callable(estimator):
        raise ValueError(
            "the estimator must be a function that takes a panel: pass hub.did, not "
            "hub.did(panel)."
        )
    estimate = estimator(panel)
    if not hasattr(estimate, "att"):
        raise ValueError(
            "the estimator must return an Estimate, not "
            f"{type(estimate).__name__}: wrap a number as "
            "hub.Estimate(name, number, panel)."
        )
    return estimate


def _effect(estimate: Estimate, event) -> pd.Series:
    """Effects by event time; missing where the estimator gives no path."""
    path = getattr(estimate, "path", None)
    if path is None:
        return pd.Series(np.nan, index=event, name="effect")
    return path["effect"].reindex(event)


def _check_draws(draws: int) -> None:
    if not (isinstance(draws, Integral) and draws >= 1):
        raise ValueError(f"draws must be a whole number of at least 1, not {draws!r}.")


def _each(function, items, what: str) -> list:
    """Apply to all items; `joblib.parallel_config` spreads it over cores."""
    tasks = (delayed(function)(item) for item in items)
    done = Parallel(return_as="generator")(tasks)
    return list(tqdm(done, total=len(items), desc=what, delay=2, leave=False))


def _dealt(panel: Panel, starts: np.ndarray) -> Panel:
    first = {
        u: panel.periods[s]
        for u, s in zip(panel.units, starts)
        if s < len(panel.periods)
    }
    return replace(panel, first_treated=first)


def _join(units) -> str:
    return units[0] if len(units) == 1 else ", ".join(map(str, units))
