"""What every estimator does, and how one of a reader's own is taken."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.estimator import Runs, declare
from tests.draws import draw, shifted

fast = settings(max_examples=15, deadline=None)


seeds = st.integers(0, 2**16)


# A new one is tried here as soon as a plan may name it.
ALL = hub.ESTIMATORS
each = pytest.mark.parametrize("name", ALL)


def each_but(*exceptions):
    """All estimators but those that are named, which a comment gives the reason for."""
    assert {*exceptions} <= {*ALL}
    return pytest.mark.parametrize("name", [n for n in ALL if n not in exceptions])


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
@each_but("synthetic_did")
@fast
@given(seeds, st.floats(-50, 50))
def test_a_period_effect_changes_no_estimate(name, seed, constant):
    panel = draw(seed)
    period = np.random.default_rng(seed).normal(0, 5, len(panel.periods))
    before = ALL[name](panel).att
    after = ALL[name](shifted(panel, constant + period)).att
    assert after == pytest.approx(before, abs=1e-6)


# Not those that match the levels themselves.
@each_but("synthetic_control", "augmented_synthetic_control")
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


@pytest.mark.parametrize("name", [n for n in ALL if ALL[n].many])
def test_many_sets_at_once_agree_with_one_at_a_time(name):
    panel = draw(4)
    sets = np.array(list(combinations(range(9), 2)))[:20]
    estimator = ALL[name]
    together = hub.estimator(estimator).many(panel, sets, 6)
    assert together.loads.shape == (20, 9)
    for paths, chosen in zip(together.paths, sets):
        alone = estimator(panel.assign(chosen, 6))
        # Imputation has a path from the start on only.
        effect = alone.path["effect"].to_numpy()
        assert np.allclose(paths[-len(effect) :], effect, atol=1e-7)
        assert paths[6:].mean() == pytest.approx(alone.att, abs=1e-7)


def test_intervals_of_one_that_is_declared_without_more_are_those_of_a_plain_function():
    @declare("nearest before")
    def nearest(panel):
        """Against the donor that was nearest before each unit's own date."""
        values, starts = panel.values, panel.starts
        gaps = []
        for row in np.flatnonzero(starts < len(panel.periods)):
            first = starts[row]
            others = np.flatnonzero(starts == len(panel.periods))
            apart = ((values[others] - values[row])[:, :first] ** 2).sum(axis=1)
            gaps.append((values[row] - values[others[apart.argmin()]])[first:].mean())
        return hub.Estimate("nearest", float(np.mean(gaps)), panel)

    panel = hub.simulate_panel(9, 9, 3, start=[4, 6], effect=1.5, seed=1)
    declared, plain = (
        hub.randomization_test(panel, function, draws=39)
        for function in (nearest, lambda panel: nearest(panel))
    )
    assert declared.interval() == plain.interval()


def panels(dates):
    return hub.simulate_panel(8, 9, 3, start=dates, effect=1.5, seed=4)


# Those whose weights move are estimated again at each effect, declared or not.
LINEAR = [n for n in ALL if not ALL[n].bends(panels([4, 6]))]


@pytest.mark.parametrize("name", LINEAR)
def test_a_declared_one_gives_the_interval_of_an_undeclared_one_with_two_dates(name):
    panel, known = panels([4, 6]), ALL[name]
    undeclared = hub.estimator(lambda panel: known.function(panel))
    one, other = (
        hub.randomization_test(panel, e, draws=19, bar=False)
        for e in (known, undeclared)
    )
    assert one.p_value == other.p_value
    assert one.interval(level=0.8) == pytest.approx(other.interval(level=0.8))


@each
@pytest.mark.parametrize("dates", [[5], [4, 6]], ids=["one date", "two dates"])
def test_what_is_not_said_to_move_with_an_effect_is_linear_in_it(name, dates):
    panel, known = panels(dates), ALL[name]
    if known.bends(panel):
        assert known.moves or known.fitted
        return
    random = np.random.default_rng(0)
    is_treated = np.arange(len(panel.periods)) >= panel.starts[:, None]
    for _ in range(5):
        dealt = random.permutation(panel.starts)
        moved = (
            shifted(panel, effect * is_treated).deal(dealt)
            for effect in (-8, -4, 0, 4, 8)
        )
        found = [known(panel).att for panel in moved]
        np.testing.assert_allclose(np.diff(found, 2), 0, atol=1e-7)


def test_an_estimator_of_a_readers_own_can_be_questioned():
    def last_gap(panel):
        inner = hub.did(panel)
        return hub.Estimate("last_gap", inner.att, panel, (), inner.parts)

    panel = draw(1, treated=1, units=14)
    own, ours = (hub.placebo_in_space(panel, e) for e in (last_gap, hub.did))
    assert np.allclose(own.estimates, ours.estimates)
    assert len(hub.leave_one_out(panel, last_gap, draws=0)) == 13
    assert hub.placebo_in_time(panel, last_gap, [5]).shape == (1, 4)
    panel = draw(1, treated=1)
    assert hub.randomization_test(panel, last_gap).p_value > 0
    power = hub.minimum_detectable_effect(panel, last_gap, level=0.2)
    assert power.truths == 8
    assert 0 < power.mde < np.inf


