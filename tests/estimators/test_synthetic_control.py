"""Synthetic control, with predictors and without."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.draws import draw

MATCHED = {
    "synthetic_control": hub.estimator(hub.synthetic_control),
    "with_intercept": hub.estimator(hub.synthetic_control, intercept=True),
    "synthetic_did": hub.estimator(hub.synthetic_did),
}


def test_a_bad_fit_and_a_lone_donor_are_noted_beside_the_result():
    panel = draw(0, treated=1)
    frame = panel.frame.copy()
    frame.iloc[0] += 100
    notes = hub.synthetic_control(panel.with_frame(frame)).notes
    assert any("bad fit" in note for note in notes)
    assert any("almost alone" in note for note in notes)


@pytest.fixture(scope="module")
def california():
    table = hub.load("validation/prop99")
    return hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )


def test_an_effect_planted_without_noise_is_found():
    panel = hub.simulate_panel(
        units=12, periods=12, treated=1, start=9, noise=0.0, seed=2
    )
    mix = np.append(np.repeat(0.25, 4), np.zeros(7))
    frame = panel.frame.copy()
    frame.iloc[0] = mix @ frame.iloc[1:] + 3.0 * (frame.columns >= 9)
    exact = panel.with_frame(frame)
    estimate = hub.synthetic_control(exact, predictors=frame[[1, 4, 8]])
    assert estimate.att == pytest.approx(3.0, abs=1e-4)


def test_balance_sets_the_treated_beside_its_mix_and_all_donors(california):
    three = california.frame[[1975, 1980, 1988]]
    estimate = hub.synthetic_control(california, predictors=three)
    balance = estimate.balance
    assert np.allclose(balance["treated"], three.loc["California"])
    weights = estimate.unit_weights
    assert np.allclose(balance["synthetic"], weights @ three.loc[weights.index])


def test_several_treated_units_each_have_importances_of_their_own():
    panel = hub.simulate_panel(units=12, periods=10, treated=2, start=7, seed=0)
    lags = panel.frame[[1, 3, 6]]
    estimate = hub.synthetic_control(panel, predictors=lags)
    assert estimate.predictor_weights.shape == (3, 2)
    assert np.allclose(estimate.predictor_weights.sum(), 1)


def test_placebos_run_with_predictors_too():
    panel = hub.simulate_panel(units=8, periods=10, treated=1, start=7, seed=0)
    chosen = partial(hub.synthetic_control, predictors=panel.frame[[1, 6]])
    assert len(hub.placebo_in_space(panel, chosen).estimates) == 7


def test_without_predictors_there_are_no_importances(california):
    assert not hasattr(hub.synthetic_control(california), "predictor_weights")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: x.drop(index="Utah"), r"no row for Utah"),
        (lambda x: x.assign(a="text"), r"must be numbers; a is not"),
        (lambda x: x.assign(a=1.0), r"a is the same for California and all donors"),
        (
            lambda x: x.drop(index="Utah").reindex(x.index),
            r"missing or infinite: Utah in 1975",
        ),
        (lambda x: x.replace(x.iloc[0, 0], np.inf), r"missing or infinite"),
        (lambda x: x[1975], r"must be a frame with units as rows"),
        (lambda x: x[[]], r"must be a frame with units as rows"),
        (lambda x: pd.concat([x, x.loc[["Utah"]]]), r"more than one row for Utah"),
        (
            lambda x: x.assign(a=pd.array([pd.NA, *[1] * 38], "Int64")),
            r"missing or infinite: Alabama in a",
        ),
    ],
)
def test_bad_predictors_are_refused_by_name(california, change, message):
    good = california.frame[[1975, 1988]]
    with pytest.raises(ValueError, match=message):
        hub.synthetic_control(california, predictors=change(good))


def test_predictors_with_an_intercept_are_refused(california):
    lags = pd.DataFrame(california.frame[[1975]])
    with pytest.raises(ValueError, match="cannot be asked for together"):
        hub.synthetic_control(california, predictors=lags, intercept=True)


def mixed(share, level=0.0, units=6):
    """The treated unit is a mix of its first two donors, before and after."""
    panel = hub.simulate_panel(units=units, periods=12, treated=1, start=9, seed=4)
    frame = panel.frame.copy()
    frame.iloc[0] = level + share * frame.iloc[1] + (1 - share) * frame.iloc[2]
    frame.iloc[0, 8:] += 2.0
    return panel.with_frame(frame)


@pytest.mark.parametrize("share", [0.5, 0.89, 0.91, 1.0])
def test_a_mix_of_donors_is_found_and_nine_tenths_of_one_are_noted(share):
    panel = mixed(share)
    estimate = hub.synthetic_control(panel)
    assert estimate.att == pytest.approx(2.0)
    weights = estimate.unit_weights.to_numpy()
    assert weights == pytest.approx([share, 1 - share, 0, 0, 0], abs=1e-6)
    alone = [note for note in estimate.notes if "almost alone" in note]
    assert len(alone) == (share > 0.9)
    assert not any("bad fit" in note for note in estimate.notes)


def test_an_only_donor_is_not_worth_a_note():
    notes = hub.synthetic_control(draw(0, units=2, treated=1)).notes
    assert not any("almost alone" in note for note in notes)


def test_an_intercept_takes_a_constant_gap_out():
    panel = mixed(0.4, level=30.0)
    estimate = hub.synthetic_control(panel, intercept=True)
    assert estimate.att == pytest.approx(2.0)
    assert estimate.path["effect"].to_numpy() == pytest.approx(
        np.repeat([0, 2], [8, 4])
    )
    assert hub.synthetic_control(panel).att > 10


@pytest.mark.parametrize("intercept", [False, True])
def test_many_sets_at_once_have_the_paths_and_loads_of_each(intercept):
    panel = draw(3, units=8)
    known = hub.estimator(hub.synthetic_control, intercept=intercept)
    sets = np.array([[0, 1], [2, 7], [3, 4]])
    paths, loads = known.many(panel, sets, 6)
    for rows, path, load in zip(sets, paths, loads):
        alone = hub.synthetic_control(panel.assign(rows, 6), intercept=intercept)
        assert path == pytest.approx(alone.path["effect"].to_numpy(), abs=1e-7)
        assert load[rows] == pytest.approx([1 / 2, 1 / 2])
        others = np.delete(np.arange(8), rows)
        weights = alone.unit_weights.to_numpy().mean(axis=1)
        assert load[others] == pytest.approx(-weights, abs=1e-7)


def test_units_of_two_dates_count_alike_each_from_its_own_on():
    panel = hub.simulate_panel(units=9, periods=10, treated=3, start=[6, 8], seed=1)
    found = hub.synthetic_control(panel)
    alone = [
        hub.synthetic_control(panel.keep([unit, *panel.donors])).att
        for unit in panel.treated
    ]
    assert found.att == pytest.approx(np.mean(alone))


def test_importance_that_is_given_is_used_in_any_unit_and_order(california):
    lags = california.frame[[1975, 1980, 1988]]
    given = pd.Series({1988: 6.0, 1975: 2.0, 1980: 0.0})
    found = hub.synthetic_control(california, predictors=lags, importance=given)
    assert found.predictor_weights.to_dict() == {1975: 0.25, 1980: 0.0, 1988: 0.75}
    assert not any("importance" in note for note in found.notes)
    without = hub.synthetic_control(
        california, predictors=lags[[1975, 1988]], importance=given / 8
    )
    assert found.att == pytest.approx(without.att, abs=1e-4)
    means = lags.loc[california.donors].mean()
    assert np.allclose(found.balance["donors"], means)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({1975: 1.0}, "nothing for 1988"),
        ({1975: 1.0, 1988: -0.1}, "not negative, and not all zero"),
        ({1975: 0.0, 1988: 0.0}, "not negative, and not all zero"),
        ({1975: 1.0, 1988: np.inf}, "must be finite"),
        ({1975: 1.0, 1988: None}, "must be finite"),
    ],
)
def test_importance_that_is_none_is_refused(california, given, said):
    lags = california.frame[[1975, 1988]]
    with pytest.raises(hub.HubError, match=said):
        hub.synthetic_control(california, predictors=lags, importance=pd.Series(given))
    with pytest.raises(hub.HubError, match="must be a series"):
        hub.synthetic_control(california, predictors=lags, importance=given)
    with pytest.raises(hub.HubError, match="give these too"):
        hub.synthetic_control(california, importance=pd.Series(given))


# SciPy 1.15 ends beside the best here.
@example(0, 1.0, (9, 6, 3), 3, "synthetic_control")
@given(
    st.integers(0, 2**16),
    st.sampled_from([1.0, 0.1, 100.0]),
    st.sampled_from([(12, 5, 2), (9, 6, 3), (20, 14, 10), (30, 5, 2)]),
    st.sampled_from([1, 3]),
    st.sampled_from(sorted(MATCHED)),
)
@settings(max_examples=60, deadline=None)
def test_rounded_figures_answer_alike_under_other_names_levels_and_in_bulk(
    seed, unit, shape, treated, name
):
    """Counts and rounded percents tie, and fit exactly: rounding must not decide."""
    n, periods, start = shape
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(0, 2, (n, periods))) + rng.integers(0, 9, (n, 1))
    values[::3, :start] = values[::3, :1]  # no change before, so twins but for level
    units = [f"u{i:02d}" for i in range(n)]
    frame = pd.DataFrame(values * unit, units, range(1, periods + 1))
    first = dict.fromkeys(units[:treated], start + 1)
    panel = hub.Panel.from_wide(frame, first, "y")
    known = MATCHED[name]
    found = known(panel).att
    renamed = frame.set_axis([f"z{n - i:02d}" for i in range(n)])
    other = dict.fromkeys(renamed.index[:treated], start + 1)
    other = hub.Panel.from_wide(renamed.sort_index(), other, "y")
    near = {"rel": 0, "abs": 1e-7 * unit}
    assert known(other).att == pytest.approx(found, **near)
    assert known(panel.with_frame(frame + 0.1)).att == pytest.approx(found, **near)
    assert known.att(panel) == pytest.approx(found, **near)
    sets = np.sort(rng.random((20, n)).argsort(axis=1)[:, :treated], axis=1)
    paths = known.many(panel, sets, start).paths
    for rows, path in zip(sets, paths):
        alone = known(panel.assign(rows, start)).att
        assert path[start:].mean() == pytest.approx(alone, **near)


def test_donors_that_match_up_to_a_level_share_alike():
    counts = np.array([[1, 1, 1, 4], [2, 2, 2, 3], [5, 5, 5, 9], [0, 3, 1, 7]])
    units = ["here", "flat", "flat too", "other"]
    frame = pd.DataFrame(counts / 10, units, range(4))
    panel = hub.Panel.from_wide(frame, {"here": 3}, "share")
    weights = hub.synthetic_control(panel, intercept=True).unit_weights
    assert weights.to_numpy() == pytest.approx([0.5, 0.5, 0.0])
