"""Difference-in-differences and its event study."""

import numpy as np
import pandas as pd
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


def test_dates_dealt_at_once_are_dates_run_one_by_one():
    panel = hub.simulate_panel(units=9, periods=8, treated=5, start=[4, 6], seed=2)
    known = hub.ESTIMATORS["did"]
    rng = np.random.default_rng(0)
    starts = np.array([panel.starts, *(rng.permutation(panel.starts) for _ in "abc")])
    one_by_one = [hub.did(panel.deal(deal)).att for deal in starts]
    np.testing.assert_allclose(
        known.deals(panel.values, starts), one_by_one, atol=1e-12
    )


def test_plain_and_weighted_by_one_are_the_same():
    panel = draw(3, treated=4)
    ones = pd.Series(1.0, index=panel.units, name="one")
    made = hub.Panel.from_wide(panel.frame, panel.first_treated, "y", weights=ones)
    for ask in (hub.did, hub.event_study, hub.imputation, hub.group_time_average):
        plain, weighted = ask(panel), ask(made)
        assert weighted.att == pytest.approx(plain.att, abs=1e-9)
        assert weighted.se == pytest.approx(plain.se, rel=1e-7)
