"""What a programme could show before it begins, in words and as numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.cases.case import Case
from hubanalysis.cases.history import history
from hubanalysis.cases.plan import Yardstick
from hubanalysis.cases.sentences import TO_WRITE
from hubanalysis.inference.power_before import PowerBefore, power_before
from hubanalysis.words.numbers import effect_text, number_text
from hubanalysis.words.refusals import HubError

BEFORE, AFTER = 3, 3


@dataclass(frozen=True)
class Ahead:
    """What could be seen of an outcome, by periods after the start.

    Attributes
    ----------
    outcome, scale : str
    powers : dict of int to PowerBefore
        By periods after.
    yardsticks : tuple of Yardstick
    late : str
        That it comes too late to be asked, if it does.
    """

    outcome: str
    scale: str
    powers: dict[int, PowerBefore]
    yardsticks: tuple[Yardstick, ...]
    late: str = ""

    @property
    def longest(self) -> PowerBefore:
        """The one with all periods after."""
        return self.powers[max(self.powers)]

    def _say(self, value: float) -> str:
        return effect_text(value, self.scale)

    def table(self) -> pd.DataFrame:
        """Detectable effect by periods after, with its range over the history."""
        rows = {
            after: {"mde": power.mde, "low": power.range[0], "high": power.range[1]}
            for after, power in self.powers.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("after")

    def against(self) -> list[dict[str, Any]]:
        """Of each yardstick: how often it would be seen, and what that is worth."""
        found = []
        for yardstick in self.yardsticks:
            value: object = yardstick.value
            if isinstance(value, str):  # it is still to be written
                continue
            effect = yardstick.value
            if self.scale == "log":
                effect = float(np.log1p(effect))
            worth = self.longest.significance(effect)
            words = {"kind": yardstick.kind, "title": yardstick.title}
            found.append({**words, "effect": effect, **worth._asdict()})
        return found

    def to_dict(self) -> dict[str, Any]:
        """All of it as numbers, for JSON."""
        best = self.longest
        return {
            "outcome": self.outcome,
            "hubs": best.hubs,
            "refused": best.refused,
            "years_before": best.years_before,
            "by_years_after": self.table().reset_index().to_dict("records"),
            "yardsticks": self.against(),
            "bought": best.bought.rename_axis("what").reset_index().to_dict("records"),
            "notes": list(best.notes),
        }

    def __str__(self) -> str:
        """Tell it in plain text."""
        best, say = self.longest, self._say
        lines = [
            f"{self.outcome}: {best.hubs} treated against {best.refused} others, "
            f"{best.years_before} period(s) before",
            "",
            "Periods after   Found four times in five   Over the history",
        ]
        for after, row in self.table().iterrows():
            span = f"{say(row.low)} to {say(row.high)}"
            lines.append(f"{after:>13}   {'from ' + say(row.mde):<24}   {span}")
        worths = self.against()
        if worths:
            lines += ["", f"What would matter, after {max(self.powers)} period(s)"]
        for worth in worths:
            lines.append(f"  {_worth(worth, say(worth['effect']))}")
        lines += ["", "What one more of each does to the detectable effect"]
        for name, row in best.bought.iterrows():
            name = str(name).replace("one more hub", "one more treated")
            name = name.replace("one more refused applicant", "one more of the others")
            lines.append(f"  {name}: {_moves(row.buys, self.scale)}")
        lines += [f"Note: {note}." for note in best.notes]
        lines += [f"Note: {self.late}."] * bool(self.late)
        return "\n".join(lines)


def _worth(worth: dict[str, Any], size: str) -> str:
    told = (
        f"{worth['kind']} {size} ({worth['title']}): found "
        f"{number_text(100 * worth['chance'])} times in 100"
    )
    if np.isfinite(worth["exaggeration"]):
        told += (
            f"; what is then reported is {worth['exaggeration']:.1f} times too large "
            f"on average, and of the wrong sign {100 * worth['wrong_sign']:.0f} times "
            "in 100"
        )
    return told


def _moves(saved: float, scale: str) -> str:
    """Which way a detectable effect goes, and how far.

    Examples
    --------
    >>> _moves(0.008, "log"), _moves(-0.005, "log"), _moves(0.0001, "log")
    ('falls by 0.8 percentage points', 'rises by 0.5 percentage points', 'hardly moves')
    """
    if not np.isfinite(saved):
        return "cannot be said"
    log = scale == "log"
    size = number_text(abs(100 * saved), 1) if log else number_text(abs(saved), 3)
    if not float(size.replace(",", "")):
        return "hardly moves"
    way = "falls" if saved > 0 else "rises"
    return f"{way} by {size}{' percentage points' * log}"


def look_ahead(
    case: Case,
    outcome: str | None = None,
    hubs: int | None = None,
    refused: int | None = None,
    before: int | None = None,
    after: int | None = None,
    progress: Callable[[list], Any] = iter,
) -> Ahead:
    """Ask what a programme could show, from the history of its outcome.

    Parameters
    ----------
    case : Case
        Its plan may name units and a date that lies ahead, or nobody yet.
    outcome : str, optional
        The primary one by default.
    hubs, refused : int, optional
        How many there will be, drawn from the places of the table; by default those
        that the plan names, and all others.
    before, after : int, optional
        Periods to be compared. By default those of the plan, as far as the history
        before the start holds as many; three each where the programme lies ahead.
    progress : callable
        Wraps the list of what is gone through.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> ahead = look_ahead(hub.Case.open("yozma"), "gdp_per_head", after=1)
    >>> ahead.table().index.tolist()
    [1]
    """
    name = outcome or case.primary
    past = history(case, outcome)
    years = len(past.panel.periods)
    if case.outcomes[name].aggregate.startswith(TO_WRITE):
        raise HubError(
            f"outcome {name!r}: say in the plan whether the rows of a year are added "
            'up (aggregate = "sum") or averaged ("mean"), before sizes can be told.'
        )
    if hubs is None and not past.hubs:
        raise HubError(
            "the plan names nobody who is or will be treated. Say how many there will "
            "be: --hubs 9, and --refused 27 of those who applied in vain."
        )
    ahead, all_before, late = AFTER, BEFORE, ""
    if past.first is not None and past.over:
        ahead = min(past.last - past.first + 1, max(1, years - BEFORE))
        all_before = years
        late = (
            f"the programme has begun and there are figures up to {past.last}, so this "
            f"comes too late to decide anything by; run compares {years} period(s) "
            f"before with {past.last - past.first + 1} after and says what they show"
        )
    if after is None:
        after = max(1, min(ahead, years - (before or 2)))
    if before is None:
        before = max(1, min(all_before, years - after))
    won = past.hubs if hubs is None else hubs
    lost = refused if hubs is not None or refused is not None else past.refused
    plan = case.outcomes[name]
    powers = {
        many: power_before(past.panel, won, lost, before, many)
        for many in progress(list(range(1, after + 1)))
    }
    title = plan.title or name
    marks = case.plan.yardsticks_of(name)
    return Ahead(title, plan.transform, powers, marks, late)
