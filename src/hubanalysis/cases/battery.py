"""Everything a plan asks of one outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from hubanalysis.cases.curve import every_choice
from hubanalysis.cases.plan import OutcomePlan
from hubanalysis.estimators import ESTIMATORS
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.estimators.group_time import group_time_att
from hubanalysis.inference.bounds import breakdown, honest_bounds
from hubanalysis.inference.contest import Contest, contest
from hubanalysis.inference.lot import Lot, randomization_test
from hubanalysis.inference.power import Power, power_of_lot
from hubanalysis.inference.robustness import leave_one_out
from hubanalysis.panels.panel import Panel
from hubanalysis.words.numbers import effect_text
from hubanalysis.words.refusals import HubError, listed

# A test at this level decides between "effect seen" and "no effect seen".
LEVEL = 0.05
# Assignments drawn where there are more; fewer for an estimator that has to be run
# again at each effect that is asked about.
MOST, FEWER = 9999, 3999
# And where a whole lot is asked for each unit that is left out.
SOME = 299


@dataclass(eq=False, repr=False)
class Battery:
    """Everything the plan asks of one outcome, computed when first asked for.

    Attributes
    ----------
    case, outcome : str
    plan : OutcomePlan
        The outcome's part of the plan.
    panel : Panel
    strata : dict, optional
        Unit -> stratum, where treatment is dealt out within strata only.
    design_tests : tuple of Battery
        Batteries of the outcomes that its plan names so.

    Raises
    ------
    ValueError
        If the plan names estimators for which several dates cannot be dealt out again.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> plan = hub.OutcomePlan(main="did", placebo_periods=(3,))
    >>> battery = hub.Battery("mine", "y", plan, panel)
    >>> battery.conclusion
    'effect seen'
    """

    case: str
    outcome: str
    plan: OutcomePlan
    panel: Panel
    strata: dict | None = None
    design_tests: tuple[Battery, ...] = ()
    _dated: dict[tuple, Lot] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Refuse at once what would fail after minutes of computing."""
        self._require_taken()
        on = {name: e.on(self.panel) for name, e in self.estimators.items()}
        slow = [name for name, e in on.items() if e.deals is None]
        if slow and len(self.panel.cohorts) > 1:
            linear = [name for name, e in ESTIMATORS.items() if e.deals is not None]
            dates = " and ".join(map(str, self.panel.cohorts))
            raise HubError(
                f"outcome {self.outcome!r}: treatment began in {dates}, and "
                f"{listed(slow)} cannot be tested in reasonable time with several "
                "dates: that takes an estimator that says how dates are dealt "
                f"(Estimator.deals). Choose main and also from {listed(linear)}; also "
                "may be []."
            )
        if self.plan.contest and len(self.estimators) < 2:
            raise HubError(
                f"outcome {self.outcome!r}: a contest needs at least two estimators. "
                "Name others in also, or set contest to false."
            )

    def _require_taken(self) -> None:
        """Refuse estimators of ours that take no holes or weights, where there are."""
        panel = self.panel
        if panel.is_balanced and panel.weights is None:
            return
        takes = [name for name, e in ESTIMATORS.items() if e.weighed is not None]
        wrong = [name for name in self.names if name in {*ESTIMATORS} - {*takes}]
        what = "holes" if panel.weights is None else "weights"
        if wrong:
            raise HubError(
                f"outcome {self.outcome!r}: {listed(wrong)} cannot be asked of figures "
                f"with {what}. Set main and also to some of {listed(takes)}, or take "
                f"{'balanced = false' if what == 'holes' else 'weights'} out of the "
                "plan."
            )

    @property
    def estimators(self) -> dict[str, Estimator]:
        """Estimators of the plan by name, the main one first."""
        return {known.name: known for known in self.plan.estimators}

    @property
    def names(self) -> list[str]:
        """Their names."""
        return list(self.estimators)

    @property
    def estimator(self) -> Estimator:
        """The estimator that decides: the plan's main one, or its contest's winner."""
        return self.contest.winner if self.plan.contest else self.plan.main

    @cached_property
    def contest(self) -> Contest:
        """The plan's estimators on the periods before anyone was treated."""
        return contest(self.panel, self.estimators, strata=self.strata)

    @property
    def heard(self) -> list[str]:
        """Names of those that must agree: who decides, or all that a contest left."""
        if self.plan.contest and not self.contest.decisive:
            return self.contest.contenders
        return [self.estimator.name]

    @property
    def heard_lots(self) -> list[Lot]:
        """Their exact tests, of the one that decides first."""
        return [self.lots[name] for name in self.heard]

    @property
    def agreed(self) -> bool:
        """Whether all of these see the same: a gain, a loss, or neither."""
        lots = self.heard_lots
        return len({np.sign(e.effect) * (e.p_value <= LEVEL) for e in lots}) == 1

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Estimate of each estimator of the plan, by name."""
        return {name: run(self.panel) for name, run in self.estimators.items()}

    @property
    def main(self) -> Estimate:
        """Estimate of the estimator that decides."""
        return self.estimates[self.estimator.name]

    @cached_property
    def lots(self) -> dict[str, Lot]:
        """The exact test of each estimator, by name, within the plan's strata."""
        return {name: self._lot(self.panel, e) for name, e in self.estimators.items()}

    def _lot(self, panel: Panel, estimator: Estimator) -> Lot:
        # Those of a contest may have to agree, so they are asked of one lot.
        known = self.estimators.values() if self.plan.contest else [estimator]
        draws = FEWER if any(e.bends(panel) for e in known) else MOST
        if not panel.is_balanced and any(_slow(e.on(panel)) for e in known):
            draws = SOME
        return randomization_test(panel, estimator, self.strata, draws)

    @property
    def lot(self) -> Lot:
        """The exact test of the estimator that decides."""
        return self.lots[self.estimator.name]

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Exact test of each estimator of the plan.

        Columns: `att` as reported, `effect` from the lot's centre, `extreme`
        (assignments at least as far from the centre, the real one included),
        `assignments`, `p_value`, `p_gain` and `p_loss` (one-sided).
        """
        rows = {name: _facts(lot) for name, lot in self.lots.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("estimator")

    @property
    def interval(self) -> tuple[float, float]:
        """Effects that fit: from the least to the most that any who is heard allows."""
        return _hull(self.heard_lots)

    @property
    def by_all(self) -> tuple[float, float]:
        """Effects that fit by any estimator of the plan, heard or not."""
        return _hull(self.lots.values())

    @cached_property
    def powers(self) -> dict[str, Power]:
        """Detectable effect of each estimator's exact test, by name."""
        return {name: power_of_lot(lot) for name, lot in self.lots.items()}

    @cached_property
    def power(self) -> Power:
        """Detectable effect of the rule: one that all who are heard would find."""
        return power_of_lot(self.heard_lots)

    @cached_property
    def pretended(self) -> dict:
        """The panel as if treatment had begun at each pretended date of the plan."""
        panels = {}
        for period in self.plan.placebo_periods:
            try:
                panels[period] = self.panel.backdate(period)
                if panels[period].start < 2:
                    raise HubError("it leaves fewer than two periods before it.")
            except ValueError as error:
                raise HubError(
                    f"outcome {self.outcome!r}, placebo_periods {period}: {error}"
                ) from error
        return panels

    @cached_property
    def in_time(self) -> pd.DataFrame:
        """Pretended dates of the plan, every estimator, with its exact p value.

        Its design tests stand below them, by the estimator that decides in each.
        """
        return self._at_dates(self.names)

    def _at_dates(self, names: list[str]) -> pd.DataFrame:
        rows = [
            {"pretended_start": period, "estimator": name}
            | _facts(self._dated_lot(period, name))
            for period in self.pretended
            for name in names
        ]
        rows += [
            {"pretended_start": f"{first} to {last}", "estimator": test.estimator.name}
            | _facts(test.lot)
            for test in self.design_tests
            for first, last in [test.panel.periods[[0, -1]]]
        ]
        columns = ["pretended_start", "estimator", "att", "effect", "p_value"]
        return pd.DataFrame(rows, columns=columns)

    def _dated_lot(self, period: int, name: str) -> Lot:
        """Test at a pretended date; kept, as a card needs some and a table all."""
        if (period, name) not in self._dated:
            lot = self._lot(self.pretended[period], self.estimators[name])
            self._dated[period, name] = lot
        return self._dated[period, name]

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Answer without each donor, and each treated unit if several, in turn."""
        known = self.estimator
        # A function of a reader's own would be run assignment by assignment.
        draws = 0 if _slow(known) else SOME
        return leave_one_out(
            self.panel, known, self.strata, draws, level=LEVEL, tested=15
        )

    @cached_property
    def samples(self) -> dict[str, Panel]:
        """The panel as planned and each of the plan's variants of it, by name."""
        samples = {"as planned": self.panel}
        for label, change in self.plan.variants.items():
            try:
                samples[label] = change.of(self.panel)
                samples[label].require_treated()
                samples[label].require_donors()
            except ValueError as error:
                raise HubError(
                    f"outcome {self.outcome!r}, variant {label!r}: {error}"
                ) from error
        return samples

    @cached_property
    def variants(self) -> pd.DataFrame:
        """Every estimator on the plan and on each of its variants."""
        rows = {
            label: {n: run(panel).att for n, run in self.estimators.items()}
            for label, panel in self.samples.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variant")

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Every combination of estimator, sample, donors and window: `every_choice`."""
        decides = self.estimator.name
        names = [decides, *(name for name in self.names if name != decides)]
        return every_choice(self.samples, {n: self.estimators[n] for n in names})

    @cached_property
    def study(self) -> Estimate | None:
        """Effects by event time, for the average that the card reports.

        The plan's event study; with several dates, the group-time averages by event
        time. None if the plan asks for neither.
        """
        if len(self.panel.cohorts) > 1 and self.panel.donors:
            found = group_time_att(
                self.panel, base_period="universal", covariates=[], draws=0
            )
            return found.aggregate("dynamic")
        return self.estimates.get("event_study")

    @cached_property
    def bounds(self) -> pd.DataFrame | str:
        """What `honest_bounds` leaves of the average, by `m`; or why there is nothing.

        Without drift (0), and with as much from one period to the next as there ever
        was before (1). Empty if the plan has no event study.
        """
        if self.study is None:
            return ""
        try:
            return honest_bounds(self.study, m=(0, 1), event_time="average")
        except ValueError as error:
            return str(error)

    @cached_property
    def breakdown(self) -> float | None:
        """Largest violation of parallel trends that the mean effect survives.

        In multiples of the largest one seen before treatment (Rambachan and Roth
        2023, relative magnitudes); none if there are no `bounds`.
        """
        if self.study is None or isinstance(self.bounds, str):
            return None
        survived = breakdown(self.study, event_time="average")
        # Not a number means that the interval held zero to begin with.
        return 0.0 if np.isnan(survived) else survived

    @property
    def averaged(self) -> tuple[int, ...]:
        """Periods since the first start, over which the answer is a mean."""
        return tuple(map(int, self.panel.periods[int(self.panel.starts.min()) :]))

    @property
    def false_alarms(self) -> pd.DataFrame:
        """What is found where nothing began: by who decides, and in design tests."""
        return self._at_dates([self.estimator.name])

    @property
    def passed(self) -> bool:
        """Whether something was tried where nothing began, and nothing was found."""
        pretended = self.false_alarms["p_value"]
        # No date tried is no date passed.
        return len(pretended) > 0 and bool((pretended > LEVEL).all())

    @cached_property
    def conclusion(
        self,
    ) -> Literal["effect seen", "cannot tell", "too few places to tell"]:
        """What the exact test, the pretended dates and a contest amount to."""
        if self.lot.smallest_p > LEVEL:
            return "too few places to tell"
        if self.lot.p_value <= LEVEL and self.passed and self.agreed:
            return "effect seen"
        return "cannot tell"

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings that change how the main result must be read."""
        lot, notes = self.lot, self.main.notes
        if len(self.heard) > 1:
            others = listed(self.estimators[name].label for name in self.heard[1:])
            notes += (
                f"the contest of estimators was close; beside the winner, {others} "
                f"had to agree and {'did' if self.agreed else 'did not'}; what any of "
                "them leaves open fits",
            )
        holes = int(np.isnan(self.panel.values).sum())
        if holes:
            notes += (
                f"{holes:,} of {self.panel.values.size:,} figures are missing; the "
                "answer holds if that has nothing to do with treatment, and no "
                "assignment is set aside for its fit before",
            )
        if lot.barred[0]:
            notes += (
                "before treatment the fit is too bad to compare: nothing is seen",
            )
        elif lot.barred.any():
            notes += (
                f"{lot.barred.sum():,} of {len(lot.barred):,} ways to deal treatment "
                "fit too badly before it to be compared: they count as not as far out, "
                "and the detectable effect is one found among the others",
            )
        if not lot.exact:
            known, scale = 2 * lot.interval_error(), self.plan.transform
            ends = f" and what fits to {effect_text(known, scale).lstrip('+')}"
            off = max(2 * lot.p_error, 0.001)
            notes += (
                f"{len(lot.starts):,} assignments drawn, so that p is known to "
                f"{off:.3f}{ends if np.isfinite(known) else ''}",
            )
        return notes

    def __repr__(self) -> str:
        """Say of which outcome it is, and by which estimators; nothing is computed."""
        decides = "a contest of them" if self.plan.contest else self.plan.main.name
        lines = [
            f"Battery of {self.case}: {self.outcome}",
            f"  estimators  {listed(self.names)}",
            f"  decides     {decides}",
            *repr(self.panel).splitlines(),
        ]
        return "\n".join(lines)


def _slow(estimator: Estimator) -> bool:
    """Whether each assignment has to be run by itself."""
    return estimator.many is None and estimator.deals is None


def _hull(lots: Iterable[Lot]) -> tuple[float, float]:
    """From the least to the most that any of these tests does not reject."""
    lows, highs = zip(*(lot.interval() for lot in lots))
    return min(lows), max(highs)


def _facts(lot: Lot) -> dict[str, float]:
    return {
        "att": lot.observed,
        "effect": lot.effect,
        "extreme": lot.rank,
        "assignments": len(lot.estimates),
        "p_value": lot.p_value,
        "p_gain": lot.p_gain,
        "p_loss": lot.p_loss,
    }
