"""A slope before the start is said in words."""

import hubanalysis as hub
from hubanalysis.cases.leads import leads_off_zero


def falling(slope):
    panel = hub.simulate_panel(units=30, periods=10, treated=5, start=7, seed=0)
    frame = panel.frame.copy()
    frame.loc[panel.treated] += slope * frame.columns.to_numpy()
    plan = hub.OutcomePlan(main="did", also=["event_study"], placebo_periods=(4,))
    return hub.Battery("mine", "y", plan, panel.with_frame(frame))


def test_a_slope_before_the_start_is_said_in_words():
    assert "lay above that of the last period before" in leads_off_zero(falling(-3.0))
    assert "lay below" in leads_off_zero(falling(3.0))
    assert leads_off_zero(falling(0.0)) == ""
