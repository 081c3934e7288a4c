"""What an estimate has, and what it says of what it has not."""

import pickle

import pandas as pd
import pytest

import hubanalysis as hub
from tests.draws import draw


def test_what_an_estimator_cannot_give_is_absent_and_says_why():
    estimate = hub.synthetic_control(draw(0))
    assert not hasattr(estimate, "se")
    with pytest.raises(AttributeError, match="placebo_in_space"):
        estimate.interval()


def test_it_prints_its_facts_the_same_every_time():
    panel = hub.simulate_panel(units=9, periods=8, treated=3, start=6, seed=0)
    told = repr(hub.did(panel))
    assert told == repr(hub.did(panel))
    for fact in ("treated", "u01, u02, u03, from 6", "standard error", "95% interval"):
        assert fact in told
    assert "note 1" in told
    assert "<table" in hub.did(panel)._repr_html_()


def test_it_names_the_first_and_the_last_period():
    panel = hub.simulate_panel(units=9, periods=8, treated=3, start=6, seed=0)
    assert hub.did(panel).summary().loc["periods", "value"] == "1 to 8"


def test_errors_before_and_after_are_root_mean_squares_of_the_path():
    path = pd.DataFrame({"effect": [3.0, 4.0, 0.0, 6.0, 8.0]}, index=[-3, -2, -1, 0, 1])
    estimate = hub.Estimate("mine", 7.0, draw(0), parts={"path": path})
    assert estimate.pre_rmspe == pytest.approx((25 / 3) ** 0.5)
    assert estimate.post_rmspe == pytest.approx(50**0.5)


def test_without_a_standard_error_none_is_printed():
    panel = hub.simulate_panel(units=9, periods=8, treated=2, start=6, seed=0)
    assert "standard error" not in repr(hub.synthetic_control(panel))


ASK = {
    "did": hub.did,
    "event study": hub.event_study,
    "imputation": hub.imputation,
    "synthetic control": hub.synthetic_control,
    "synthetic did": hub.synthetic_did,
    "dynamic": lambda p: hub.group_time_att(p, draws=9).aggregate("dynamic"),
}


@pytest.mark.parametrize("name", ASK)
def test_an_estimate_is_pickled_with_all_it_has(name):
    estimate = ASK[name](draw(1, treated=4))
    again = pickle.loads(pickle.dumps(estimate))
    assert repr(again) == repr(estimate)
    pd.testing.assert_frame_equal(again.path, estimate.path)


@pytest.mark.parametrize("name", ASK)
def test_an_estimate_becomes_a_table_of_terms(name):
    estimate = ASK[name](draw(1, treated=4))
    table = estimate.to_frame(level=0.9)
    assert list(table) == [
        "term",
        "estimate",
        "std_error",
        "p_value",
        "lower",
        "upper",
    ]
    first = table.iloc[0]
    assert (first["term"], first["estimate"]) == ("att", estimate.att)
    if hasattr(estimate, "se"):
        assert (first["lower"], first["upper"]) == pytest.approx(estimate.interval(0.9))
        assert (first["p_value"] < 0.1) == (first["lower"] * first["upper"] > 0)
    else:
        assert table[["std_error", "p_value", "lower", "upper"]].isna().all(axis=None)
    text = estimate.to_latex(digits=2)
    assert f"att & {estimate.att:.2f}" in text
    assert text.count(r"\\") == len(table) + 1


def test_effects_by_group_are_pickled_too():
    effects = hub.group_time_att(draw(1, treated=4), draws=9)
    again = pickle.loads(pickle.dumps(effects))
    pd.testing.assert_frame_equal(again.table, effects.table)


def test_small_outcomes_keep_their_digits():
    panel = hub.simulate_panel(units=20, periods=6, treated=8, start=4, seed=0)
    small = panel.with_frame(panel.frame * 1e-6)
    told = hub.did(small).summary()["value"]
    assert float(told["att"]) == pytest.approx(hub.did(small).att, rel=1e-2)
    assert float(told["standard error"]) > 0
