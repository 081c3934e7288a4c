"""A mix of donors: which years may choose the weights, and which places."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.estimators.weights import simplex_weights
from hubanalysis.panels.homework import Homework
from labs.marking.question import Question, Slip

START = 2014


def mixed(
    homework: Homework, donor: bool, late: bool = False, equal: bool = False
) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Return the hub's years, the donors', and the weights of the mix."""
    frame = homework.panel.frame
    own = frame.loc[homework.told["hub"]]
    donors = frame.drop(index=homework.told["hub"])
    if not donor:
        donors = donors.drop(index=homework.told["joined_later"])
    fit = slice(None) if late else slice(None, START - 1)
    if equal:
        weights = np.full(len(donors), 1 / len(donors))
    else:
        weights = simplex_weights(donors.loc[:, fit].to_numpy().T, own.loc[fit].to_numpy())
    return own, donors, pd.Series(weights, donors.index)


def after(own: pd.Series, donors: pd.DataFrame, weights: pd.Series) -> float:
    """Mean gap to the mix from the start on."""
    return float((own - weights @ donors).loc[START:].mean())


def effect(
    homework: Homework,
    given: Mapping,
    equal_weights: bool = False,
    treated_donor: bool = False,
    late_fit: bool = False,
) -> float:
    """Mean gap to the mix that moved as the hub did before."""
    return after(*mixed(homework, treated_donor, late_fit, equal_weights))


def fit(
    homework: Homework,
    given: Mapping,
    treated_donor: bool = False,
    all_years: bool = False,
) -> float:
    """Root mean square gap before the start."""
    own, donors, weights = mixed(homework, treated_donor)
    gap = own - weights @ donors
    gap = gap if all_years else gap.loc[: START - 1]
    return float(np.sqrt((gap**2).mean()))


def largest_weight(
    homework: Homework, given: Mapping, treated_donor: bool = False
) -> float:
    """The weight of the donor that counts most."""
    return float(mixed(homework, treated_donor)[2].max())


DONOR = "The place that joined the programme later is part of the mix: drop it."

QUESTIONS = (
    Question(
        "effect",
        effect,
        (
            Slip(
                "equal_weights",
                2,
                "All donors count alike here: that is no mix that moved as the hub did.",
            ),
            Slip("treated_donor", 3, DONOR),
            Slip(
                "late_fit",
                3,
                "Later periods are in the fit: weights that have seen the years from "
                "2014 on take part of the effect away.",
            ),
        ),
    ),
    Question(
        "fit",
        fit,
        (
            Slip("treated_donor", 1, DONOR),
            Slip(
                "all_years",
                2,
                "The gap after the start is in: how well the mix fits is seen before.",
            ),
        ),
    ),
    Question("largest_weight", largest_weight, (Slip("treated_donor", 2, DONOR),)),
)
