"""Placebos in space and in time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.inference.placebo import Placebos, critical_value
from tests.draws import draw

fast = settings(max_examples=15, deadline=None)


seeds = st.integers(0, 2**16)


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


def test_placebos_print_as_a_short_table_and_too_few_are_refused():
    panel = draw(3, treated=1)
    assert "(k + 1) / (N + 1)" in repr(hub.placebo_in_space(panel, hub.did))
    few = draw(3, units=4)
    with pytest.raises(ValueError, match=r"2 donor\(s\) cannot stand in .* Add donors"):
        hub.placebo_in_space(few, hub.did)
    with pytest.raises(ValueError, match="no pretended start"):
        hub.placebo_in_time(panel, hub.did, [])


def test_many_sets_are_drawn_and_counted():
    placebos = hub.placebo_in_space(draw(3, units=20), hub.did, draws=50)
    assert len(placebos.estimates) == 50
    assert "50 of 153 sets of donors drawn" in placebos.notes[-1]


def told(observed, estimates, paths=None, observed_path=None):
    """Placebos put together by hand, with paths from two periods before."""
    names = [f"u{i}" for i in range(len(estimates))]
    event = pd.Index([-2, -1, 0, 1])
    paths = np.full((4, len(names)), np.nan) if paths is None else np.array(paths).T
    return Placebos(
        observed,
        pd.Series(np.array(estimates, dtype=float), index=names),
        pd.DataFrame(paths, index=event, columns=names),
        pd.Series(np.nan if observed_path is None else observed_path, event),
    )


def test_a_placebo_as_far_from_zero_counts_and_one_just_nearer_does_not():
    assert told(2, [-2, 2 + 1e-12, 2 - 1e-12, 2 - 1e-6, 3, 0]).rank == 4
    assert told(-2, [-2, 1, 0, 1]).p_value == 1 / 4
    assert told(-2, [-2, 1, 0, 1]).p_value_plus_one == 2 / 5
    assert told(-2, [1, 3, 1, 3]).sd == 1


def test_a_ratio_is_of_root_mean_squares_after_and_before():
    paths = [[1, -1, 2, -2], [2, 0, 1, 1], [1, 1, 2, 2]]
    found = told(0, [0, 0, 0], paths, [1.0, 1, -2, 2])
    expected = [2, 2, 1 / np.sqrt(2), 2]
    assert found.rmspe_ratio.to_numpy() == pytest.approx(expected)
    assert found.rmspe_ratio.index.tolist() == ["treated", "u0", "u1", "u2"]
    assert found.rmspe_p_value == 3 / 4
    with pytest.raises(AttributeError, match="gives no path"):
        told(0, [0]).rmspe_ratio  # noqa: B018


@pytest.mark.parametrize(
    ("placebos", "level", "far"),
    [(18, 0.05, np.inf), (19, 0.05, 19), (38, 0.05, 38), (39, 0.05, 38), (9, 1.0, 0)],
)
def test_a_distance_is_rejected_by_its_place_among_placebos(placebos, level, far):
    values = np.arange(1.0, placebos + 1) * np.resize([1, -1], placebos)
    assert critical_value(values, level) == far


def test_the_interval_reaches_as_far_on_both_sides():
    assert told(5, range(1, 20)).interval() == pytest.approx((5 - 19, 5 + 19))
    assert told(5, range(1, 20)).interval(0.9) == pytest.approx((5 - 18, 5 + 18))


def test_three_donors_can_stand_in_for_one_treated_unit_and_two_cannot():
    placebos = hub.placebo_in_space(draw(1, units=4, treated=1), hub.did)
    assert len(placebos.estimates) == 3
    with pytest.raises(hub.HubError, match="cannot stand in"):
        hub.placebo_in_space(draw(1, units=3, treated=1), hub.did)


@pytest.mark.parametrize(("donors", "few"), [(9, True), (10, False)])
def test_fewer_than_ten_placebos_are_few(donors, few):
    placebos = hub.placebo_in_space(draw(1, units=donors + 1, treated=1), hub.did)
    assert any("says little" in note for note in placebos.notes) == few


def test_all_sets_of_donors_are_run_where_there_are_as_many_as_draws():
    placebos = hub.placebo_in_space(draw(3, units=8), hub.did, draws=15)
    assert len(placebos.estimates) == 15
    assert not any("drawn" in note for note in placebos.notes)
    assert placebos.estimates.index[0] == "u03, u04"
    assert placebos.paths.index.tolist() == list(range(-6, 4))
    assert placebos.paths.loc[0:].mean().to_numpy() == pytest.approx(placebos.estimates)
    own = hub.did(draw(3, units=8)).path["effect"]
    assert placebos.observed_path.to_numpy() == pytest.approx(own.to_numpy())


def test_pretended_dates_are_run_without_the_treated_periods():
    panel = draw(2)
    table = hub.placebo_in_time(panel, hub.did, [4, 5])
    assert table["periods_before"].tolist() == [3, 4]
    assert table["periods_after"].tolist() == [3, 2]
    for start, row in table.iterrows():
        alone = hub.did(panel.window(1, 6).treat(dict.fromkeys(panel.treated, start)))
        assert (row["att"], row["se"]) == pytest.approx((alone.att, alone.se))


def test_a_path_without_the_periods_before_gives_no_ratio():
    placebos = hub.placebo_in_space(draw(0, treated=1), hub.imputation)
    for name in ("rmspe_ratio", "rmspe_p_value"):
        with pytest.raises(AttributeError, match="lacks the periods before"):
            getattr(placebos, name)


def test_rounding_before_treatment_is_no_gap():
    paths = [[1e-17, -1e-17, 2, 2], [1, 1, 3, 3], [0, 0, 0, 0]]
    found = told(0, [0, 0, 0], paths, [0.0, 0.0, 1, 1])
    assert found.rmspe_ratio.tolist() == [np.inf, np.inf, 3, 1]
    assert found.rmspe_p_value == 2 / 4
