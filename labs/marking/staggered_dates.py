"""Staggered dates: what is compared with what, and how cells are averaged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.panels.homework import Homework
from labs.marking.question import Question, Slip

EVENT = 3  # the fourth year with the programme


def groups(homework: Homework, donor: bool) -> tuple[pd.DataFrame, dict, list]:
    """Return the figures, the places by date, and those never treated."""
    frame = homework.panel.frame
    if not donor:
        frame = frame.drop(index=homework.told["began_before"])
    starts = homework.panel.first_treated
    dates = {
        start: [p for p in frame.index if starts.get(p) == start]
        for start in sorted(set(starts.values()))
    }
    return frame, dates, [p for p in frame.index if p not in starts]


def by_date(homework: Homework, donor: bool) -> dict[int, pd.Series]:
    """Effects by date and year: change since the year before, less the never's."""
    frame, dates, never = groups(homework, donor)
    effects = {}
    for start, places in dates.items():
        treated, others = frame.loc[places].mean(), frame.loc[never].mean()
        gap = treated - others
        effects[start] = gap - gap[start - 1]
    return effects


def effect(
    homework: Homework,
    given: Mapping,
    two_way: bool = False,
    treated_donor: bool = False,
    dates_alike: bool = False,
) -> float:
    """Mean effect over all places and years with the programme."""
    frame, dates, _ = groups(homework, treated_donor)
    if two_way:
        return _two_way(frame, homework.panel.first_treated)
    effects = by_date(homework, treated_donor)
    means = [effects[start].loc[start:].mean() for start in dates]
    cells = [len(places) * len(effects[s].loc[s:]) for s, places in dates.items()]
    return float(np.average(means, weights=None if dates_alike else cells))


def fourth_year(
    homework: Homework,
    given: Mapping,
    off_by_one: bool = False,
    treated_donor: bool = False,
) -> float:
    """Mean effect over treated places in their fourth year."""
    _, dates, _ = groups(homework, treated_donor)
    effects = by_date(homework, treated_donor)
    event = EVENT + (1 if off_by_one else 0)
    seen = {s: p for s, p in dates.items() if s + event in effects[s].index}
    each = [effects[start][start + event] for start in seen]
    return float(np.average(each, weights=[len(p) for p in seen.values()]))


def forbidden(
    homework: Homework,
    given: Mapping,
    both_ways: bool = False,
    treated_donor: bool = False,
) -> float:
    """Weight of comparisons with places already treated (Goodman-Bacon 2021)."""
    frame, dates, never = groups(homework, treated_donor)
    years = frame.columns.tolist()
    at = {years.index(start): len(places) for start, places in dates.items()}
    (early, n_early), (late, n_late) = sorted(at.items())
    end = len(years)
    with_never = len(never) * sum(n * s * (end - s) for s, n in at.items())
    before = n_early * n_late * (late - early) * early
    after = n_early * n_late * (end - late) * (late - early)
    chosen = after + (before if both_ways else 0)
    return chosen / (with_never + before + after)


def _two_way(frame: pd.DataFrame, starts: Mapping) -> float:
    """Slope on treatment, net of unit and period effects."""
    years = frame.columns.to_numpy()
    first = np.array([starts.get(place, years[-1] + 1) for place in frame.index])
    treated = (years >= first[:, None]).astype(float)
    net = treated - treated.mean(axis=1, keepdims=True)
    net -= net.mean(axis=0)
    return float((net * frame.to_numpy()).sum() / (net**2).sum())


DONOR = (
    "The place that began before the figures do counts as never treated: drop it, "
    "since it goes on answering to its own programme."
)

QUESTIONS = (
    Question(
        "effect",
        effect,
        (
            Slip(
                "two_way",
                4,
                "These are two-way effects on staggered dates: places that have the "
                "programme already serve as controls. Compare with the never treated.",
            ),
            Slip("treated_donor", 2, DONOR),
            Slip(
                "dates_alike",
                1,
                "The two dates count alike: the mean asked for is over places and "
                "years, and the earlier date has more of these.",
            ),
        ),
    ),
    Question(
        "fourth_year",
        fourth_year,
        (
            Slip(
                "off_by_one",
                1,
                "This is the fifth year: the first one is event time 0.",
            ),
            Slip("treated_donor", 1, DONOR),
        ),
    ),
    Question(
        "forbidden",
        forbidden,
        (
            Slip(
                "both_ways",
                2,
                "Comparisons of the earlier with the not yet treated are sound: count "
                "only those whose controls have the programme already.",
            ),
            Slip("treated_donor", 1, DONOR),
        ),
    ),
)
