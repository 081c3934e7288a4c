"""Staggered adoption: effects by group and period, with simultaneous bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd
from scipy import special

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.given import cluster_codes, fixed_design, given_notes
from hubanalysis.estimators.group_time_blocks import assembled
from hubanalysis.estimators.group_time_cells import lay_out
from hubanalysis.estimators.group_time_spread import Spread
from hubanalysis.estimators.regression import (
    NO_NOISE,
    few_units_note,
    small_groups_notes,
    too_few_clusters,
)
from hubanalysis.panels.cross_sections import CrossSections
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.framed import Framed, terms, with_errors
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import (
    HubError,
    check_count,
    check_coverage,
    check_option,
    check_seed,
    listed,
)

NOTHING_OVER = "each group is one unit (or cluster), which leaves nothing over"


@dataclass(frozen=True, eq=False, repr=False)
class GroupTimeATT(Framed):
    """Effects by group (first treated period) and period; `aggregate` averages them.

    Attributes
    ----------
    panel : Panel or CrossSections
        What they were estimated on.
    control, base_period, anticipation
        As asked for.
    att : numpy.ndarray of shape (n_cells,)
        Effects in the order of `table`; NaN where a note says why.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=8, treated=12, start=[4, 6],
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> effects = hub.group_time_att(panel, draws=99)
    >>> effects.aggregate("dynamic").path["effect"].round(6).loc[[0, 1]].tolist()
    [2.0, 2.0]
    """

    panel: Panel | CrossSections
    control: str
    base_period: str
    att: np.ndarray
    notes: tuple[str, ...]
    draws: int
    seed: int
    level: float
    anticipation: int
    _where: tuple[np.ndarray, np.ndarray]
    _starts: np.ndarray
    _mass: np.ndarray
    _spread: Spread

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per group and period, in units of the outcome.

        `lower` and `upper` hold for all cells at once at the level asked for, with
        large groups (absent with ``draws=0``, and where a group is one unit alone);
        `pointwise_lower` and `pointwise_upper` for one cell; none with one or two
        treated.
        """
        own, t = self._where
        g = self._starts[own]
        spread = self._spread
        se = np.where(np.isnan(self.att), np.nan, spread.errors(spread.link))
        quantile = special.ndtri(0.5 + self.level / 2)
        half = (np.nan if spread.too_few else quantile) * se
        table = pd.DataFrame(
            {
                "group": self.panel.periods[g],
                "period": self.panel.periods[t],
                "event_time": t - g,
                "att": self.att,
                "se": se,
                "pointwise_lower": self.att - half,
                "pointwise_upper": self.att + half,
            }
        )
        return table.assign(**spread.band(self.att, spread.link))

    @property
    def influence(self) -> pd.DataFrame:
        """Influence of each unit (or cluster) on each cell, by (group, period).

        The square root of a column's sum of squares, over the number of units, is
        the cell's standard error.
        """
        own, t = self._where
        values = self._spread.influence()
        periods = self.panel.periods
        columns = pd.MultiIndex.from_arrays(
            [periods[self._starts[own]], periods[t]], names=["group", "period"]
        )
        return pd.DataFrame(values, index=self._spread.names, columns=columns)

    @cached_property
    def pre_test(self) -> pd.Series:
        """Wald test that all effects before treatment are zero: chi2, df, p_value.

        Raises
        ------
        AttributeError
            If there is no such cell, or their covariance is singular.
        """
        own, t = self._where
        first = self._starts[own] - self.anticipation
        pre = (t < first) & np.isfinite(self.att)
        if self.base_period == "universal":
            pre &= t != first - 1
        if not pre.any():
            raise AttributeError(
                "no pre_test here: no group is seen in two periods before treatment"
            )
        covariance = self._spread.covariance(self._spread.link[:, pre].toarray())
        if np.linalg.matrix_rank(covariance, hermitian=True) < pre.sum():
            raise AttributeError(
                f"no pre_test here: the covariance of {pre.sum()} effects before "
                "treatment is singular; there are too few units for so many cells"
            )
        chi2 = float(self.att[pre] @ np.linalg.solve(covariance, self.att[pre]))
        p_value = special.chdtrc(pre.sum(), chi2)
        return pd.Series({"chi2": chi2, "df": float(pre.sum()), "p_value": p_value})

    def aggregate(self, kind: str = "simple", balance: int | None = None) -> Estimate:
        """Average the effects (Callaway and Sant'Anna 2021, section 3.1, table 1).

        A group counts by all its units, also where some of them are not observed.

        Parameters
        ----------
        kind : {"simple", "group", "dynamic", "calendar"}
            *simple*: over all treated cells, by size of group. *group*: over each
            group's periods, then over groups by size. *dynamic*: by event time, then
            the plain mean from event time 0 on. *calendar*: by period, then the
            plain mean.
        balance : int, optional
            For *dynamic*: only groups seen until this event time, so that the same
            groups stand behind each effect from 0 to `balance`.

        Returns
        -------
        Estimate
            With `se` that accounts for the estimated weights and, but for *simple*,
            `path` (effect, se, simultaneous lower and upper unless ``draws=0``) and
            `covariance`, by group, event time or period. Only with
            ``base_period="universal"`` are the effects before treatment those that
            `honest_bounds` needs; event time -1 is then 0 by construction.
        """
        check_option("kind", kind, ("simple", "group", "dynamic", "calendar"))
        if balance is not None and kind != "dynamic":
            raise HubError("balance is for aggregate('dynamic') only.")
        own, t = self._where
        g, last = self._starts[own], t.max()
        use = np.isfinite(self.att)
        if balance is not None:
            balance = check_count("balance", balance)
            use &= (last - g >= balance) & (t - g <= balance)
            use &= t - g >= balance - last
            if not (use & (t >= g)).any():
                raise HubError(f"no group is seen until event time {balance}.")
        if kind != "dynamic":
            use &= t >= g
        key = {"simple": 0 * g, "group": g, "dynamic": t - g, "calendar": t}[kind]
        labels = np.unique(key[use])
        chosen = use[:, None] & (key[:, None] == labels)
        n = len(self.panel.units)
        share = (self._mass / n)[own]
        total = share @ chosen
        att = np.where(use, self.att, 0.0)
        effect = (share * att) @ chosen / total
        loading = self._spread.link @ (share[:, None] * chosen / total)
        # Groups' shares are estimated too: their influence is constant in a cohort.
        pull = chosen * (att[:, None] - effect) / total
        np.add.at(loading, self._spread.ones[own], pull)

        if kind == "group":
            size = self._mass[np.searchsorted(self._starts, labels)] / n
            weight = size / size.sum()
        else:
            weight = (labels >= 0) if kind == "dynamic" else np.ones(len(labels))
            weight = weight / weight.sum()
        overall = float(weight @ effect)
        sum_up = loading @ weight
        if kind == "group":
            at = self._spread.ones[np.searchsorted(self._starts, labels)]
            sum_up[at] += (effect - overall) / size.sum()
        error = float(self._spread.errors(sum_up[:, None])[0])
        none = "" if self._spread.single or error > 0 else NO_NOISE
        parts: dict = {
            "se": none or (NOTHING_OVER if np.isnan(error) else error),
            "interval": self._spread.too_few or none,
            "path": "the simple average has none; aggregate('dynamic') does",
            "covariance": "the simple average has one number; see se",
            "unit_weights": "controls differ by group and period",
            "time_weights": "each effect is measured from one period",
        }
        if kind != "simple":
            parts["covariance"], parts["path"] = self._path(
                kind, labels, effect, loading
            )
        name = f"group_time_att, {kind}"
        notes = (*self.notes, none) if none else self.notes
        return Estimate(name, overall, cast(Panel, self.panel), notes, parts)

    def _path(
        self, kind: str, labels: np.ndarray, effect: np.ndarray, loading: np.ndarray
    ) -> tuple[Callable[[], pd.DataFrame], Callable[[], pd.DataFrame]]:
        """Functions that build the covariance and the path when asked for."""
        names = {"group": "group", "dynamic": "event_time", "calendar": "period"}
        index = labels if kind == "dynamic" else self.panel.periods[labels]
        index = pd.Index(index, name=names[kind])

        def covariance() -> pd.DataFrame:
            values = pd.DataFrame(self._spread.covariance(loading), index, index)
            if kind == "dynamic" and self.base_period == "universal":
                zero = -1 - self.anticipation
                values = values.drop(index=zero, columns=zero, errors="ignore")
            return values

        def path() -> pd.DataFrame:
            se = self._spread.errors(loading)
            frame = pd.DataFrame({"effect": effect, "se": se}, index)
            return frame.assign(**self._spread.band(effect, loading))

        return covariance, path

    def to_frame(self) -> pd.DataFrame:
        """Lay it out with one row per group and period, as an `Estimate` is.

        Intervals are of one cell each, at the level asked for; `table` has the band for
        all of them, and ``aggregate(...).to_frame()`` the averages.

        Returns
        -------
        pandas.DataFrame
            `term` (group and period), `estimate`, `std_error`, `p_value`, `lower` and
            `upper`; missing where there is none.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=20, periods=4, treated=8, start=3, seed=0)
        >>> hub.group_time_att(panel, draws=0).to_frame()["term"].tolist()
        ['3 in 2', '3 in 3', '3 in 4']
        """
        table = self.table
        cells = [f"{g} in {t}" for g, t in zip(table["group"], table["period"])]
        rows = terms(cells, self.att, std_error=table["se"])
        too_few = self._spread.too_few
        return rows if too_few else with_errors(rows, np.inf, self.level)

    def __repr__(self) -> str:
        """Say what was compared, and the average effect."""
        simple = self.aggregate("simple")
        error = getattr(simple, "se", None)
        told = decimals(simple.att, error or 0.0)
        spread = f"standard error {error:{told}}" if error else "no standard error"
        lines = [
            f"group_time_att of {self.panel.outcome}: {len(self.att)} cells",
            f"  control  {self.control.replace('_', ' ')}",
            f"  base     {self.base_period}",
            f"  simple   {simple.att:{told}} ({spread})",
            *(f"  note     {note}" for note in self.notes),
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False)