def test_what_is_no_estimator_is_refused():
    panel = draw(1)
    with pytest.raises(ValueError, match=r"pass hub\.did, not hub\.did\(panel\)"):
        hub.estimator(hub.did(panel))
    with pytest.raises(ValueError, match=r"must return an Estimate, not float"):
        hub.placebo_in_space(panel, lambda panel: 1.0)


def test_options_go_with_an_estimator_and_keep_its_shortcuts_where_they_share_them():
    with_intercept = hub.estimator(hub.synthetic_control, "mine", intercept=True)
    assert with_intercept.name == "mine"
    assert with_intercept.many is not None
    traits = draw(1).frame[[1, 2]]
    assert hub.estimator(hub.synthetic_control, predictors=traits).many is None


def shortcuts(**more):
    """An estimator that says 1 by itself, 2 for many sets and 3 for many dates."""
    base = hub.estimator(lambda panel: hub.Estimate("mine", 1.0, panel), name="mine")
    runs = lambda panel, sets, start: Runs(  # noqa: E731
        np.full((len(sets), len(panel.periods)), 2.0), np.zeros((len(sets), 1))
    )
    return replace(base, many=runs, **more)


def test_a_shortcut_is_taken_where_there_is_one_date_and_nothing_else():
    one, two = draw(0), hub.simulate_panel(8, 9, 3, start=[4, 6], seed=0)
    holes = one.with_frame(one.frame.mask(one.frame == one.frame.iloc[3, 2]))
    weighted = hub.Panel.from_wide(
        one.frame, one.first_treated, "y", weights=pd.Series(1.0, one.units, name="w")
    )
    assert shortcuts().att(one) == 2
    for panel in (two, holes, weighted):
        assert shortcuts().att(panel) == 1
    dealt = shortcuts(deals=lambda values, starts: np.full(len(starts), 3.0))
    assert [dealt.att(panel) for panel in (one, two, holes)] == [3, 3, 1]


def test_with_holes_the_shortcut_is_another_and_with_covariates_there_is_none():
    one = draw(0)
    holes = one.with_frame(one.frame.mask(one.frame == one.frame.iloc[3, 2]))
    traits = pd.DataFrame({"size": np.arange(9.0)}, index=one.units)
    weighed = shortcuts(weighed=lambda values, starts, weight: np.full(1, 4.0))
    assert [weighed.att(panel) for panel in (one, holes)] == [2, 4]
    assert weighed.att(replace(holes, covariates=traits)) == 1


def test_covariates_have_their_shortcut_on_whole_panels_without_weights():
    one = replace(
        draw(0), covariates=pd.DataFrame({"size": np.arange(9.0)}, draw(0).units)
    )
    values = one.values.copy()
    values[3, 2] = np.nan
    people = pd.Series(1.0, one.units, name="people")
    adjusted = shortcuts(
        adjusted=lambda panel: lambda values, starts: np.full(len(starts), 5.0)
    )
    assert adjusted.att(one) == 5
    assert adjusted.att(replace(one, weights=people)) == 1
    assert adjusted.att(replace(one, values=values)) == 1


def test_one_may_bend_unless_it_is_declared_not_to():
    two = hub.simulate_panel(8, 9, 3, start=[4, 6], seed=0)
    plain = lambda panel: hub.did(panel)  # noqa: E731
    plain.__name__ = "plain"
    for own in (hub.estimator(plain), hub.estimator(declare("plain")(plain))):
        assert (own.moves, own.bends(two), own.levels) == (True, True, False)
    declared = hub.estimator(hub.did)
    assert (declared.moves, declared.bends(two), declared.levels) == (False,) * 3


def test_what_is_doubtful_of_a_panel_is_noted_before_what_is_of_the_estimate():
    wide = draw(0).frame + 100.0
    wide.iloc[5, 2] *= 1000.0
    (doubt,) = (panel := hub.Panel.from_wide(wide, {"u01": 7}, "y")).notes
    assert "thousandfold" in doubt
    first, *others = hub.did(panel).notes
    assert first == doubt
    assert others


def test_a_path_before_treatment_is_no_part_of_the_estimate():
    panel = draw(0)
    ramp = shortcuts()
    runs = lambda panel, sets, start: Runs(  # noqa: E731
        np.tile(np.arange(10.0), (len(sets), 1)), np.zeros((len(sets), 9))
    )
    assert panel.start == 6
    assert replace(ramp, many=runs).att(panel) == np.mean([6, 7, 8, 9])


def test_weights_fitted_before_each_date_bend_only_where_there_are_two():
    one, two = draw(0), hub.simulate_panel(8, 9, 3, start=[4, 6], seed=0)
    for moves, fitted, bends in (
        (True, False, [True, True]),
        (False, True, [False, True]),
        (False, False, [False, False]),
    ):
        known = shortcuts(moves=moves, fitted=fitted)
        assert [known.bends(panel) for panel in (one, two)] == bends
