r"""A band for effects by event time that holds for all of them at once, by lot.

The lot is the one of `randomization_test`; here each assignment has a path of effects.
With :math:`a_{lk}` the effect at event time k that assignment l shows, and
:math:`b_{lkj}` how it moves with an effect that the truly treated have at event time j,
a path :math:`\tau` is taken out of all of them:
:math:`y_{lk} = (a_{lk} - \bar a_k) - \sum_j (b_{lkj} - \bar b_{kj}) \tau_j`.
The test looks at :math:`\max_k |y_{lk}| / s_k`, where :math:`s_k` is the spread of the
lot. Before treatment :math:`\tau` is zero. The band is as wide as the farthest path
that this test does not reject, sought along rays from the path at which the real
assignment is the centre; on each ray the end is an order statistic, without a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hubanalysis.inference.assignments import TIE, deal_out
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import Framed, terms
from hubanalysis.words.refusals import HubError, check_coverage, check_draws, listed


@dataclass(frozen=True, eq=False, repr=False)
class Band(Facts, Framed):
    """Effects by event time, with a band that holds for all of them at once.

    Attributes
    ----------
    panel : Panel
    path : pandas.DataFrame
        By event time: `effect`, from the lot's centre; `lower` and `upper`, the band;
        and `reported`, the effect as `group_time_att` and `event_study` report it.
    starts : numpy.ndarray of shape (n_lots, n_units)
        Position of each unit's first treated period; the real assignment is first.
    exact : bool
        Whether these are all there are; otherwise they were drawn, no two alike.
    level : float
        Share of lots in which the band holds the truth at every event time.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=4, start=[5, 6],
    ...                            effect=9.0, factors=0, seed=0)
    >>> band = hub.randomization_band(panel, draws=999)
    >>> bool((band.path.loc[0:, "lower"] > 0).all())
    True
    """

    panel: Panel
    path: pd.DataFrame
    starts: np.ndarray
    exact: bool
    level: float

    def to_frame(self) -> pd.DataFrame:
        """Lay it out with one row per event time, as an `Estimate` is.

        Returns
        -------
        pandas.DataFrame
            `term` (event time), `estimate` (from the lot's centre), `std_error` and
            `p_value` (missing: the band has none), `lower` and `upper`, which hold for
            all rows at once; and `reported`, as in `path`.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=20, periods=5, treated=4, start=4, seed=0)
        >>> hub.randomization_band(panel, draws=999).to_frame()["term"].tolist()
        ['-3', '-2', '-1', '0', '1']
        """
        path = self.path
        ends = {"lower": path["lower"], "upper": path["upper"]}
        rows = terms(path.index, path["effect"], **ends)
        return rows.assign(reported=path["reported"].to_numpy())

    def summary(self) -> pd.DataFrame:
        """Return the band as a short table."""
        kind = "all" if self.exact else "drawn"
        facts = {
            f"event time {time}": "{:.4f} ({:.4f} to {:.4f})".format(*row)
            for time, *row in self.path[["effect", "lower", "upper"]].itertuples()
        }
        facts[f"assignments ({kind})"] = str(len(self.starts))
        name = f"{self.level:.0%} band by lot"
        return pd.DataFrame({"value": facts}).rename_axis(name)


def randomization_band(
    panel: Panel,
    strata: Mapping | None = None,
    draws: int = 9999,
    seed: int = 0,
    level: float = 0.95,
) -> Band:
    """Effects by event time with a band that holds for all at once, by lot.

    The effects are those of ``group_time_att(..., base_period="universal")``, averaged
    by event time; with one date they are those of `event_study`. Dates of treatment are
    dealt out again as in `randomization_test`, so that the band rests on how treatment
    fell, and not on how many units a group has: it also holds with groups of one.

    Parameters
    ----------
    panel : Panel
        Balanced, with never-treated units; covariates and weights are refused.
    strata : mapping, optional
        Unit -> stratum, for all units; dates are exchanged only within a stratum.
    draws : int
        Assignments are enumerated where there are at most this many, and drawn without
        repetition otherwise.
    seed : int
    level : float
        Coverage.

    Returns
    -------
    Band

    Raises
    ------
    ValueError
        If the panel has holes or no donor, a stratum is missing, or there are too few
        ways to deal out treatment for a band at this level.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4, seed=0)
    >>> band = hub.randomization_band(panel)
    >>> band.exact, len(band.starts), list(band.path.index)
    (True, 28, [-3, -2, -1, 0, 1, 2])
    """
    check_draws(draws)
    check_coverage(level)
    require_panel(panel, "randomization_band")
    panel.require_plain("randomization_band")
    panel.require_donors()
    panel.require_balanced("randomization_band")
    starts, exact = deal_out(panel, strata, draws, seed)
    allowed = int((1 - level + TIE) * len(starts))
    if not allowed:
        raise HubError(
            f"{len(starts)} assignments are too few for a band at {level:.0%}: the "
            f"smallest p value is 1/{len(starts)}. Ask for a level of at most "
            f"{np.floor(100 * (1 - 1 / len(starts))) / 100:.2f}."
        )
    n_periods = len(panel.periods)
    event = np.arange(n_periods) - panel.starts[:, None]
    dated = panel.starts < n_periods
    times = np.unique(event[dated])
    free = times[times != -1]
    after, last = free >= 0, times[-1] + 1
    estimates = _paths(panel.values, starts, free)
    planted = np.arange(last)[:, None, None] == np.where(dated[:, None], event, -1)
    pull = np.array([_paths(p.astype(float), starts, free) for p in planted])
    pull = np.moveaxis(pull - pull.mean(axis=1, keepdims=True), 0, -1)
    gaps = estimates - estimates.mean(axis=0)
    # In coordinates in which an effect moves the real one's own event time, by one.
    moves = np.eye(len(free))
    moves[:, after] = pull[0]
    own = np.linalg.inv(moves)
    gaps, pull = gaps @ own.T, own @ pull
    effect = gaps[0]
    gaps = gaps - pull @ effect[after]
    scale = gaps.std(axis=0)
    rays = _rays(scale[after])
    ends = [_end(gaps / scale, pull @ ray / scale, allowed) for ray in rays]
    if np.isinf(ends).any():
        lost = [str(k) for k in range(last) if np.isinf(ends[k])]
        raise HubError(
            f"no effect at event time {listed(lost)}, however large, is rejected at "
            f"{level:.0%}: in too many assignments the units seen then are the same. "
            "End the window earlier, or ask for a lower level."
        )
    far = max(ends)
    path = pd.DataFrame(
        {
            "effect": effect,
            "lower": effect - far * scale,
            "upper": effect + far * scale,
            "reported": estimates[0],
        },
        index=pd.Index(free, name="event_time"),
    )
    # The reference is zero by construction.
    path = path.reindex(pd.Index(times, name="event_time"), fill_value=0.0)
    return Band(panel, path, starts, exact, level)


def _paths(values: np.ndarray, starts: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Effects by event time under many assignments, shape (n_lots, n_times).

    Each group against the never treated, from its last period before, and groups by
    their size: ``group_time_att(...).aggregate("dynamic")``.
    """
    n_periods = values.shape[1]
    never = (starts == n_periods).astype(float)
    others = never @ values / never[0].sum()
    total = np.zeros((len(starts), len(times)))
    weight = np.zeros(len(times))
    for g in np.unique(starts[0][starts[0] < n_periods]):
        chosen = (starts == g).astype(float)
        gap = chosen @ values - chosen[0].sum() * others
        seen = (times >= -g) & (times < n_periods - g)
        total[:, seen] += gap[:, times[seen] + g] - gap[:, [g - 1]]
        weight += chosen[0].sum() * seen
    return total / weight


def _rays(scale: np.ndarray) -> np.ndarray:
    """Directions in which paths are sought: one event time, or all alike."""
    one = np.vstack([np.diag(scale), scale])
    return np.vstack([one, -one])


def _end(gaps: np.ndarray, pull: np.ndarray, allowed: int) -> float:
    """How far out on a ray, in scales, the last path is that the test does not reject.

    `gaps` and `pull`, how they move along the ray, are in scales too; the real one
    moves by one.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(pull > TIE - 1, gaps / (1 + pull), np.inf)
        below = np.where(pull < 1 - TIE, -gaps / (1 - pull), np.inf)
    meet = np.maximum(above, below).max(axis=1)
    meet[0] = np.inf  # the real one is as far out as itself
    return float(np.partition(meet, -allowed - 1)[-allowed - 1])
