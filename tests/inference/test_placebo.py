"""Placebos in space and in time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
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
