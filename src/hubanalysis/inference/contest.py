"""Which estimator did best where nothing had happened: before anyone was treated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.estimators.weights import ROUNDING
from hubanalysis.inference.assignments import TIE, at_least_as_far, strata_of
from hubanalysis.inference.pretended import (
    NEVER,
    before_treatment,
    pretended_deals,
    pretended_starts,
    run_pretended,
)
from hubanalysis.inference.redraws import redrawn_squares
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import Framed
from hubanalysis.words.refusals import HubError, check_draws, check_seed, listed

# A false alarm has a p value up to this; who wins this often is decisive, and who wins
# this often has to be heard if nobody is.
LEVEL, DECISIVE, CONTENDS = 0.05, 0.75, 0.1


@dataclass(frozen=True, eq=False, repr=False)
class Contest(Facts, Framed):
    """How far off each estimator was where nothing had happened.

    Attributes
    ----------
    table : pandas.DataFrame
        By estimator, best first (within each horizon, if there are several): `rmse`
        and `bias` of estimates whose truth is zero; `false_alarms`, the share of
        pretended starts at which the really treated units get a p value of at most
        .05; `wins`, the share of redraws in which it has the smallest rmse, which those
        share that have it to rounding.
    estimators : dict of str to Estimator
    starts : dict of int to list
        Pretended first treated periods, by horizon.
    assignments : int
        Ways to deal out treatment that were looked at, and whether (`exact`) all.
    exact : bool
    notes : tuple of str

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=24, treated=1, start=21,
    ...                            noise=0.1, seed=1)
    >>> found = hub.contest(panel, [hub.did, hub.synthetic_did])
    >>> found.winner.label, found.decisive
    ('synthetic DiD', True)
    """

    table: pd.DataFrame
    estimators: dict[str, Estimator]
    starts: dict[int, list]
    assignments: int
    exact: bool
    notes: tuple[str, ...] = ()

    @property
    def ranking(self) -> pd.DataFrame:
        """The part of the table that decides: that of the longest horizon."""
        several = self.table.index.nlevels > 1
        return self.table.loc[max(self.starts)] if several else self.table

    @property
    def winner(self) -> Estimator:
        """The estimator with the smallest root mean square error; first of equals."""
        return self.estimators[self.ranking.index[0]]

    @property
    def decisive(self) -> bool:
        """Whether the winner, with no equal, wins at least three redraws in four."""
        return len(self.equals) == 1 and bool(self.ranking["wins"].iloc[0] >= DECISIVE)

    @property
    def equals(self) -> list[str]:
        """The winner and all whose errors are as large, by name."""
        return list(self.ranking.index[_alike(self.ranking["rmse"])[0]])

    @property
    def contenders(self) -> list[str]:
        """Who has to be heard unless the contest is decisive, by name.

        The winner, its equals, and all others that win at least one redraw in ten,
        alone or together with their own equals.
        """
        ranking = self.ranking
        alike = _alike(ranking["rmse"])
        heard = alike[0] | (alike @ ranking["wins"].to_numpy() >= CONTENDS)
        return list(ranking.index[heard])

    def to_frame(self) -> pd.DataFrame:
        """Lay it out with one row per estimator (and horizon): `table`, no index.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=12, periods=24, treated=1, start=21,
        ...                            noise=0.1, seed=1)
        >>> list(hub.contest(panel, [hub.did, hub.synthetic_did]).to_frame())
        ['estimator', 'rmse', 'bias', 'false_alarms', 'wins']
        """
        return self.table.reset_index()

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        facts = {
            self.estimators[name].label: f"rmse {row.rmse:.4f}, wins {row.wins:.0%}"
            for name, row in self.ranking.iterrows()
        }
        horizon = max(self.starts)
        facts |= {
            "decisive": "yes" if self.decisive else "no",
            "pretended starts": listed(self.starts[horizon], 9),
            "periods after each": str(horizon),
            f"assignments ({'all' if self.exact else 'drawn'})": str(self.assignments),
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("contest")


def contest(
    panel: Panel,
    estimators: Iterable[Callable[[Panel], Estimate]] | Mapping[str, Callable],
    starts: Iterable | None = None,
    horizon: int | Sequence[int] | None = None,
    strata: Mapping | None = None,
    draws: int = 1999,
    seed: int = 0,
    redraws: int = 200,
) -> Contest:
    """Let estimators compete on the periods before anyone was treated.

    Later periods are cut off first of all. Treatment is then pretended for every set of
    units that could have been treated, as many as really were; the truth is zero for
    each. All units are dealt with alike, so that a randomisation test of the winner
    stays exact. Units are redrawn with replacement to see whether another would win.

    Parameters
    ----------
    panel : Panel
        Balanced before treatment. Several dates of adoption keep their spacing if it
        fits into the horizon; otherwise all units start together at the earliest.
    estimators : iterable or mapping of callable
        At least two, of this library or your own; a mapping names them.
    starts : iterable, optional
        Pretended first treated periods. By default up to six, spread over those with at
        least half of the periods, and two, before them and the horizon after.
    horizon : int or sequence of int, optional
        Periods after each start; by default as many as are really treated, or as the
        earlier ones allow. Of several the longest decides.
    strata : mapping, optional
        Unit -> stratum, within which treatment is dealt out.
    draws : int
        Assignments are enumerated where there are at most this many; drawn otherwise.
    seed, redraws : int

    Returns
    -------
    Contest
        `table`, `winner`, `decisive`.

    Raises
    ------
    ValueError
        If there are fewer than two estimators or three periods before treatment, or a
        start, a horizon or an estimator does not fit.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=24, treated=1, start=21,
    ...                            noise=0.1, seed=1)
    >>> hub.contest(panel, [hub.did, hub.synthetic_did]).table["rmse"].round(2)
    estimator
    synthetic_did    0.15
    did              0.48
    Name: rmse, dtype: float64
    """
    require_panel(panel, "contest")
    periods = len(panel.periods)
    # From here on later values are out of reach.
    panel, dates = before_treatment(panel)
    check_draws(draws)
    check_draws(redraws, "redraws")
    check_seed(seed)
    known, groups = _contestants(estimators), strata_of(panel, strata)
    places = pretended_starts(panel, starts, horizon, periods - len(panel.periods))
    tables, notes = {}, []
    for after, positions in places.items():
        kinds = dates
        if dates[dates < NEVER].max() >= after:
            kinds = np.where(dates < NEVER, 0, NEVER)
            notes.append(f"dates do not fit into {after} period(s): all start together")
        lot, exact = pretended_deals(kinds, groups, draws, seed)
        # The real assignment last: it is looked at, and decides nothing.
        deals = np.vstack([lot, kinds])
        found = np.array(
            [
                [run_pretended(e, panel, deals, s, after) for s in positions]
                for e in known.values()
            ]
        )
        # Errors that rounding makes are none.
        bar = ROUNDING * np.abs(panel.values).max()
        found[(np.abs(found) <= bar).all(axis=(1, 2))] = 0.0
        squares = redrawn_squares(found[..., :-1], lot < NEVER, groups, redraws, seed)
        tables[after] = _table(found, squares, list(known), exact)
    several = len(tables) > 1
    table = pd.concat(tables, names=["horizon"]) if several else tables[after]
    dated = {after: panel.periods[at].tolist() for after, at in places.items()}
    ended = Contest(table, known, dated, len(lot), exact)
    if len(ended.equals) > 1:
        names = listed(known[name].label for name in ended.equals)
        size = "no" if not ended.ranking["rmse"].iloc[0] else "the same"
        notes.append(
            f"{names} have {size} errors before treatment, so that nothing tells which "
            "is better: they share their wins, and all are heard"
        )
    return replace(ended, notes=tuple(notes))


def _contestants(given: object) -> dict[str, Estimator]:
    if isinstance(given, Mapping):
        known = [named(function, name=str(name)) for name, function in given.items()]
    elif isinstance(given, Iterable) and not isinstance(given, str):
        known = [named(function) for function in given]
    else:
        raise HubError("estimators must be a list, as in [hub.did, hub.imputation].")
    names = [one.name for one in known]
    if len(set(names)) < max(len(names), 2):
        raise HubError(
            "a contest needs at least two estimators, each with a name of its own; it "
            f"got {listed(names) or 'none'}."
        )
    return dict(zip(names, known))


def _table(
    found: np.ndarray, redrawn: np.ndarray, names: list[str], exact: bool
) -> pd.DataFrame:
    """Score estimates of shape (n_estimators, n_starts, n_lots and the real one)."""
    errors, real = found[..., :-1], found[..., -1:]
    centre = errors.mean(axis=2, keepdims=True)
    # All assignments hold the real one; to those drawn it is added.
    lot = errors if exact else found
    p_values = at_least_as_far(lot - centre, real - centre).mean(axis=2)
    scores = {
        "rmse": np.sqrt((errors**2).mean(axis=(1, 2))),
        "bias": errors.mean(axis=(1, 2)),
        "false_alarms": (p_values <= LEVEL).mean(axis=1),
    }
    # Estimators that are one by two names stay in the order given, and share wins.
    size = scores["rmse"].max() or 1.0
    order = np.argsort((scores["rmse"] / size).round(9), kind="stable")
    redrawn = redrawn[:, order]
    slack = TIE * np.abs(redrawn).max(axis=1, keepdims=True)
    first = redrawn <= redrawn.min(axis=1, keepdims=True) + slack
    table = pd.DataFrame(scores, pd.Index(names, name="estimator")).iloc[order]
    shares = first / first.sum(axis=1, keepdims=True)
    return table.assign(wins=shares.sum(axis=0) / len(redrawn))


def _alike(rmse: pd.Series) -> np.ndarray:
    """Which estimators have errors of one size, to rounding: a table of booleans."""
    size = rmse.to_numpy()
    return np.abs(size[:, None] - size) <= TIE * size
