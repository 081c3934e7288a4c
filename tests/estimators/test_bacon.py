"""The Goodman-Bacon decomposition: an identity, on any balanced panel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub


def panel_of(seed, start=(3, 5, 8), units=30, treated=20, **more):
    return hub.simulate_panel(
        units=units, periods=9, treated=treated, start=list(start), seed=seed, **more
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    start=st.sets(st.integers(2, 9), min_size=1, max_size=5),
    treated=st.integers(5, 25),
)
def test_the_weighted_mean_of_comparisons_is_the_two_way_estimate(seed, start, treated):
    panel = panel_of(seed, start, treated=treated, effect=lambda k: 1 + k)
    table = hub.bacon_decomposition(panel)
    assert table["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (table["weight"] > 0).all()
    mean = (table["weight"] * table["estimate"]).sum()
    assert mean == pytest.approx(hub.did(panel).att, abs=1e-10)


def test_it_holds_without_never_treated_units():
    panel = panel_of(1)
    panel = panel.drop(panel.donors)
    table = hub.bacon_decomposition(panel)
    assert set(table["kind"]) == {"earlier_vs_later", "later_vs_earlier"}
    mean = (table["weight"] * table["estimate"]).sum()
    assert mean == pytest.approx(hub.did(panel).att, abs=1e-10)


def test_every_pair_of_groups_is_compared_both_ways():
    table = hub.bacon_decomposition(panel_of(0))
    assert list(table.columns) == ["treated", "control", "kind", "weight", "estimate"]
    assert table["kind"].value_counts().to_dict() == {
        "treated_vs_never": 3,
        "earlier_vs_later": 3,
        "later_vs_earlier": 3,
    }


def test_one_date_leaves_one_comparison():
    panel = panel_of(0, start=[5])
    table = hub.bacon_decomposition(panel)
    assert table["weight"].tolist() == [1.0]
    assert table["estimate"].item() == pytest.approx(hub.did(panel).att)


def test_effects_that_grow_turn_forbidden_comparisons_negative():
    panel = panel_of(0, effect=lambda k: 1.0 + k, noise=0.0, factors=0)
    by_kind = hub.bacon_decomposition(panel).groupby("kind")["estimate"]
    assert (by_kind.max()["later_vs_earlier"]) < 0
    assert (by_kind.min()[["earlier_vs_later", "treated_vs_never"]] > 0).all()


def test_constant_effects_make_all_comparisons_alike():
    panel = panel_of(0, effect=2.0, noise=0.0, factors=0)
    np.testing.assert_allclose(hub.bacon_decomposition(panel)["estimate"], 2.0)


def test_a_hole_is_refused_by_name():
    panel = panel_of(0)
    long = panel.frame.rename_axis("u").reset_index().melt("u", var_name="t")
    long["t"] = long["t"].astype(int)
    long = long.drop(index=long.query("u == 'u03' and t == 4").index)
    holed = hub.Panel.from_long(
        long, "u", "t", "value", panel.first_treated, balanced=False
    )
    with pytest.raises(ValueError, match=r"needs every cell.*u03 in 4"):
        hub.bacon_decomposition(holed)


def test_a_panel_without_treatment_is_refused():
    with pytest.raises(ValueError, match="no unit is treated"):
        hub.bacon_decomposition(panel_of(0).treat({}))
