"""Texas prisons (Cunningham 2021), as R's Synth prints it.

A page of RPubs (1374211) prints a run of Synth on the panel of Cunningham's book with
all that it needs: the predictors and their years, the importances to seven digits, and
the weights. Synth's own solver leaves some weight everywhere (.0003 in Utah); ours
leaves none.
"""

import pandas as pd
import pytest

import hubanalysis as hub
from tests.published.synthetic import mean

PREDICTORS = {
    # column, years, importance
    "poverty": ("poverty", range(1985, 1994), 0.07154915),
    "income": ("income", range(1985, 1994), 0.02736536),
    "prisoners": ("black_men_in_prison", (1988, 1990, 1991, 1992), 0.8923763),
    "alcohol": ("alcohol", (1990,), 5.5e-09),
    "aids": ("aidscapita", (1990, 1991), 2.42e-08),
    "black": ("black_share", (1990, 1991, 1992), 0.008709159),
    "young": ("share_15_19", (1990,), 7.6e-09),
}
WEIGHTS = {"California": 0.3414498, "Florida": 0.2981352, "Louisiana": 0.3599649}


def test_texas_is_california_florida_and_louisiana_given_the_importances():
    table = hub.load("validation/texas_prison")
    traits = pd.DataFrame(
        {
            name: mean(table[table["year"].isin(years)], "state", column, 1985, 1993)
            for name, (column, years, _) in PREDICTORS.items()
        }
    )
    importance = pd.Series({name: v for name, (*_, v) in PREDICTORS.items()})
    panel = hub.Panel.from_long(
        table, "state", "year", "black_men_in_prison", {"Texas": 1994}
    )
    estimate = hub.synthetic_control(panel, predictors=traits, importance=importance)
    weights = estimate.unit_weights[list(WEIGHTS)]
    assert weights.to_dict() == pytest.approx(WEIGHTS, abs=0.002)
    assert estimate.unit_weights.sum() - weights.sum() < 1e-6
    # And yet ours are nearer to Texas by the measure that both minimise.
    scaled, share = traits / traits.std(), importance / importance.sum()

    def distance(mix):
        apart = scaled.loc["Texas"] - mix @ scaled.loc[mix.index]
        return share @ apart**2

    printed = pd.Series(WEIGHTS)
    assert distance(estimate.unit_weights) < distance(printed / printed.sum())
    # The mean squared gap to 1993 of weights that differ in the third decimal.
    assert estimate.pre_rmspe**2 == pytest.approx(2015107, rel=0.005)
