"""What a panel holds, and what is made from it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.panels.tables import long, panel

fast = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda p: p.drop(["u7"]), r"no unit 'u7'"),
        (lambda p: p.keep(["u7"]), r"no unit 'u7'"),
        (lambda p: p.treat({"u7": 2003}), r"no unit 'u7'"),
        (lambda p: p.window(1900, 1950), r"no period lies between"),
        (lambda p: p.window(2003, 2005), r"treated from the first period"),
        (lambda p: p.without_periods([1999]), r"no period"),
        (lambda p: p.backdate(2003), r"pretended start must lie after 2000"),
        (lambda p: p.backdate(2000), r"pretended start must lie after 2000"),
        (lambda p: p.backdate("x"), r"not a period of this panel"),
        (lambda p: p.pool(["u0", "u1"], "both"), r"different times"),
        (lambda p: p.pool(["u2", "u3"], "u1"), r"already a unit"),
        (lambda p: p.pool(["u2", "u3"], "both", how="max"), r"one of sum, mean"),
        (lambda p: p.transform(lambda y: y * np.nan), r"not a finite number"),
        (lambda p: p.transform(lambda y: np.log(y - y)), r"not a finite number for u0"),
        (lambda p: p.minus(p.drop(["u3"])), r"same units and periods"),
        (lambda p: p.window(2001, 2005).detrend(), r"at least three periods"),
        (lambda p: hub.did(p.keep(["u0"])), r"no donor is left"),
        (lambda p: hub.did(p.treat({})), r"no unit is treated"),
        (lambda p: hub.synthetic_control(p.treat({})), r"no unit is treated"),
        (lambda p: hub.placebo_in_space(p.keep(["u0", "u1"]), hub.did), r"1 donor"),
        (lambda p: hub.leave_one_out(p.keep(["u0", "u1"]), hub.did), r"only donor"),
        (lambda p: hub.minimum_detectable_effect(p, hub.did, power=1.5), r"power must"),
        (lambda p: hub.minimum_detectable_effect(p, hub.did, level=0), r"level must"),
        (lambda p: hub.did(p).interval(2), r"between 0 and 1"),
        (lambda p: hub.simulate_panel(units=3, treated=3), r"treated must be"),
        (lambda p: hub.simulate_panel(start=99), r"start must lie"),
        (lambda p: hub.simulate_panel(ar=1.0), r"ar must lie"),
        (
            lambda p: hub.placebo_in_space(p.treat({"u0": 2003, "u1": 2004}), hub.did),
            r"start at different times \(2003, 2004\)",
        ),
    ],
)
def test_a_bad_request_is_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act(panel())


def test_holes_are_kept_when_asked_and_refused_by_methods_that_need_every_cell():
    holed = panel(long().drop(index=8), balanced=False)
    assert not holed.is_balanced
    assert np.isfinite(hub.did(holed).att)
    with pytest.raises(
        ValueError, match=r"synthetic_control needs every cell.*u1 in 2002"
    ):
        hub.synthetic_control(holed)


def test_a_column_may_hold_the_dates_and_zero_means_never():
    df = long().assign(first=0)
    df.loc[df["unit"] == "u2", "first"] = 2004
    assert panel(df, first="first").first_treated == {"u2": 2004}


def test_a_start_after_the_last_period_leaves_a_unit_untreated_in_the_window():
    assert panel(first={"u0": 2003, "u1": 2050}).treated == ["u0"]


def test_months_are_periods_too_and_can_be_named_by_text():
    df = long()
    df["year"] = pd.PeriodIndex(
        [f"2000-{1 + y - 2000:02d}" for y in df["year"]], freq="M"
    )
    monthly = panel(df, first={"u0": "2000-04"})
    assert monthly.start == 3
    assert len(monthly.window("2000-02", "2000-06").periods) == 5


def test_backdating_cuts_off_the_treated_periods():
    pretended = panel().backdate(2002)
    assert list(pretended.periods) == [2000, 2001, 2002]
    assert pretended.first_treated == {"u0": 2002}


def test_pooling_adds_levels_cell_by_cell():
    p = panel()
    pooled = p.pool(["u1", "u2"], name="both")
    assert np.allclose(pooled.frame.loc["both"], p.frame.loc[["u1", "u2"]].sum())
    assert pooled.units.size == 3


def test_the_outcome_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        panel().values[0, 0] = 5


def test_detrending_removes_a_line_fitted_before_treatment():
    df = long()
    df["y"] = df["unit"].str[1].astype(int) * df["year"] + df["year"] % 2 * 1e-9
    flat = panel(df).detrend()
    assert np.abs(flat.values).max() < 1e-6


@fast
@given(st.integers(0, 2**16))
def test_dropping_and_keeping_are_complements(seed):
    p = hub.simulate_panel(units=7, periods=5, treated=2, start=3, seed=seed)
    assert p.drop(["u05"]).frame.equals(p.keep(p.units.drop("u05")).frame)
