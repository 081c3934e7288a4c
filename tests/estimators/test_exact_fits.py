"""Many mixes that fit exactly are told, with what others of them would answer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators import exact_fits
from hubanalysis.estimators.exact_fits import many_mixes_note

MANY = "many mixes"


def line(*after, before=(-1.0, 1.0, 3.0), unit=0.0):
    """One unit and three donors, of one period before treatment and one after."""
    table = pd.DataFrame({1: [unit, *before], 2: [0.0, *after]}, index=[*"ubcd"])
    return hub.Panel.from_wide(table, {"u": 2}, "y")


def test_the_ends_are_those_of_all_mixes_that_fit():
    # Half b and half c, or three quarters b and one of d: 1 and 3 after.
    found = hub.synthetic_control(line(0.0, 2.0, 12.0))
    assert found.notes[-1] == (
        "many mixes of the 3 donors follow u exactly through 1 period(s) before "
        "treatment; the one that is most even is taken, others give from -3.0000 to "
        "-1.0000"
    )
    assert -3 < found.att < -1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_every_mix_that_fits_answers_between_the_ends(seed, intercept):
    panel = hub.simulate_panel(
        units=12, periods=5, treated=1, start=3 + intercept, factors=1, seed=seed
    )
    found = hub.synthetic_control(panel, intercept=intercept)
    told = [note for note in found.notes if MANY in note]
    before = panel.values[:, : panel.start]
    if intercept:
        before = before - before.mean(axis=1, keepdims=True)
    rows = panel.units.isin(panel.treated)
    gaps = (before[~rows] - before[rows]).T
    missed = gaps @ found.unit_weights.to_numpy()
    assert bool(told) == (np.abs(missed).max() < 1e-9)
    if told:
        low, high = map(float, told[0].rpartition("from ")[2].split(" to "))
        assert low - 1e-4 < found.att < high + 1e-4
        # A step along what no gap sees, as far as no weight turns negative.
        system = np.vstack([gaps, np.ones(gaps.shape[1])])
        along = np.linalg.svd(system)[2][-1]
        weights = found.unit_weights.to_numpy()
        with np.errstate(divide="ignore"):
            reach = np.where(along < 0, -weights / along, np.inf).min()
        other = weights + reach * along
        change = panel.values[:, panel.start :].mean(axis=1)
        if intercept:
            change = change - panel.values[:, : panel.start].mean(axis=1)
        answer = float(change[rows][0] - other @ change[~rows])
        assert low - 1e-4 < answer < high + 1e-4


def test_a_mix_that_misses_or_is_the_only_one_is_not_told():
    for after, before, unit in (
        ((0.0, 2.0, 12.0), (1.0, 2.0, 3.0), 0.0),
        ((0.0, 2.0, 12.0), (0.0, 1.0, 3.0), 0.0),
        ((5.0, 5.0, 5.0), (-1.0, 1.0, 3.0), 0.0),
    ):
        panel = line(*after, before=before, unit=unit)
        assert MANY not in " ".join(hub.synthetic_control(panel).notes)


@pytest.mark.parametrize(("apart", "told"), [(2.1e-6, True), (1.9e-6, False)])
@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_answers_within_a_millionth_of_the_spread_are_one(size, apart, told):
    panel = line(0.0, size, size * (1.0 + apart), before=(-1.0, 1.0, 1.0))
    weights = np.array([[0.5], [0.25], [0.25]])
    assert bool(many_mixes_note(panel, weights, np.zeros(1))) == told


@pytest.mark.parametrize(("off", "told"), [(0.9e-9, True), (1.1e-9, False)])
@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_a_fit_is_exact_to_a_billionth_of_the_way_to_the_nearest_donor(
    off, told, scale
):
    panel = line(0.0, 2.0, 12.0, before=np.array([-1.0, 1.0, 3.0]) * scale)
    half = np.array([[0.5 - off / 2], [0.5 + off / 2], [0.0]])
    assert bool(many_mixes_note(panel, half, np.zeros(1))) == told


def test_donors_that_are_all_as_the_unit_fit_in_any_mix():
    panel = line(0.0, 2.0, 12.0, before=(0.1, 0.1, 0.1), unit=0.1)
    told = many_mixes_note(panel, np.full((3, 1), 1 / 3), np.array([-14 / 3]))
    assert told[0].endswith("others give from -12.0000 to 0.0000")


def several(units, after=(0.0, 2.0, 12.0)):
    """Units that start one after another, and the three donors."""
    names = [f"u{i:02}" for i in range(units)]
    table = pd.DataFrame(
        {p: [*np.zeros(units), -1.0, 1.0, 3.0] for p in (1, 2)}
        | {3: [*np.zeros(units), *after]},
        index=[*names, *"bcd"],
    )
    starts = {name: 2 + (i > 0) for i, name in enumerate(names)}
    return hub.Panel.from_wide(table, starts, "y")


def test_of_several_units_the_ends_are_of_their_mean():
    told = hub.synthetic_control(several(2)).notes[-1]
    # From the second period on half of what the third gives.
    assert "follow u00, u01 exactly through 1, 2 period(s)" in told
    assert told.endswith("others give from -2.2500 to -0.7500")


def test_of_many_units_no_ends_are_sought():
    assert exact_fits.RANGED == 20
    # One of twenty starts a period earlier, and moves by half as much.
    told = hub.synthetic_control(several(20)).notes[-1]
    assert told.endswith("others give from -2.9250 to -0.9750")
    told = hub.synthetic_control(several(21)).notes[-1]
    assert "and 16 more exactly" in told
    assert told.endswith("others give other answers")
    assert MANY not in " ".join(hub.synthetic_control(several(21, [5.0] * 3)).notes)


def test_the_augmented_one_says_so_too_and_one_by_predictors_does_not():
    panel = hub.simulate_panel(units=60, periods=8, treated=1, start=4, seed=0)
    plain, augmented = (
        [note for note in ask(panel).notes if MANY in note]
        for ask in (hub.synthetic_control, hub.augmented_synthetic_control)
    )
    assert plain == augmented != []
    assert "59 donors follow u01 exactly through 3 period(s)" in plain[0]
    traits = panel.frame.loc[:, [1, 2]]
    found = hub.synthetic_control(panel, predictors=traits)
    assert MANY not in " ".join(found.notes)


def test_an_exact_fit_with_negative_weights_is_no_mix():
    panel = line(0.0, 2.0, 12.0, before=(1.0, 2.0, 3.0))
    beyond = np.array([[2.0], [-1.0], [0.0]])
    assert many_mixes_note(panel, beyond, np.zeros(1)) == ()
