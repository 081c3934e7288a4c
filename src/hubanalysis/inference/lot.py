r"""One exact test: p, estimate, interval and power from the same lot.

A *lot* holds the ways in which treatment could have fallen, the real one among them,
and the estimate of each. Treated units may be donors of the others, so that all are
treated alike once the effect asked about is out. With :math:`a_l` the estimate of lot l
and :math:`b_l` how it moves with an effect on the truly treated, taking :math:`\tau`
out leaves :math:`y_l = (a_l - \bar a) - \tau (b_l - \bar b)`. p is the share of the lot
at least as far from its centre, the mean, as the real one. Each other lot is so between
the two effects at which :math:`y_l = \pm y_r`: the ends of the interval are order
statistics of these crossings, without a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import (
    TIE,
    badly_fitted,
    check_finite,
    deal_out,
    run_all,
    run_deals,
    sets_of,
)
from hubanalysis.inference.crossings import outermost
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import FramedAtLevel, terms
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import (
    check_coverage,
    check_draws,
    check_flag,
    check_number,
)


@dataclass(frozen=True, eq=False, repr=False)
class Lot(Facts, FramedAtLevel):
    """Every way in which treatment could have fallen, and what follows from them.

    Attributes
    ----------
    panel : Panel
    estimator : Estimator
    starts : numpy.ndarray of shape (n_lots, n_units)
        Position of each unit's first treated period; the real assignment is first.
    exact : bool
        Whether these are all there are; otherwise they were drawn, no two alike.
    estimates : numpy.ndarray of shape (n_lots,)
    pull : numpy.ndarray of shape (n_lots,)
        How each estimate moves with an effect on the truly treated.
    barred : numpy.ndarray of shape (n_lots,)
        Whose own fit before treatment is so bad that it counts as not as far out.
    loads : numpy.ndarray of shape (n_lots, n_units) or None
        How each estimate moves with an effect on each unit, with one date.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4,
    ...                            effect=9.0, seed=0)
    >>> lot = hub.randomization_test(panel, hub.did)
    >>> len(lot.estimates), round(lot.p_value, 3), lot.interval()[0] > 0
    (28, 0.036, True)
    """

    panel: Panel
    estimator: Estimator
    starts: np.ndarray
    exact: bool
    estimates: np.ndarray
    pull: np.ndarray
    barred: np.ndarray
    loads: np.ndarray | None = None
    _gaps: dict[float, np.ndarray] = field(default_factory=dict, init=False)

    @property
    def observed(self) -> float:
        """The estimate for the units that were really treated, as reported."""
        return float(self.estimates[0])

    @property
    def distribution(self) -> pd.Series:
        """The estimate under every assignment, the real one first."""
        return pd.Series(self.estimates, name="att")

    @property
    def centre(self) -> float:
        """Mean estimate of the lot."""
        return float(self.estimates.mean())

    @cached_property
    def effect(self) -> float:
        """The effect that, taken out, leaves the real assignment at the centre.

        Hodges and Lehmann's (1963) estimate. Assignments that overlap with the real one
        carry part of an effect, so it is not the estimate less the centre.
        """
        speed = self.pull[0] - self.pull.mean()
        if abs(speed) <= TIE:
            return np.nan
        effect, gap = 0.0, self.deviations(0.0)[0]
        for _ in range(50):
            step = gap / speed
            effect += step
            if not self._moves:
                break
            gaps = self.deviations(effect)
            if abs(gaps[0]) <= 1e-6 * np.std(gaps):
                break
            if abs(gap - gaps[0]) > TIE * abs(step):
                speed = (gap - gaps[0]) / step
            gap = gaps[0]
        return float(effect)

    @cached_property
    def p_value(self) -> float:
        """Share of the lot at least as far from its centre as the real assignment."""
        return self.p_of(0.0)

    @property
    def p_gain(self) -> float:
        """Share of the lot, the real one included, that gains at least as much."""
        return self._share(self.deviations(0.0), +1)

    @property
    def p_loss(self) -> float:
        """Share of the lot, the real one included, that loses at least as much."""
        return self._share(self.deviations(0.0), -1)

    @property
    def rank(self) -> int:
        """Number of assignments at least as far out, the real one included."""
        return round(self.p_value * len(self.estimates))

    @property
    def smallest_p(self) -> float:
        """The smallest p value that a lot of this size can give."""
        return 1 / len(self.estimates)

    @property
    def p_error(self) -> float:
        """Standard error of p from drawing; zero if the lot holds all assignments.

        That of a share, and how far p moves as the centre, drawn as well, moves by its
        own error.
        """
        if self.exact:
            return 0.0
        spread = np.sqrt(self.p_value * (1 - self.p_value) / len(self.estimates))
        gaps, off = self.deviations(0.0), self.centre_error
        moved = [self._share(gaps + step, 0) - self.p_value for step in (-off, off)]
        return float(np.hypot(spread, np.abs(moved).max()))

    @property
    def centre_error(self) -> float:
        """Standard error of the lot's centre from drawing; zero if it holds all."""
        spread = self.estimates.std() / np.sqrt(len(self.estimates))
        return 0.0 if self.exact else float(spread)

    @property
    def weights(self) -> pd.Series:
        """Weight of each donor in the real answer."""
        if self.loads is None:
            raise AttributeError("no weights here: the estimator does not give them")
        donors = self.panel.starts == len(self.panel.periods)
        units = self.panel.units[donors]
        return pd.Series(-self.loads[0, donors], units, name="weight")

    def p_of(self, effect: float) -> float:
        """Return p of the hypothesis that the treated have this effect.

        Parameters
        ----------
        effect : float
            In units of the outcome, in all treated cells.
        """
        return self._share(self.deviations(effect), 0)

    def deviations(self, effect: float) -> np.ndarray:
        """Estimates with an effect taken out, less their mean; shape (n_lots,)."""
        check_number(effect=effect)
        if effect not in self._gaps:
            estimates = self.estimates - effect * self.pull
            if self._moves and effect:
                less = self.panel.values - effect * self.panel.treatment
                rest = replace(self.panel, values=less)
                estimates = self._run(rest)
            self._gaps[effect] = estimates - estimates.mean()
        return self._gaps[effect]

    def _run(self, panel: Panel) -> np.ndarray:
        """Estimates of all assignments with other outcomes from the start on."""
        again = self.estimator.again
        if again is None or self.loads is None:
            return run_all(panel, self.estimator, self.starts)[0]
        paths = again(panel, sets_of(self.starts), panel.start, self.loads)
        return paths[:, panel.start :].mean(axis=1)

    @property
    def _moves(self) -> bool:
        """Whether estimates bend as an effect is taken out."""
        return self.estimator.bends(self.panel)

    def _share(self, gaps: np.ndarray, side: int) -> float:
        if self.barred[0]:
            return 1.0
        slack = TIE * np.abs(gaps).max()
        if side:
            far = side * gaps >= side * gaps[0] - slack
        else:
            far = np.abs(gaps) >= abs(gaps[0]) - slack
        return float(np.mean(far & ~self.barred))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Effects that the test does not reject.

        Zero lies outside exactly when p is at most ``1 - level``. Infinite where no
        effect, however large, is rejected.
        """
        check_coverage(level)
        if self.barred[0] or np.isnan(self.effect):
            return -np.inf, np.inf
        alpha = 1 - level + TIE
        return self._end(-1, alpha), self._end(1, alpha)

    def _outermost(
        self, gaps: np.ndarray, pull: np.ndarray, side: int, allowed: int
    ) -> float:
        ends = outermost(gaps, pull[:, None], self.barred, np.array([0]), allowed)
        return float(ends[int(side > 0), 0])

    def _end(self, side: int, alpha: float) -> float:
        """Outermost effect on one side that is not rejected."""
        allowed = int(alpha * len(self.estimates))
        if not allowed:
            return side * np.inf
        inside, outside = self.effect, side * np.inf
        if side * self.effect < 0:
            # Where p is not monotone, what it says of zero goes before.
            inside, outside = (0.0, outside) if self.p_value > alpha else (inside, 0.0)
        if self._moves:
            return self._walk(side, alpha, inside, outside)
        gaps, pull = self.deviations(0.0), self.pull - self.pull.mean()
        far = self._outermost(gaps, pull, side, allowed)
        end = side * max(far, side * inside)
        if side * end < side * outside or np.isinf(outside):
            return end
        return edge(lambda e: self.p_of(e) <= alpha, inside, [outside])[0]

    def _walk(self, side: int, alpha: float, inside: float, outside: float) -> float:
        """Outermost effect where estimates bend: by secants, between known bounds."""
        allowed = int(alpha * len(self.estimates))
        pull = self.pull - self.pull.mean()
        scale = float(np.std(self.deviations(self.effect))) or 1.0
        near, far = 1e-5 * scale, self.effect + side * 1000 * scale
        end, found, sure = inside, inside, False
        for _ in range(60):
            gaps = self.deviations(end)
            accepted = self._share(gaps, 0) > alpha
            inside, outside = (end, outside) if accepted else (inside, end)
            if abs(outside - inside) <= 3 * near or inside == far:
                break
            step = side * self._outermost(gaps, pull, side, allowed)
            if abs(step) <= near and not sure:
                # Here, it seems; the next look is just across.
                found, sure = end + step, True
                step += side * near if end == inside else -side * near
            elif sure or not side * inside < side * (end + step) < side * outside:
                sure = False
                step = (far if np.isinf(outside) else (inside + outside) / 2) - end
            if abs(step) > 1e-3 * scale:
                pull = (gaps - self.deviations(end + step)) / step
            end += step
        if inside == far:
            return side * np.inf
        return found if side * inside <= side * found < side * outside else inside

    def interval_error(self, level: float = 0.95) -> float:
        """Standard error of the interval's ends from drawing, the larger of the two.

        That of the share beyond an end, over how fast p changes there, and that of the
        centre. Zero if the lot holds all assignments, infinite where the interval has
        no end.
        """
        check_coverage(level)
        if self.exact:
            return 0.0
        ends = self.interval(level)
        if not np.isfinite(ends).all():
            return np.inf
        step = (ends[1] - ends[0]) / 20
        slopes = [self.p_of(end - step) - self.p_of(end + step) for end in ends]
        share = np.sqrt(level * (1 - level) / len(self.estimates))
        with np.errstate(divide="ignore"):
            error = np.max(share * 2 * step / np.abs(slopes))
        return float(np.hypot(error, self.centre_error))

    def attained(self, level: float = 0.95) -> float:
        """Coverage that an interval asked for at this level really has."""
        check_coverage(level)
        lots = len(self.estimates)
        return 1 - np.floor((1 - level) * lots + TIE) / lots

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Lay it out as one row, as an `Estimate` is.

        Parameters
        ----------
        level : float
            Coverage of the interval.

        Returns
        -------
        pandas.DataFrame
            `term` (att), `estimate` (the `effect`, from the lot's centre), `std_error`
            (missing: a lot has none), `p_value`, `lower` and `upper`; and `reported`,
            the estimate as the estimator gives it.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4,
        ...                            effect=9.0, seed=0)
        >>> lot = hub.randomization_test(panel, hub.did)
        >>> lot.to_frame(0.9)[["term", "estimate", "p_value"]].round(3)
          term  estimate  p_value
        0  att      8.25    0.036
        """
        low, high = self.interval(level)
        p = self.p_value
        row = terms(["att"], self.effect, p_value=p, lower=low, upper=high)
        return row.assign(reported=self.observed)

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        low, high = self.interval()
        told = decimals(self.observed, self.effect, low, high)
        facts = {
            "estimate": f"{self.observed:{told}}",
            "estimate from the centre": f"{self.effect:{told}}",
            f"assignments ({'all' if self.exact else 'drawn'})": str(len(self.starts)),
            "p value": f"{self.p_value:{decimals(self.p_value)}}",
            "95% interval": (
                "any size fits"
                if np.isinf(low) and np.isinf(high)
                else f"{low:{told}} to {high:{told}}"
            ),
        }
        if self.barred.any():
            facts["bad fit before"] = f"{int(self.barred.sum())} of {len(self.barred)}"
        return pd.DataFrame({"value": facts}).rename_axis("randomisation test")


