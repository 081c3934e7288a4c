"""Every public result prints, is pickled with all it has, and becomes a table."""

import inspect
import pickle

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.words.framed import TERMS, Framed, FramedAtLevel
from tests.results import DATED, PANEL, RESULTS

# What holds these, or data, or is there to be shown.
OTHERS = {
    *("Battery", "Case", "OutcomePlan", "Plan", "Verdict", "Estimator", "Homework"),
    *("CrossSections", "DataError", "HubError", "Panel"),
    *("Card", "Figure", "Landing", "Offer", "Sources", "Table", "Widget"),
}
NOT_TERMS = {"Contest", "Power", "PowerBefore"}
each_result = pytest.mark.parametrize("name", RESULTS)


def test_no_public_class_is_forgotten():
    classes = {name for name in hub.__all__ if inspect.isclass(getattr(hub, name))}
    assert classes == set(RESULTS) | OTHERS
    framed = {
        name
        for name in classes
        if issubclass(getattr(hub, name), Framed | FramedAtLevel)
    }
    assert framed == set(RESULTS)


@each_result
def test_a_result_comes_back_from_a_pickle_as_it_was(name):
    result = RESULTS[name]()
    again = pickle.loads(pickle.dumps(result))
    assert type(result) is getattr(hub, name)
    assert repr(again) == repr(result)
    assert again._repr_html_() == result._repr_html_()
    pd.testing.assert_frame_equal(again.to_frame(), result.to_frame())


@each_result
def test_a_result_prints_in_a_few_lines_and_as_html(name):
    result = RESULTS[name]()
    assert 3 <= len(repr(result).splitlines()) <= 20
    assert " object at 0x" not in repr(result)
    assert result._repr_html_().startswith("<table")


@each_result
def test_a_result_becomes_a_table_and_the_same_in_latex(name):
    result = RESULTS[name]()
    table = result.to_frame()
    if name not in NOT_TERMS:
        assert list(table)[: len(TERMS)] == list(TERMS)
        assert (table["lower"] <= table["estimate"]).any()
        assert not (table["lower"] > table["upper"]).any()
    assert list(table.index) == list(range(len(table)))
    assert result.to_latex(digits=2).count(r"\\") == len(table) + 1


def test_a_battery_says_what_it_asks_and_comes_back_from_a_pickle():
    plan = hub.OutcomePlan(main="did", placebo_periods=(5,))
    battery = hub.Battery("mine", "y", plan, PANEL)
    again = pickle.loads(pickle.dumps(battery))
    assert repr(again) == repr(battery)
    assert "did" in repr(battery)
    assert "14 units" in repr(battery)
    assert again.conclusion == battery.conclusion


def test_a_lot_in_a_table_says_what_it_says_itself():
    lot = RESULTS["Lot"]()
    row = lot.to_frame(0.8).iloc[0]
    assert (row["lower"], row["upper"]) == lot.interval(0.8)
    assert (row["estimate"], row["p_value"]) == (lot.effect, lot.p_value)
    assert row["reported"] == lot.observed
    assert np.isnan(row["std_error"])


def test_placebos_in_a_table_say_what_they_say_themselves():
    placebos = RESULTS["Placebos"]()
    row = placebos.to_frame(0.8).iloc[0]
    assert (row["lower"], row["upper"]) == placebos.interval(0.8)
    assert (row["estimate"], row["std_error"]) == (placebos.observed, placebos.sd)
    assert row["p_value"] == placebos.p_value_plus_one


def test_a_band_in_a_table_is_the_one_that_holds_everywhere_at_once():
    band = RESULTS["Band"]()
    table = band.to_frame().set_index("term")
    assert table.index.tolist() == [str(time) for time in band.path.index]
    np.testing.assert_array_equal(table["estimate"], band.path["effect"])
    for column in ("lower", "upper", "reported"):
        np.testing.assert_array_equal(table[column], band.path[column])


def test_effects_by_group_in_a_table_have_their_own_intervals_at_the_level_asked_for():
    effects = hub.group_time_att(DATED, draws=49, level=0.8)
    table = effects.to_frame()
    own = effects.table
    for ours, theirs in (("lower", "pointwise_lower"), ("upper", "pointwise_upper")):
        np.testing.assert_allclose(table[ours], own[theirs], rtol=1e-12)
    np.testing.assert_array_equal(table["std_error"], own["se"])
    cells = [f"{g} in {t}" for g, t in zip(own["group"], own["period"])]
    assert table["term"].tolist() == cells
    beyond = table["lower"] * table["upper"] > 0
    np.testing.assert_array_equal(table["p_value"] < 0.2, beyond)


def test_effects_by_group_have_no_interval_where_two_units_give_none():
    pair = hub.simulate_panel(units=12, periods=6, treated=2, start=4, seed=2)
    table = hub.group_time_att(pair, draws=0).to_frame()
    assert table["std_error"].notna().all()
    assert table[["p_value", "lower", "upper"]].isna().all(axis=None)


def test_a_wild_bootstrap_in_a_table_is_at_its_own_level():
    found = hub.wild_cluster_bootstrap(PANEL, draws=99, level=0.8)
    row = found.to_frame().iloc[0]
    assert (row["lower"], row["upper"]) == found.interval
    assert (row["estimate"], row["std_error"]) == (found.att, found.se)
    assert row["p_value"] == found.p_value


def test_a_contest_in_a_table_names_estimators_and_horizons():
    estimators = [hub.did, hub.synthetic_did]
    found = hub.contest(PANEL, estimators, horizon=[1, 2], draws=49, redraws=9)
    table = found.to_frame()
    assert list(table)[:2] == ["horizon", "estimator"]
    assert len(table) == 4


def test_the_power_of_several_designs_stands_in_one_table():
    both = [RESULTS[name]() for name in ("Power", "PowerBefore")]
    table = pd.concat([found.to_frame() for found in both])
    assert table["mde"].tolist() == [float(found) for found in both]
    assert (table["power"] == 0.8).all()
