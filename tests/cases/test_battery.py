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
    found = type(battery)(NAME, "total_nights", battery.plan, planted)
    assert found.conclusion == "effect seen"


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


def test_waves_refuse_estimators_that_cannot_be_dealt_before_computing(rewritten):
    def waves(table):
        table.loc[table["applicant"] == "A01", "first_award"] = 2021
        return table

    with pytest.raises(
        ValueError, match=r"2019 and 2021, and synthetic_did.*group_time_average or"
    ):
        rewritten(waves)


def test_waves_run_with_the_estimators_that_the_message_names(folder):
    table = pd.read_csv(folder / "outcomes.csv", dtype={"first_award": "Int64"})
    table.loc[table["applicant"] == "A01", "first_award"] = 2021
    table.to_csv(folder / "outcomes.csv", index=False)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('main = "synthetic_did"', 'main = "imputation"')
    text = text.replace('main = "did"  ', 'main = "imputation"  ')
    text = text.replace('["did", "event_study"]', '["group_time_average"]')
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    assert hub.Case.from_folder(folder).verdict().estimate > 0
