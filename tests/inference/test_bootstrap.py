"""Resampling whole units: the wild bootstrap and the jackknife."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub

fast = settings(max_examples=10, deadline=None)


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


def test_at_the_lowest_level_it_is_found_to_a_millionth():
    panel = draw(1, units=8, treated=4)
    test = hub.wild_cluster_bootstrap(panel, level=0.5)
    low, high = test.interval
    assert low < test.att < high
    for end, inward in ((low, 1e-6), (high, -1e-6)):
        assert by_refitting(panel, end + inward) > 0.5
        assert by_refitting(panel, end - inward) <= 0.5


def test_dates_of_adoption_may_differ():
    panel = draw(5, units=8, treated=5, start=[4, 6], effect=0.5)
    assert len(panel.cohorts) == 2
    test = hub.wild_cluster_bootstrap(panel)
    assert test.p_value == pytest.approx(by_refitting(panel, 0.0))
    assert test.p_value != hub.wild_cluster_bootstrap(panel.treat({"u01": 4})).p_value


@pytest.mark.parametrize("treated", [2, 5])
@pytest.mark.parametrize("start", [4, [4, 6]])
def test_estimate_and_standard_error_are_those_of_did(treated, start):
    panel = draw(6, treated=treated, start=start)
    test, plain = hub.wild_cluster_bootstrap(panel), hub.did(panel)
    assert test.att == pytest.approx(plain.att)
    assert test.se == pytest.approx(plain.se)
    assert test.t == pytest.approx(plain.att / plain.se)


def test_no_effect_outside_the_interval_is_kept_and_the_estimate_is_inside():
    for seed in range(5):
        panel = draw(seed, units=7, treated=3)
        test = hub.wild_cluster_bootstrap(panel)
        low, high = test.interval
        assert low < test.att < high
        for far in (1.001, 1.1, 1.5, 2.0, 4.0, 16.0, 256.0):
            for end in (low, high):
                null = test.att + far * (end - test.att)
                shifted = panel.with_frame(panel.frame - null * panel.treatment)
                assert hub.wild_cluster_bootstrap(shifted).p_value <= 0.05


def test_drawn_signs_come_near_to_all_of_them():
    panel = draw(7, units=12, treated=6, effect=0.4)
    every = hub.wild_cluster_bootstrap(panel)
    drawn = hub.wild_cluster_bootstrap(panel, draws=4000)
    assert every.enumerated
    assert not drawn.enumerated
    noise = np.sqrt(every.p_value * (1 - every.p_value) / 4000)
    assert abs(drawn.p_value - every.p_value) < 4 * noise
    assert drawn.interval == pytest.approx(every.interval, rel=0.1)


def test_signs_drawn_in_several_blocks_are_still_signs(monkeypatch):
    panel = draw(7, units=20, treated=9)
    whole = hub.wild_cluster_bootstrap(panel, draws=3000)
    monkeypatch.setattr("hubanalysis.inference.bootstrap.BLOCK", 20 * 512)
    blocks = hub.wild_cluster_bootstrap(panel, draws=3000)
    assert blocks.draws == 3000
    assert blocks.p_value == pytest.approx(whole.p_value, abs=0.05)


def test_the_signs_found_count_beside_those_drawn_however_many_fit_into_a_block(
    monkeypatch,
):
    monkeypatch.setattr("hubanalysis.inference.bootstrap.BLOCK", 20 * 250)
    test = hub.wild_cluster_bootstrap(draw(7, units=20, treated=9), draws=500)
    beyond = test.p_value * 501
    assert 1 < beyond < 500
    assert beyond == pytest.approx(round(beyond), abs=1e-6)


def test_five_units_can_reject_nothing_and_say_so():
    test = hub.wild_cluster_bootstrap(draw(8, units=5, treated=2, effect=50.0))
    assert test.interval == (-np.inf, np.inf)
    assert test.p_value >= 2 / 2**5
    assert any("16 distinct sign patterns" in note for note in test.notes)


def test_an_effect_planted_without_noise_is_the_interval():
    panel = draw(9, effect=2.0, noise=0.0, factors=0)
    test = hub.wild_cluster_bootstrap(panel)
    assert test.interval == pytest.approx((2.0, 2.0))
    # Who is treated one way, all others one way: four patterns are as far out.
    assert test.p_value == 4 / 2**10


@fast
@given(st.integers(0, 9999))
def test_the_order_of_units_does_not_matter(seed):
    panel = draw(seed)
    order = np.random.default_rng(seed).permutation(10)
    one, two = (hub.wild_cluster_bootstrap(p) for p in (panel, panel.take(order)))
    assert two.p_value == one.p_value
    assert two.interval == pytest.approx(one.interval)


def test_it_prints_as_a_short_table():
    text = repr(hub.wild_cluster_bootstrap(draw(1)))
    assert [line.split("  ")[0] for line in text.splitlines()[-6:]] == [
        "att",
        "standard error",
        "t",
        "p value",
        "95% interval",
        "sign patterns (all)",
    ]
    assert text == repr(hub.wild_cluster_bootstrap(draw(1)))


@fast
@given(st.integers(0, 9999), st.floats(-9, 9))
def test_unit_period_and_constant_effects_change_no_p_value(seed, constant):
    panel = draw(seed)
    rng = np.random.default_rng(seed)
    moved = panel.with_frame(
        panel.frame + constant + rng.normal(size=(10, 1)) + rng.normal(size=8)
    )
    one, two = (hub.wild_cluster_bootstrap(p).p_value for p in (panel, moved))
    assert two == pytest.approx(one, abs=1e-9)


@fast
@given(st.integers(0, 9999), st.floats(0.1, 9))
def test_scaling_scales_the_interval(seed, factor):
    panel = draw(seed)
    one = hub.wild_cluster_bootstrap(panel).interval
    two = hub.wild_cluster_bootstrap(panel.with_frame(panel.frame * factor)).interval
    assert np.allclose(two, np.array(one) * factor, rtol=1e-4, atol=1e-6)


def test_many_units_are_drawn_with_a_seed_and_repeat():
    panel = draw(2, units=30, treated=12)
    one, two = (hub.wild_cluster_bootstrap(panel, draws=999, seed=3) for _ in "ab")
    assert not one.enumerated
    assert one.draws == 999
    assert one.p_value == two.p_value
    assert one.interval == two.interval


@pytest.mark.parametrize("treated", [1, 4])
def test_four_treated_units_or_fewer_get_a_warning(treated):
    test = hub.wild_cluster_bootstrap(draw(3, treated=treated, effect=50.0))
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
        (lambda p: hub.jackknife(p.drop(p.treated[1:])), "at least 3 treated units"),
        (lambda p: hub.jackknife(p.treat({})), "no unit is treated"),
        (
            lambda p: hub.jackknife(p.treat({"u01": 4, "u02": 5})),
            "start at different times",
        ),
        (lambda p: hub.wild_cluster_bootstrap(p, level=1.0), "level must lie"),
        (lambda p: hub.wild_cluster_bootstrap(p, level=0.0), "level must lie"),
        (
            lambda p: hub.wild_cluster_bootstrap(p, draws=0),
            "draws must be a whole number of at least 1",
        ),
        (lambda p: hub.wild_cluster_bootstrap(p.treat({})), "no unit is treated"),
        (lambda p: hub.wild_cluster_bootstrap(p.keep(p.treated)), "no donor is left"),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act(draw())


def test_the_jackknife_refuses_a_comparison_with_one_donor_alone():
    panel = draw(4, units=5, treated=3)
    slopes = np.array([-900.0, -900.0, -900.0, 0.0, 100.0])
    steep = panel.with_frame(panel.frame + slopes[:, None] * np.arange(8))
    with pytest.raises(ValueError, match="all weight is on one donor"):
        hub.jackknife(steep)


def test_a_panel_with_holes_is_refused():
    df = draw().frame.stack().rename("y").reset_index().drop(index=5)
    holed = hub.Panel.from_long(df, "unit", "period", "y", {"u01": 5}, balanced=False)
    with pytest.raises(ValueError, match="wild_cluster_bootstrap needs every cell"):
        hub.wild_cluster_bootstrap(holed)


def still(effect=1.0, level=0.0, units=8, treated=3):
    """A panel without noise: units differ by level, and the treated move by effect."""
    values = np.ones((units, 6)) + level * np.arange(units)[:, None]
    values[:treated, 3:] += effect
    frame = pd.DataFrame(values, [f"u{i}" for i in range(units)])
    frame.iloc[:, 1] += 1.0
    return hub.Panel.from_wide(frame, {f"u{i}": 3 for i in range(treated)}, "y")


@pytest.mark.parametrize("level", [0.0, 1.1, 1e6 / 7])
def test_without_noise_the_interval_is_the_estimate_and_agrees_with_p(level):
    test = hub.wild_cluster_bootstrap(still(level=level))
    # All treated one way and all others one way: four of 256 patterns.
    assert test.p_value == 4 / 256
    assert test.interval == (test.att, test.att)
    assert test.att == pytest.approx(1)
    assert np.isnan([test.se, test.t]).all()
    assert "comes out as zero" in test.notes[-1]
    for effect in (-100.0, 0.9, 1.1, 100.0):
        panel = still(level=level)
        shifted = panel.with_frame(panel.frame - effect * panel.treatment)
        assert hub.wild_cluster_bootstrap(shifted).p_value == 4 / 256


@pytest.mark.parametrize("level", [0.0, 1e6 / 7])
def test_without_noise_or_effect_nothing_is_rejected_but_all_else(level):
    test = hub.wild_cluster_bootstrap(still(0.0, level))
    assert test.p_value == 1
    assert test.interval == (test.att, test.att)


def test_without_noise_too_few_patterns_reject_nothing():
    test = hub.wild_cluster_bootstrap(still(units=6))
    # Treated and others may be swapped as well: eight of 64 patterns.
    assert test.p_value > 0.05
    assert test.interval == (-np.inf, np.inf)
    assert 0 < hub.wild_cluster_bootstrap(still(units=6), level=0.5).p_value < 0.5
    low, high = hub.wild_cluster_bootstrap(still(units=6), level=0.5).interval
    assert low == high


def test_two_units_have_noise_and_no_standard_error():
    test = hub.wild_cluster_bootstrap(draw(0, units=2, treated=1))
    assert test.interval == (-np.inf, np.inf)
    assert np.isnan(test.se)


def test_the_jackknife_of_figures_without_noise_is_refused():
    with pytest.raises(hub.HubError, match="comes out as zero"):
        hub.jackknife(still(units=10, treated=4))
