"""How far effects by group and period may be off."""

from dataclasses import replace

import numpy as np
import pandas as pd

import hubanalysis as hub
from hubanalysis.estimators import group_time_spread
from tests.estimators.staggered import panel_of


def test_bands_are_seeded_and_do_not_depend_on_the_chunks(monkeypatch):
    panel = panel_of(units=100)
    table = hub.group_time_att(panel, seed=3).table
    pd.testing.assert_frame_equal(table, hub.group_time_att(panel, seed=3).table)
    assert not table.equals(hub.group_time_att(panel, seed=4).table)
    monkeypatch.setattr(group_time_spread, "CHUNK", 1)
    pd.testing.assert_frame_equal(table, hub.group_time_att(panel, seed=3).table)


def test_signs_are_plus_or_minus_one_in_equal_measure():
    effects = hub.group_time_att(panel_of(units=100), draws=4000)
    spread = effects._spread.boot @ effects._spread.link / 100
    analytic = effects.table["se"]
    np.testing.assert_allclose(spread.mean(axis=0) / analytic, 0, atol=0.08)
    np.testing.assert_allclose(spread.std(axis=0) / analytic, 1, atol=0.06)


def test_the_last_of_130_units_is_given_signs_like_all_others():
    panel = panel_of(units=130)
    values = panel.values.copy()
    values[-1] *= 1e4
    effects = hub.group_time_att(replace(panel, values=values), draws=2000)
    spread = (effects._spread.boot @ effects._spread.link / 130).std(axis=0)
    np.testing.assert_allclose(spread / effects.table["se"], 1, atol=0.06)


def test_a_band_is_an_order_statistic_of_the_largest_of_all_cells():
    effects = hub.group_time_att(panel_of(), draws=8, level=0.5)
    drawn = np.sort(effects._spread.boot @ effects._spread.link / 24, axis=0)
    # The second and the sixth of eight are a quarter and three quarters of them.
    scale = (drawn[5] - drawn[1]) / (2 * 0.6744898)
    worst = np.abs(effects._spread.boot @ effects._spread.link / 24) / scale
    half = np.sort(worst.max(axis=1))[3] * scale
    np.testing.assert_allclose(effects.table["upper"] - effects.att, half, rtol=1e-6)
    np.testing.assert_allclose(effects.att - effects.table["lower"], half, rtol=1e-6)


def test_bands_for_all_cells_are_wider_than_intervals_for_one():
    effects = hub.group_time_att(panel_of(units=200), draws=1999)
    table = effects.table
    assert (table["lower"] < table["pointwise_lower"]).all()
    assert (table["upper"] > table["pointwise_upper"]).all()
    path = effects.aggregate("dynamic").path
    ratio = (path["upper"] - path["effect"]) / path["se"]
    assert ratio.between(2.2, 3.6).all()


def test_influence_adds_up_to_the_standard_errors():
    effects = hub.group_time_att(panel_of(units=60), draws=0)
    influence = effects._spread.influence()
    errors = np.sqrt((influence**2).sum(axis=0)) / 60
    np.testing.assert_allclose(errors, effects.table["se"], rtol=1e-10)
    covariance = effects._spread.covariance(effects._spread.link.toarray())
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), errors, rtol=1e-10)


def test_two_clusters_of_treated_units_give_no_interval_however_many_units_they_hold():
    panel = panel_of(units=60)
    order = {unit: k for k, unit in enumerate(panel.units)}
    # All treated in two states, all others in ten.
    states = {
        u: f"t{order[u] % 2}" if u in panel.treated else f"c{order[u] % 10}"
        for u in panel.units
    }
    plain, clustered = (
        hub.group_time_att(panel, draws=99, clusters=c) for c in (None, states)
    )
    assert "lower" in plain.table
    assert plain.table["pointwise_lower"].notna().all()
    assert "lower" not in clustered.table
    assert clustered.table["pointwise_lower"].isna().all()
    assert clustered.aggregate("simple").no_interval.startswith("2 treated and 10")
