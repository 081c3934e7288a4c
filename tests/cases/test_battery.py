"""What a plan asks of one outcome, and what its answers amount to."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.cases.norway import NAME, WEST


def test_an_effect_planted_in_the_figures_is_seen(case):
    battery = case.battery("total_nights")
    planted = battery.panel.with_frame(
        battery.panel.frame + 2.0 * battery.panel.treatment
    )
    # The plan's own date, 2005, looks like an effect.
    quiet = replace(battery.plan, placebo_periods=(2001,))
    found = type(battery)(NAME, "total_nights", quiet, planted)
    assert found.conclusion == "effect seen"
    untried = replace(battery.plan, placebo_periods=())
    found = type(battery)(NAME, "total_nights", untried, planted)
    assert found.lot.p_value <= 0.05
    assert found.conclusion == "cannot tell"


def test_a_false_date_with_an_effect_forbids_effect_seen(case):
    battery = case.battery("total_nights")
    frame = battery.panel.frame.copy()
    frame.loc[WEST, frame.columns >= 2005] += 2.0
    frame.loc[WEST, frame.columns >= 2010] += 2.0
    moved = type(battery)(
        NAME, "total_nights", battery.plan, battery.panel.with_frame(frame)
    )
    assert moved.in_time["p_value"].min() <= 0.05
    assert moved.conclusion != "effect seen"


def test_a_test_that_can_never_reject_identifies_nothing(case):
    battery = case.battery("total_nights")
    pooled = case.levels().pool(WEST, name="West").transform(np.log)
    plan = replace(battery.plan, variants={})
    found = type(battery)(NAME, "total_nights", plan, pooled)
    assert np.isinf(found.powers["synthetic_control"].mde)
    assert found.conclusion == "too few places to tell"


def test_a_card_tests_one_estimator_at_a_pretended_date_and_a_table_all(case):
    battery = hub.Battery("x", "y", *plan_and_panel(case))
    alarms = battery.false_alarms
    assert alarms["estimator"].tolist() == [battery.estimator.name]
    table = battery.in_time
    assert table["estimator"].tolist() == battery.names
    assert table.iloc[:1].equals(alarms)


def plan_and_panel(case):
    plan = case.outcomes["total_nights"]
    return replace(plan, also=plan.also[:1]), case.panel("total_nights")


def test_the_bounds_are_for_the_average_that_the_card_reports():
    panel = hub.simulate_panel(units=40, periods=10, treated=20, start=[5, 8], seed=1)
    plan = hub.OutcomePlan(main="group_time_average", also=["imputation"])
    battery = hub.Battery("mine", "y", plan, panel)
    assert battery.bounds.attrs["event_times"] == (-4, 2)
    # Every treated unit counts once at each event time that all share.
    cells = [
        panel.frame.loc[u, first + k]
        - panel.frame.loc[u, first - 1]
        - (
            panel.frame.loc[panel.donors, first + k]
            - panel.frame.loc[panel.donors, first - 1]
        ).mean()
        for u, first in panel.first_treated.items()
        for k in (0, 1, 2)
    ]
    assert battery.bounds.attrs["estimate"] == pytest.approx(np.mean(cells))
    one = hub.simulate_panel(units=20, periods=8, treated=6, start=5, seed=0)
    plan = hub.OutcomePlan(main="event_study")
    battery = hub.Battery("mine", "y", plan, one)
    assert battery.bounds.attrs["estimate"] == pytest.approx(battery.main.att)


def test_without_an_event_study_there_are_no_bounds_and_with_one_unit_a_reason():
    panel = hub.simulate_panel(units=20, periods=8, treated=1, start=5, seed=0)
    battery = hub.Battery("mine", "y", hub.OutcomePlan(main="did"), panel)
    assert battery.bounds == ""
    assert battery.breakdown is None
    battery = hub.Battery("mine", "y", hub.OutcomePlan(main="event_study"), panel)
    assert "1 treated and 19 untreated" in battery.bounds
    assert battery.breakdown is None


def test_waves_refuse_estimators_that_cannot_be_dealt_before_computing(rewritten):
    def waves(table):
        table.loc[table["applicant"] == "A01", "first_award"] = 2021
        return table

    with pytest.raises(
        ValueError, match=r"2019 and 2021, and synthetic_did.*group_time_average or"
    ):
        rewritten(waves)


def test_waves_run_with_the_estimators_that_the_message_names(folder, few_draws):
    table = pd.read_csv(folder / "outcomes.csv", dtype={"first_award": "Int64"})
    table.loc[table["applicant"] == "A01", "first_award"] = 2021
    table.to_csv(folder / "outcomes.csv", index=False)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('main = "synthetic_did"', 'main = "imputation"')
    text = text.replace('main = "did"  ', 'main = "imputation"  ')
    text = text.replace('["did", "event_study"]', '["group_time_average"]')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    assert hub.Case.from_folder(folder).verdict().estimate > 0
