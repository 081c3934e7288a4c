"""The detectable effect is the one that is found as often as was said."""

import numpy as np
import pytest
from scipy import stats

import hubanalysis as hub
from hubanalysis.inference.placebo import critical_value
from hubanalysis.inference.power import power_of_placebos
from tests.draws import draw


def test_power_equals_planting_the_effect_and_running_the_test():
    rng = np.random.default_rng(2)
    placebos = rng.normal(0, 1, 60)
    found = power_of_placebos(placebos, 0.8, 0.05)
    for effect in found.curve.index[[5, 30, 55]]:
        hits = []
        for sign in (1, -1):
            planted = [
                (1 + np.sum(np.abs(np.delete(placebos, i)) >= abs(x + sign * effect)))
                / len(placebos)
                <= 0.05
                for i, x in enumerate(placebos)
            ]
            hits.append(np.mean(planted))
        assert found.curve.loc[effect, "power"] == pytest.approx(min(hits))


def test_the_detectable_effect_of_normal_placebos_is_the_textbook_one():
    placebos = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    found = power_of_placebos(placebos, 0.8, 0.05)
    textbook = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert found.mde == pytest.approx(textbook, abs=0.01)


def test_the_quick_way_for_many_placebos_is_the_slow_way():
    placebos = np.random.default_rng(3).normal(size=501)
    slow = [critical_value(np.delete(placebos, i), 0.05) for i in range(501)]
    quick = power_of_placebos(placebos, 0.8, 0.05).mde
    shifted = np.sort(np.array(slow) - placebos)[int(np.ceil(0.8 * 501)) - 1]
    assert quick >= shifted - 1e-12


def test_too_few_placebos_detect_nothing_and_say_so():
    found = hub.minimum_detectable_effect(draw(1, treated=1), hub.did)
    assert np.isinf(found.mde)
    assert any("cannot reject" in note for note in found.notes)


def test_placebos_that_were_run_already_give_the_same_power():
    panel = draw(5, treated=2, units=30)
    placebos = hub.placebo_in_space(panel, hub.synthetic_did)
    again = hub.minimum_detectable_effect(panel, hub.synthetic_did)
    shared = hub.minimum_detectable_effect(panel, hub.synthetic_did, placebos=placebos)
    assert shared.mde == again.mde
    assert shared.curve.equals(again.curve)


def test_placebos_of_another_estimator_are_refused():
    panel = draw(5, treated=2, units=30)
    placebos = hub.placebo_in_space(panel, hub.did)
    with pytest.raises(ValueError, match="another panel or estimator"):
        hub.minimum_detectable_effect(panel, hub.synthetic_did, placebos=placebos)


def test_an_estimator_that_does_not_move_with_the_effect_is_refused():
    def half(panel):
        inner = hub.did(panel)
        return hub.Estimate("half", inner.att / 2, panel, (), inner.parts)

    with pytest.raises(ValueError, match="not an average of treated cells"):
        hub.minimum_detectable_effect(draw(1, treated=1, units=30), half)


def _dates(panel, starts):
    late = len(panel.periods)
    return {u: panel.periods[s] for u, s in zip(panel.units, starts) if s < late}


@pytest.mark.parametrize("estimator", [hub.group_time_average, hub.imputation])
def test_an_effect_of_the_detectable_size_is_found_as_often_as_was_said(estimator):
    panel = hub.simulate_panel(units=24, periods=8, treated=6, start=[4, 6], seed=3)
    size = hub.minimum_detectable_effect(panel, estimator, draws=499).mde
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        truth = panel.treat(_dates(panel, rng.permutation(panel.starts)))
        truth = truth.with_frame(truth.frame + size * truth.treatment)
        test = hub.randomization_test(truth, estimator, draws=499, seed=seed)
        found.append(test.p_value <= 0.05)
    assert 0.65 < np.mean(found) < 0.97


def test_power_prints_as_a_short_table_and_is_its_effect_as_a_number():
    power = hub.minimum_detectable_effect(draw(3, units=30, treated=1), hub.did)
    assert float(power) == power.mde
    assert f"{power.mde:.4f}" in repr(power)


def test_an_effect_that_would_never_be_found_says_so():
    panel = draw(3, units=6, treated=2, start=[6, 7])
    average = hub.group_time_average
    power = hub.minimum_detectable_effect(panel, average, level=0.001)
    assert np.isinf(power.mde)
    assert "however large" in power.notes[0]
