"""Proposition 99 as printed by Arkhangelsky et al. (2021) and their package.

The authors' solver stops a little short of the optimum; ours is exact. So difference
in differences agrees to eight digits, the others closely, and our objective values are
no higher than those at the published weights.
"""

import numpy as np
import pytest

import hubanalysis as hub

TIME_WEIGHTS = {1986: 0.36647, 1987: 0.20645, 1988: 0.42708}
YEARLY = [
    *(-4.84497, -4.32581, -8.65355, -8.41912, -12.54546, -16.10623),
    *(-18.90577, -19.35014, -20.88352, -22.78157, -25.94493, -24.48488),
]


@pytest.fixture(scope="module")
def panel():
    table = hub.load("validation/prop99")
    return hub.Panel.from_long(
        table,
        unit="state",
        period="year",
        outcome="packs_per_head",
        first_treated={"California": 1989},
    )


def test_the_panel_has_39_states_and_31_years(panel):
    assert panel.values.shape == (39, 31)


def test_did_agrees_to_eight_digits(panel):
    assert hub.did(panel).att == pytest.approx(-27.34911108, abs=5e-9)


def test_synthetic_control_is_close(panel):
    assert hub.synthetic_control(panel).att == pytest.approx(-19.61966347, abs=0.15)


def test_synthetic_did_is_close(panel):
    assert hub.synthetic_did(panel).att == pytest.approx(-15.60382787, abs=0.01)


@pytest.mark.parametrize(
    ("estimator", "sd"),
    [
        (hub.synthetic_did, 9.368828),
        (hub.synthetic_control, 10.619545),
        (hub.did, 17.286800),
    ],
)
def test_placebo_standard_deviations(panel, estimator, sd):
    placebos = hub.placebo_in_space(panel, estimator)
    assert len(placebos.estimates) == 38
    assert placebos.sd == pytest.approx(sd, abs=0.03)


def test_synthetic_did_placebo_rank(panel):
    placebos = hub.placebo_in_space(panel, hub.synthetic_did)
    assert placebos.rank == 1
    assert round(placebos.p_value, 4) == 0.0263
    assert round(placebos.p_value_plus_one, 4) == 0.0513


def test_time_weights(panel):
    weights = hub.synthetic_did(panel).time_weights
    assert weights[weights > 1e-4].to_dict() == pytest.approx(TIME_WEIGHTS, abs=1e-4)


def test_yearly_effects(panel):
    path = hub.synthetic_did(panel).path
    assert np.allclose(path.loc[0:, "effect"], YEARLY, atol=0.04)


def test_our_weights_are_at_least_as_good_as_the_published_ones(panel):
    frame = panel.frame
    donors = frame.drop(index="California").to_numpy()
    target = frame.loc["California"].to_numpy()
    ours = hub.synthetic_did(panel)
    table = hub.load("validation/prop99_unit_weights").set_index("state")

    before = donors[:, :19]
    noise = np.diff(before, axis=1).std(ddof=1)
    ridge = (12**0.25 * noise) ** 2 * 19

    def sdid_loss(weights):
        gap = weights @ before - target[:19]
        return np.sum((gap - gap.mean()) ** 2) + ridge * np.sum(weights**2)

    def control_loss(weights):
        return np.sum((weights @ before - target[:19]) ** 2)

    names = frame.index.drop("California")
    control = hub.synthetic_control(panel).unit_weights
    for column, loss, mine in (
        ("synthetic_did", sdid_loss, ours.unit_weights),
        ("synthetic_control", control_loss, control),
    ):
        theirs = table[column].reindex(names).fillna(0).to_numpy()
        theirs = theirs / theirs.sum()
        assert loss(mine.reindex(names).to_numpy()) <= loss(theirs) + 1e-6


def test_our_time_weights_are_at_least_as_good_as_the_published_ones(panel):
    donors = panel.frame.drop(index="California").to_numpy()
    before, goal = donors[:, :19], donors[:, 19:].mean(axis=1)

    def loss(weights):
        gap = before @ weights - goal
        return np.sum((gap - gap.mean()) ** 2)

    table = hub.load("validation/prop99_time_weights").set_index("year")
    theirs = table.iloc[:, 0].reindex(range(1970, 1989)).fillna(0).to_numpy()
    ours = hub.synthetic_did(panel).time_weights.to_numpy()
    assert loss(ours) <= loss(theirs / theirs.sum()) + 1e-4
