"""Synthetic control, with predictors and without."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.draws import draw


def test_a_bad_fit_and_a_lone_donor_are_noted_beside_the_result():
    panel = draw(0, treated=1)
    frame = panel.frame.copy()
    frame.iloc[0] += 100
    notes = hub.synthetic_control(panel.with_frame(frame)).notes
    assert any("bad fit" in note for note in notes)
    assert any("almost alone" in note for note in notes)


@pytest.fixture(scope="module")
def california():
    table = hub.load("validation/prop99")
    return hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )


def test_an_effect_planted_without_noise_is_found():
    panel = hub.simulate_panel(
        units=12, periods=12, treated=1, start=9, noise=0.0, seed=2
    )
    mix = np.append(np.repeat(0.25, 4), np.zeros(7))
    frame = panel.frame.copy()
    frame.iloc[0] = mix @ frame.iloc[1:] + 3.0 * (frame.columns >= 9)
    exact = panel.with_frame(frame)
    estimate = hub.synthetic_control(exact, predictors=frame[[1, 4, 8]])
    assert estimate.att == pytest.approx(3.0, abs=1e-4)


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
        (lambda x: x[1975], r"must be a frame with units as rows"),
        (lambda x: x[[]], r"must be a frame with units as rows"),
        (lambda x: pd.concat([x, x.loc[["Utah"]]]), r"more than one row for Utah"),
        (
            lambda x: x.assign(a=pd.array([pd.NA, *[1] * 38], "Int64")),
            r"missing or infinite: Alabama in a",
        ),
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
