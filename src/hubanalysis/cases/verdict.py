"""The verdict: one sentence with the interval in it, and what it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import LEVEL, SOME, Battery
from hubanalysis.cases.leads import Lead
from hubanalysis.cases.left_out import LeftOut
from hubanalysis.cases.measured import Measured, measure
from hubanalysis.cases.plan import Plan
from hubanalysis.words.facts import aloud, html_table, plain, sentence_case
from hubanalysis.words.numbers import effect_text, number_text, p_text, pair_text
from hubanalysis.words.refusals import listed

# A lot of fewer has levels so coarse that 90% is told beside 95%.
SMALL = 100
# A pretended date is called large from this share of the effect seen on.
LARGE = 0.5
Conclusion = Literal[
    "effect seen",
    "a promised effect is ruled out",
    "a claimed effect is ruled out",
    "a comparable effect is ruled out",
    "a paying effect is ruled out",
    "cannot tell",
    "too few places to tell",
    "not identified",
]
# What an effect of each kind of yardstick is called where it is ruled out.
RULED_OUT: dict[str, Conclusion] = {
    "promised": "a promised effect is ruled out",
    "claimed": "a claimed effect is ruled out",
    "comparable": "a comparable effect is ruled out",
    "break-even": "a paying effect is ruled out",
}


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """The same points for every case, so that cases can be laid side by side.

    Numbers are in units of the outcome; on a log scale they print as percent. p,
    interval and detectable effect are of one test, `hub.randomization_test`, of the
    estimator that decides; where a contest leaves several to be heard, the interval is
    what any of them leaves open and the detectable effect what all of them would find.

    Attributes
    ----------
    conclusion : Conclusion
        *effect seen* (the test rejects at 5% and no pretended date does), *a promised
        effect is ruled out* (or a claimed, comparable or paying one), *cannot tell*,
        *too few places to tell* (the test could never reject), or *not identified* (the
        plan refuses the question).
    heard : tuple of str
        Estimators that have a say, the one that decides first; several where a contest
        was close.
    estimate, effect : float
        As the estimator reports it, and measured from the lot's centre.
    interval : tuple of float
        Effects that the test does not reject at 5%, of this estimator or of another
        that a close contest leaves to be heard; `attained` is its coverage.
    narrower : tuple of float or None
        Those that it does not reject at 10%, where the lot is so small (under a
        hundred) that the levels are coarse.
    p_value, p_gain : float
        Share of the lot at least as far out, in either direction, and that gains as
        much.
    rank : tuple of int
        Assignments at least as far out as the real one, and all assignments.
    mde : float
        Detectable effect at 80% power and 5% level, which all that are heard would
        find. It describes the design.
    measured : tuple of Measured
        What would matter, beside the interval.
    pretended : tuple of tuple
        Pretended date, effect from the centre of the lot there and exact p value of
        the same estimator; the same of the plan's design tests.
    drift : tuple of float or None
        Mean effects that still fit if paths drift apart after treatment as much from
        one period to the next as they ever did before (`hub.honest_bounds` at M = 1);
        None where there is no event study, or, as `drift_note` says, it gives none.
    drift_note : str
        Which event times are used where not all are, or why there is no bound.
    breakdown : float or None
        Largest violation of parallel trends, as a multiple of the largest one
        before treatment, that the finding survives; 0 where there is no finding.
    left_out, treated_out : LeftOut or None
        What becomes of the answer without one donor, and without one of several
        treated units.
    averaged : tuple of int
        Periods since the first start, of which the answer is a mean.
    lead : Lead or None
        How the treated drifted against the others before anything began.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> refused = hub.Case.open("yozma").verdict("venture_capital")
    >>> refused.headline
    'not identified'
    """

    case: str
    question: str
    conclusion: Conclusion
    estimand: str = ""
    outcome: str = ""
    scale: str = "none"
    units: str = ""
    donors: int | None = None
    estimator: str = ""
    heard: tuple[str, ...] = ()
    estimate: float | None = None
    effect: float | None = None
    interval: tuple[float, float] | None = None
    attained: float = 0.95
    narrower: tuple[float, float] | None = None
    p_value: float | None = None
    p_gain: float | None = None
    rank: tuple[int, int] | None = None
    mde: float | None = None
    measured: tuple[Measured, ...] = ()
    drift: tuple[float, float] | None = None
    drift_note: str = ""
    breakdown: float | None = None
    left_out: LeftOut | None = None
    treated_out: LeftOut | None = None
    pretended: tuple[tuple, ...] = ()
    rivals: tuple[str, ...] = ()
    cannot_show: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    amendments: tuple[str, ...] = ()
    averaged: tuple[int, ...] = ()
    lead: Lead | None = None

    @classmethod
    def of(cls, battery: Battery, plan: Plan, left_out: bool = True) -> Verdict:
        """Answer the points for an outcome, without units left out if so asked."""
        lot, panel = battery.lot, battery.panel
        dates, bounds = battery.false_alarms, battery.bounds
        interval, mde = battery.interval, battery.power.mde
        measured = tuple(
            measure(yardstick, battery)
            for yardstick in plan.yardsticks_of(battery.outcome)
        )
        conclusion: Conclusion = battery.conclusion
        ruled_out = [m.yardstick.kind for m in measured if m.reading == "ruled out"]
        quiet = lot.p_value > LEVEL and battery.agreed
        if conclusion == "cannot tell" and ruled_out and quiet:
            conclusion = RULED_OUT[ruled_out[0]]
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
            heard=tuple(battery.estimators[name].label for name in battery.heard),
            estimate=lot.observed,
            effect=lot.effect,
            interval=interval,
            attained=lot.attained(),
            narrower=lot.interval(0.9) if len(lot.estimates) < SMALL else None,
            p_value=lot.p_value,
            p_gain=lot.p_gain,
            rank=(lot.rank, len(lot.estimates)),
            mde=mde,
            measured=measured,
            drift=None if isinstance(bounds, str) else tuple(bounds.iloc[1, 1:]),
            drift_note=_drift_note(bounds),
            breakdown=battery.breakdown,
            left_out=LeftOut.of(battery.left_out, "donor") if left_out else None,
            treated_out=LeftOut.of(battery.left_out, "treated") if left_out else None,
            pretended=tuple(
                zip(dates["pretended_start"], dates["effect"], dates["p_value"])
            ),
            rivals=tuple(rival.what for rival in plan.rivals),
            cannot_show=plan.cannot_show,
            notes=battery.notes,
            averaged=battery.averaged,
            lead=Lead.of(battery),
            amendments=tuple(
                f"{a.day}, {f'filed {a.filed}, ' if a.filed else ''}results "
                f"{'seen' if a.results_seen else 'not seen'}: {a.what}"
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
    def alarms(self) -> tuple:
        """Pretended dates at which the estimator that decides finds something."""
        return tuple(date for date, _, p_value in self.pretended if p_value <= LEVEL)

    @property
    def span(self) -> str:
        """The interval in words."""
        return span_text(self.interval or (-np.inf, np.inf), self.scale)

    @property
    def headline(self) -> str:
        """The conclusion in a sentence, with the interval in it."""
        if self.conclusion == "too few places to tell" and self.rank is not None:
            lots = self.rank[1]
            return (
                f"too few places to tell: even the first of {lots} places comes first "
                f"by chance once in {lots} times; to tell, it takes "
                f"{round(1 / LEVEL)} places"
            )
        if self.conclusion == "not identified":
            return self.conclusion
        return f"{self.conclusion}: {self.span} fits{self._forbidden}"

    @property
    def _forbidden(self) -> str:
        """Why neither the test nor the interval decides, though it might seem so."""
        if self.conclusion != "cannot tell":
            return ""
        for when, _, p_value in self.pretended:
            if p_value <= LEVEL:
                return f", but the test finds something in {when}, when nothing began"
        found = (self.p_value or 1) <= LEVEL
        left_out = any(m.undecided for m in self.measured)
        if not self.pretended and (found or left_out):
            return (
                ", but the plan names no earlier date, at which nothing began, to try "
                "the test on"
            )
        if found:
            return ", but the estimators that the contest left do not agree"
        for m in filter(lambda m: m.of_its_time, self.measured):
            size = f"{m.yardstick.kind} {self.amount(m.effect)}"
            return f"; {size} does not, but is for {m.yardstick.by} and this is a mean"
        return ""

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """Points of the card that may have several answers, each by itself."""
        return {
            "What else happened": self.rivals,
            "Cannot be shown": self.cannot_show,
            "Read with care": self.notes,
            "Changed since the plan was filed": self.amendments,
        }

    def table(self) -> pd.DataFrame:
        """Return the verdict card as a table of points and answers."""
        facts = {
            "Question": self.question,
            "Verdict": self.headline,
            "Estimand": self.estimand,
        }
        if self.estimate is not None and self.effect is not None:
            facts |= self._numbers(self.estimate, self.effect)
        facts |= {point: "; ".join(several) for point, several in self.lists.items()}
        facts = {key: text for key, text in facts.items() if text}
        return pd.DataFrame({"answer": facts}).rename_axis("point")

    def _numbers(self, estimate: float, effect: float) -> dict[str, str]:
        rank, lots = self.rank or (0, 0)
        told, centred = pair_text(estimate, effect, self.scale)
        least = "at least " * (len(self.heard) > 1)
        gain = "" if self.p_gain is None else f"{100 * self.p_gain:.0f}"
        return {
            "Outcome": self.outcome,
            "Units": f"{self.units}; {self.donors} donors",
            "Main estimate": f"{told} ({self.estimator})"
            + (f"; {centred} from the centre of the lot" if centred != told else ""),
            "Effects that fit": f"{self.span} (coverage {least}"
            f"{100 * self.attained:.1f}%)"
            + (
                f"; {span_text(self.narrower, self.scale)} at 90% "
                f"(coverage {100 * (1 - lots // 10 / lots):.1f}%)"
                if self.narrower
                else ""
            ),
            "Exact rank": f"{number_text(rank)} of {number_text(lots)} ways to assign "
            f"treatment lie at least as far out, in either direction "
            f"(p = {p_text(rank / lots)}); {gain} in a hundred gain as much",
            "What would matter": "; ".join(map(self._matter, self.measured)),
            "Detectable effect": self._detectable,
            "Pretended dates": self._pretended,
            "Before the start": self.lead.told(self.scale) if self.lead else "",
            "If trends were not parallel": self._drift,
            "Leaving out one donor": self._without(self.left_out),
            "Leaving out one of the treated": self._without(self.treated_out),
        }

    def _without(self, left: LeftOut | None) -> str:
        if left is None:
            return ""
        alone = f"; all by {self.estimator} alone" * (len(self.heard) > 1)
        return left.told(self.scale, (self.rank or (0, 0))[1] > SOME) + alone

    def _matter(self, measured: Measured) -> str:
        yardstick = measured.yardstick
        return (
            f"{yardstick.title} ({yardstick.kind}, {self.amount(measured.effect)}): "
            f"{measured.reading}"
            + (f" ({yardstick.unlike})" if yardstick.unlike else "")
        )

    @property
    def _detectable(self) -> str:
        if self.mde is None or np.isinf(self.mde):
            return "none: no size would be found four times out of five"
        found = "found"
        if len(self.heard) > 1:
            found = f"found by all {len(self.heard)} that are heard"
        return (
            f"{self.amount(self.mde)} would be {found} four times out of five"
            f"{self.silenced}; this describes the design and rules nothing out"
        )

    @property
    def silenced(self) -> str:
        """That nothing could have counted as seen, where a pretended date forbids it.

        A clause to follow what would be found; empty if every date was passed.
        """
        if not self.alarms:
            return ""
        return (
            f", but with the false alarm in {listed(self.alarms)} no size would have "
            "counted as seen"
        )

    @property
    def _pretended(self) -> str:
        """What the estimator finds at dates when nothing began."""
        found = "; ".join(
            f"{period} gives {self.amount(att)} (p = {p_text(p_value)})"
            for period, att, p_value in self.pretended
        )
        if self.alarms:
            return f"{found}, so no effect counts as seen and none as ruled out"
        # What the rule lets pass: a change that is large and that chance makes.
        largest = max(self.pretended, key=lambda tried: abs(tried[1]), default=None)
        if self.conclusion == "effect seen" and self.effect and largest:
            share = abs(largest[1] / self.effect)
            if share >= LARGE:
                found += (
                    f"; the test rejects at none of them, yet {largest[0]} gives "
                    f"{100 * share:.0f}% of the effect seen: to pass, a change need "
                    "not be small, only such as chance makes"
                )
        return found

    @property
    def _drift(self) -> str:
        if self.drift is None:
            return self.drift_note
        low, high = map(self.amount, self.drift)
        told = (
            "even if paths drift apart as much from one period to the next as they "
            f"ever did before, a mean effect below {low} or above {high} does not fit"
        )
        if self.breakdown:
            times = number_text(self.breakdown, 2)
            told += f"; that it is not zero survives {times} times that drift"
        return told + (f" ({self.drift_note})" if self.drift_note else "")

    def to_json(self) -> str:
        """Write the verdict's numbers and words as JSON; null where there is none."""
        told = dict(vars(self), headline=self.headline, text=str(self))
        for key in ("left_out", "treated_out", "lead"):
            told[key] = told[key] and told[key]._asdict()
        told["measured"] = [
            {
                "kind": m.yardstick.kind,
                "title": m.yardstick.title,
                "source": m.yardstick.source,
                "effect": m.effect,
                "reading": m.reading,
                **m.significance._asdict(),
            }
            for m in self.measured
        ]
        return json.dumps(plain(told), ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        """Say it in sentences that can be read aloud, one to a line."""
        points = self.table()["answer"]
        first = {
            "Verdict": sentence_case(self.headline),
            "What would matter": points.get("What would matter", ""),
        }
        rest = points.drop([*first, "Question"], errors="ignore")
        lines = [self.question, first.pop("Verdict")]
        lines += [f"{point}: {text}" for point, text in (first | dict(rest)).items()]
        return "\n".join(aloud(line) for line in lines if not line.endswith(": "))

    def __repr__(self) -> str:
        """Print as a short table."""
        rows = self.table()["answer"]
        width = max(map(len, rows.index))
        return "\n".join(f"{point:<{width}}  {text}" for point, text in rows.items())

    def _repr_html_(self) -> str:
        return html_table(self.table())


def span_text(interval: tuple[float, float], scale: str) -> str:
    """Write an interval in words; an end may be infinite.

    Examples
    --------
    >>> import numpy as np
    >>> span_text((-np.inf, np.log(1.1)), "log")
    'anything up to +10%'
    """
    low, high = (effect_text(end, scale) for end in interval)
    if np.isinf(interval).all():
        return "any size"
    if np.isinf(interval[0]):
        return f"anything up to {high}"
    return f"anything from {low} " + ("up" if np.isinf(interval[1]) else f"to {high}")


def _drift_note(bounds: pd.DataFrame | str) -> str:
    """Say which event times a bound is for, or why there is none."""
    if isinstance(bounds, str):
        return bounds.removesuffix(".")
    if bounds.columns.name is None:
        return ""
    return f"{bounds.columns.name}, at which all treated units are seen"
