"""Properties of the estimators and of the questions put to them."""

from functools import partial
from itertools import combinations

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import hubanalysis as hub
from hubanalysis.inference.placebo import critical_value
from hubanalysis.inference.power import power_of_placebos
from hubanalysis.estimators.weights import simplex_weights

fast = settings(max_examples=15, deadline=None, derandomize=True)
seeds = st.integers(0, 2**16)
with_intercept = partial(hub.synthetic_control, intercept=True)
ALL = {
    "did": hub.did,
    "detrended_did": hub.detrended_did,
    "event_study": hub.event_study,
    "synthetic_control": hub.synthetic_control,
    "with_intercept": with_intercept,
    "synthetic_did": hub.synthetic_did,
}
each = pytest.mark.parametrize("name", ALL)


def draw(seed, **kwargs):
    options = {"units": 9, "periods": 10, "treated": 2, "start": 7, "effect": 1.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def shifted(panel, change):
    return panel.with_frame(panel.frame + change)


@each
@fast
@given(seeds, st.floats(-50, 50))
def test_a_constant_changes_no_estimate(name, seed, constant):
    panel = draw(seed)
    after = ALL[name](shifted(panel, constant)).att
    assert after == pytest.approx(ALL[name](panel).att, abs=1e-6)


# Not synthetic DiD: its ridge is set by the spread of the donors' first differences
# over units and periods together (Arkhangelsky et al. 2021, section 2), which a shock
# that is common to all units widens.
@pytest.mark.parametrize("name", [n for n in ALL if n != "synthetic_did"])
@fast
@given(seeds, st.floats(-50, 50))
def test_a_period_effect_changes_no_estimate(name, seed, constant):
    panel = draw(seed)
    period = np.random.default_rng(seed).normal(0, 5, len(panel.periods))
    before = ALL[name](panel).att
    after = ALL[name](shifted(panel, constant + period)).att
    assert after == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("name", [n for n in ALL if n != "synthetic_control"])
@fast
@given(seeds)
def test_a_unit_effect_changes_no_estimate_that_allows_for_levels(name, seed):
    panel = draw(seed)
    unit = np.random.default_rng(seed).normal(0, 5, (len(panel.units), 1))
    before = ALL[name](panel).att
    assert ALL[name](shifted(panel, unit)).att == pytest.approx(before, abs=1e-6)


@each
@fast
@given(seeds, st.floats(0.1, 20))
def test_scaling_the_outcome_scales_the_estimate(name, seed, factor):
    panel = draw(seed)
    scaled = ALL[name](panel.with_frame(panel.frame * factor)).att
    assert scaled == pytest.approx(factor * ALL[name](panel).att, rel=1e-5, abs=1e-7)


@each
@fast
@given(seeds)
def test_the_order_of_units_does_not_matter(name, seed):
    panel = draw(seed)
    order = np.random.default_rng(seed).permutation(len(panel.units))
    one, other = ALL[name](panel), ALL[name](panel.with_frame(panel.frame.iloc[order]))
    assert other.att == pytest.approx(one.att, abs=1e-6)
    if hasattr(one, "unit_weights"):
        aligned = other.unit_weights.reindex_like(one.unit_weights)
        assert np.allclose(aligned, one.unit_weights, atol=1e-4)


@each
@fast
@given(seeds, st.floats(-5, 5))
def test_a_planted_effect_is_recovered_without_noise(name, seed, effect):
    panel = draw(seed, noise=0.0, factors=0, effect=effect)
    if name == "synthetic_control":
        level = panel.frame.sub(panel.frame.iloc[:, :6].mean(axis=1), axis=0)
        panel = panel.with_frame(level)
    assert ALL[name](panel).att == pytest.approx(effect, abs=1e-4)


@each
def test_many_sets_at_once_agree_with_one_at_a_time(name):
    panel = draw(4)
    sets = np.array(list(combinations(range(9), 2)))[:20]
    estimator = ALL[name]
    batch = getattr(estimator, "func", estimator).batch
    keywords = getattr(estimator, "keywords", {})
    together = batch(panel, sets, 6, **keywords)
    for paths, chosen in zip(together, sets):
        alone = estimator(panel.assign(chosen, 6))
        assert np.allclose(paths, alone.path["effect"], atol=1e-7)
        assert paths[6:].mean() == pytest.approx(alone.att, abs=1e-7)


@fast
@given(seeds, st.integers(2, 8), st.integers(2, 12), st.sampled_from([0.0, 0.5]))
def test_simplex_weights_satisfy_the_conditions_of_an_optimum(seed, rows, n, ridge):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(rows, n)), rng.normal(size=rows)
    w = simplex_weights(a, b, ridge)
    assert w.min() >= 0
    assert w.sum() == pytest.approx(1)
    slope = a.T @ (a @ w - b) + ridge**2 * w
    used = w > 1e-9
    assert np.ptp(slope[used]) < 1e-5
    assert slope.min() >= slope[used].min() - 1e-5


