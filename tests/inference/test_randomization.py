"""The randomisation test looks at every assignment and keeps its level."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.draws import draw
from tests.estimators.staggered import panel_of


def test_a_randomisation_test_looks_at_every_assignment_once():
    panel = draw(1)
    test = hub.randomization_test(panel, hub.did)
    assert test.exact
    assert len(test.distribution) == 36
    assert np.isclose(test.distribution, test.observed).any()


def test_drawn_assignments_include_the_real_one():
    panel = draw(1, units=30, treated=8, effect=30.0)
    test = hub.randomization_test(panel, hub.did, draws=199, seed=1)
    assert not test.exact
    assert test.p_value == pytest.approx(1 / 200)


def test_the_randomisation_test_keeps_its_level():
    rng = np.random.default_rng(0)
    p = []
    for seed in range(300):
        panel = hub.simulate_panel(units=8, periods=6, treated=1, start=4, seed=seed)
        lot = panel.treat({panel.units[rng.integers(8)]: 4})
        p.append(hub.randomization_test(lot, hub.did).p_value)
    assert np.mean(np.array(p) <= 0.125) <= 0.125 + 2.6 * np.sqrt(0.125 * 0.875 / 300)
    assert np.mean(np.array(p) <= 0.125) >= 0.125 - 2.6 * np.sqrt(0.125 * 0.875 / 300)


def test_a_randomisation_test_of_imputation_is_that_of_did():
    panel = panel_of(4, start=[5])
    ours, theirs = (
        hub.randomization_test(panel, e, draws=199) for e in (hub.imputation, hub.did)
    )
    assert ours.observed == pytest.approx(theirs.observed)
    np.testing.assert_allclose(ours.distribution, theirs.distribution, atol=1e-9)


def test_staggered_adoption_can_be_dealt_out_at_random():
    panel = panel_of(4, effect=3.0, units=40)

    def estimator(p):
        return hub.group_time_att(p, draws=0).aggregate("simple")

    assert hub.randomization_test(panel, estimator, draws=99).p_value <= 0.02


def test_the_interval_holds_what_the_test_does_not_reject():
    panel = hub.simulate_panel(
        units=20, periods=8, treated=5, start=[4, 6], effect=2.0, seed=1
    )
    low, high = hub.randomization_test(
        panel, hub.group_time_average, draws=999
    ).interval()
    assert low < 2 < high
    for end, side in ((low, -1), (high, 1)):
        for step, inside in ((0.01, False), (-0.01, True)):
            less = panel.with_frame(panel.frame - (end + side * step) * panel.treatment)
            test = hub.randomization_test(less, hub.group_time_average, draws=999)
            assert (test.p_value > 0.05) == inside


def test_only_a_linear_estimator_gives_an_interval_or_power_by_dealing():
    panel = hub.simulate_panel(units=12, periods=8, treated=3, start=[4, 6], seed=1)

    def own(panel):
        return hub.group_time_average(panel)

    with pytest.raises(AttributeError, match="only group_time_average and imputation"):
        hub.randomization_test(panel, own, draws=99).interval()
    with pytest.raises(ValueError, match="use hub"):
        hub.minimum_detectable_effect(panel, own)


def test_a_test_prints_as_a_short_table():
    told = repr(hub.randomization_test(draw(1), hub.did))
    assert "assignments (all)" in told
    assert "36" in told
