"""One lot gives p, estimate and interval, and these never disagree."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.draws import draw
from tests.estimators.staggered import panel_of, with_holes
from tests.inference.lots import (
    ALL,
    ONE_DATE,
    by_hand,
    is_monotone,
    lot_of,
    mean_gap,
    planted,
    small,
)

few = settings(max_examples=5, deadline=None)
each = pytest.mark.parametrize("name", ALL)
each_that_hardly_bends = pytest.mark.parametrize(
    "name", [n for n in ALL if n != "median_gap"]
)
seeds = st.integers(0, 2**16)
shapes = st.sampled_from([(8, 2), (20, 1), (7, 3), (8, 4)])
effects = st.sampled_from([0.0, 1.0, 3.0])


# -- p, estimate and interval ------------------------------------------------------


@each
@few
@given(seeds, shapes, effects)
def test_p_rejects_exactly_when_zero_lies_outside_the_interval(
    name, seed, shape, effect
):
    lot = lot_of(name, small(name, seed, *shape, effect))
    for level in (0.95, 0.9):
        low, high = lot.interval(level)
        assert low <= lot.effect <= high
        rejected = lot.p_value <= 1 - level + 1e-9
        assert rejected == (not low <= 0 <= high)
    assert (lot.p_value <= 0.05) == (not lot.interval()[0] <= 0 <= lot.interval()[1])


@each
@few
@given(seeds, shapes, effects)
def test_the_ends_of_the_interval_are_where_p_passes_five_per_cent(
    name, seed, shape, effect
):
    check_ends(lot_of(name, small(name, seed, *shape, effect)))


@pytest.mark.parametrize(
    ("name", "seed", "shape", "effect", "ar"),
    [
        ("synthetic_did", 822376, (8, 2), 3.0, 0.8),  # zero is in, and less is not
        ("median_gap", 726315, (8, 4), 10.0, 0.0),  # an exact mirror image
        ("with_intercept", 226453, (7, 3), 0.0, 0.8),  # nearly as fast as the real one
    ],
)
def test_the_ends_hold_where_p_is_not_monotone(name, seed, shape, effect, ar):
    check_ends(lot_of(name, small(name, seed, *shape, effect, ar=ar)))


def check_ends(lot):
    near = 1e-4 if lot.estimator.moves else 1e-5
    scale = lot.deviations(lot.effect).std()
    for end, outwards in zip(lot.interval(), (-1, 1)):
        if np.isfinite(end):
            step = near * (scale + abs(end - lot.effect))
            assert lot.p_of(end - outwards * step) > 0.05
            assert lot.p_of(end + outwards * step) <= 0.05
        else:
            assert end == outwards * np.inf
            far = lot.effect + outwards * 1e3 * scale
            assert lot.p_of(far) > 0.05


@each_that_hardly_bends
@few
@given(seeds, shapes, st.floats(-20, 20))
def test_adding_an_effect_moves_estimate_and_interval_by_it(name, seed, shape, added):
    panel = small(name, seed, *shape)
    before, after = lot_of(name, panel), lot_of(name, planted(panel, added))
    # Where another assignment moves faster than the real one, what is not rejected
    # has a hole, and which side of it is told hangs on where zero lies.
    assume(is_monotone(before))
    near = 1e-4 if before.estimator.moves else 1e-6
    assert after.observed - added == pytest.approx(before.observed, abs=1e-6)
    assert after.effect - added == pytest.approx(before.effect, abs=near)
    moved = np.array(after.interval()) - added
    np.testing.assert_allclose(moved, before.interval(), atol=near, rtol=0)


@each_that_hardly_bends
@few
@given(seeds, shapes, effects)
def test_the_order_of_units_changes_nothing(name, seed, shape, effect):
    panel = small(name, seed, *shape, effect)
    order = np.random.default_rng(seed).permutation(len(panel.units))
    one, other = (
        lot_of(name, p) for p in (panel, panel.with_frame(panel.frame.iloc[order]))
    )
    near = 1e-4 if one.estimator.moves else 1e-6
    assert other.p_value == one.p_value
    assert other.effect == pytest.approx(one.effect, abs=near)
    np.testing.assert_allclose(other.interval(), one.interval(), atol=near, rtol=0)


@each
@few
@given(seeds, shapes, effects)
def test_no_assignment_but_a_badly_fitted_one_is_nearer_once_the_effect_is_out(
    name, seed, shape, effect
):
    lot = lot_of(name, small(name, seed, *shape, effect))
    counted = 1.0 if lot.barred[0] else 1 - lot.barred.mean()
    assert lot.p_of(lot.effect) == pytest.approx(counted, abs=1e-12)
    unbarred = lot_of(name, lot.panel, bar=False)
    assert unbarred.p_of(unbarred.effect) == 1


@pytest.mark.parametrize(
    ("name", "units", "seed"),
    [
        *[("did", n, seed) for n, seed in ((8, 2), (8, 7), (12, 2), (20, 2))],
        *[("synthetic_control", n, k) for n, k in ((8, 2), (8, 7), (12, 2), (20, 2))],
        ("augmented_synthetic_control", 8, 2),
        ("augmented_synthetic_control", 8, 7),
    ],
)
def test_the_interval_is_what_a_grid_of_tests_does_not_reject(name, units, seed):
    panel = small(name, seed, units, 2, effect=2.0)
    lot = lot_of(name, panel)
    assert len(lot.estimates) in (28, 66, 190)
    low, high = lot.interval()
    width = high - low
    grid = np.linspace(low - 0.3 * width, high + 0.3 * width, 30)
    p = np.array([lot_of(name, planted(panel, -effect)).p_value for effect in grid])
    np.testing.assert_array_equal(p > 0.05, (low <= grid) & (grid <= high))
    np.testing.assert_array_equal(p, [lot.p_of(effect) for effect in grid])


def test_an_assignment_that_moves_faster_is_counted_where_it_is_as_far_out():
    lot = lot_of("with_intercept", small("with_intercept", 2, 8, 4))
    assert not is_monotone(lot)
    low, high = lot.interval()
    for end, inwards in ((low, 1e-6), (high, -1e-6)):
        assert lot.p_of(end + inwards) > 0.05 >= lot.p_of(end - inwards)


def test_weights_fitted_before_a_later_date_see_an_effect_from_an_earlier_one():
    panel = hub.simulate_panel(8, 8, 2, start=[5, 7], seed=0)
    lots = [
        hub.randomization_test(p, hub.synthetic_control)
        for p in (panel, planted(panel, 2.7))
    ]
    before, after = (np.array([lot.effect, *lot.interval()]) for lot in lots)
    np.testing.assert_allclose(after - 2.7, before, atol=1e-4)


def test_the_interval_holds_what_the_test_does_not_reject_with_drawn_dates():
    panel = hub.simulate_panel(
        units=20, periods=8, treated=5, start=[4, 6], effect=2.0, seed=1
    )
    low, high = hub.randomization_test(
        panel, hub.group_time_average, draws=999
    ).interval()
    assert low < 2 < high
    for end, side in ((low, -1), (high, 1)):
        for step, inside in ((0.01, False), (-0.01, True)):
            less = planted(panel, -(end + side * step))
            test = hub.randomization_test(less, hub.group_time_average, draws=999)
            assert (test.p_value > 0.05) == inside


def test_an_estimator_that_no_effect_moves_gives_p_and_no_interval():
    def rise_before(panel):
        rows = panel.starts < len(panel.periods)
        rise = panel.values[rows, 3].mean() - panel.values[rows, 0].mean()
        return hub.Estimate("rise before", float(rise), panel)

    lot = hub.randomization_test(draw(1, units=20, treated=1), rise_before)
    assert 0 < lot.p_value <= 1
    assert np.isnan(lot.effect)
    assert lot.interval() == (-np.inf, np.inf)


# -- loads -------------------------------------------------------------------------

LINEAR = [n for n in ONE_DATE if n not in ("synthetic_did", "mean_gap", "median_gap")]


@pytest.mark.parametrize("name", [*LINEAR, "imputation"])
@pytest.mark.parametrize("treated", [1, 3])
def test_a_load_is_how_far_an_effect_on_a_unit_moves_an_estimate(name, treated):
    panel, start = draw(5, treated=treated), 6
    sets = np.array(list(combinations(range(9), treated)))
    estimator = ALL[name]
    before = estimator.many(panel, sets, start)
    for row in range(9):
        frame = panel.frame.copy()
        frame.iloc[row, start:] += 3.0
        moved = panel.with_frame(frame)
        after = estimator.many(moved, sets, start)
        change = (after.paths - before.paths)[:, start:].mean(axis=1)
        np.testing.assert_allclose(change, 3.0 * before.loads[:, row], atol=1e-7)
        one = (row * 5) % len(sets)
        rerun = [estimator(p.assign(sets[one], start)).att for p in (panel, moved)]
        assert rerun[1] - rerun[0] == pytest.approx(3.0 * before.loads[one, row])


@pytest.mark.parametrize("treated", [1, 2])
@pytest.mark.parametrize(
    "estimator",
    [hub.synthetic_control, hub.augmented_synthetic_control, hub.synthetic_did],
)
def test_loads_are_one_over_the_treated_and_minus_the_weights(estimator, treated):
    panel = draw(2, treated=treated)
    weights = estimator(panel).unit_weights
    if treated == 2 and estimator is not hub.synthetic_did:
        weights = weights.mean(axis=1)
    lot = hub.randomization_test(panel, estimator)
    assert np.allclose(lot.loads[0, :treated], 1 / treated)
    assert np.allclose(lot.weights, weights.squeeze(), atol=1e-9)
    assert np.allclose(lot.loads.sum(axis=1), 0, atol=1e-9)
    assert list(lot.weights.index) == panel.donors


def test_a_function_of_a_readers_own_has_no_weights():
    lot = hub.randomization_test(draw(2), mean_gap)
    with pytest.raises(AttributeError, match="no weights here"):
        _ = lot.weights


# -- by hand or by shortcut --------------------------------------------------------


@pytest.mark.parametrize("shape", [(8, 2), (20, 1)])
def test_a_function_of_a_readers_own_gets_what_the_shortcut_gives(shape):
    panel = small("did", 4, *shape, effect=1.0)
    own, ours = (lot_of(name, panel) for name in ("mean_gap", "did"))
    np.testing.assert_allclose(own.estimates, ours.estimates, atol=1e-9)
    np.testing.assert_allclose(own.pull, ours.pull, atol=1e-9)
    np.testing.assert_allclose(own.interval(), ours.interval(), atol=1e-6)
    assert own.p_value == ours.p_value


def test_with_two_dates_and_holes_too():
    panel = small("imputation", 4)
    own = lambda p: hub.imputation(p)  # noqa: E731
    one, ours = hub.randomization_test(panel, own), lot_of("imputation", panel)
    np.testing.assert_allclose(one.interval(), ours.interval(), atol=1e-6)
    holes = hub.randomization_test(with_holes(panel, [(5, 1), (6, 2)]), own)
    assert np.isfinite(holes.interval()).all()
    assert np.allclose(holes.interval(), ours.interval(), atol=1.5)


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


# -- the level ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seeds"),
    [(name, {"did": 400, "synthetic_control": 200}.get(name, 100)) for name in ALL],
)
def test_where_nothing_happened_five_per_cent_are_rejected(name, seeds):
    lots = (lot_of(name, small(name, seed, 20, 1)) for seed in range(seeds))
    rejected = np.mean([lot.p_value <= 0.05 for lot in lots])
    # With twenty places p of did is uniform on twentieths, so this holds both ways;
    # 2.6 standard errors of a simulation.
    error = 2.6 * np.sqrt(0.05 * 0.95 / seeds)
    assert rejected <= 0.05 + error
    assert name != "did" or rejected >= 0.05 - error


@pytest.mark.parametrize("units", [20, 40, 60])
def test_p_of_exactly_five_per_cent_rejects(units):
    panel = small("did", 3, units, 1)
    out = np.abs(lot_of("did", panel).deviations(0.0))
    place = np.argsort(-out)[units // 20 - 1]
    rows = np.flatnonzero(lot_of("did", panel).starts[place] < 8)
    lot = lot_of("did", panel.assign(rows, 5))
    assert lot.p_value == 0.05
    assert lot.rank == units // 20
    low, high = lot.interval()
    assert not low <= 0 <= high
    assert lot.attained() == pytest.approx(0.95, abs=1e-12)
    assert lot.smallest_p == pytest.approx(1 / units)


def test_a_lot_too_small_to_reject_leaves_the_interval_open():
    lot = lot_of("did", small("did", 0, 19, 1, effect=50.0))
    assert lot.p_value == lot.smallest_p == 1 / 19
    assert lot.interval() == (-np.inf, np.inf)
    assert lot.attained() == 1
    assert np.isfinite(lot.interval(0.9)).all()


def test_one_sided_p_values_count_one_side():
    lot = lot_of("did", small("did", 1, 20, 1, effect=1.0))
    gaps = lot.estimates - lot.centre
    assert lot.p_gain == np.mean(gaps >= gaps[0] - 1e-12)
    assert lot.p_loss == np.mean(gaps <= gaps[0] + 1e-12)
    assert lot.p_gain + lot.p_loss == pytest.approx(1 + 1 / 20)


# -- the bar -----------------------------------------------------------------------


def raised(row, by, seed=1):
    """A panel of 20 with an effect of 30, and one unit far above all others."""
    panel = hub.simulate_panel(20, 10, 1, start=8, effect=30.0, seed=seed)
    frame = panel.frame.copy()
    frame.iloc[row] += by
    return panel.with_frame(frame)


def test_a_hopeless_fit_is_not_further_out_and_stays_in_the_denominator():
    panel = raised(5, 200.0)
    lot, bare = (
        hub.randomization_test(panel, hub.synthetic_control, bar=bar)
        for bar in (True, False)
    )
    there = np.flatnonzero(lot.barred)
    assert lot.starts[there, 5].tolist() == [7]
    assert np.abs(lot.deviations(0.0))[there] > np.abs(lot.deviations(0.0))[0]
    assert (lot.p_value, bare.p_value) == (1 / 20, 2 / 20)
    assert not bare.barred.any()
    assert "1 of 20" in repr(lot)


def test_a_real_one_that_fits_hopelessly_is_no_evidence():
    panel = raised(0, 200.0)
    lot = hub.randomization_test(panel, hub.synthetic_control)
    assert lot.barred[0]
    assert lot.p_value == 1
    assert lot.interval() == (-np.inf, np.inf)
    bare = hub.randomization_test(panel, hub.synthetic_control, bar=False)
    assert bare.p_value == 1 / 20
    assert np.isfinite(bare.interval()).all()


def test_a_level_of_its_own_bars_nobody_from_a_comparison_of_changes():
    for name in ("did", "with_intercept", "synthetic_did"):
        assert not lot_of(name, raised(5, 200.0)).barred.any()


@pytest.mark.parametrize("name", ["did", "event_study", "synthetic_control"])
def test_the_bar_is_three_times_the_lots_usual_fit(name):
    panel = raised(5, 20.0)
    rows = np.arange(20)[:, None]
    before = ALL[name].many(panel, rows, 7).paths[:, :7]
    if name != "synthetic_control":
        before = before - before.mean(axis=1, keepdims=True)
    fit = np.sqrt((before**2).mean(axis=1))
    changes = np.median(np.diff(panel.values[:, :7], axis=1).std(axis=1, ddof=1))
    lot = lot_of(name, panel)
    treated = lot.starts.argmin(axis=1)
    bad = fit > 3 * max(np.median(fit), changes / 2)
    np.testing.assert_array_equal(lot.barred, bad[treated])


def test_perfect_fits_of_others_shut_nobody_out():
    panel = hub.simulate_panel(21, 10, 1, start=8, seed=0)
    frame = panel.frame.copy()
    frame.iloc[2::2] = frame.iloc[1::2].to_numpy()  # twins, but for the treated
    panel = panel.with_frame(frame)
    fit = ALL["synthetic_control"].many(panel, np.arange(21)[:, None], 7).paths[:, :7]
    assert np.median(np.abs(fit)) < 1e-6 < np.abs(fit[0]).max()
    assert not lot_of("synthetic_control", panel).barred.any()


# -- the lot -----------------------------------------------------------------------


def test_a_randomisation_test_looks_at_every_assignment_once():
    panel = draw(1)
    test = hub.randomization_test(panel, hub.did)
    assert test.exact
    assert test.p_error == 0
    assert len(np.unique(test.starts, axis=0)) == len(test.distribution) == 36
    np.testing.assert_array_equal(test.starts[0], panel.starts)
    assert test.observed == test.distribution[0] == hub.did(panel).att


@few
@given(seeds, st.sampled_from([99, 199, 495]))
def test_drawn_lots_hold_the_real_one_first_and_none_twice(seed, draws):
    panel = small("did", seed, 12, 4)  # 495 ways
    lot = lot_of("did", panel, draws=draws, seed=seed)
    assert lot.exact == (draws == 495)
    assert len(lot.starts) == min(draws + 1, 495)
    assert len(np.unique(lot.starts, axis=0)) == len(lot.starts)
    np.testing.assert_array_equal(lot.starts[0], panel.starts)
    assert ((lot.starts < 8).sum(axis=1) == 4).all()
    p, n = lot.p_value, len(lot.starts)
    least = 0.0 if lot.exact else np.sqrt(p * (1 - p) / n)
    assert lot.p_error >= least
    assert (lot.p_error == 0) == lot.exact


def test_drawn_assignments_include_the_real_one():
    panel = draw(1, units=30, treated=8, effect=30.0)
    test = hub.randomization_test(panel, hub.did, draws=199, seed=1)
    assert not test.exact
    assert test.p_value == pytest.approx(1 / 200)


def test_a_test_prints_as_a_short_table():
    lot = hub.randomization_test(draw(1), hub.did)
    told = repr(lot)
    assert "assignments (all)" in told
    assert "36" in told
    low, high = lot.interval()
    assert f"{low:.4f} to {high:.4f}" in told


def drawn_often(panel):
    return [
        hub.randomization_test(panel, hub.did, draws=999, seed=seed)
        for seed in range(40)
    ]


def test_p_near_the_centre_is_known_no_better_than_the_centre_itself():
    panel = small("did", 3, 20, 6)
    effect = lot_of("did", panel).effect
    none = panel.with_frame(panel.frame - effect * panel.treatment.T.astype(float).T)
    lots = drawn_often(none)
    p_values = np.array([lot.p_value for lot in lots])
    assert p_values.min() > 0.9
    said = np.median([lot.p_error for lot in lots])
    assert 0.5 < said / p_values.std() < 3


def test_ends_from_drawn_lots_scatter_as_their_error_says():
    panel = small("did", 3, 20, 6)
    lots = drawn_often(panel)
    ends = np.array([lot.interval() for lot in lots])
    said = np.median([lot.interval_error() for lot in lots])
    assert 0.6 < said / ends.std(axis=0).max() < 1.7
    assert lot_of("did", small("did", 3, 8, 2)).interval_error() == 0
    few = hub.randomization_test(panel, hub.did, draws=15)
    assert few.interval_error() == np.inf


def test_p_is_asked_of_an_effect_that_is_a_number_and_coverage_of_a_share():
    lot = by_hand([3.0, 1.0, 2.0])
    for effect in (np.nan, np.inf):
        with pytest.raises(hub.HubError, match="finite"):
            lot.p_of(effect)
    with pytest.raises(hub.HubError, match="between 0 and 1"):
        lot.attained(2)


def test_a_real_estimate_that_is_no_number_is_refused_whatever_the_lot_is():
    panel = draw(0)
    lost = hub.estimator(hub.did, name="lost")
    lost = replace(lost, function=lambda p: hub.Estimate("lost", np.nan, p))
    with pytest.raises(hub.HubError, match="lost gives nan with u01, u02 treated"):
        hub.randomization_test(panel, lost)
