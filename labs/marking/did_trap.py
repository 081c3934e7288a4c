"""The DiD trap: three wrong comparisons beside the right one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from hubanalysis.panels.homework import Homework
from labs.marking.question import Question, Slip

START, PRETENDED = 2014, 2011


def change(frame: pd.DataFrame, start: int) -> pd.Series:
    """Mean from `start` on less the mean before, by place."""
    after, before = frame.loc[:, start:], frame.loc[:, : start - 1]
    return after.mean(axis=1) - before.mean(axis=1)


def figures(homework: Homework, donor: bool, last: int) -> tuple[pd.DataFrame, str]:
    """Years up to `last`, with the place that joined later or without."""
    frame = homework.panel.frame.loc[:, :last]
    if not donor:
        frame = frame.drop(index=homework.told["joined_later"])
    return frame, homework.told["hub"]


def last_year(homework: Homework, late: bool = False) -> int:
    """The year before the works closed, or the last of all."""
    return int(homework.panel.periods[-1] if late else homework.told["closed"] - 1)


def others_change(
    homework: Homework,
    given: Mapping,
    treated_donor: bool = False,
    late_years: bool = False,
) -> float:
    """What happened to the places without the programme."""
    frame, hub = figures(homework, treated_donor, last_year(homework, late_years))
    return float(change(frame, START).drop(hub).mean())


def effect(
    homework: Homework,
    given: Mapping,
    naive: bool = False,
    treated_donor: bool = False,
    late_years: bool = False,
) -> float:
    """The hub's change less that of the others."""
    frame, hub = figures(homework, treated_donor, last_year(homework, late_years))
    own = float(change(frame, START)[hub])
    if naive:
        return own
    return own - others_change(
        homework, given, treated_donor=treated_donor, late_years=late_years
    )


def pretended(
    homework: Homework,
    given: Mapping,
    treated_years: bool = False,
    naive: bool = False,
    other_donors: bool = False,
) -> float:
    """The same on the years before, as if the programme had begun in 2011."""
    last = last_year(homework) if treated_years else START - 1
    frame, hub = figures(homework, other_donors, last)
    by_place = change(frame, PRETENDED)
    return float(by_place[hub] - (0 if naive else by_place.drop(hub).mean()))


def closure(
    homework: Homework,
    given: Mapping,
    logs_as_share: bool = False,
    treated_donor: bool = False,
) -> float:
    """What the closure took from the hub, as a share, against the years 2014 to 2017."""
    frame, hub = figures(homework, treated_donor, last_year(homework, late=True))
    by_place = change(frame.loc[:, START:], homework.told["closed"])
    gap = float(by_place[hub] - by_place.drop(hub).mean())
    return gap if logs_as_share else math.expm1(gap)


DONOR = "The place that joined the programme later is still among the donors: drop it."
LATE = "The years since the works closed are in: end the window the year before."

QUESTIONS = (
    Question(
        "others_change",
        others_change,
        (Slip("treated_donor", 1, DONOR), Slip("late_years", 1, LATE)),
    ),
    Question(
        "effect",
        effect,
        (
            Slip(
                "naive",
                3,
                "This is the hub's own change, the naive difference: take off what "
                "happened to the others in the same years.",
            ),
            Slip("treated_donor", 2, DONOR),
            Slip("late_years", 2, LATE),
        ),
    ),
    Question(
        "pretended",
        pretended,
        (
            Slip(
                "treated_years",
                2,
                "The years of the real programme are in: a pretended date is tried on "
                "the years before the real one.",
            ),
            Slip(
                "naive",
                1,
                "This is the hub's own change, the naive difference: take off what "
                "happened to the others.",
            ),
            Slip(
                "other_donors",
                0,
                "The place that joined later is in. Before it joined it does no harm.",
            ),
        ),
    ),
    Question(
        "closure",
        closure,
        (
            Slip(
                "logs_as_share",
                1,
                "This is a difference of logs: as a share it is exp(difference) - 1.",
            ),
            Slip("treated_donor", 1, DONOR),
        ),
    ),
)
