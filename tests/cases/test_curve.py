"""A specification curve: every combination of choices, none of which saw a result."""

from itertools import product

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.cases.curve import donors_of, every_choice, windows_of


@pytest.fixture(scope="module")
def panel():
    return hub.simulate_panel(units=20, periods=12, treated=4, start=9, seed=1)


METHODS = {"did": hub.did, "imputation": hub.imputation}


def test_each_combination_is_there_once_and_one_was_planned(panel):
    samples = {"as planned": panel, "fewer": panel.drop([panel.donors[0]])}
    curve = every_choice(samples, METHODS)
    made = set(curve[["estimator", "sample", "donors", "window"]].agg(tuple, axis=1))
    wanted = product(METHODS, samples, donors_of(panel), windows_of(panel))
    assert made == set(wanted)
    assert len(made) == len(curve) == 2 * 2 * 2 * 3
    planned = curve[curve["planned"]]
    assert planned["att"].item() == pytest.approx(hub.did(panel).att)
    assert planned["estimator"].item() == "did"


def test_no_choice_looks_at_what_happened_after_the_start(panel):
    after = panel.values.copy()
    after[:, panel.start :] += np.random.default_rng(0).normal(0, 99, (20, 4))
    other = panel.with_frame(
        hub.Panel(after, panel.units, panel.periods, panel.first_treated, "y").frame
    )
    assert donors_of(other) == donors_of(panel)
    assert windows_of(other) == windows_of(panel)


def test_the_half_is_the_one_nearest_in_level(panel):
    before = panel.frame.iloc[:, : panel.start].mean(axis=1)
    apart = (before - before[panel.treated].mean()).abs()
    near = donors_of(panel)["the half nearest in level"]
    far = [d for d in panel.donors if d not in near]
    assert len(near) == 8
    assert apart[near].max() <= apart[far].min()


def test_nobody_becomes_a_donor_by_a_period_less():
    waves = hub.simulate_panel(units=12, periods=9, treated=4, start=[5, 9], seed=0)
    assert "without the last" not in windows_of(waves)


def test_small_panels_are_not_cut():
    small = hub.simulate_panel(units=6, periods=5, treated=1, start=5, seed=0)
    assert list(donors_of(small)) == ["all donors"]
    assert list(windows_of(small)) == ["all periods"]


def test_what_a_method_refuses_is_in_the_table_with_its_reason(panel):
    def never(panel):
        raise hub.HubError("not of these.")

    curve = every_choice({"as planned": panel}, {"did": hub.did, "never": never})
    failed = curve[curve["estimator"] == "never"]
    assert failed["att"].isna().all()
    assert set(failed["refused"]) == {"not of these."}
