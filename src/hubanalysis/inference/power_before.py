"""What a programme that has not begun could show, from the history of its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import product
from numbers import Integral

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.imputation import imputation
from hubanalysis.inference.lot import Lot, randomization_test
from hubanalysis.inference.power import (
    Power,
    Significance,
    significance_of,
    sizes_needed,
    smallest_found,
)
from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import as_list
from hubanalysis.words.refusals import (
    HubError,
    check_draws,
    check_kind,
    check_name,
    check_seed,
    check_share,
    check_size,
    listed,
)

# Stretches of the history, at most: neighbours hold almost the same years.
MOST_STARTS = 8
# Assignments under which effects are planted in each, at most.
TRUTHS = 100


@dataclass(frozen=True, eq=False, repr=False)
class PowerBefore(Power):
    """What a programme could show that has not begun.

    Attributes
    ----------
    mde : float
        Smallest effect found with the wanted power, whichever of the history's
        stretches the programme will resemble; in units of the outcome.
    curve : pandas.DataFrame
        `power` by size of `effect`, the mean over these stretches.
    by_start : pandas.DataFrame
        The detectable effect `mde` of each stretch, by the `start` that was dealt and
        the `sample` of places: how far one number can be trusted.
    hubs, refused, years_before, years_after : int
    outcome : str
    lots : dict
        The test of each stretch, by start and sample.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> history = hub.simulate_panel(units=40, periods=16, treated=0, seed=0)
    >>> found = hub.power_before(history, hubs=8, refused=20)
    >>> found.hubs, found.refused, found.range[0] <= found.mde <= found.range[1]
    (8, 20, True)
    """

    by_start: pd.DataFrame = field(kw_only=True)
    hubs: int = field(kw_only=True)
    refused: int = field(kw_only=True)
    years_before: int = field(kw_only=True)
    years_after: int = field(kw_only=True)
    outcome: str = field(kw_only=True)
    lots: dict[tuple, Lot] = field(kw_only=True)
    _others: dict[str, Callable[[], pd.DataFrame]] = field(kw_only=True)

    @cached_property
    def bought(self) -> pd.DataFrame:
        """What the detectable effect falls by with one more of each, as a table.

        `buys`: one more hub or refused applicant, by the root of 1/hubs + 1/refused;
        one more year after or before, on the same places and starts, with the range
        (`low`, `high`) over these. Worked out when it is asked for: a year more means
        two other designs on the whole history.
        """
        moved = {
            "one more hub": (self.hubs + 1, self.refused),
            "one more refused applicant": (self.hubs, self.refused + 1),
        }
        ratio = {
            name: _root(*n) / _root(self.hubs, self.refused)
            for name, n in moved.items()
        }
        bought = {name: {"buys": self.mde - self.mde * r} for name, r in ratio.items()}
        for name, other in self._others.items():
            # On the same starts and places, so that they differ by the period alone.
            saved = (self.by_start["mde"] - other()["mde"]).dropna()
            low, middle, high = saved.quantile([0, 0.5, 1])
            bought[name] = {"buys": middle, "low": low, "high": high}
        return pd.DataFrame.from_dict(bought, "index", columns=["buys", "low", "high"])

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest detectable effect of a single stretch."""
        return float(self.by_start["mde"].min()), float(self.by_start["mde"].max())

    @property
    def price(self) -> float:
        """Detectable effect over the root of 1/hubs + 1/refused: a rule of thumb."""
        return self.mde / _root(self.hubs, self.refused)

    def significance(self, effect: float) -> Significance:
        """Ask what a significant estimate would be worth, were this effect true.

        Parameters
        ----------
        effect : float
            A yardstick: promised, claimed, comparable or break-even; in units of the
            outcome.
        """
        each = [significance_of(lot, effect, self.level) for lot in self.lots.values()]
        chance, *worth = np.array(each).T
        if not chance.any():
            return Significance(0.0, np.nan, np.nan)
        seen = chance > 0
        means = [float(np.average(w[seen], weights=chance[seen])) for w in worth]
        return Significance(float(chance.mean()), *means)

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        low, high = self.range
        facts = {
            "outcome": self.outcome,
            "design": f"{self.hubs} hubs, {self.refused} refused, {self.years_after} "
            f"period(s) after against {self.years_before} before",
            "minimum detectable effect": f"{self.mde:.4f}",
            "range over the history": f"{low:.4f} to {high:.4f}",
            "power": f"{self.power:.0%}",
            "level": f"{self.level:.0%}",
            "stretches of the history": str(len(self.by_start)),
        }
        facts |= {name: f"buys {row.buys:.4f}" for name, row in self.bought.iterrows()}
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("power before")


