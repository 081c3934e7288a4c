"""Power before: how large an effect a design would find, before it begins."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy.stats import norm

from hubanalysis.panels.homework import Homework
from labs.marking.question import Question, Slip, own

CHANCE, LEVEL = 0.8, 0.05
BEFORE, AFTER = slice(2014, 2016), slice(2017, 2019)


def noise(
    homework: Homework, given: Mapping, levels: bool = False, yearly: bool = False
) -> float:
    """Standard deviation over places of the change between three-year means."""
    frame = homework.panel.frame
    if levels and yearly:
        return float(frame.loc[:, 2014:].stack().std())
    if levels:
        return float(frame.loc[:, AFTER].mean(axis=1).std())
    if yearly:
        steps = frame.loc[:, 2014:].diff(axis=1).iloc[:, 1:]
        return float(steps.stack().std())
    change = frame.loc[:, AFTER].mean(axis=1) - frame.loc[:, BEFORE].mean(axis=1)
    return float(change.std())


def far(one_sided: bool = False, half_the_time: bool = False) -> float:
    """Standard errors between zero and an effect that is found four times in five."""
    edge = norm.ppf(1 - LEVEL / (1 if one_sided else 2))
    return float(edge + (0 if half_the_time else norm.ppf(CHANCE)))


def detectable(
    homework: Homework,
    given: Mapping,
    half_the_time: bool = False,
    one_sided: bool = False,
    hubs_only: bool = False,
) -> float:
    """The smallest effect found four times in five with these hubs and refused."""
    share = 0 if hubs_only else 1 / homework.told["refused"]
    spread = own(given, "noise", noise(homework, given))
    root = math.sqrt(1 / homework.told["hubs"] + share)
    return far(one_sided, half_the_time) * spread * root


def enough(homework: Homework, given: Mapping, backwards: bool = False) -> str:
    """Whether the promised effect would be found."""
    right = detectable(homework, given)
    seen = own(given, "detectable", right) <= homework.told["promised"]
    return "yes" if seen != backwards else "no"


def hubs_for_half(
    homework: Homework,
    given: Mapping,
    one_sided: bool = False,
    only_doubled: bool = False,
) -> int:
    """Hubs, with as many refused, at which half the promised effect is found."""
    spread = own(given, "noise", noise(homework, given))
    times = 2 if only_doubled else 4
    needed = 2 * (far(one_sided) * spread / homework.told["promised"]) ** 2
    return math.ceil(needed * times)


ONE_SIDED = "The test is one-sided: at 5% in either direction it is 1.96, not 1.64."

QUESTIONS = (
    Question(
        "noise",
        noise,
        (
            Slip(
                "levels",
                2,
                "This is how places differ, not how their changes do: a comparison of "
                "changes does not mind that one place is larger.",
            ),
            Slip(
                "yearly",
                1,
                "This is for single years: the plan compares three-year means.",
            ),
        ),
    ),
    Question(
        "detectable",
        detectable,
        (
            Slip(
                "half_the_time",
                3,
                "An effect at the edge of significance is found half the time only: "
                "add what four times in five asks for.",
            ),
            Slip("one_sided", 2, ONE_SIDED),
            Slip(
                "hubs_only",
                1,
                "The refused are a sample too: their part, 1 / refused, is missing.",
            ),
        ),
        goes_on=True,
    ),
    Question(
        "enough",
        enough,
        (
            Slip(
                "backwards",
                1,
                "Found four times in five is what is at least as large as the "
                "detectable effect, not what is smaller.",
            ),
        ),
        choices=("yes", "no"),
        goes_on=True,
    ),
    Question(
        "hubs_for_half",
        hubs_for_half,
        (
            Slip("one_sided", 1, ONE_SIDED),
            Slip(
                "only_doubled",
                2,
                "Half the effect takes four times the hubs, not twice: the noise falls "
                "with the root of their number.",
            ),
        ),
        goes_on=True,
    ),
)
