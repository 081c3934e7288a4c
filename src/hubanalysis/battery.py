"""Everything a plan asks of one outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from hubanalysis.bounds import breakdown
from hubanalysis.checks import _some
from hubanalysis.did import detrended_did, did, event_study
from hubanalysis.estimate import Estimate
from hubanalysis.group_average import group_time_average
from hubanalysis.imputation import imputation
from hubanalysis.panel import Panel
from hubanalysis.placebo import Placebos, leave_one_out, placebo_in_space
from hubanalysis.power import Power, minimum_detectable_effect
from hubanalysis.randomization import Randomization, randomization_test
from hubanalysis.synthetic import synthetic_control, synthetic_did
from hubanalysis.verdict import LEVEL

__all__ = ["ESTIMATORS", "Battery"]

ESTIMATORS: dict[str, Callable[[Panel], Estimate]] = {
    "did": did,
    "detrended_did": detrended_did,
    "event_study": event_study,
    "synthetic_control": synthetic_control,
    "synthetic_control_with_intercept": partial(synthetic_control, intercept=True),
    "synthetic_did": synthetic_did,
    "group_time_average": group_time_average,
    "imputation": imputation,
}


@dataclass(eq=False, repr=False)
class Battery:
    """Everything the plan asks of one outcome, computed when first asked for.

    Attributes
    ----------
    case, outcome : str
    plan : dict
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
    >>> battery = hub.Battery("mine", "y", {"main": "did"}, panel)
    >>> battery.findings()["conclusion"]
    'effect seen'
    """

    case: str
    outcome: str
    plan: dict
    panel: Panel
    strata: dict | None = None
    _kept: dict[str, Placebos] = field(default_factory=dict, init=False)

    def __post_init__(self):
        """Refuse at once what would fail after minutes of computing."""
        linear = [name for name, e in ESTIMATORS.items() if hasattr(e, "deals")]
        if self._is_dealt and not set(self.names) <= set(linear):
            others = _some([name for name in self.names if name not in linear])
            dates = " and ".join(map(str, self.panel.cohorts))
            raise ValueError(
                f"outcome {self.outcome!r}: treatment began in {dates}, and {others} "
                "cannot be tested in reasonable time with several dates or strata. Set "
                f"main to {' or '.join(linear)}, and also to the other or to []."
            )

    @property
    def names(self) -> list[str]:
        """Estimators of the plan, the main one first."""
        return [self.plan["main"], *self.plan.get("also", [])]

    @property
    def estimator(self) -> Callable[[Panel], Estimate]:
        """The main estimator."""
        return ESTIMATORS[self.plan["main"]]

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Estimate of each estimator of the plan, by name."""
        return {name: ESTIMATORS[name](self.panel) for name in self.names}

    @property
    def main(self) -> Estimate:
        """Estimate of the main estimator."""
        return self.estimates[self.plan["main"]]

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Exact test of each estimator of the plan.

        One treated unit takes its place among the donors (`placebo_in_space`, the
        real one counted); several are dealt out again (`randomization_test`).
        Columns: `att`, `extreme` (assignments at least as far from zero, the real
        one included), `assignments`, `p_value`.
        """
        rows = {}
        for n in self.names:
            if len(self.panel.treated) == 1 and self.strata is None:
                rows[n] = _rank(self._in_space(n))
            elif n == self.plan["main"]:
                rows[n] = _share(self.dealt)
            else:
                rows[n] = _exact_test(self.panel, ESTIMATORS[n], self.strata)
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
        return self._in_space(self.plan["main"])

    def _in_space(self, name: str) -> Placebos:
        """Placebos of an estimator, run once for its test, its interval and power."""
        if name not in self._kept:
            self._kept[name] = placebo_in_space(self.panel, ESTIMATORS[name])
        return self._kept[name]

    @cached_property
    def powers(self) -> dict[str, Power]:
        """Minimum detectable effect of each estimator, by name."""
        return {
            n: minimum_detectable_effect(
                self.panel,
                ESTIMATORS[n],
                strata=self.strata,
                placebos=None if self._is_dealt else self._in_space(n),
            )
            for n in self.names
        }

    @cached_property
    def pretended(self) -> dict:
        """The panel as if treatment had begun at each pretended date of the plan."""
        panels = {}
        for period in self.plan.get("placebo_periods", []):
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
            | _exact_test(panel, ESTIMATORS[name], self.strata)
            for period, panel in self.pretended.items()
            for name in self.names
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
        for label, change in self.plan.get("variants", {}).items():
            try:
                samples[label] = _vary(self.panel, change)
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
            label: {n: ESTIMATORS[n](panel).att for n in self.names}
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

    def findings(self) -> dict:
        """Return the part of a verdict that this outcome decides."""
        test = self.tests.loc[self.plan["main"]]
        power = self.powers[self.plan["main"]]
        in_time = self.in_time.query("estimator == @self.plan['main']")
        false_alarm = bool((in_time["p_value"] <= LEVEL).any())
        if np.isinf(power.mde):
            conclusion = "not identified"
        elif test.p_value <= LEVEL and not false_alarm:
            conclusion = "effect seen"
        else:
            conclusion = "no effect larger than the detectable one seen"
        return {
            "outcome": self.plan.get("title", self.outcome),
            "scale": self.plan.get("transform", "none"),
            "units": f"{len(self.panel.treated)} treated: {_some(self.panel.treated)}",
            "donors": len(self.panel.donors),
            "estimator": self.plan["main"],
            "estimate": self.main.att,
            "interval": self.interval,
            "p_value": test.p_value,
            "rank": (int(test.extreme), int(test.assignments)),
            "mde": power.mde,
            "breakdown": self.breakdown,
            "left_out": (self.left_out["att"].min(), self.left_out["att"].max()),
            "pretended": tuple(
                zip(in_time["pretended_start"], in_time["att"], in_time["p_value"])
            ),
            "conclusion": conclusion,
            "notes": (
                self.main.notes
                if self._is_dealt
                else (*self.main.notes, *self.placebos.notes)
            ),
        }


def _exact_test(panel: Panel, estimator, strata: dict | None) -> dict:
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


def _vary(panel: Panel, change: dict) -> Panel:
    """Apply one variant of the plan: drop or keep units, another window."""
    if "drop" in change:
        panel = panel.drop(change["drop"])
    if "keep" in change:
        panel = panel.keep(change["keep"])
    if "window" in change:
        panel = panel.window(*change["window"])
    return panel
