"""A reader's choices replace the plan's, and are said."""

import pytest

import hubanalysis as hub
from tests.cases.norway import WEST


def test_no_choice_leaves_the_plan_as_it_was_filed(case):
    same = case.change()
    assert same.choices == ()
    assert same.primary == case.primary
    assert same.outcomes == case.outcomes


def test_the_plans_own_choices_are_none(case):
    plan = case.outcomes[case.primary]
    choices = {"window": plan.window, "first_treated": plan.first_treated}
    assert case.change(**choices, outcome=case.primary).choices == ()


def test_units_left_out_are_gone_from_panel_and_variants(case):
    ours = case.change(drop=["Oslo", "Rogaland"])
    assert not {"Oslo", "Rogaland"} & set(ours.panel().units)
    assert "Rogaland" not in ours.panel().treated
    for variant in ours.outcomes[ours.primary].variants.values():
        assert not {"Oslo", "Rogaland"} & set(variant.drop or ())
    assert ours.choices == ("Oslo, Rogaland left out",)


def test_another_outcome_decides_and_yardsticks_stay_with_theirs(case):
    ours = case.change(outcome="holiday_nights")
    assert ours.primary == "holiday_nights"
    assert ours.outcomes["total_nights"].role == "secondary"
    plan = case.plan
    for outcome in case.outcomes:
        before = [y.title for y in plan.yardsticks_of(outcome)]
        assert [y.title for y in ours.plan.yardsticks_of(outcome)] == before


def test_an_estimator_of_ones_own_decides(case):
    def level(panel):
        gap = panel.frame.loc[panel.treated].mean() - panel.frame.mean()
        return hub.Estimate("level", float(gap.iloc[-1]), panel)

    ours = case.change(main=level)
    plan = ours.outcomes[ours.primary]
    assert plan.main.name == "level"
    assert not plan.contest
    filed = [e.name for e in case.outcomes[case.primary].estimators]
    assert [e.name for e in plan.also] == filed


def test_dates_outside_the_window_are_no_longer_pretended(case):
    plan = case.outcomes[case.primary]
    last = plan.window[1]
    first = min(plan.placebo_periods)
    ours = case.change(window=(first, last)).outcomes[case.primary]
    assert first not in ours.placebo_periods


def test_choices_add_up(case):
    twice = case.change(drop=["Oslo"]).change(main="did")
    assert [c.split()[0] for c in twice.choices] == [
        "Oslo",
        "difference-in-differences",
    ]
    assert "Oslo" not in twice.panel().units


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"dorp": ["Oslo"]}, "no choice 'dorp'. Did you mean 'drop'"),
        ({"drop": ["Olso"]}, "no unit 'Olso'. Did you mean 'Oslo'"),
        ({"drop": WEST}, "nobody is treated"),
        ({"outcome": "nights"}, "no outcome 'nights'"),
        ({"main": "syntetic_did"}, "no estimator 'syntetic_did'"),
        ({"window": 2000}, "first and last"),
        ({"first_treated": {"Bergen": 2010}}, "Bergen"),
    ],
)
def test_a_choice_that_cannot_be_carried_out_is_refused(case, choices, message):
    with pytest.raises(ValueError, match=message):
        case.change(**choices)
