"""What run would refuse is told by check, with cells and a way out."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.cases.battery import Battery
from hubanalysis.command.rehearsal import comes_short, refused


def battery(main, holes=(), units=10, treated=3, **more):
    panel = hub.simulate_panel(units=units, periods=8, treated=treated, start=5, seed=0)
    frame = panel.frame.copy()
    for unit, period in holes:
        frame.iloc[unit, period] = np.nan
    panel = panel.with_frame(frame)
    return Battery("mine", "y", hub.OutcomePlan(main=main, **more), panel)


@pytest.fixture(autouse=True)
def small(few_draws):
    pass


def test_holes_that_a_test_cannot_take_are_named_with_who_is_treated():
    holes = [(0, 4), (5, 4), (6, 4)]
    told = refused(battery("group_time_average", holes))
    assert "run would refuse this" in told
    assert "treated: without" in told
    assert "leave_out_periods" in told
    assert 'main = "imputation"' in told


def test_what_can_be_carried_out_is_not_refused():
    assert refused(battery("imputation", [(6, 2)])) == ""
    assert refused(battery("did")) == ""


def test_one_control_is_too_few_before_run_says_so():
    assert "at least two donors" in refused(
        battery("synthetic_did", units=2, treated=1)
    )


def test_one_treated_of_few_can_never_be_told_from_chance():
    assert "takes 20 units" in comes_short(battery("did", units=12, treated=1))
    assert comes_short(battery("did", units=20, treated=1)) == ""
