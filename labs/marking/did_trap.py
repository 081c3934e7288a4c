"""The DiD trap: three wrong comparisons beside the right one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.panels.homework import Homework
from hubanalysis.panels.panel import Panel
from labs.marking.question import Question, Slip, own

FIRST, PRETENDED, START = 2008, 2011, 2014


def change(panel: Panel, first: int, start: int, last: int) -> np.ndarray:
    """Mean from `start` to `last` less the mean from `first` on before, by place."""
    a, b, c = (panel.periods.get_loc(year) for year in (first, start, last))
    values = panel.values
    return values[:, b : c + 1].mean(axis=1) - values[:, a:b].mean(axis=1)


def against_others(
    homework: Homework,
    years: tuple[int, int, int],
    treated_donor: bool,
) -> tuple[float, float]:
    """Return the hub's change and that of the others, with or without the one treated.

    Years are the first, the start and the last.
    """
    by_place = change(homework.panel, *years)
    hub = homework.panel.units == homework.told["hub"]
    return float(by_place[hub][0]), float(
        by_place[donors(homework, treated_donor)].mean()
    )


def donors(homework: Homework, treated_donor: bool) -> np.ndarray:
    """Mark the places that the hub is compared with."""
    units, told = homework.panel.units, homework.told
    others = units != told["hub"]
    return others if treated_donor else others & (units != told["joined_later"])


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
    years = (FIRST, START, last_year(homework, late_years))
    return against_others(homework, years, treated_donor)[1]


def effect(
    homework: Homework,
    given: Mapping,
    naive: bool = False,
    treated_donor: bool = False,
    late_years: bool = False,
    share_as_logs: bool = False,
) -> float:
    """The hub's change less that of the others."""
    years = (FIRST, START, last_year(homework, late_years))
    hubs, others = against_others(homework, years, treated_donor)
    found = hubs if naive else hubs - own(given, "others_change", others)
    return math.expm1(found) if share_as_logs else found


def pretended(
    homework: Homework,
    given: Mapping,
    treated_years: bool = False,
    other_donors: bool = False,
    share_as_logs: bool = False,
) -> float:
    """The same on the years before, as if the programme had begun in 2011."""
    last = last_year(homework) if treated_years else START - 1
    hubs, others = against_others(homework, (FIRST, PRETENDED, last), other_donors)
    return math.expm1(hubs - others) if share_as_logs else hubs - others


def closure(
    homework: Homework,
    given: Mapping,
    logs_as_share: bool = False,
    summed_jobs: bool = False,
    treated_donor: bool = False,
    loss_as_gain: bool = False,
    percent: bool = False,
) -> float:
    """What the closure took from the hub, as a share, beside 2014 to 2017."""
    years = (START, homework.told["closed"], last_year(homework, late=True))
    if summed_jobs:
        found = in_jobs(homework, years, treated_donor)
    else:
        hubs, others = against_others(homework, years, treated_donor)
        found = hubs - others
    share = found if logs_as_share else math.expm1(found)
    return share * (-1 if loss_as_gain else 1) * (100 if percent else 1)


def in_jobs(
    homework: Homework, years: tuple[int, int, int], treated_donor: bool
) -> float:
    """Compare mean jobs of the hub with those of the others together; a log of it."""
    jobs = np.exp(homework.panel.frame)
    hub = jobs.loc[homework.told["hub"]]
    others = jobs[donors(homework, treated_donor)].sum()
    first, start, last = years

    def times(one: pd.Series) -> float:
        return float(one.loc[start:last].mean() / one.loc[first : start - 1].mean())

    return math.log(times(hub) / times(others))


DONOR = "The place that joined the programme later is still among the donors: drop it."
SHARE = "This is a share, exp(difference) - 1: the difference of logs is asked for."
LATE = "The years since the works closed are in: end the window the year before."

QUESTIONS = (
    Question(
        "others_change",
        others_change,
        (Slip("treated_donor", 2, DONOR), Slip("late_years", 2, LATE)),
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
            Slip("treated_donor", 1, DONOR),
            Slip("late_years", 1, LATE),
            Slip("share_as_logs", 1, SHARE),
        ),
        goes_on=True,
    ),
    Question(
        "pretended",
        pretended,
        (
            Slip(
                "treated_years",
                3,
                "The years of the real programme are in: a pretended date is tried on "
                "the years before the real one.",
            ),
            Slip(
                "other_donors",
                0,
                "The place that joined later is in. Before it joined it does no harm.",
            ),
            Slip("share_as_logs", 0, SHARE),
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
            Slip(
                "summed_jobs",
                1,
                "These are jobs, summed over places, so that the largest place counts "
                "most: average the logs, and turn their difference into a share at the "
                "end.",
            ),
            Slip("treated_donor", 1, DONOR),
            Slip("loss_as_gain", 1, "A loss has a minus before it."),
            Slip(
                "percent",
                1,
                "This is in percent: as a share a loss of a quarter is -0.25.",
                scale=100,
            ),
        ),
    ),
)
