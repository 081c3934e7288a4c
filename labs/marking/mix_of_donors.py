"""A mix of donors: which years may choose the weights, and which places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubanalysis.estimators.weights import simplex_weights
from hubanalysis.panels.homework import Homework
from labs.marking.question import Question, Slip

START = 2014


def mixed(
    homework: Homework, donor: bool, late: bool = False, equal: bool = False
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the gap to the mix by year, the weights, and where the start is."""
    frame = homework.panel.frame
    away = [homework.told["hub"]]
    if not donor:
        away.append(homework.told["joined_later"])
    own, donors = frame.loc[away[0]].to_numpy(), frame.drop(index=away).to_numpy()
    start = frame.columns.get_loc(START)
    fit = slice(None) if late else slice(start)
    if equal:
        weights = np.full(len(donors), 1 / len(donors))
    else:
        weights = simplex_weights(donors[:, fit].T, own[fit])
    return own - weights @ donors, weights, start


def effect(
    homework: Homework,
    given: Mapping,
    equal_weights: bool = False,
    treated_donor: bool = False,
    late_fit: bool = False,
) -> float:
    """Mean gap to the mix that moved as the hub did before."""
    gap, _, start = mixed(homework, treated_donor, late_fit, equal_weights)
    return float(gap[start:].mean())


def fit(
    homework: Homework,
    given: Mapping,
    equal_weights: bool = False,
    treated_donor: bool = False,
    late_fit: bool = False,
    all_years: bool = False,
) -> float:
    """Root mean square gap before the start."""
    gap, _, start = mixed(homework, treated_donor, late_fit, equal_weights)
    gap = gap if all_years else gap[:start]
    return float(np.sqrt((gap**2).mean()))


def largest_weight(
    homework: Homework,
    given: Mapping,
    equal_weights: bool = False,
    treated_donor: bool = False,
    late_fit: bool = False,
) -> float:
    """The weight of the donor that counts most."""
    _, weights, _ = mixed(homework, treated_donor, late_fit, equal_weights)
    return float(weights.max())


EQUAL = "All donors count alike: that is no mix that moved as the hub did."
LATE = (
    "Later periods are in the fit: weights that have seen the years from 2014 on take "
    "part of the effect away."
)
DONOR = "The place that joined the programme later is part of the mix: drop it."

# Where the first question has not met them, they cost a point.
ONCE_MORE = (
    Slip("equal_weights", 1, EQUAL),
    Slip("treated_donor", 1, DONOR),
    Slip("late_fit", 1, LATE),
)
QUESTIONS = (
    Question(
        "effect",
        effect,
        (
            Slip("equal_weights", 2, EQUAL),
            Slip("treated_donor", 3, DONOR),
            Slip("late_fit", 3, LATE),
        ),
    ),
    Question(
        "fit",
        fit,
        (
            *ONCE_MORE,
            Slip(
                "all_years",
                2,
                "The gap after the start is in: how well the mix fits is seen before.",
            ),
        ),
    ),
    Question(
        "largest_weight",
        largest_weight,
        ONCE_MORE,
    ),
)