def power_before(
    history: Panel | pd.DataFrame,
    hubs: int | Iterable,
    refused: int | Iterable | None = None,
    years_before: int = 3,
    years_after: int = 3,
    outcome: str | None = None,
    estimator: Callable[[Panel], Estimate] = imputation,
    power: float = 0.8,
    level: float = 0.05,
    samples: int = 3,
    draws: int = 499,
    seed: int = 0,
) -> PowerBefore:
    """Ask how large an effect a programme must have to be seen, before it begins.

    Places are followed through every stretch of the history that is as long as the
    study will be. In each the hubs are drawn by lot, effects are planted and the exact
    test of the later evaluation is run, as in `minimum_detectable_effect`. Which
    stretch the years to come will resemble is not known, so power is their mean, and
    the range over them is told.

    Parameters
    ----------
    history : Panel or pandas.DataFrame
        The outcome in years without the programme, on the scale in which it will be
        analysed (such as logs): a panel in which nobody is treated, or a table of
        places by years.
    hubs : int or iterable
        How many will win, or their names.
    refused : int or iterable, optional
        How many refused applicants will be followed, or their names; by default all
        places that are not hubs. Numbers are drawn from the places by lot.
    years_before, years_after : int
        Periods that the evaluation will compare.
    outcome : str, optional
        Name of the outcome; the panel's by default.
    estimator : callable
        What the evaluation will use; by default the mean change of the hubs less that
        of the refused.
    power, level : float
        Wanted probability of finding the effect; level of the two-sided test, the
        share of false alarms.
    samples : int
        How often places are drawn for each stretch, where numbers are given.
    draws, seed : int
        Assignments of each test; seed of all draws.

    Returns
    -------
    PowerBefore
        `mde`, `range`, `bought`, `significance(effect)`; draws as a `Power` does.

    Raises
    ------
    ValueError
        If somebody is treated in the history, or it has too few places or years.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> history = hub.simulate_panel(units=40, periods=16, treated=0, seed=0)
    >>> few = hub.power_before(history, hubs=4, refused=8)
    >>> many = hub.power_before(history, hubs=12, refused=28)
    >>> many.mde < few.mde
    True
    """
    check_share(power=power)
    check_size(level)
    check_seed(seed)
    if outcome is not None:
        check_kind(outcome, str, "outcome of power_before", "It is a name.")
    panel = _untreated(history, outcome)
    asked = {"years_before": years_before, "years_after": years_after}
    for what, number in (asked | {"samples": samples, "draws": draws}).items():
        check_draws(number, what)
    if years_before + years_after > len(panel.periods):
        raise HubError(
            f"{years_before} period(s) before and {years_after} after do not fit into "
            f"a history of {len(panel.periods)}."
        )
    groups, h = _groups(panel, hubs, refused, samples, seed)
    r = len(groups[0]) - h
    tests = partial(_tests, panel, groups, h, estimator, draws, seed)
    lots = tests(years_before, years_after)
    needed = _needed(lots, level)
    mde, curve = smallest_found(np.hstack(list(needed.values())), power)
    longer = {
        "one more period after": (years_before, years_after + 1),
        "one more period before": (years_before + 1, years_after),
    }
    return PowerBefore(
        mde,
        curve,
        power,
        level,
        sum(sizes.shape[1] for sizes in needed.values()),
        _notes(mde, lots, level),
        by_start=_by_start(needed, power),
        hubs=h,
        refused=r,
        years_before=int(years_before),
        years_after=int(years_after),
        outcome=panel.outcome,
        lots=lots,
        _others={
            name: partial(_designed, tests, *years, level, power)
            for name, years in longer.items()
            if sum(years) <= len(panel.periods)
        },
    )


def _untreated(history: object, outcome: str | None) -> Panel:
    """Return the history as a panel in which nobody is treated."""
    if isinstance(history, pd.DataFrame):
        text = [c for c in history if not pd.api.types.is_numeric_dtype(history[c])]
        if text:
            raise HubError(
                f"column {listed(text)} of the history is no number: a table must have "
                "a row for each place and a column for each year. Of a long table make "
                "a panel, with hub.Panel.from_long(..., first_treated={})."
            )
        history = Panel.from_wide(history, {}, outcome or "outcome")
    if not isinstance(history, Panel):
        raise HubError("history must be a Panel, or a table of places by years.")
    if history.treated:
        raise HubError(
            f"{listed(history.treated)} are treated in the history. Give first_treated "
            "as {} if nothing has begun; for a programme that has, use "
            "hub.minimum_detectable_effect."
        )
    history.require_balanced("power before a programme")
    return replace(history, outcome=outcome or history.outcome)


