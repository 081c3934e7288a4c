"""Everything a plan asks of one outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from hubanalysis.cases.plan import OutcomePlan
from hubanalysis.estimators import ESTIMATORS
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.inference.bounds import breakdown
from hubanalysis.inference.placebo import Placebos, placebo_in_space
from hubanalysis.inference.power import Power, minimum_detectable_effect
from hubanalysis.inference.randomization import Randomization, randomization_test
from hubanalysis.inference.robustness import leave_one_out
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import listed

# A test at this level decides between "effect seen" and "no effect seen".
LEVEL = 0.05


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

    Raises
    ------
    ValueError
        If the plan names estimators for which several dates, or strata, cannot be
        dealt out again.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> battery = hub.Battery("mine", "y", hub.OutcomePlan(main="did"), panel)
    >>> battery.conclusion
    'effect seen'
    """

    case: str
    outcome: str
    plan: OutcomePlan
    panel: Panel
    strata: dict | None = None
    _kept: dict[str, Placebos] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Refuse at once what would fail after minutes of computing."""
        slow = [e.name for e in self.estimators.values() if e.deals is None]
        if self._is_dealt and slow:
            linear = [name for name, e in ESTIMATORS.items() if e.deals is not None]
            dates = " and ".join(map(str, self.panel.cohorts))
            raise ValueError(
                f"outcome {self.outcome!r}: treatment began in {dates}, and "
                f"{listed(slow)} cannot be tested in reasonable time with several "
                "dates or strata: that takes an estimator that says how dates are "
                f"dealt (Estimator.deals). Set main to {' or '.join(linear)}, and also "
                "to the other or to []."
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
        """The main estimator."""
        return self.plan.main

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Estimate of each estimator of the plan, by name."""
        return {name: run(self.panel) for name, run in self.estimators.items()}

    @property
    def main(self) -> Estimate:
        """Estimate of the main estimator."""
        return self.estimates[self.plan.main.name]

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Exact test of each estimator of the plan.

        One treated unit takes its place among the donors (`placebo_in_space`, the
        real one counted); several are dealt out again (`randomization_test`).
        Columns: `att`, `extreme` (assignments at least as far from zero, the real
        one included), `assignments`, `p_value`.
        """
        rows = {}
        for n, estimator in self.estimators.items():
            if len(self.panel.treated) == 1 and self.strata is None:
                rows[n] = _rank(self._in_space(n))
            elif n == self.plan.main.name:
                rows[n] = _share(self.dealt)
            else:
                rows[n] = _exact_test(self.panel, estimator, self.strata)
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("estimator")

    @cached_property
    def dealt(self) -> Randomization:
        """Randomisation test of the main estimator, within the plan's strata."""
        return randomization_test(self.panel, self.estimator, strata=self.strata)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Effects that the exact test of the main estimator does not reject."""
        if self._is_dealt:
            return self.dealt.interval()
        return self.placebos.interval()

    @property
    def _is_dealt(self) -> bool:
        return self.strata is not None or len(self.panel.cohorts) > 1

    @cached_property
    def placebos(self) -> Placebos:
        """Placebos in space of the main estimator."""
        return self._in_space(self.plan.main.name)

    def _in_space(self, name: str) -> Placebos:
        """Placebos of an estimator, run once for its test, its interval and power."""
        if name not in self._kept:
            self._kept[name] = placebo_in_space(self.panel, self.estimators[name])
        return self._kept[name]

    @cached_property
    def powers(self) -> dict[str, Power]:
        """Minimum detectable effect of each estimator, by name."""
        return {
            n: minimum_detectable_effect(
                self.panel,
                estimator,
                strata=self.strata,
                placebos=None if self._is_dealt else self._in_space(n),
            )
            for n, estimator in self.estimators.items()
        }

    @cached_property
    def pretended(self) -> dict:
        """The panel as if treatment had begun at each pretended date of the plan."""
        panels = {}
        for period in self.plan.placebo_periods:
            try:
                panels[period] = self.panel.backdate(period)
                if panels[period].start < 2:
                    raise ValueError("it leaves fewer than two periods before it.")
            except ValueError as error:
                raise ValueError(
                    f"outcome {self.outcome!r}, placebo_periods {period}: {error}"
                ) from error
        return panels

    @cached_property
    def in_time(self) -> pd.DataFrame:
        """Pretended dates of the plan, every estimator, with its exact p value."""
        rows = [
            {"pretended_start": period, "estimator": name}
            | _exact_test(panel, estimator, self.strata)
            for period, panel in self.pretended.items()
            for name, estimator in self.estimators.items()
        ]
        columns = ["pretended_start", "estimator", "att", "p_value"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Main estimate without each donor in turn."""
        return leave_one_out(self.panel, self.estimator)

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
                raise ValueError(
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
    def breakdown(self) -> float | None:
        """Largest violation of parallel trends that the mean effect survives.

        In multiples of the largest one seen before treatment (Rambachan and Roth
        2023, relative magnitudes); none if the plan has no event study.
        """
        if "event_study" not in self.names:
            return None
        survived = breakdown(self.estimates["event_study"], event_time="average")
        # Not a number means that the interval held zero to begin with.
        return 0.0 if np.isnan(survived) else survived

    @property
    def false_alarms(self) -> pd.DataFrame:
        """What the main estimator finds at the pretended dates, as in `in_time`."""
        return self.in_time[self.in_time["estimator"] == self.plan.main.name]

    @cached_property
    def conclusion(self) -> str:
        """What the exact test, its power and the pretended dates amount to."""
        if np.isinf(self.powers[self.plan.main.name].mde):
            return "not identified"
        rejects = self.tests.loc[self.plan.main.name, "p_value"] <= LEVEL
        if rejects and not (self.false_alarms["p_value"] <= LEVEL).any():
            return "effect seen"
        return "no effect larger than the detectable one seen"

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings that change how the main result must be read."""
        if self._is_dealt:
            return self.main.notes
        return (*self.main.notes, *self.placebos.notes)


def _exact_test(panel: Panel, estimator: Estimator, strata: dict | None) -> dict:
    if len(panel.treated) == 1 and strata is None:
        return _rank(placebo_in_space(panel, estimator))
    return _share(randomization_test(panel, estimator, strata=strata))


def _rank(placebos: Placebos) -> dict:
    """Place of one treated unit among all units, itself counted."""
    total = len(placebos.estimates) + 1
    return {
        "att": placebos.observed,
        "extreme": placebos.rank + 1,
        "assignments": total,
        "p_value": placebos.p_value_plus_one,
    }


def _share(test: Randomization) -> dict:
    """Assignments at least as far from zero as the real one, among all."""
    total = len(test.distribution)
    return {
        "att": test.observed,
        "extreme": round(test.p_value * total),
        "assignments": total,
        "p_value": test.p_value,
    }
