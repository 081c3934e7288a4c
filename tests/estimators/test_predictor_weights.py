"""The nested choice of the importance of predictors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.predictor_weights import weights_given
from hubanalysis.estimators.weights import simplex_weights
from tests.published.synthetic import basque_country

fast = settings(max_examples=2, deadline=None)


def test_given_importances_the_mix_matches_the_predictors_and_only_then_outcomes():
    predictors, target = np.array([[0.0, 4.0, 2.0]]), np.array([1.0])
    # Any unit of the outcomes: they only choose among mixes that match.
    for unit in (1e-6, 1.0, 1e6):
        outcomes = unit * np.array([[8.0, 0.0, 9.0], [5.0, 1.0, 2.0]])
        middle = outcomes @ [0.75, 0.25, 0.0]
        weights = weights_given(np.ones(1), predictors, target, outcomes, middle)
        np.testing.assert_allclose(weights, [0.75, 0.25, 0.0], atol=1e-6)
        far = outcomes @ [0.0, 1.0, 0.0]
        weights = weights_given(np.ones(1), predictors, target, outcomes, far)
        assert predictors @ weights == pytest.approx(1, abs=1e-3)


@pytest.fixture(scope="module")
def california():
    table = hub.load("validation/prop99")
    return hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )


def test_all_lags_as_predictors_fit_as_well_as_the_outcomes_themselves(california):
    lags = california.frame[list(range(1970, 1989))]
    nested = hub.synthetic_control(california, predictors=lags)
    plain = hub.synthetic_control(california)
    assert nested.pre_rmspe == pytest.approx(plain.pre_rmspe, rel=1e-6)
    assert nested.predictor_weights.sum() == pytest.approx(1)
    assert list(nested.predictor_weights.index) == list(lags.columns)


@pytest.fixture(scope="module")
def basque():
    return basque_country(spain=False)


def test_other_importances_fit_the_basque_country_better_and_it_is_said(basque):
    panel, traits = basque
    estimate = hub.synthetic_control(panel, predictors=traits)
    # Half of what is printed; 700 starts find nothing lower.
    assert estimate.pre_rmspe**2 <= 0.00429
    assert estimate.predictor_weights.idxmax() == "gdp"
    assert any("got no importance" in note for note in estimate.notes)


def test_all_of_spain_among_the_donors_does_not_hide_the_best_fit():
    panel, traits = basque_country(spain=True)
    estimate = hub.synthetic_control(panel, predictors=traits)
    assert estimate.pre_rmspe**2 <= 0.00429


@pytest.mark.parametrize("spain", [False, True])
def test_a_donor_without_weight_can_be_left_out_and_nothing_changes(spain):
    panel, traits = basque_country(spain)
    estimate = hub.synthetic_control(panel, predictors=traits)
    weights = estimate.unit_weights
    idle = [d for d in weights.index[weights < 1e-9] if d.startswith(("M", "C", "S"))]
    assert len(idle) >= 2
    for donor in idle[:2]:
        other = hub.synthetic_control(panel.drop([donor]), predictors=traits)
        assert other.pre_rmspe == pytest.approx(estimate.pre_rmspe, rel=1e-3)


def test_importances_found_without_a_donor_fit_no_better_once_she_is_back(basque):
    panel, traits = basque
    estimate = hub.synthetic_control(panel, predictors=traits)
    weights = estimate.unit_weights
    for donor in weights.index[weights > 1e-3]:
        other = hub.synthetic_control(panel.drop([donor]), predictors=traits)
        back = hub.synthetic_control(
            panel, predictors=traits, importance=other.predictor_weights
        )
        assert back.pre_rmspe >= estimate.pre_rmspe * (1 - 1e-4)


def test_leaving_out_a_donor_who_only_looks_alike_can_improve_the_fit():
    """The inner problem takes who matches the predictors, whatever her outcomes do."""
    panel = hub.simulate_panel(units=8, periods=10, treated=1, start=8, seed=3)
    traits = pd.DataFrame({"a": range(8), "b": [3, 1, 4, 1, 5, 9, 2, 6]}, panel.units)
    twin = panel.donors[0]
    traits.loc[twin] = traits.loc[panel.treated[0]]
    with_twin, without = (
        hub.synthetic_control(p, predictors=traits.astype(float))
        for p in (panel, panel.drop([twin]))
    )
    assert with_twin.unit_weights[twin] == pytest.approx(1, abs=0.01)
    assert without.pre_rmspe < with_twin.pre_rmspe


@pytest.mark.parametrize("seed", range(3))
def test_no_importances_among_many_that_are_drawn_fit_clearly_better(seed):
    rng = np.random.default_rng(seed)
    panel = hub.simulate_panel(units=9, periods=12, treated=1, start=11, seed=seed)
    traits = pd.DataFrame(rng.normal(size=(9, 3)), panel.units, ["a", "b", "c"])
    traits = traits.assign(early=panel.frame[2], late=panel.frame[9])
    fit = hub.synthetic_control(panel, predictors=traits).pre_rmspe
    for _ in range(100):
        drawn = pd.Series(10 ** rng.uniform(-6, 0, 5), traits.columns)
        other = hub.synthetic_control(panel, predictors=traits, importance=drawn)
        # Of several optima rounding chooses: the first of these problems ends a
        # twentieth higher with two threads than with one.
        assert fit <= other.pre_rmspe * 1.02


@pytest.mark.parametrize(
    ("importance", "fault"),
    [
        ({"a": 1.0}, "must be a series"),
        (pd.Series({"a": 1.0}), "nothing for b"),
        (pd.Series({"a": 1.0, "b": -1.0}), "not negative"),
        (pd.Series({"a": 0.0, "b": 0.0}), "not all zero"),
        (pd.Series({"a": np.nan, "b": 1.0}), "must be finite"),
    ],
)
def test_importances_that_cannot_be_used_are_refused(importance, fault):
    panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
    traits = panel.frame[[1, 2]].set_axis(["a", "b"], axis=1)
    with pytest.raises(ValueError, match=fault):
        hub.synthetic_control(panel, predictors=traits, importance=importance)
    with pytest.raises(ValueError, match="give these too"):
        hub.synthetic_control(panel, importance=importance)


def test_predictors_that_many_mixes_match_leave_the_choice_to_the_outcomes(california):
    lags = california.frame[[1975, 1988]]
    one, two = (
        hub.synthetic_control(california, predictors=x)
        for x in (lags, lags.assign(again=lags[1975] + lags[1988]))
    )
    for estimate in (one, two):
        assert np.allclose(estimate.balance["treated"], estimate.balance["synthetic"])
    # The best mix among those that match the two years exactly.
    before = california.frame[list(range(1970, 1989))]
    strict = before.mul(np.where(before.columns.isin([1975, 1988]), 1e4, 1.0))
    pool = strict.drop(index="California")
    w = simplex_weights(pool.to_numpy().T, strict.loc["California"].to_numpy())
    gap = before.loc["California"] - w @ before.loc[pool.index]
    assert one.pre_rmspe == pytest.approx(np.sqrt(np.mean(gap**2)), rel=1e-3)
    assert two.pre_rmspe == pytest.approx(one.pre_rmspe, rel=1e-3)


@fast
@given(st.integers(0, 999))
def test_units_of_measurement_and_order_do_not_matter(seed):
    panel = hub.simulate_panel(units=9, periods=9, treated=1, start=7, seed=seed)
    lags = panel.frame[[1, 3, 5]]
    order = np.random.default_rng(seed).permutation(9)
    one = hub.synthetic_control(panel, predictors=lags)
    for scale, other in (
        (1, hub.synthetic_control(panel.take(order), predictors=lags)),
        (1, hub.synthetic_control(panel, predictors=lags * [1024.0, 1.0, 0.5] + 4.0)),
        (
            1024,
            hub.synthetic_control(
                panel.with_frame(panel.frame * 1024.0), predictors=lags
            ),
        ),
    ):
        assert other.pre_rmspe == pytest.approx(scale * one.pre_rmspe, rel=0.01)
    assert one.unit_weights.sum() == pytest.approx(1)


def test_no_importances_fit_better_than_the_outcomes_and_few_fit_worse(california):
    three = california.frame[[1975, 1980, 1988]]
    nested = hub.synthetic_control(california, predictors=three)
    plain = hub.synthetic_control(california)
    assert nested.pre_rmspe >= plain.pre_rmspe - 1e-9
    rng = np.random.default_rng(0)
    x = (three / three.std()).to_numpy()
    is_treated = california.units == "California"
    y = california.values[:, :19]
    for _ in range(300):
        v = np.sqrt(rng.dirichlet(np.ones(3) * 0.5))
        w = simplex_weights(v[:, None] * x[~is_treated].T, v * x[is_treated][0])
        gap = y[is_treated][0] - w @ y[~is_treated]
        assert nested.pre_rmspe <= np.sqrt(np.mean(gap**2)) * (1 + 1e-6)


def test_the_choice_is_the_same_every_time(california):
    three = california.frame[[1975, 1980, 1988]]
    one, two = (
        hub.synthetic_control(california, predictors=three).unit_weights for _ in "ab"
    )
    assert one.equals(two)
