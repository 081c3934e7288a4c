"""Bands over event times by lot: what they are made of, and what they hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.inference.assignments import strata_of

fast = settings(max_examples=15, deadline=None)
# Groups of the shipped panel of cities: 2, 8, 4 and 3, here among fewer others.
GROUPS = {10: 2, 11: 8, 12: 4, 13: 3}


def draw(seed=0, effect=0.0, **options):
    shape = {"units": 12, "periods": 8, "treated": 4, "start": [5, 7], "factors": 0}
    return hub.simulate_panel(seed=seed, effect=effect, **(shape | options))


def dealt(seed, strata=None):
    """Autocorrelated noise without an effect, treatment dealt out by lot."""
    starts = {}
    for start, size in GROUPS.items():
        starts |= {
            f"u{i:02d}": start for i in range(len(starts) + 1, len(starts) + 1 + size)
        }
    panel = hub.simulate_panel(
        units=60, periods=14, treated=1, start=10, factors=0, ar=0.8, seed=seed
    ).treat(starts)
    rng, positions = np.random.default_rng(seed), panel.starts.copy()
    for rows in strata_of(panel, strata):
        positions[rows] = rng.permutation(positions[rows])
    return panel.deal(positions)


def holds(path, truth=0.0):
    return bool(((path["lower"] <= truth) & (truth <= path["upper"])).all())


@fast
@given(st.integers(0, 9999))
def test_what_it_reports_is_the_average_by_event_time_of_group_time_att(seed):
    panel = draw(seed)
    path = hub.randomization_band(panel, draws=99).path
    effects = hub.group_time_att(panel, base_period="universal", draws=0)
    asked = effects.aggregate("dynamic").path["effect"]
    pd.testing.assert_series_equal(path["reported"], asked, check_names=False)


def test_with_one_date_what_it_reports_is_the_event_study():
    panel = draw(start=5)
    path = hub.randomization_band(panel, draws=99).path
    study = hub.event_study(panel).path["effect"]
    np.testing.assert_allclose(path["reported"], study, atol=1e-12)


@fast
@given(st.integers(0, 9999), st.floats(-9, 9), st.floats(-9, 9))
def test_a_path_of_effects_moves_the_band_by_itself_and_nothing_else(seed, a, b):
    panel = draw(seed)
    event = np.arange(len(panel.periods)) - panel.starts[:, None]
    effect = np.where(panel.treatment, a + b * event, 0.0)
    moved = replace(panel, values=panel.values + effect)
    one, two = (hub.randomization_band(p, draws=99).path for p in (panel, moved))
    truth = np.where(one.index >= 0, a + b * one.index, 0.0)
    for column in ("effect", "lower", "upper"):
        np.testing.assert_allclose(two[column], one[column] + truth, atol=1e-8)


@fast
@given(st.integers(0, 9999), st.floats(0.1, 9))
def test_unit_and_period_effects_change_nothing_and_a_scale_scales(seed, factor):
    panel = draw(seed)
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(12, 1)) + rng.normal(size=8)
    moved = replace(panel, values=factor * (panel.values + noise))
    one, two = (hub.randomization_band(p, draws=99).path for p in (panel, moved))
    np.testing.assert_allclose(two, factor * one, atol=1e-8)


@fast
@given(st.integers(0, 9999))
def test_with_one_period_after_and_one_before_it_is_the_interval_by_lot(seed):
    panel = hub.simulate_panel(units=9, periods=2, treated=3, start=2, seed=seed)
    row = hub.randomization_band(panel).path.loc[0]
    lot = hub.randomization_test(panel, hub.did)
    assert row["effect"] == pytest.approx(lot.effect)
    # A band is as far on both sides as the interval is on its farther one.
    half = max(abs(end - lot.effect) for end in lot.interval())
    assert row["upper"] - row["effect"] == pytest.approx(half)
    assert row["effect"] - row["lower"] == pytest.approx(half)


@pytest.mark.parametrize("strata", [None, "size"])
def test_it_holds_the_truth_where_the_bootstrap_does_not(strata):
    classes = None
    if strata:  # most of the first class are treated, as among the largest cities
        classes = {f"u{i:02d}": int(i > 22) for i in range(1, 61)}
    lot, bootstrap = [], []
    for seed in range(60):
        panel = dealt(seed, classes)
        lot.append(holds(hub.randomization_band(panel, classes, 99, seed).path))
        effects = hub.group_time_att(panel, base_period="universal", draws=199)
        bootstrap.append(holds(effects.aggregate("dynamic").path))
    assert np.mean(lot) >= 0.88
    assert np.mean(bootstrap) <= 0.8


def test_groups_of_one_get_a_band_by_lot_and_none_by_bootstrap():
    panel = draw(units=30, treated=2)
    effects = hub.group_time_att(panel)
    assert "lower" not in effects.aggregate("dynamic").path
    assert any("randomization_band gives one" in note for note in effects.notes)
    assert np.isfinite(hub.randomization_band(panel).path).all(axis=None)


def test_an_event_time_that_too_few_assignments_move_is_refused_by_name():
    # u01 alone is seen at 2 and 3, and is dealt the same date in 11 lots of 132.
    with pytest.raises(ValueError, match="no effect at event time 2, 3, however large"):
        hub.randomization_band(draw(treated=2))


def test_a_higher_level_is_wider_and_the_same_seed_gives_the_same_band():
    panel = draw(units=16)
    wide, narrow, again = (
        hub.randomization_band(panel, draws=199, level=level, seed=3).path
        for level in (0.95, 0.8, 0.95)
    )
    after = wide.index >= 0
    assert (wide["upper"] > narrow["upper"])[after].all()
    pd.testing.assert_frame_equal(wide, again)


def test_it_prints_as_a_short_table():
    text = repr(hub.randomization_band(draw(units=8, treated=2, start=7)))
    assert [line.split("  ")[0] for line in text.splitlines()[-3:]] == [
        "event time 0",
        "event time 1",
        "assignments (all)",
    ]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda p: hub.randomization_band(p.treat({"u01": 5})),
            "12 assignments are too",
        ),
        (lambda p: hub.randomization_band(p.treat({})), "no unit is treated"),
        (lambda p: hub.randomization_band(p.keep(p.treated)), "no donor is left"),
        (lambda p: hub.randomization_band(p, level=1.0), "level must lie"),
        (lambda p: hub.randomization_band(p, draws=0), "draws must be"),
        (lambda p: hub.randomization_band(p, {"u01": 1}), "no stratum is given"),
        (lambda p: hub.randomization_band(p.frame), "takes a Panel, not a pandas"),
        (
            lambda p: hub.randomization_band(
                replace(p, weights=pd.Series(2.0, p.units, name="people"))
            ),
            "does not take the panel's weights .people",
        ),
        (
            lambda p: hub.randomization_band(
                replace(p, covariates=pd.DataFrame({"size": 1.0}, p.units))
            ),
            "does not take the panel's covariates .size",
        ),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act(draw())


def test_the_refusal_names_a_level_that_works():
    panel = draw(treated=1, start=5)
    with pytest.raises(ValueError, match=r"at most 0\.91"):
        hub.randomization_band(panel)
    assert np.isfinite(hub.randomization_band(panel, level=0.91).path).all(axis=None)