def test_simplex_weights_are_no_worse_than_a_general_optimiser():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(12, 7)), rng.normal(size=12)
    loss = lambda w: np.sum((a @ w - b) ** 2)  # noqa: E731
    other = optimize.minimize(
        loss,
        np.full(7, 1 / 7),
        bounds=[(0, 1)] * 7,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
    )
    assert loss(simplex_weights(a, b)) <= other.fun + 1e-8


def test_did_is_the_difference_of_differences_of_means():
    panel = draw(2)
    y, m = panel.values, 2
    before, after = y[:, :6].mean(axis=1), y[:, 6:].mean(axis=1)
    by_hand = (after - before)[:m].mean() - (after - before)[m:].mean()
    assert hub.did(panel).att == pytest.approx(by_hand)


def test_an_event_study_measures_from_its_reference():
    panel = draw(2)
    path = hub.event_study(panel, reference=-3).path
    assert path.loc[-3, "effect"] == 0
    assert list(path.index) == list(range(-6, 4))
    assert hub.event_study(panel).covariance.shape == (9, 9)


def test_staggered_units_are_averaged_by_event_time():
    panel = hub.simulate_panel(
        units=12, periods=14, treated=4, start=[8, 11], effect=lambda k: 2.0 * k,
        factors=0, noise=0.0, seed=3,
    )  # fmt: skip
    estimate = hub.synthetic_did(panel)
    assert estimate.unit_weights.shape == (8, 2)
    assert estimate.path.loc[2, "effect"] == pytest.approx(4.0, abs=1e-6)
    assert estimate.path.loc[6, "units"] == 2


def test_what_an_estimator_cannot_give_is_absent_and_says_why():
    estimate = hub.synthetic_control(draw(0))
    assert not hasattr(estimate, "se")
    with pytest.raises(AttributeError, match="placebo_in_space"):
        estimate.interval()


def test_a_bad_fit_and_a_lone_donor_are_noted_beside_the_result():
    panel = draw(0, treated=1)
    frame = panel.frame.copy()
    frame.iloc[0] += 100
    notes = hub.synthetic_control(panel.with_frame(frame)).notes
    assert any("bad fit" in note for note in notes)
    assert any("almost alone" in note for note in notes)


# -- Questions ---------------------------------------------------------------------


def test_placebos_count_k_of_n_and_k_plus_one_of_n_plus_one():
    panel = draw(5, units=21, treated=1)
    placebos = hub.placebo_in_space(panel, hub.did)
    by_hand = [
        hub.did(panel.drop(["u01"]).treat({u: 7})).att for u in panel.donors
    ]  # fmt: skip
    assert np.allclose(placebos.estimates, by_hand)
    k = int(np.sum(np.abs(by_hand) >= abs(placebos.observed)))
    assert placebos.rank == k
    assert placebos.p_value == k / 20
    assert placebos.p_value_plus_one == (k + 1) / 21
    assert placebos.sd == pytest.approx(np.std(by_hand))
    assert placebos.rmspe_ratio.index[0] == "treated"


