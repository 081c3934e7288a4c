"""Treatment is dealt out as it could have fallen."""

import joblib
import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.inference.assignments import (
    at_least_as_far,
    badly_fitted,
    count_deals,
    deal_all,
    deal_out,
    deal_some,
    each,
    effect_of,
    run_all,
    run_deals,
    run_sets,
    sets_of_units,
    strata_of,
)
from tests.draws import draw


@pytest.fixture(scope="module")
def four():
    """Four units, of which the first two are treated: six ways to pick them."""
    return hub.simulate_panel(units=4, periods=6, treated=2, start=4, seed=0)


def test_strata_and_dates_are_respected_when_dealing():
    panel = hub.simulate_panel(
        units=6, periods=8, treated=3, start=[4, 6], effect=1.0, seed=1
    )
    test = hub.randomization_test(panel, hub.imputation)
    assert len(test.distribution) == 60  # 6! / (2! 1! 3!)
    strata = dict(zip(panel.units, "aaabbb"))
    within = hub.randomization_test(panel, hub.imputation, strata=strata)
    assert len(within.distribution) == 3  # dates 4, 6, 4 all fall in stratum a
    assert within.p_value >= 1 / 3


def test_two_cores_give_the_same_answer_as_one():
    panel = draw(1, treated=1, units=14)
    own = lambda p: hub.did(p)  # noqa: E731
    alone = hub.placebo_in_space(panel, own).estimates
    with joblib.parallel_config("threading", n_jobs=2):
        assert hub.placebo_in_space(panel, own).estimates.equals(alone)


def test_a_lot_is_whole_where_there_are_exactly_as_many_ways_as_draws(four):
    starts, exact = deal_out(four, None, draws=6, seed=0)
    assert exact
    assert len(starts) == len(np.unique(starts, axis=0)) == 6
    assert (starts[0] == four.starts).all()


def test_a_lot_is_drawn_where_there_is_one_way_more_than_draws(four):
    starts, exact = deal_out(four, None, draws=5, seed=0)
    assert not exact
    assert len(starts) == len(np.unique(starts, axis=0)) == 1 + 5
    assert (starts[0] == four.starts).all()
    assert len(deal_out(four, None, draws=2, seed=0)[0]) == 1 + 2


def test_two_ways_to_deal_are_a_lot_and_one_is_none(four):
    pairs = dict(zip(four.units, ["a", "b", "a", "c"]))
    assert len(deal_out(four, pairs, draws=99, seed=0)[0]) == 2
    apart = dict(zip(four.units, "aabb"))
    with pytest.raises(hub.HubError, match="only one way to deal out"):
        deal_out(four, apart, draws=99, seed=0)


def test_all_sets_are_listed_where_there_are_no_more_than_draws():
    sets, exact = sets_of_units(4, 2, draws=6, seed=0)
    assert exact
    assert sets.tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]


def test_sets_are_drawn_where_there_are_more_than_draws():
    sets, exact = sets_of_units(4, 2, draws=5, seed=0)
    assert not exact
    assert len({tuple(s) for s in sets.tolist()}) == len(sets) == 5
    sets, _ = sets_of_units(9, 3, draws=40, seed=1)
    assert (np.diff(sets, axis=1) > 0).all()
    assert set(sets.ravel()) == set(range(9))


def test_as_far_is_in_either_direction_up_to_rounding():
    values = np.array([2, -2, 2 - 1e-12, 2 - 1e-6, 2.1, 0])
    for observed in (2.0, -2.0):
        assert at_least_as_far(values, observed).tolist() == [
            *(True, True, True, False, True, False)
        ]


def test_ways_are_counted_stratum_by_stratum_and_are_as_many_as_are_dealt():
    starts = np.array([4, 4, 6, 9, 9, 4, 9])
    groups = [np.array([0, 1, 2, 3]), np.array([4, 5, 6])]
    assert count_deals(starts, groups) == 12 * 3  # 4!/2! and 3!/2!
    deals = deal_all(starts, groups)
    assert len(np.unique(deals, axis=0)) == len(deals) == 36
    drawn = deal_some(starts, groups, draws=30, seed=0)
    assert len(np.unique(drawn, axis=0)) == len(drawn) == 31
    assert (drawn[0] == starts).all()
    for rows in groups:
        for some in (deals, drawn):
            assert (np.sort(some[:, rows]) == np.sort(starts[rows])).all()


def test_strata_are_told_apart_by_value_and_default_to_one(four):
    assert [g.tolist() for g in strata_of(four, None)] == [[0, 1, 2, 3]]
    labels = dict(zip(four.units, [1, 2, 1.0, 2]))
    assert [g.tolist() for g in strata_of(four, labels)] == [[0, 2], [1, 3]]
    labels = pd.Series(labels)
    assert [g.tolist() for g in strata_of(four, labels)] == [[0, 2], [1, 3]]


@pytest.mark.parametrize(
    ("strata", "said"),
    [
        (["a", "a", "b", "b"], "must be a mapping"),
        ({"u01": "a", "u02": "a", "u03": "b"}, "no stratum is given for u04"),
        (
            {"u01": "a", "u02": "a", "u03": "b", "u04": None},
            "no stratum is given for u04",
        ),
        ({"u01": "a", "u02": "a", "u03": "b", "u04": ["b"]}, "stratum of u04"),
        ({"u01": "a", "u02": "a", "u03": "b", "u04": "b", "u05": "b"}, "u05"),
    ],
)
def test_strata_that_are_none_are_refused(four, strata, said):
    with pytest.raises(hub.HubError, match=said):
        strata_of(four, strata)


