"""Counting chance: how many of all places are as far out as the hub."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hubanalysis.panels.homework import Homework
from labs.marking.did_trap import change
from labs.marking.question import Question, Slip, own

START = 2014
LEVEL = 0.05
VERDICTS = ("effect seen", "cannot tell", "too few places to tell", "no effect")


def as_far(
    homework: Homework, given: Mapping, one_sided: bool = False, others: bool = False
) -> int:
    """Count places whose change is as far from the mean as the hub's, itself too."""
    panel = homework.panel
    by_place = change(panel, panel.periods[0], START, panel.periods[-1])
    gap = by_place - by_place.mean()
    own = gap[panel.units.get_loc(homework.told["hub"])]
    far = gap >= own if one_sided else abs(gap) >= abs(own)
    return int(far.sum()) - others


def p_value(
    homework: Homework, given: Mapping, one_sided: bool = False, others: bool = False
) -> float:
    """That count as a share of all places."""
    right = as_far(homework, given, one_sided=one_sided, others=others)
    count = own(given, "as_far", right)
    return count / (len(homework.panel.units) - others)


def smallest_p(homework: Homework, given: Mapping, others: bool = False) -> float:
    """The p of a hub that is farther out than all others."""
    return 1 / (len(homework.panel.units) - others)


def two_hubs(
    homework: Homework, given: Mapping, ordered: bool = False, twice: bool = False
) -> int:
    """How many pairs of places there are."""
    n = len(homework.panel.units)
    if twice:
        return n * n if ordered else n * (n + 1) // 2
    return n * (n - 1) if ordered else math.comb(n, 2)


def verdict(homework: Homework, given: Mapping, no_effect: bool = False) -> str:
    """What may be said."""
    if no_effect:
        return "no effect"
    if own(given, "smallest_p", smallest_p(homework, given)) > LEVEL:
        return "too few places to tell"
    p = own(given, "p_value", p_value(homework, given))
    return "effect seen" if p <= LEVEL else "cannot tell"


ONE_SIDED = (
    "p was read one-sided: losses as far from the mean as the hub's gain count as well."
)
OTHERS = "The hub itself was not counted: the real draw is one of the lot."

QUESTIONS = (
    Question(
        "as_far",
        as_far,
        (Slip("one_sided", 3, ONE_SIDED), Slip("others", 2, OTHERS)),
    ),
    Question(
        "p_value",
        p_value,
        (Slip("one_sided", 2, ONE_SIDED), Slip("others", 1, OTHERS)),
        goes_on=True,
    ),
    Question("smallest_p", smallest_p, (Slip("others", 1, OTHERS),), rounded=6e-5),
    Question(
        "two_hubs",
        two_hubs,
        (
            Slip("ordered", 1, "Each pair was counted twice, once in either order."),
            Slip("twice", 1, "A place was drawn twice: a pair is of two places."),
        ),
    ),
    Question(
        "verdict",
        verdict,
        (
            Slip(
                "no_effect",
                3,
                "A p above .05 does not show that there is no effect; see what the "
                "smallest p could have been, and say what may be said.",
            ),
        ),
        choices=VERDICTS,
        goes_on=True,
    ),
)
