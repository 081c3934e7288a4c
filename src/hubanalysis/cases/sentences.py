"""The sentences of a drafted plan that only its author can write.

Each begins with `REPLACE:`. Taking that word away does not make a sentence one's own,
so they are known by their text as well.
"""

from __future__ import annotations

import re
from typing import Any

# How every sentence begins that must not reach anybody's card.
TO_WRITE = "REPLACE:"
NAME = "what the programme is called"
QUESTION = "the question, as a reader would ask it: did the programme raise"
ESTIMAND = "of whom, against whom and when: the average effect on"
NOT_SHOWN = "what these figures do not count"
WHAT = "what else happened to some of them"
BIAS = "which way it pulls the answer"
TITLE = "the effect that was promised, and by when"
SOURCE = "who said so, and where"
SHARE = "how much, such as 0.05 for 5 percent of the level, not 5 points"
UNITS = "how much, in the units of the outcome, such as 0.5"
AGGREGATE = "sum for counts, mean for a rate or a stock"
_KNOWN = (
    NAME, QUESTION, ESTIMAND, NOT_SHOWN, WHAT, BIAS, TITLE, SOURCE, SHARE, UNITS,
    AGGREGATE,
)  # fmt: skip


def is_drafted(text: str) -> bool:
    """Whether a sentence is still the draft's, with the word before it or without.

    Examples
    --------
    >>> is_drafted("What else happened to some of them."), is_drafted("a motorway")
    (True, False)
    """
    if text.startswith(TO_WRITE):
        return True
    bare = re.sub(r"\s+", " ", text).strip().casefold()
    return any(bare.startswith(known.casefold()) for known in _KNOWN)


def to_write(outcome: str, starts: list[int], share: bool) -> dict[str, Any]:
    """Sentences that nobody but the author of a plan can write.

    Parameters
    ----------
    outcome : str
        What the outcome is called.
    starts : list of int
        First treated years.
    share : bool
        Whether effects are shares of the level.
    """
    span = dict.fromkeys(starts[:1] + starts[-1:])
    when = f", which began in {' to '.join(map(str, span))}" if starts else ""
    return {
        "title": f"{TO_WRITE} {NAME}",
        "question": f"{TO_WRITE} {QUESTION} {outcome}?",
        "estimand": f"{TO_WRITE} {ESTIMAND} {outcome}, of those in the programme"
        f"{when}, against those that are not",
        "cannot_show": [f"{TO_WRITE} {NOT_SHOWN}"],
        "rivals": [{"what": f"{TO_WRITE} {WHAT}", "bias": f"{TO_WRITE} {BIAS}"}],
        "yardsticks": [
            {
                "kind": "promised",
                "value": f"{TO_WRITE} {SHARE if share else UNITS}",
                "title": f"{TO_WRITE} {TITLE}",
                "source": f"{TO_WRITE} {SOURCE}",
            }
        ],
    }