def group_time_att(
    panel: Panel | CrossSections,
    control: str = "never_treated",
    method: str = "doubly_robust",
    covariates: list[str] | None = None,
    base_period: str = "varying",
    draws: int = 999,
    seed: int = 0,
    level: float = 0.95,
    anticipation: int = 0,
    clusters: Mapping | None = None,
) -> GroupTimeATT:
    r"""Effects by first treated period and period, never against the treated.

    :math:`ATT(g, t) = E[Y_t - Y_{g-1} | G = g] - E[Y_t - Y_{g-1} | C]` for
    :math:`t \ge g` (Callaway and Sant'Anna 2021, equations 2.2 to 2.9). Without
    covariates it is a difference of mean changes; with them, the controls' changes
    are fitted by least squares, reweighted by a logistic propensity score, or both
    (Sant'Anna and Zhao 2020, equation 3.1). Standard errors come from influence
    functions, clustered by unit; bands from the multiplier bootstrap with random
    signs (Rademacher weights).

    Without covariates, ``aggregate("dynamic")`` is Sun and Abraham's (2021) estimate if
    ``base_period="universal"``, and LP-DiD's (Dube and others 2025, reweighted) if
    ``control="not_yet_treated"`` (before treatment only with the universal base too);
    their standard errors are those of regressions.

    Parameters
    ----------
    panel : Panel or CrossSections
        Holes are allowed: each comparison uses the units seen in both its periods. R's
        `did` drops units that are not seen in all periods, or, with
        ``allow_unbalanced_panel=TRUE``, takes them as repeated cross-sections; both can
        give quite another number. With weights, groups and effects are averages over
        what units are weighted by.
    control : {"never_treated", "not_yet_treated"}
        Who stands for the treated. Without never-treated units, the last group
        serves as a control only, and periods from its start on are left out.
    method : {"doubly_robust", "outcome_regression", "ipw"}
        How covariates are used; without any, all three are the same. Controls with
        a propensity score above 0.995 are left out.
    covariates : list of str, optional
        Columns of ``panel.covariates``; all of them by default, [] for none.
    base_period : {"varying", "universal"}
        What effects before treatment are measured from: the period just before
        each (varying), or the last one before treatment (universal).
    draws : int
        Bootstrap draws for simultaneous bands; 0 for standard errors only. The bands
        need large groups: `randomization_band` holds with groups of any size.
    seed : int
        Seed of the draws.
    level : float
        Coverage of intervals and bands.
    anticipation : int
        Periods before the first treated one in which units may have acted already:
        effects are measured from the period before these, and who starts within as
        many periods is no control.
    clusters : mapping, optional
        Unit -> cluster (county -> state), to cluster by in place of the unit.

    Returns
    -------
    GroupTimeATT
        With `table`, `pre_test`, `influence` and `aggregate`.

    Raises
    ------
    ValueError
        If nothing is treated, no control is left, a name or option does not exist,
        a covariate is missing, constant or collinear, or no effect can be estimated.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=8, treated=12, start=[4, 6],
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> effects = hub.group_time_att(panel, draws=0)
    >>> effects.table[["group", "period", "att"]].tail(3).round(6)
        group  period  att
    11      6       6  2.0
    12      6       7  2.0
    13      6       8  2.0
    >>> round(effects.aggregate("simple").att, 6)
    2.0
    """
    check_option("control", control, ("never_treated", "not_yet_treated"))
    check_option("method", method, ("doubly_robust", "outcome_regression", "ipw"))
    check_option("base_period", base_period, ("varying", "universal"))
    draws = check_count("draws", draws)
    ahead = check_count("anticipation", anticipation)
    check_coverage(level)
    check_seed(seed)
    if not isinstance(panel, CrossSections):
        require_panel(panel, "group_time_att")
    panel.require_treated()
    design = fixed_design(panel, covariates, "group_time_att")
    layout = lay_out(panel, control, base_period == "universal", ahead)
    starts, (own, t, _) = layout.starts, layout.where
    g, sizes = starts[own], np.bincount(layout.cohort)
    notes = [*panel.notes, *few_units_note(panel, clusters)]
    notes += given_notes(panel, covariates)
    notes += layout.notes
    groups = dict(zip(panel.periods[starts[:-1]], sizes[:-1]))
    notes += small_groups_notes(groups, bands=draws > 0)
    if 0 < draws < (least := int(np.ceil(1 / (1 - level) - 1e-9))):
        notes.append(
            f"{draws} draws are too few for a band at {level:.0%}: ask for {least} or "
            "more"
        )
    att, why, blocks, link, ones, names = assembled(
        panel, layout, design, method, clusters
    )
    cell = [f"{panel.periods[a]} in {panel.periods[b]}" for a, b in zip(g, t)]
    told = [f"{cell[k]} ({reason})" for k, reason in why.items()]
    if not np.isfinite(att[t >= g]).any():
        raise HubError(
            f"no effect can be estimated: group {listed(told)}. "
            f"The covariates are {listed(design.columns[1:]) or 'none'}."
        )
    if told:
        notes.append(f"no effect for group {listed(told)}")
    spread = Spread(
        blocks, link, ones, names, len(panel.units),
        float(np.nanmax(np.abs(panel.values))), draws, seed, level,
        alone=sizes[:-1].min() == 1, too_few=too_few_clusters(panel, clusters),
        single=_are_single(layout.cohort, cluster_codes(panel, clusters)),
    )  # fmt: skip
    mass = np.bincount(layout.cohort, weights=panel.weight)
    return GroupTimeATT(
        panel, control, base_period, att, tuple(notes), draws, seed, level, ahead,
        (own, t), starts, mass, spread,
    )  # fmt: skip


def _are_single(cohort: np.ndarray, codes: np.ndarray) -> bool:
    """Whether each cohort lies in one cluster; a unit is one by default."""
    return all(len(np.unique(codes[cohort == c])) == 1 for c in np.unique(cohort))
