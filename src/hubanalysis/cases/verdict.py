"""The verdict card: the same points for every case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import LEVEL, Battery
from hubanalysis.cases.plan import Plan
from hubanalysis.words.facts import html_table
from hubanalysis.words.numbers import effect_text, p_text
from hubanalysis.words.refusals import listed


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """The same points for every case, so that cases can be laid side by side.

    Numbers are in units of the outcome; on a log scale they print as percent.

    Attributes
    ----------
    conclusion : str
        *effect seen*, *no effect larger than the detectable one seen* or *not
        identified*. An effect is seen when the exact test rejects at 5% and no
        pretended date does; nothing is identified when the test could never reject
        or the plan refuses the question.
    rank : tuple of int
        Assignments at least as far from zero as the real one, and all assignments.
    mde : float
        Minimum detectable effect at 80% power and 5% level.
    pretended : tuple of tuple
        Pretended date, estimate and exact p value of the main estimator there.
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
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    rank: tuple[int, int] | None = None
    mde: float | None = None
    breakdown: float | None = None
    left_out: tuple[float, float] | None = None
    pretended: tuple[tuple, ...] = ()
    rivals: tuple[str, ...] = ()
    cannot_show: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, battery: Battery, plan: Plan) -> Verdict:
        """Answer the points for an outcome."""
        name, panel = battery.plan.main.name, battery.panel
        test, left_out = battery.tests.loc[name], battery.left_out["att"]
        dates = battery.false_alarms
        return cls(
            case=battery.case,
            question=plan.question,
            conclusion=battery.conclusion,
            estimand=plan.estimand,
            outcome=battery.plan.title or battery.outcome,
            scale=battery.plan.transform,
            units=f"{len(panel.treated)} treated: {listed(panel.treated)}",
            donors=len(panel.donors),
            estimator=name,
            estimate=battery.main.att,
            interval=battery.interval,
            p_value=test.p_value,
            rank=(int(test.extreme), int(test.assignments)),
            mde=battery.powers[name].mde,
            breakdown=battery.breakdown,
            left_out=(left_out.min(), left_out.max()),
            pretended=tuple(
                zip(dates["pretended_start"], dates["att"], dates["p_value"])
            ),
            rivals=tuple(rival.what for rival in plan.rivals),
            cannot_show=plan.cannot_show,
            notes=battery.notes,
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
    def headline(self) -> str:
        """The conclusion, with the detectable effect in it where there is one."""
        if self.mde is not None and self.conclusion.startswith("no effect"):
            return f"no effect larger than {self.amount(self.mde)} seen"
        return self.conclusion

    @property
    def _detectable(self) -> str:
        if self.mde is None or np.isinf(self.mde):
            return "none: no size would be found four times out of five"
        return f"{self.amount(self.mde)}, which would be found four times out of five"

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

    def table(self) -> pd.DataFrame:
        """Return the verdict card as a table of points and answers."""
        facts = {
            "Question": self.question,
            "Verdict": self.headline,
            "Estimand": self.estimand,
        }
        if self.estimate is not None and self.interval and self.rank and self.left_out:
            (low, high), (extreme, total) = self.interval, self.rank
            held = (
                f"effects from {self.amount(low)} to {self.amount(high)} are not "
                "rejected"
            )
            if np.isinf(low):
                held = "no effect, however large, can be rejected"
            facts |= {
                "Outcome": self.outcome,
                "Units": f"{self.units}; {self.donors} donors",
                "Main estimate": f"{self.amount(self.estimate)} "
                f"({self.estimator.replace('_', ' ')}); {held}",
                "Exact rank": f"{extreme:,} of {total:,} ways to assign "
                f"treatment look at least as affected (p = {p_text(extreme / total)})",
                "Minimum detectable effect": self._detectable,
                "Pretended dates": self._pretended,
                "Survives violations of parallel trends": _breakdown(self),
                "Leaving out one donor": f"{self.amount(self.left_out[0])} to "
                f"{self.amount(self.left_out[1])}",
            }
        facts |= {
            "What else happened": "; ".join(self.rivals),
            "Cannot be shown": "; ".join(self.cannot_show),
            "Read with care": "; ".join(self.notes),
        }
        facts = {key: text for key, text in facts.items() if text}
        return pd.DataFrame({"answer": facts}).rename_axis("point")

    def __repr__(self) -> str:
        """Print as a short table."""
        rows = self.table()["answer"]
        width = max(map(len, rows.index))
        return "\n".join(f"{point:<{width}}  {text}" for point, text in rows.items())

    def _repr_html_(self) -> str:
        return html_table(self.table())


def _breakdown(verdict: Verdict) -> str:
    if verdict.breakdown is None:
        return ""
    if verdict.breakdown == 0:
        return "none: the interval holds zero to begin with"
    times = f"{verdict.breakdown:.2f} times the largest one before"
    return f"up to {times}, by the event study"