def randomization_test(
    panel: Panel,
    estimator: Callable[[Panel], Estimate],
    strata: Mapping | None = None,
    draws: int = 9999,
    seed: int = 0,
    bar: bool = True,
) -> Lot:
    """Ask how often chance alone would have picked units that look as affected.

    Dates of treatment are dealt out again among all units (within strata), and the
    estimator is run each time (Fisher 1935). If treatment had no effect on anyone and
    had been dealt by lot, the p value would be exact.

    Parameters
    ----------
    panel : Panel
    estimator : callable
        Takes a Panel, returns an Estimate. Given covariates, `did` still answers for
        the whole lot at once on a balanced panel without weights; others are run once
        for each assignment, which takes long: ask for fewer `draws`.
    strata : mapping, optional
        Unit -> stratum, for all units; dates are exchanged only within a stratum.
    draws : int
        Assignments are enumerated where there are at most this many, and drawn without
        repetition otherwise; the real one is always among them.
    seed : int
    bar : bool
        Count an assignment whose fit before treatment is more than three times worse
        than the lot's median (and than half the median standard deviation of changes
        over the root of the number treated) as not as far out. It stays in the
        denominator. Where the real one's is, p is 1.

    Returns
    -------
    Lot
        `p_value`, `effect`, `interval`, and what they rest on.

    Raises
    ------
    ValueError
        If there is only one way to deal out treatment, or a stratum is missing.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=6, treated=3, start=4,
    ...                            effect=9.0, seed=0)
    >>> lot = hub.randomization_test(panel, hub.did)
    >>> lot.exact, len(lot.estimates), round(lot.p_value, 4)
    (True, 120, 0.0083)
    """
    check_draws(draws)
    check_flag(bar=bar)
    chosen = named(estimator).on(panel)
    starts, exact = deal_out(panel, strata, draws, seed)
    estimates, paths, loads = run_all(panel, chosen, starts)
    # As reported, to the last digit, however the others were run.
    estimates[0] = chosen(panel).att
    check_finite(estimates[:1], [pd.Index(panel.treated)], chosen)
    barred = np.zeros(len(starts), dtype=bool)
    if bar and paths is not None:
        barred = badly_fitted(panel, paths[:, : panel.start], chosen.levels)
    treated = panel.starts < len(panel.periods)
    if loads is not None:
        pull = loads[:, treated].sum(axis=1)
    else:
        pull = _pull(panel, chosen, starts, estimates)
    return Lot(panel, chosen, starts, exact, estimates, pull, barred, loads)


def _pull(
    panel: Panel, estimator: Estimator, starts: np.ndarray, estimates: np.ndarray
) -> np.ndarray:
    """How estimates move with an effect on the truly treated, by planting one."""
    if estimator.deals is not None:
        # Where there is a hole, nothing is planted.
        treatment = np.where(np.isnan(panel.values), np.nan, panel.treatment)
        planted = replace(panel, values=treatment)
        return run_deals(planted, estimator, starts)
    size = float(np.nanstd(panel.values))
    planted = replace(panel, values=panel.values + size * panel.treatment)
    return (run_all(planted, estimator, starts)[0] - estimates) / size
