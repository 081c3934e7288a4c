"""Difference-in-differences and its event study."""

import pytest

import hubanalysis as hub
from tests.draws import draw


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
