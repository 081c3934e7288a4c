"""Medicaid in all states, whose expansions began in five years.

The first exercise of the Mixtape's course on advanced difference in differences prints
what the R packages did, fixest and bacondecomp make of these data, with its solutions.
The course prints did's errors from draws, which are not repeated here.
"""

import numpy as np
import pytest

import hubanalysis as hub

# First treated year, then the effects from 2009 to 2019.
EFFECTS = {
    2014: [-0.0065, 0.0111, 0.0015, 0.0016, 0.0009, 0.0467, 0.0692, 0.0785, 0.0725,
           0.0738, 0.0803],
    2015: [0.0071, -0.0245, -0.0027, 0.0003, -0.0100, -0.0020, 0.0491, 0.0526, 0.0682,
           0.0663, 0.0738],
    2016: [0.0022, 0.0511, -0.0262, -0.0276, 0.0440, -0.0322, 0.0409, 0.0317, 0.0368,
           0.0645, 0.0825],
    2017: [0.0102, -0.0161, 0.0019, 0.0177, 0.0012, -0.0063, 0.0036, 0.0398, 0.0471,
           0.0681, 0.0650],
    2019: [0.0189, -0.0269, -0.0244, 0.0024, 0.0129, 0.0003, -0.0108, -0.0182, 0.0093,
           0.0062, 0.0365],
}  # fmt: skip
# Treated from, compared with those from (never), estimate and weight.
COMPARISONS = [
    (2016, "never", 0.082728773, 0.0502256229),
    (2014, "never", 0.074935691, 0.6215420836),
    (2015, "never", 0.046864475, 0.0824014126),
    (2017, "never", 0.102274094, 0.0211889347),
    (2019, "never", 0.030943646, 0.0172650579),
    (2014, 2016, 0.050191048, 0.0258975868),
    (2015, 2016, 0.004156228, 0.0020600353),
    (2017, 2016, 0.031975667, 0.0002942908),
    (2019, 2016, 0.005429020, 0.0005885815),
    (2016, 2014, 0.054292531, 0.0172650579),
    (2015, 2014, 0.030656579, 0.0161859918),
    (2017, 2014, 0.077060485, 0.0097115951),
    (2019, 2014, 0.025483405, 0.0107906612),
    (2016, 2015, 0.041763062, 0.0011771630),
    (2014, 2015, 0.066569262, 0.0194231901),
    (2017, 2015, 0.063993540, 0.0008828723),
    (2019, 2015, 0.027470457, 0.0011771630),
    (2016, 2017, 0.014518637, 0.0007847754),
    (2014, 2017, 0.048755447, 0.0194231901),
    (2015, 2017, 0.008627171, 0.0020600353),
    (2019, 2017, 0.033588931, 0.0001961938),
    (2016, 2019, 0.090774537, 0.0047086521),
    (2014, 2019, 0.088170864, 0.0647439670),
    (2015, 2019, 0.061097391, 0.0082401413),
    (2017, 2019, 0.110885473, 0.0017657446),
]


@pytest.fixture(scope="module")
def states():
    return hub.Panel.from_long(
        hub.load("validation/ehec_data"),
        "state_fips",
        "year",
        "insured_share",
        "first_treated",
    )


@pytest.fixture(scope="module")
def ever_treated(states):
    return states.drop(states.donors)


def by_group(panel):
    return hub.group_time_att(panel, control="not_yet_treated", draws=0)


@pytest.mark.parametrize("group", EFFECTS)
def test_effects_by_group_and_year(states, group):
    table = by_group(states).table.query("group == @group").set_index("period")
    np.testing.assert_allclose(
        table.loc[2009:, "att"], EFFECTS[group], rtol=0, atol=5.1e-5
    )


def test_their_average(states):
    simple = by_group(states).aggregate("simple")
    np.testing.assert_allclose(
        [simple.att, simple.se], [0.068, 0.008], rtol=0, atol=5.1e-4
    )


def test_two_way_fixed_effects(states, ever_treated):
    for panel, printed in (
        (states, [0.070321, 0.007401]),
        (ever_treated, [0.062817, 0.007653]),
    ):
        estimate = hub.did(panel)
        np.testing.assert_allclose(
            [estimate.att, estimate.se], printed, rtol=0, atol=5.1e-7
        )


def test_the_average_among_those_that_expanded(ever_treated):
    simple = by_group(ever_treated).aggregate("simple")
    assert simple.att == pytest.approx(0.0728, abs=5.1e-5)


def test_the_average_with_a_hundredth_more_each_year(ever_treated):
    years = np.arange(len(ever_treated.periods)) - ever_treated.starts[:, None]
    more = ever_treated.with_frame(ever_treated.frame + 0.01 * years.clip(0))
    simple = by_group(more).aggregate("simple")
    assert simple.att == pytest.approx(0.0917, abs=5.1e-5)


@pytest.mark.parametrize(("treated", "control", "estimate", "weight"), COMPARISONS)
def test_each_comparison_of_two_groups(states, treated, control, estimate, weight):
    table = hub.bacon_decomposition(states).set_index(["treated", "control"])
    row = table.loc[(treated, control)]
    assert row["estimate"] == pytest.approx(estimate, abs=5.1e-10)
    assert row["weight"] == pytest.approx(weight, abs=5.1e-11)


@pytest.mark.parametrize(
    ("treated", "control", "weight"),
    [
        (2014, 2016, 0.1248817408),
        (2014, 2019, 0.3122043519),
        (2016, 2014, 0.0832544939),
        (2019, 2017, 0.0009460738),
    ],
)
def test_weights_among_those_that_expanded(ever_treated, treated, control, weight):
    table = hub.bacon_decomposition(ever_treated).set_index(["treated", "control"])
    assert table.loc[(treated, control), "weight"] == pytest.approx(weight, abs=5.1e-11)
