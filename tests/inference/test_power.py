"""The detectable effect is the one that is found as often as was said."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hubanalysis as hub
from hubanalysis.inference import power as room
from hubanalysis.inference.power import (
    power_of_lot,
    significance_of,
    sizes_needed,
)
from tests.draws import draw
from tests.inference.lots import ALL, lot_of, mean_gap, planted, small


def found(name, panel, effect):
    """Whether the test finds an effect that is planted, on the side where it is."""
    lot = lot_of(name, planted(panel, effect))
    return lot.p_value <= 0.05 and lot.deviations(0.0)[0] * effect > 0


@pytest.mark.parametrize("name", ["did", "synthetic_control"])
@pytest.mark.parametrize("shape", [(20, 1), (8, 2)])
def test_power_is_planting_the_effect_under_each_assignment_and_testing(name, shape):
    lot = lot_of(name, small(name, 2, *shape, effect=1.0))
    power = power_of_lot(lot)
    without = planted(lot.panel, -lot.effect)
    # What is left has lost one contrast of units, and is widened by what it lost.
    units = shape[0]
    widened = np.sqrt((units - 1) / (units - 2))
    truths = [without.deal(s) for s in lot.starts[1:][~lot.barred[1:]]]
    assert power.truths == len(truths)
    for place in (10, 30, 45):
        size, told = power.curve.index[place], power.curve["power"].iloc[place]
        by_hand = [
            np.mean([found(name, truth, side * size / widened) for truth in truths])
            for side in (1, -1)
        ]
        assert told == pytest.approx(min(by_hand))


@pytest.mark.parametrize(
    ("name", "shape"),
    [("did", (12, 2)), *((name, (20, 1)) for name in ALL)],
)
def test_an_effect_of_the_detectable_size_is_found_in_fresh_panels(name, shape):
    # Panels of the same kind, an effect of the size that another such panel gave. One
    # panel's size is good to a fifth or a third, so this asks it of the middle one.
    sizes = [power_of_lot(lot_of(name, small(name, s, *shape))).mde for s in range(40)]
    size, n = np.median(sizes), 200
    hits = [
        found(name, small(name, 1000 + s, *shape), size * (-1) ** s) for s in range(n)
    ]
    # 2.6 standard errors of the simulation are .07; the rest is the size's own.
    assert np.mean(hits) == pytest.approx(0.8, abs=0.12)


def test_the_detectable_effect_of_normal_outcomes_is_the_textbook_one():
    n = 1001
    after = stats.norm.ppf((np.arange(n) + 0.5) / n)
    names = pd.Index([f"u{i:04d}" for i in range(n)])
    wide = pd.DataFrame({1: 0.0, 2: after}, index=names)
    panel = hub.Panel.from_wide(wide, {names[n // 2]: 2}, "outcome")
    power = hub.minimum_detectable_effect(panel, ALL["did"])
    textbook = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert power.mde == pytest.approx(textbook, abs=0.03)
    assert power.truths == 1000


@pytest.mark.parametrize("name", ["did", "synthetic_control", "synthetic_did"])
def test_the_curve_rises_and_passes_the_wanted_power_at_the_detectable_effect(name):
    lot = lot_of(name, small(name, 5, 20, 1))
    for wanted in (0.5, 0.8, 0.9):
        power = power_of_lot(lot, power=wanted)
        assert power.curve["power"].is_monotonic_increasing
        assert power.curve["power"].between(0, 1).all()
        sizes, told = power.curve.index, power.curve["power"]
        assert (told[sizes >= power.mde * (1 + 1e-9)] >= wanted - 1e-9).all()
        assert (told[sizes < power.mde * (1 - 1e-9)] < wanted).all()


@pytest.mark.parametrize("name", ["did", "synthetic_control", "synthetic_did"])
def test_the_detectable_effect_does_not_hang_on_the_real_one(name):
    panel = small(name, 6, 20, 1)
    sizes = [power_of_lot(lot_of(name, planted(panel, e))).mde for e in (0.0, 9.0)]
    # Time weights of synthetic DiD see an effect on a donor, here as it stands.
    near = 0.15 if name == "synthetic_did" else 1e-9
    assert sizes[1] == pytest.approx(sizes[0], rel=near)


@pytest.mark.parametrize("treated", [1, 2])
def test_a_lot_that_is_there_already_gives_the_same_power(treated):
    panel = draw(5, treated=treated, units=21)
    again = hub.minimum_detectable_effect(panel, hub.synthetic_control)
    lot = hub.randomization_test(panel, hub.synthetic_control)
    lot.interval()
    shared = power_of_lot(lot)
    assert shared.mde == again.mde
    assert shared.curve.equals(again.curve)


@pytest.mark.parametrize("shape", [(20, 1), (7, 2)])
def test_a_function_of_a_readers_own_gets_the_power_of_the_shortcut(shape):
    panel = small("did", 3, *shape)
    own, ours = (power_of_lot(lot_of(name, panel)) for name in ("mean_gap", "did"))
    assert own.truths == ours.truths
    assert own.mde == pytest.approx(ours.mde, rel=1e-6)


def test_with_two_dates_too():
    panel = small("imputation", 4, 7)
    own = hub.minimum_detectable_effect(panel, lambda p: hub.imputation(p))
    ours = power_of_lot(lot_of("imputation", panel))
    assert own.mde == pytest.approx(ours.mde, rel=0.25)
    assert own.truths < ours.truths == 41


def test_a_lot_that_would_take_too_long_is_cut_short(monkeypatch):
    lot = lot_of("mean_gap", small("did", 3, 10, 2))
    whole = power_of_lot(lot)
    lot.interval()
    monkeypatch.setattr(room, "LARGEST", 40)
    part = power_of_lot(lot)
    assert np.isfinite(part.mde)
    assert part.mde == pytest.approx(whole.mde, rel=0.5)


@pytest.mark.parametrize("units", [8, 19])
def test_too_few_places_detect_nothing_and_say_so(units):
    power = hub.minimum_detectable_effect(draw(1, treated=1, units=units), hub.did)
    assert np.isinf(power.mde)
    assert power.truths == 0
    assert f"with {units} assignments the test cannot reject at 5%" in power.notes[0]
    assert "however large" in power.notes[0]
    assert np.isfinite(
        hub.minimum_detectable_effect(
            draw(1, treated=1, units=units), hub.did, level=0.2
        ).mde
    )


def test_an_effect_that_would_never_be_found_says_so():
    panel = draw(3, units=6, treated=2, start=[6, 7])
    average = hub.group_time_average
    power = hub.minimum_detectable_effect(panel, average, level=0.001)
    assert np.isinf(power.mde)
    assert "however large" in power.notes[0]


def test_an_estimator_that_no_effect_moves_finds_none():
    def level(panel):
        treated = panel.starts < len(panel.periods)
        return hub.Estimate("level", float(panel.values[treated, 0].mean()), panel)

    power = hub.minimum_detectable_effect(draw(1, treated=1, units=20), level)
    assert np.isinf(power.mde)
    assert "no effect, however large" in power.notes[0]


def test_half_an_estimator_detects_the_same_effect():
    def half(panel):
        return hub.Estimate("half", mean_gap(panel).att / 2, panel)

    panel = small("did", 1, 20, 1)
    sizes = [hub.minimum_detectable_effect(panel, e).mde for e in (half, mean_gap)]
    assert sizes[0] == pytest.approx(sizes[1], rel=1e-6)


@pytest.mark.parametrize("estimator", [hub.group_time_average, hub.imputation])
def test_an_effect_of_the_detectable_size_is_found_with_several_dates(estimator):
    panel = hub.simulate_panel(units=24, periods=8, treated=6, start=[4, 6], seed=3)
    size = hub.minimum_detectable_effect(panel, estimator, draws=499).mde
    hits = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        truth = panel.deal(rng.permutation(panel.starts))
        test = hub.randomization_test(
            planted(truth, size), estimator, draws=499, seed=seed
        )
        hits.append(test.p_value <= 0.05)
    assert 0.65 < np.mean(hits) < 0.97


@pytest.mark.parametrize("name", ["did", "synthetic_control"])
def test_a_significant_estimate_is_as_likely_as_the_curve_says(name):
    lot = lot_of(name, small(name, 4, 20, 1))
    curve = power_of_lot(lot).curve["power"]
    for place in (12, 33, 55):
        size = curve.index[place]
        both = [significance_of(lot, side * size) for side in (1, -1)]
        right = [s.chance * (1 - np.nan_to_num(s.wrong_sign)) for s in both]
        assert min(right) == pytest.approx(curve.iloc[place])
    small_one, large = (significance_of(lot, curve.index[p]) for p in (12, 60))
    assert large.exaggeration < small_one.exaggeration
    assert large.wrong_sign == 0


def test_power_prints_as_a_short_table_and_is_its_effect_as_a_number():
    power = hub.minimum_detectable_effect(draw(3, units=30, treated=1), hub.did)
    assert float(power) == power.mde
    assert f"{power.mde:.4f}" in repr(power)


TOGETHER = ("did", "event_study", "synthetic_did", "mean_gap")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", [(20, 1), (9, 2)])
def test_what_all_must_find_is_found_by_each(seed, shape):
    panel = small("did", seed, *shape)
    lots = [replace(lot_of(name, panel), barred=no_bar(shape)) for name in TOGETHER]
    # A reader's own is asked of fewer assignments, so all are compared on those.
    same = lots[:3]
    rule, each = power_of_lot(same), [power_of_lot(lot) for lot in same]
    assert rule.mde >= max(power.mde for power in each)
    for one in each:
        told = np.interp(rule.curve.index, one.curve.index, one.curve["power"])
        step = 1 / one.truths + np.diff(one.curve["power"]).max()
        assert (rule.curve["power"] <= told + step).all()
    assert power_of_lot([lots[0]]).curve.equals(each[0].curve)
    assert power_of_lot([lots[0], lots[0]]).mde == each[0].mde
    assert (sizes_needed(lots) >= sizes_needed(lots[3:])).all()
    for effect in (0.5, -2.0):
        chance = significance_of(same, effect).chance
        assert chance <= min(significance_of(lot, effect).chance for lot in same)


def no_bar(shape):
    return np.zeros(math.comb(*shape), dtype=bool)


def test_lots_of_other_assignments_are_not_heard_together():
    panel = draw(3, treated=3, units=40)
    lots = [hub.randomization_test(panel, hub.did, draws=200, seed=s) for s in (0, 1)]
    with pytest.raises(ValueError, match="same strata, draws and seed"):
        power_of_lot(lots)
    again = hub.randomization_test(panel, hub.synthetic_did, draws=200, seed=0)
    assert power_of_lot([lots[0], again]).truths == 200 - again.barred[1:].sum()
    with pytest.raises(ValueError, match="same strata, draws and seed"):
        significance_of([lots[0], lots[1]], 1.0)


def test_a_rule_that_one_of_few_places_can_never_pass_finds_nothing():
    panel = draw(1, treated=1, units=8)
    lots = [hub.randomization_test(panel, e) for e in (hub.did, hub.synthetic_did)]
    power = power_of_lot(lots)
    assert np.isinf(power.mde)
    assert "with 8 assignments" in power.notes[0]
