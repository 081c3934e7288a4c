"""Card and Krueger (1994), table 3: employment in fast food, two states, two waves.

The file has one row per restaurant and wave but does not say which rows are the same
restaurant, and 321 restaurants in New Jersey answered first, 319 afterwards. So the
panel is that of the four means, as in the printed table. Its difference is 2.75; the
table prints 2.76, the difference of unrounded means of the authors' full sample.
"""

import numpy as np
import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def means():
    rows = hub.load("validation/card_krueger").astype({"after": int})
    value = "full_time_equivalent"
    table = rows.groupby(["state", "after"], as_index=False)[value].mean()
    return hub.Panel.from_long(
        table,
        unit="state",
        period="after",
        outcome=value,
        first_treated={"New Jersey": 1},
    )


def test_means_before_and_after(means):
    printed = {"New Jersey": [20.44, 21.03], "Pennsylvania": [23.33, 21.17]}
    for state, pair in printed.items():
        np.testing.assert_allclose(means.frame.loc[state], pair, atol=0.005)


def test_difference_in_differences(means):
    estimate = hub.did(means)
    assert estimate.att == pytest.approx(2.75, abs=0.005)
    assert not hasattr(estimate, "se")


def test_staggered_estimators_give_the_same_on_two_by_two(means):
    for estimate in (
        hub.group_time_att(means, draws=0).aggregate(),
        hub.imputation(means),
    ):
        assert estimate.att == pytest.approx(2.75, abs=0.005)
        assert any("1 treated and 1 untreated" in note for note in estimate.notes)
