"""The verdict: one sentence with the interval in it, and what it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import LEVEL, Battery
from hubanalysis.cases.plan import Plan, Yardstick
from hubanalysis.inference.power import Significance, significance_of
from hubanalysis.words.facts import html_table
from hubanalysis.words.numbers import effect_text, number_text, p_text
from hubanalysis.words.refusals import listed

Reading = Literal["ruled out", "fits", "beyond these figures"]


@dataclass(frozen=True)
class Measured:
    """A yardstick set beside the interval.

    Attributes
    ----------
    yardstick : Yardstick
    effect : float
        Its value on the scale of the estimate.
    reading : str
        *ruled out* if it lies outside the interval; *fits* if inside; *beyond these
        figures* if inside and smaller than what could have been detected.
    significance : Significance
        What a significant estimate would have been worth, were it true.
    """

    yardstick: Yardstick
    effect: float
    reading: Reading
    significance: Significance


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """The same points for every case, so that cases can be laid side by side.

    Numbers are in units of the outcome; on a log scale they print as percent. p,
    interval and detectable effect are of one test, `hub.randomization_test`.

    Attributes
    ----------
    conclusion : str
        *effect seen* (the test rejects at 5% and no pretended date does), *a promised
        effect is ruled out* (or a comparable or paying one), *cannot tell*, *too few
        places to tell* (the test could never reject), or *not identified* (the plan
        refuses the question).
    estimate, effect : float
        As the estimator reports it, and measured from the lot's centre.
    interval : tuple of float
        Effects that the test does not reject; `attained` is its coverage.
    p_value, p_gain : float
        Share of the lot at least as far out, in either direction, and that gains as
        much.
    rank : tuple of int
        Assignments at least as far out as the real one, and all assignments.
    mde : float
        Detectable effect at 80% power and 5% level. It describes the design.
    measured : tuple of Measured
        What would matter, beside the interval.
    pretended : tuple of tuple
        Pretended date, estimate and exact p value of the same estimator there.
    breakdown : float or None
        Largest violation of parallel trends, as a multiple of the largest one
        before treatment, that the finding survives.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> refused = hub.Case.open("yozma").verdict("venture_capital")
    >>> refused.headline
    'not identified'
    """

    case: str
    question: str
    conclusion: str
    estimand: str = ""
    outcome: str = ""
    scale: str = "none"
    units: str = ""
    donors: int | None = None
    estimator: str = ""
    estimate: float | None = None
    effect: float | None = None
    interval: tuple[float, float] | None = None
    attained: float = 0.95
    p_value: float | None = None
    p_gain: float | None = None
    rank: tuple[int, int] | None = None
    mde: float | None = None
    measured: tuple[Measured, ...] = ()
    breakdown: float | None = None
    left_out: tuple[float, float] | None = None
    pretended: tuple[tuple, ...] = ()
    rivals: tuple[str, ...] = ()
    cannot_show: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    amendments: tuple[str, ...] = ()

    @classmethod
    def of(cls, battery: Battery, plan: Plan) -> Verdict:
        """Answer the points for an outcome."""
        lot, panel = battery.lot, battery.panel
        left_out, dates = battery.left_out["att"], battery.false_alarms
        interval, mde = lot.interval(), battery.powers[battery.estimator.name].mde
        measured = tuple(
            _measured(yardstick, battery, interval, mde)
            for yardstick in plan.yardsticks_of(battery.outcome)
        )
        conclusion = battery.conclusion
        ruled_out = [m.yardstick.kind for m in measured if battery.excludes(m.effect)]
        quiet = lot.p_value > LEVEL and battery.agreed
        if conclusion == "cannot tell" and ruled_out and quiet:
            word = {"break-even": "paying"}.get(ruled_out[0], ruled_out[0])
            conclusion = f"a {word} effect is ruled out"
        return cls(
            case=battery.case,
            question=plan.question,
            conclusion=conclusion,
            estimand=plan.estimand,
            outcome=battery.plan.title or battery.outcome,
            scale=battery.plan.transform,
            units=f"{len(panel.treated)} treated: {listed(panel.treated)}",
            donors=len(panel.donors),
            estimator=battery.estimator.label,
            estimate=lot.observed,
            effect=lot.effect,
            interval=interval,
            attained=lot.attained(),
            p_value=lot.p_value,
            p_gain=lot.p_gain,
            rank=(lot.rank, len(lot.estimates)),
            mde=mde,
            measured=measured,
            breakdown=battery.breakdown,
            left_out=(left_out.min(), left_out.max()),
            pretended=tuple(
                zip(dates["pretended_start"], dates["att"], dates["p_value"])
            ),
            rivals=tuple(rival.what for rival in plan.rivals),
            cannot_show=plan.cannot_show,
            notes=battery.notes,
            amendments=tuple(
                f"{a.day}, results {'seen' if a.results_seen else 'not seen'}: {a.what}"
                for a in plan.amendments
            ),
        )

    @classmethod
    def refusal(cls, case: str, name: str, plan: Plan) -> Verdict:
        """Say why a question of the plan is refused."""
        return cls(
            case=case,
            question=plan.refused[name].question,
            conclusion="not identified",
            rivals=tuple(rival.what for rival in plan.rivals),
            cannot_show=plan.refused[name].because,
        )

    def amount(self, value: float) -> str:
        """Write an effect in the verdict's units: percent on a log scale."""
        return effect_text(value, self.scale)

    @property
    def span(self) -> str:
        """The interval in words."""
        if self.interval is None or np.isinf(self.interval).any():
            return "any size"
        low, high = map(self.amount, self.interval)
        return f"anything from {low} to {high}"

    @property
    def headline(self) -> str:
        """The conclusion in a sentence, with the interval in it."""
        if self.conclusion == "too few places to tell" and self.rank is not None:
            lots = self.rank[1]
            return (
                f"too few places to tell: even the first of {lots} has one chance in "
                f"{lots}; it takes {round(1 / LEVEL)}"
            )
        if self.conclusion == "not identified":
            return self.conclusion
        told = f"{self.conclusion}: {self.span} fits"
        if self.conclusion == "cannot tell" and (self.p_value or 1) <= LEVEL:
            told += ", and a date at which nothing began is found to matter as well"
        return told

    def table(self) -> pd.DataFrame:
        """Return the verdict card as a table of points and answers."""
        facts = {
            "Question": self.question,
            "Verdict": self.headline,
            "Estimand": self.estimand,
        }
        if self.estimate is not None and self.effect is not None:
            facts |= self._numbers(self.estimate, self.effect)
        facts |= {
            "What else happened": "; ".join(self.rivals),
            "Cannot be shown": "; ".join(self.cannot_show),
            "Read with care": "; ".join(self.notes),
            "Changed since the plan was filed": "; ".join(self.amendments),
        }
        facts = {key: text for key, text in facts.items() if text}
        return pd.DataFrame({"answer": facts}).rename_axis("point")

    def _numbers(self, estimate: float, effect: float) -> dict[str, str]:
        rank, lots = self.rank or (0, 0)
        low, high = self.left_out or (0.0, 0.0)
        gain = "" if self.p_gain is None else f"{100 * self.p_gain:.0f}"
        return {
            "Outcome": self.outcome,
            "Units": f"{self.units}; {self.donors} donors",
            "Main estimate": f"{self.amount(estimate)} ({self.estimator}); "
            f"{self.amount(effect)} from the centre of the lot",
            "Effects that fit": f"{self.span} (coverage {100 * self.attained:.1f}%)",
            "Exact rank": f"{number_text(rank)} of {number_text(lots)} ways to assign "
            f"treatment lie at least as far out, in either direction "
            f"(p = {p_text(rank / lots)}); {gain} in a hundred gain as much",
            "What would matter": "; ".join(map(self._matter, self.measured)),
            "Detectable effect": self._detectable,
            "Pretended dates": self._pretended,
            "If trends were not parallel": self._drift,
            "Leaving out one donor": f"{self.amount(low)} to {self.amount(high)}",
        }

    def _matter(self, measured: Measured) -> str:
        yardstick = measured.yardstick
        return (
            f"{yardstick.title} ({yardstick.kind}, {self.amount(measured.effect)}): "
            f"{measured.reading}"
        )

    @property
    def _detectable(self) -> str:
        if self.mde is None or np.isinf(self.mde):
            return "none: no size would be found four times out of five"
        return (
            f"{self.amount(self.mde)} would be found four times out of five; this "
            "describes the design and rules nothing out"
        )

    @property
    def _pretended(self) -> str:
        """What the estimator finds at dates when nothing began."""
        found = "; ".join(
            f"{period} gives {self.amount(att)} (p = {p_text(p_value)})"
            for period, att, p_value in self.pretended
        )
        if any(p_value <= LEVEL for _, _, p_value in self.pretended):
            return f"{found}, so no effect counts as seen"
        return found

    @property
    def _drift(self) -> str:
        if self.breakdown is None:
            return ""
        if self.breakdown == 0:
            return "the event study's interval holds zero to begin with"
        return (
            "the event study's effect survives drifts up to "
            f"{self.breakdown:.2f} times the largest one before"
        )

    def to_json(self) -> str:
        """Write the verdict's numbers and words as JSON."""
        plain = {
            key: value for key, value in vars(self).items() if key not in ("measured",)
        }
        plain["headline"] = self.headline
        plain["measured"] = [
            {
                "kind": m.yardstick.kind,
                "title": m.yardstick.title,
                "effect": m.effect,
                "reading": m.reading,
                **m.significance._asdict(),
            }
            for m in self.measured
        ]
        return json.dumps(plain, ensure_ascii=False, default=float)

    def __repr__(self) -> str:
        """Print as a short table."""
        rows = self.table()["answer"]
        width = max(map(len, rows.index))
        return "\n".join(f"{point:<{width}}  {text}" for point, text in rows.items())

    def _repr_html_(self) -> str:
        return html_table(self.table())


def _measured(
    yardstick: Yardstick, battery: Battery, interval: tuple[float, float], mde: float
) -> Measured:
    value = yardstick.value
    effect = float(np.log1p(value)) if battery.plan.transform == "log" else value
    reading: Reading = "fits"
    if not interval[0] <= effect <= interval[1]:
        reading = "ruled out"
    elif abs(effect) < mde < np.inf:
        reading = "beyond these figures"
    return Measured(yardstick, effect, reading, significance_of(battery.lot, effect))