@fast
@given(seeds, st.floats(0, 4))
def test_zero_is_in_the_placebo_interval_unless_the_test_rejects(seed, effect):
    panel = draw(seed, units=22, treated=1, effect=effect)
    placebos = hub.placebo_in_space(panel, hub.did)
    low, high = placebos.interval(0.9)
    assert (low <= 0 <= high) == (placebos.p_value_plus_one > 0.1)


def test_few_placebos_are_noted():
    placebos = hub.placebo_in_space(draw(1, treated=1), hub.did)
    assert any("only 8 placebos" in note for note in placebos.notes)
    assert placebos.interval() == (-np.inf, np.inf)


def test_a_randomisation_test_looks_at_every_assignment_once():
    panel = draw(1)
    test = hub.randomization_test(panel, hub.did)
    assert test.exact
    assert len(test.distribution) == 36
    assert np.isclose(test.distribution, test.observed).any()


def test_strata_and_dates_are_respected_when_dealing():
    panel = hub.simulate_panel(
        units=6, periods=8, treated=3, start=[4, 6], effect=1.0, seed=1
    )
    test = hub.randomization_test(panel, hub.did)
    assert len(test.distribution) == 60  # 6! / (2! 1! 3!)
    strata = dict(zip(panel.units, "aaabbb"))
    within = hub.randomization_test(panel, hub.did, strata=strata)
    assert len(within.distribution) == 3  # dates 4, 6, 4 all fall in stratum a
    assert within.p_value >= 1 / 3


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


def test_an_estimator_of_a_readers_own_can_be_questioned():
    def last_gap(panel):
        inner = hub.did(panel)
        return hub.Estimate("last_gap", inner.att, panel, (), inner._parts)

    panel = draw(1, treated=1, units=14)
    own, ours = (hub.placebo_in_space(panel, e) for e in (last_gap, hub.did))
    assert np.allclose(own.estimates, ours.estimates)
    assert len(hub.leave_one_out(panel, last_gap)) == 13
    assert hub.placebo_in_time(panel, last_gap, [5]).shape == (1, 4)
    assert hub.randomization_test(panel, last_gap).p_value > 0
    assert hub.minimum_detectable_effect(panel, last_gap).placebos == 13


def test_two_cores_give_the_same_answer_as_one():
    panel = draw(1, treated=1, units=14)
    own = lambda p: hub.did(p)  # noqa: E731
    alone = hub.placebo_in_space(panel, own).estimates
    with joblib.parallel_config("threading", n_jobs=2):
        assert hub.placebo_in_space(panel, own).estimates.equals(alone)


def test_leaving_out_the_only_donor_with_weight_changes_the_estimate_most():
    table = hub.leave_one_out(draw(3, treated=1), hub.synthetic_control)
    assert table["change"].abs().is_monotonic_decreasing
    unused = table["weight"] < 1e-9
    assert np.allclose(table.loc[unused, "change"], 0, atol=1e-6)


@pytest.mark.parametrize(
    "estimator",
    [
        hub.did,
        hub.event_study,
        hub.synthetic_control,
        hub.synthetic_did,
        hub.imputation,
    ],
)
@pytest.mark.parametrize("treated", [1, 3])
def test_leaving_out_a_donor_is_estimating_without_it(estimator, treated):
    panel = draw(4, treated=treated)
    table = hub.leave_one_out(panel, estimator)["att"]
    for donor in panel.donors[:3]:
        without = estimator(panel.drop([donor])).att
        assert table[donor] == pytest.approx(without, abs=1e-6)


# -- Power -------------------------------------------------------------------------


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
        return hub.Estimate("half", inner.att / 2, panel, (), inner._parts)

    with pytest.raises(ValueError, match="not an average of treated cells"):
        hub.minimum_detectable_effect(draw(1, treated=1, units=30), half)


def test_simulated_panels_repeat_and_carry_the_effect_they_say():
    one, two = (draw(7, effect=e, noise=1.0) for e in (0.0, 3.0))
    moved = (two.frame - one.frame).to_numpy()
    assert np.allclose(moved, 3.0 * one.treatment)
    pd.testing.assert_frame_equal(one.frame, draw(7, effect=0.0).frame)
