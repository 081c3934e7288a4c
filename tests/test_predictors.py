"""Synthetic control with predictors, and the nested choice of their importance."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub


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


def test_no_importances_fit_better_than_the_outcomes_and_few_fit_worse(california):
    three = california.frame[[1975, 1980, 1988]]
    nested = hub.synthetic_control(california, predictors=three)
    plain = hub.synthetic_control(california)
    assert nested.pre_rmspe >= plain.pre_rmspe - 1e-9
    rng = np.random.default_rng(0)
    from hubanalysis.simplex import simplex_weights

    x = (three / three.std()).to_numpy()
    is_treated = california.units == "California"
    y = california.values[:, :19]
    for _ in range(300):
        v = np.sqrt(rng.dirichlet(np.ones(3) * 0.5))
        w = simplex_weights(v[:, None] * x[~is_treated].T, v * x[is_treated][0])
        gap = y[is_treated][0] - w @ y[~is_treated]
        assert nested.pre_rmspe <= np.sqrt(np.mean(gap**2)) + 1e-3


def test_the_choice_is_the_same_every_time(california):
    three = california.frame[[1975, 1980, 1988]]
    one, two = (
        hub.synthetic_control(california, predictors=three).unit_weights for _ in "ab"
    )
    assert one.equals(two)


def test_balance_sets_the_treated_beside_its_mix_and_all_donors(california):
    three = california.frame[[1975, 1980, 1988]]
    estimate = hub.synthetic_control(california, predictors=three)
    balance = estimate.balance
    assert np.allclose(balance["treated"], three.loc["California"])
    weights = estimate.unit_weights
    assert np.allclose(balance["synthetic"], weights @ three.loc[weights.index])


def test_several_treated_units_each_have_importances_of_their_own():
    panel = hub.simulate_panel(units=12, periods=10, treated=2, start=7, seed=0)
    lags = panel.frame[[1, 3, 6]]
    estimate = hub.synthetic_control(panel, predictors=lags)
    assert estimate.predictor_weights.shape == (3, 2)
    assert np.allclose(estimate.predictor_weights.sum(), 1)


def test_placebos_run_with_predictors_too():
    panel = hub.simulate_panel(units=8, periods=10, treated=1, start=7, seed=0)
    chosen = partial(hub.synthetic_control, predictors=panel.frame[[1, 6]])
    assert len(hub.placebo_in_space(panel, chosen).estimates) == 7


def test_without_predictors_there_are_no_importances(california):
    assert not hasattr(hub.synthetic_control(california), "predictor_weights")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x.drop(index="Utah"), r"no row for Utah"),
        (lambda x: x.assign(a="text"), r"must be numbers; a is not"),
        (lambda x: x.assign(a=1.0), r"a is the same for California and all donors"),
        (
            lambda x: x.drop(index="Utah").reindex(x.index),
            r"missing or infinite: Utah in 1975",
        ),
        (lambda x: x.replace(x.iloc[0, 0], np.inf), r"missing or infinite"),
    ],
)
def test_bad_predictors_are_refused_by_name(california, change, message):
    good = california.frame[[1975, 1988]]
    with pytest.raises(ValueError, match=message):
        hub.synthetic_control(california, predictors=change(good))


def test_predictors_with_an_intercept_are_refused(california):
    lags = pd.DataFrame(california.frame[[1975]])
    with pytest.raises(ValueError, match="cannot be asked for together"):
        hub.synthetic_control(california, predictors=lags, intercept=True)