def _groups(
    panel: Panel, hubs: object, refused: object, samples: int, seed: int
) -> tuple[list[np.ndarray], int]:
    """Rows of the places in each sample, hubs first, and how many hubs there are."""
    n = len(panel.units)
    won = _given(panel, hubs, "hubs")
    h = won if isinstance(won, int) else len(won)
    lost = n - h if refused is None else _given(panel, refused, "refused")
    named = [row for part in (won, lost) if not isinstance(part, int) for row in part]
    free = np.setdiff1d(np.arange(n), named)
    if len(free) + len(named) > n:
        twice = {panel.units[row] for row in named if named.count(row) > 1}
        raise HubError(f"{listed(twice)} cannot be a hub and refused, or be twice.")
    wanted = sum(part for part in (won, lost) if isinstance(part, int))
    if wanted > len(free) or (isinstance(lost, int) and lost < 1):
        raise HubError(
            f"the history has {n} places, too few for these hubs and refused "
            "applicants. Ask for fewer of either."
        )
    # All that are left can be drawn in one way only.
    drawn = wanted and (isinstance(won, int) or wanted < len(free))
    rows = []
    for sample in range(samples if drawn else 1):
        order = np.random.default_rng([seed, sample]).permutation(free)
        first = won
        if isinstance(won, int):
            first, order = order[:won], order[won:]
        rest = order[:lost] if isinstance(lost, int) else lost
        rows.append(np.concatenate([np.sort(first), np.sort(rest)]))
    return rows, h


def _given(panel: Panel, asked: object, what: str) -> int | np.ndarray:
    """Turn a number into itself, and names into rows."""
    if isinstance(asked, Integral):
        check_draws(asked, what)
        return int(asked)
    names = as_list(asked)
    for name in names:
        check_name(name, panel.units, "place")
    if not names:
        raise HubError(f"{what} must be a number of at least 1, or names of places.")
    return panel.units.get_indexer(names)


def _starts(panel: Panel, before: int, after: int) -> np.ndarray:
    """Positions of first treated periods, spread over the history."""
    last = len(panel.periods) - after
    spread = np.linspace(before, last, min(MOST_STARTS, last - before + 1))
    return np.unique(spread.round().astype(int))


def _tests(
    panel: Panel,
    groups: list[np.ndarray],
    hubs: int,
    estimator: Callable[[Panel], Estimate],
    draws: int,
    seed: int,
    before: int,
    after: int,
) -> dict[tuple, Lot]:
    """Test every stretch of this shape, with each sample of places."""
    found = {}
    for start, (sample, rows) in product(
        _starts(panel, before, after), enumerate(groups)
    ):
        stretch = panel.periods[[start - before, start + after - 1]]
        part = panel.take(rows).window(*stretch).assign(range(hubs), before)
        lot = randomization_test(part, estimator, None, draws, seed)
        found[panel.periods[start], sample] = lot
    return found


def _designed(
    tests: Callable[[int, int], dict[tuple, Lot]],
    before: int,
    after: int,
    level: float,
    power: float,
) -> pd.DataFrame:
    """Detectable effects of a design with other years."""
    return _by_start(_needed(tests(before, after), level), power)


def _needed(lots: dict[tuple, Lot], level: float) -> dict[tuple, np.ndarray]:
    return {where: sizes_needed(lot, level, TRUTHS) for where, lot in lots.items()}


def _by_start(needed: dict[tuple, np.ndarray], power: float) -> pd.DataFrame:
    """Detectable effect of each stretch and sample."""
    found = {where: smallest_found(sizes, power)[0] for where, sizes in needed.items()}
    index = pd.MultiIndex.from_tuples(found, names=["start", "sample"])
    return pd.DataFrame({"mde": list(found.values())}, index=index)


def _root(hubs: int, refused: int) -> float:
    return float(np.sqrt(1 / hubs + 1 / refused))


def _notes(mde: float, lots: dict[tuple, Lot], level: float) -> tuple[str, ...]:
    lot = next(iter(lots.values()))
    if lot.smallest_p > level:
        return (
            f"with {len(lot.estimates)} ways to deal the awards the test cannot reject "
            f"at {level:.0%}: no effect, however large, would be found",
        )
    if np.isinf(mde):
        return ("no effect, however large, would be found as often as asked",)
    if len({start for start, _ in lots}) == 1:
        return ("the history holds one stretch of this length: its range is no guide",)
    return ("stretches overlap, so that the years to come may lie outside the range",)
