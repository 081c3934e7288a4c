"""The first page of a report: the card, and what may be said of it and what not."""

from __future__ import annotations

import re

from hubanalysis.cases.case import Case
from hubanalysis.cases.plan import Plan
from hubanalysis.cases.reserves import reserves
from hubanalysis.cases.verdict import Verdict
from hubanalysis.command.sections import Section
from hubanalysis.show.card import verdict_sentence
from hubanalysis.words.refusals import listed

# Names of functions, and what a reader who programs nothing calls them.
_PLAIN = {
    r"judge by placebo_in_space or randomization_test": "judge by the deals of "
    "treatment",
    r"judge ([\w ]+) by placebo_in_space": r"judge \1 by the deals of treatment",
    r"randomization_test gives an interval": "the deals of treatment give an interval",
    r"ask event_study": "an event study gives them",
    r"placebo_in_space|randomization_test": "the deals of treatment",
}


def for_readers(text: str) -> str:
    """Write a sentence without names of functions.

    Examples
    --------
    >>> for_readers("too small here; judge by placebo_in_space or randomization_test")
    'too small here; judge by the deals of treatment'
    """
    for pattern, plain in _PLAIN.items():
        text = re.sub(pattern, plain, text)
    return text


def in_short(case: Case, verdict: Verdict) -> Section:
    """What one may say, what not, and what it hangs on: a sentence each."""
    beside = reserves(verdict)
    hangs = "that the treated and the others would have moved alike without it"
    if case.plan.rivals:
        hangs += f", and on this: {listed(r.what for r in case.plan.rivals)}"
    words = [
        f"You may say: {_may(verdict)}",
        f"You may not say: {_may_not(verdict)}",
        f"It hangs on {hangs}." + (f" {beside[0]}" if beside else ""),
    ]
    if lacks := unnamed(case.plan):
        words.append(lacks)
    return Section("What may be said", words)


def _may(verdict: Verdict) -> str:
    if verdict.conclusion == "not identified":
        return "nobody can tell from these figures."
    if verdict.conclusion == "too few places to tell":
        return "there are too few places to tell an effect from chance."
    told = verdict_sentence(verdict)
    told = told[:1].lower() + told[1:]
    if verdict.conclusion == "effect seen":
        return f"in these figures an effect on {verdict.outcome} is seen; {told}"
    if verdict.conclusion == "cannot tell":
        return f"these figures cannot tell whether {verdict.outcome} moved; {told}"
    return f"{verdict.conclusion}, as far as these figures go; {told}"


def _may_not(verdict: Verdict) -> str:
    if verdict.conclusion == "effect seen":
        return (
            f"that the effect is {verdict.amount(verdict.effect or 0.0)} and no other, "
            "that it lasts, or that the programme would do the same elsewhere."
        )
    if verdict.conclusion == "not identified":
        return "that it worked, or that it did not."
    return (
        "that the programme had no effect: a range that holds zero is no proof of none."
    )


def unnamed(plan: Plan) -> str:
    """Say what a plan leaves unsaid; empty if it names something of each.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> unnamed(hub.Case.open("yozma").plan)
    ''
    """
    lacks = [
        name
        for name, there in (
            ("nothing else that happened", plan.rivals),
            ("no limit of what can be shown", plan.cannot_show),
            ("no effect that would matter", plan.yardsticks),
        )
        if not there
    ]
    return f"The plan names {listed(lacks)}." if lacks else ""
