"""Resampling whole units: the wild bootstrap and the jackknife."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub

fast = settings(max_examples=10, deadline=None, derandomize=True)


def draw(seed=0, **kwargs):
    options = {"units": 10, "periods": 8, "treated": 5, "start": 5, "effect": 1.0}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def by_refitting(panel, null):
    """The same test by the book: one regression for every sign pattern."""
    n = len(panel.units)
    shifted = panel.values - null * panel.treatment

    def net(v):
        v = v - v.mean(axis=1, keepdims=True)
        return v - v.mean(axis=0)

    d, u = net(panel.treatment.astype(float)), net(shifted)

    def t(y):
        tau = np.sum(d * y) / np.sum(d * d)
        return tau / np.sqrt(np.sum(np.sum(d * (y - tau * d), axis=1) ** 2))

    bits = np.arange(2**n)[:, None] >> np.arange(n) & 1
    flipped = [t(net((1.0 - 2.0 * b)[:, None] * u)) for b in bits]
    return np.mean(np.abs(flipped) >= abs(t(u)) * (1 - 1e-9))


def test_the_quick_algebra_equals_one_regression_for_every_sign_pattern():
    panel = draw(1, units=8, treated=4)
    test = hub.wild_cluster_bootstrap(panel)
    assert test.enumerated
    assert test.draws == 256
    assert test.p_value == pytest.approx(by_refitting(panel, 0.0))


def test_the_interval_is_where_p_crosses_the_level():
    panel = draw(1, units=8, treated=4)
    low, high = hub.wild_cluster_bootstrap(panel).interval
    for end, inward in ((low, 1e-6), (high, -1e-6)):
        assert by_refitting(panel, end + inward) > 0.05
        assert by_refitting(panel, end - inward) <= 0.05


@fast
@given(st.integers(0, 9999), st.floats(-9, 9))
def test_unit_period_and_constant_effects_change_no_p_value(seed, constant):
    panel = draw(seed)
    rng = np.random.default_rng(seed)
    moved = panel._with(
        panel.frame + constant + rng.normal(size=(10, 1)) + rng.normal(size=8)
    )
    one, two = (hub.wild_cluster_bootstrap(p).p_value for p in (panel, moved))
    assert two == pytest.approx(one, abs=1e-9)


@fast
@given(st.integers(0, 9999), st.floats(0.1, 9))
def test_scaling_scales_the_interval(seed, factor):
    panel = draw(seed)
    one = hub.wild_cluster_bootstrap(panel).interval
    two = hub.wild_cluster_bootstrap(panel._with(panel.frame * factor)).interval
    assert np.allclose(two, np.array(one) * factor, rtol=1e-4, atol=1e-6)


def test_many_units_are_drawn_with_a_seed_and_repeat():
    panel = draw(2, units=30, treated=12)
    one, two = (hub.wild_cluster_bootstrap(panel, draws=999, seed=3) for _ in "ab")
    assert not one.enumerated
    assert one.draws == 999
    assert one.p_value == two.p_value
    assert one.interval == two.interval


def test_one_treated_unit_gets_a_warning():
    test = hub.wild_cluster_bootstrap(draw(3, treated=1, effect=50.0))
    assert any("keeps no level" in note for note in test.notes)
    assert not hub.wild_cluster_bootstrap(draw(3)).notes


def test_the_jackknife_is_leaving_out_each_unit_with_weights_kept():
    panel = draw(4, units=14, treated=4)
    full = hub.synthetic_did(panel)
    w, v = full.unit_weights, full.time_weights.to_numpy()
    change = panel.frame.iloc[:, 4:].mean(axis=1) - panel.frame.iloc[:, :4] @ v
    without = []
    for unit in panel.units:
        donors = w.drop(unit, errors="ignore")
        treated = [u for u in panel.treated if u != unit]
        mix = change[donors.index] @ donors / donors.sum()
        without.append(change[treated].mean() - mix)
    variance = 13 / 14 * np.sum((np.array(without) - full.att) ** 2)
    assert hub.jackknife(panel) == pytest.approx(np.sqrt(variance))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda p: hub.jackknife(p.drop(p.treated[1:])), "at least two treated units"),
        (lambda p: hub.jackknife(p.treat({})), "no unit is treated"),
        (
            lambda p: hub.jackknife(p.treat({"u01": 4, "u02": 5})),
            "start at different times",
        ),
        (lambda p: hub.wild_cluster_bootstrap(p, level=1.0), "level must lie"),
        (lambda p: hub.wild_cluster_bootstrap(p, draws=0), "draws must be at least 1"),
        (lambda p: hub.wild_cluster_bootstrap(p.treat({})), "no unit is treated"),
        (lambda p: hub.wild_cluster_bootstrap(p.keep(p.treated)), "no donor is left"),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act(draw())


def test_a_panel_with_holes_is_refused():
    df = draw().frame.stack().rename("y").reset_index().drop(index=5)
    holed = hub.Panel.from_long(df, "unit", "period", "y", {"u01": 5}, balanced=False)
    with pytest.raises(ValueError, match="wild_cluster_bootstrap needs every cell"):
        hub.wild_cluster_bootstrap(holed)