def test_a_set_is_run_as_the_panel_in_which_it_is_treated(four):
    sets = np.array([[0, 1], [1, 3], [2, 3]])
    own = hub.estimator(lambda panel: hub.synthetic_control(panel))
    atts, paths, loads = run_sets(four, own, sets, 3)
    assert loads is None
    quick = run_sets(four, hub.estimator(hub.synthetic_control), sets, 3)
    assert quick[0] == pytest.approx(atts)
    assert quick[1] == pytest.approx(paths)
    for rows, att, path in zip(sets, atts, paths):
        estimate = hub.synthetic_control(four.assign(rows, 3))
        assert att == estimate.att == pytest.approx(path[3:].mean())
        assert path == pytest.approx(estimate.path["effect"].to_numpy())


def test_an_estimate_without_a_path_has_no_effect_at_any_time(four):
    bare = hub.Estimate("mine", 1.0, four)
    assert effect_of(bare, range(-2, 2)).isna().all()
    told = effect_of(hub.synthetic_control(four), [-1, 0, 99])
    assert told.index.tolist() == [-1, 0, 99]
    assert told.notna().tolist() == [True, True, False]


def test_dates_dealt_at_once_give_what_they_give_one_by_one():
    panel = hub.simulate_panel(units=5, periods=8, treated=2, start=[4, 6], seed=2)
    deals = deal_all(panel.starts, [np.arange(5)])
    own = hub.estimator(lambda panel: hub.imputation(panel))
    at_once = run_deals(panel, hub.estimator(hub.imputation), deals)
    assert len(at_once) == 20
    assert at_once == pytest.approx(run_deals(panel, own, deals))


def test_each_keeps_the_order():
    assert each(lambda x: x * x, [3, 1, 2], "squares") == [9, 1, 4]


def without_a_number(panel):
    """A reader's own that cannot do the second unit."""
    lost = panel.units[1] in panel.treated
    return hub.Estimate("own", np.nan if lost else hub.did(panel).att, panel)


@pytest.mark.parametrize(
    "ask",
    [
        hub.randomization_test,
        hub.placebo_in_space,
        hub.minimum_detectable_effect,
        hub.power_by_horizon,
        lambda panel, own: hub.one_at_a_time({"y": panel}, own, 7),
    ],
)
def test_an_estimate_that_is_no_finite_number_is_refused_with_who_was_treated(ask):
    panel = draw(0, treated=1)
    # The treated first; among the donors of a placebo the second is another.
    own = without_a_number
    if ask is hub.placebo_in_space:
        own = lambda p: hub.Estimate("own", np.inf, p)  # noqa: E731
    with pytest.raises(hub.HubError, match=r"gives (nan|inf) with u0\d treated"):
        ask(panel, own)


def test_dates_that_leave_no_finite_number_are_refused_too():
    panel = hub.simulate_panel(units=8, periods=8, treated=2, start=[4, 6], seed=0)
    own = hub.estimator(without_a_number, name="mine")
    with pytest.raises(hub.HubError, match=r"mine gives nan .* of 56 such"):
        hub.randomization_test(panel, own)


def test_dates_are_dealt_where_an_estimator_says_how_and_cannot_do_many_sets(four):
    starts = deal_all(four.starts, [np.arange(4)])
    many, deals = hub.estimator(hub.did), hub.estimator(hub.group_time_average)
    own = hub.estimator(lambda panel: hub.did(panel))
    for known in (many, own):
        atts, paths, _ = run_all(four, known, starts)
        assert paths.shape == (6, 6)
        assert atts == pytest.approx(run_deals(four, known, starts))
    atts, paths, loads = run_all(four, deals, starts)
    assert (paths, loads) == (None, None)
    assert atts == pytest.approx(run_deals(four, deals, starts))
    two = hub.simulate_panel(units=4, periods=6, treated=2, start=[3, 5], seed=0)
    assert run_all(two, deals, deal_all(two.starts, [np.arange(4)]))[1] is None


@pytest.fixture(scope="module")
def uneven():
    """Eight units, four treated, that change by 4 and back before treatment."""
    panel = hub.simulate_panel(units=8, periods=6, treated=4, start=5, seed=0)
    return panel.with_frame(0 * panel.frame + [0.0, 4.0, 0.0, 0.0, 0.0, 0.0])


def fits(*sizes):
    """Gaps of these sizes in all four periods before treatment."""
    return np.outer(sizes, [1.0, -1.0, 1.0, -1.0])


def test_no_more_than_three_times_the_usual_fit_is_a_basis(uneven):
    told = badly_fitted(uneven, fits(5, 5, 5, 14.9, 15.1), levels=True)
    assert told.tolist() == [False, False, False, False, True]


def test_a_fit_within_what_noise_makes_of_four_treated_is_a_basis(uneven):
    # Changes of 4, -4 and 0 have a standard deviation of 4; the mean of four units
    # half of it, and half of that again is as good as any fit: three times 1.
    told = badly_fitted(uneven, fits(0, 0, 0, 2.9, 3.1), levels=True)
    assert told.tolist() == [False, False, False, False, True]


def test_a_level_of_its_own_is_no_bad_fit_where_changes_are_compared(uneven):
    apart = fits(1, 1, 1, 1, 1) + [[0], [0], [0], [0], [90]]
    assert badly_fitted(uneven, apart, levels=True).tolist() == [False] * 4 + [True]
    assert not badly_fitted(uneven, apart, levels=False).any()
