"""A drift before the start is judged by lot, and said with the way that it pulls."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.cases.leads import Lead
from hubanalysis.cases.reserves import reserves
from hubanalysis.cases.verdict import Verdict
from tests.show.verdicts import SEEN

PLAN = hub.OutcomePlan(main="did", also=[], placebo_periods=(4,))


def drifting(slope, plan=PLAN, **keys):
    known = {"units": 30, "periods": 10, "treated": 5, "start": 7, "factors": 0}
    panel = hub.simulate_panel(**(known | keys), seed=0)
    frame = panel.frame.copy()
    frame.loc[panel.treated] += slope * frame.columns.to_numpy()
    return hub.Battery("mine", "y", plan, panel.with_frame(frame))


def parallel(seed, treated):
    """Paths that run alike but for noise, of a few regions over fourteen years."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(24, 1)) + draw.normal(size=14)
    values += draw.normal(0, 0.5, (24, 14))
    wide = pd.DataFrame(values, columns=range(2010, 2024))
    panel = hub.Panel.from_wide(wide, dict.fromkeys(range(treated), 2018), "y")
    return hub.Battery("mine", "y", hub.OutcomePlan("did"), panel)


@pytest.mark.parametrize("treated", [1, 2])
def test_few_treated_do_not_make_a_drift_of_noise(treated):
    told = sum(Lead.of(parallel(seed, treated)).unlikely for seed in range(100))
    assert told <= 10


def test_a_drift_is_told_with_the_way_it_pulls_and_how_far():
    rose = Lead.of(drifting(3.0))
    # From the mean of six periods to that of the four after them: by five.
    assert rose.moves == pytest.approx(5 * rose.slope, rel=1e-6)
    told = rose.warning("none", "DiD")
    assert "6 periods the treated rose against the others by" in told
    assert "the answer by DiD is too high by" in told
    fell = Lead.of(drifting(-3.0)).warning("none", "DiD")
    assert "the treated fell" in fell
    assert "too low by" in fell
    assert Lead.of(drifting(0.0)).warning("none", "DiD") == ""


def test_it_is_of_no_estimator_that_is_shown_beside():
    bare, full = drifting(3.0), drifting(3.0, replace(PLAN, also=["event_study"]))
    assert Lead.of(bare) == Lead.of(full)


def test_an_estimator_that_takes_the_drift_out_is_said_to():
    lead = Lead.of(drifting(3.0, replace(PLAN, main="detrended_did")))
    assert lead.warning("none", "detrended DiD").endswith(
        "detrended DiD keeps nearly all of that out of its answer"
    )


def test_no_period_of_treatment_has_a_part_in_it():
    quiet, loud = drifting(0.0), drifting(0.0)
    frame = loud.panel.frame.copy()
    frame.loc[loud.panel.treated, 7:] += 500.0
    loud = replace(loud, panel=loud.panel.with_frame(frame))
    assert Lead.of(loud)[:4] == pytest.approx(Lead.of(quiet)[:4])


def test_it_can_do_with_holes_and_several_dates():
    whole = drifting(3.0)
    frame = whole.panel.frame.copy()
    frame.iloc[[0, 3], [2, 4]] = np.nan
    holes = replace(whole, panel=whole.panel.with_frame(frame))
    holes = replace(holes, plan=replace(PLAN, main="imputation"))
    assert Lead.of(holes).slope == pytest.approx(Lead.of(whole).slope, abs=0.5)
    plan = hub.OutcomePlan("group_time_average")
    dated = Lead.of(drifting(3.0, plan, treated=6, start=[6, 8]))
    assert dated.periods == 5
    assert dated.unlikely


def test_two_periods_before_are_no_drift_and_that_is_said():
    lead = Lead.of(drifting(3.0, hub.OutcomePlan("did"), start=3))
    assert lead.lots == 0
    assert "that takes 3 periods" in lead.told("none")
    assert lead.warning("none", "DiD") == ""


def test_card_and_json_hold_it():
    verdict = Verdict.of(drifting(3.0), hub.Plan("Did it?", {"y": PLAN}))
    assert (
        "deals of treatment drift as far"
        in verdict.table()["answer"]["Before the start"]
    )
    assert any(text.startswith("Before anything began") for text in reserves(verdict))
    told = json.loads(verdict.to_json())["lead"]
    assert told["rank"] == verdict.lead.rank
    assert "Before the start" not in replace(SEEN, lead=None).table().index


def test_what_rounds_to_nothing_is_told_as_nothing():
    told = Lead(-1e-6, 8, 270, 276).told("log")
    assert told.startswith("over 8 periods the treated moved with the others; 270 of")


def test_a_drift_goes_on_over_a_period_that_is_left_out():
    panel = hub.simulate_panel(units=24, periods=14, treated=2, start=9, seed=3)
    ever = np.isin(panel.units, panel.treated)[:, None]
    drift = panel.with_frame(panel.frame + 3.0 * ever * np.arange(14))
    plan = hub.OutcomePlan(main="did", placebo_periods=(4,))

    def lead(panel):
        return Lead.of(hub.Battery("mine", "y", plan, panel))

    whole = lead(drift)
    gap = drift.without_periods([4])
    assert whole.moves is not None
    assert lead(gap).slope == pytest.approx(whole.slope, rel=0.1)
    # Nobody drifts in time alone: slopes are by the year, as detrended_did has them.
    line = panel.with_frame(0 * panel.frame + 2.0 * ever * np.arange(14))
    assert lead(line.without_periods([3, 6])).slope == pytest.approx(lead(line).slope)
