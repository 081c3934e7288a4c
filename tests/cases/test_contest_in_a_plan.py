"""A plan may leave the choice of its estimator to a contest."""

from dataclasses import replace

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.cases.plan import Yardstick
from hubanalysis.cases.verdict import Verdict
from tests.cases.ours import change


def battery_of(effect=0.0, seed=0, main="did", also=("synthetic_did",), **kwargs):
    options = {"units": 24, "periods": 24, "treated": 1, "start": 19, "noise": 0.1}
    panel = hub.simulate_panel(effect=effect, seed=seed, **(options | kwargs))
    plan = hub.OutcomePlan(main=main, also=also, contest=True, placebo_periods=(13,))
    return hub.Battery("mine", "y", plan, panel)


def whole_plan(*yardsticks):
    plan = hub.Case.open("norwegian-tourism-cluster").plan
    outcome = replace(plan.outcomes[plan.primary], role="primary")
    return replace(plan, outcomes={"y": outcome}, yardsticks=yardsticks)


class Found:
    """A contest whose result is given."""

    def __init__(self, battery, contenders):
        self.winner = battery.estimators[contenders[0]]
        self.contenders, self.decisive = contenders, len(contenders) == 1


def test_a_plan_without_the_key_is_decided_by_its_main_estimator():
    battery = battery_of()
    battery.plan = replace(battery.plan, contest=False)
    assert battery.estimator.name == "did"
    assert battery.heard == ["did"]
    assert battery.contest.winner.name == "synthetic_did"


def test_the_winner_speaks_wherever_an_answer_is_given():
    battery = battery_of(effect=5.0)
    assert battery.contest.decisive
    assert battery.estimator.name == "synthetic_did"
    assert battery.names == ["did", "synthetic_did"]
    assert battery.main is battery.estimates["synthetic_did"]
    assert battery.lot is battery.lots["synthetic_did"]
    verdict = Verdict.of(battery, whole_plan())
    assert verdict.estimator == "synthetic DiD"
    assert verdict.estimate == battery.estimates["synthetic_did"].att
    assert verdict.mde == battery.powers["synthetic_did"].mde
    assert verdict.conclusion == "effect seen"
    numbers = hub.battery_numbers(battery)
    assert numbers["att_1"] == numbers["synthetic_did_att_1"] != numbers["did_att_1"]


def test_contenders_that_disagree_leave_it_open():
    battery = battery_of(effect=0.8)
    p_values = battery.tests["p_value"]
    assert p_values["synthetic_did"] <= 0.05 < p_values["did"]
    assert battery.conclusion == "effect seen"
    close = battery_of(effect=0.8)
    close.contest = Found(close, ["synthetic_did", "did"])
    assert not close.agreed
    assert close.conclusion == "cannot tell"
    assert "difference-in-differences had to agree and did not" in close.notes[-1]


def test_contenders_that_agree_let_the_winner_speak():
    battery = battery_of(effect=9.0)
    battery.contest = Found(battery, ["did", "synthetic_did"])
    assert battery.agreed
    assert battery.conclusion == "effect seen"
    assert any("had to agree and did" in note for note in battery.notes)


def test_the_detectable_effect_is_one_that_all_contenders_would_find():
    battery = battery_of()
    needed = {name: power.mde for name, power in battery.powers.items()}
    assert battery.power.mde == needed["synthetic_did"] < needed["did"]
    close = battery_of()
    close.contest = Found(close, ["synthetic_did", "did"])
    assert close.power.mde >= needed["did"]
    verdict = Verdict.of(close, whole_plan(Yardstick("promised", 0.1, "a", "b")))
    assert verdict.mde == close.power.mde
    assert verdict.heard == ("synthetic DiD", "difference-in-differences")
    chance = verdict.measured[0].significance.chance
    assert (
        chance
        <= Verdict.of(battery, whole_plan(Yardstick("promised", 0.1, "a", "b")))
        .measured[0]
        .significance.chance
    )
    assert hub.battery_numbers(close)["rule_mde_1"] == hub.number_text(verdict.mde, 1)


def test_by_all_of_the_plan_as_much_fits_as_by_any():
    battery = battery_of()
    ends = np.array([lot.interval() for lot in battery.lots.values()])
    assert battery.by_all == (ends[:, 0].min(), ends[:, 1].max())
    assert battery.by_all[1] > battery.interval[1]


def test_estimators_of_a_contest_are_asked_of_the_same_assignments():
    battery = battery_of(units=40, treated=4, also=("synthetic_did", "event_study"))
    first, *others = battery.lots.values()
    for lot in others:
        assert np.array_equal(lot.starts, first.starts)


def test_what_one_contender_leaves_open_is_not_ruled_out():
    battery = battery_of()
    high = battery.lots["synthetic_did"].interval()[1]
    size = high + 0.01
    assert battery.lots["did"].interval()[1] > size
    yardstick = Yardstick("promised", size, "a promise", "press", outcome="y")
    sure = Verdict.of(battery, whole_plan(yardstick))
    assert sure.conclusion == "a promised effect is ruled out"
    battery.contest = Found(battery, ["synthetic_did", "did"])
    open_still = Verdict.of(battery, whole_plan(yardstick))
    assert open_still.conclusion == "cannot tell"


def test_a_contest_of_one_is_refused_before_computing():
    with pytest.raises(ValueError, match=r"'y': a contest needs at least two.*in also"):
        battery_of(also=())


def test_the_key_is_read_from_a_file(folder, few_draws):
    old = "[outcomes.jobs]"
    case = change(folder, old, f"{old}\ncontest = true")
    battery = case.battery()
    assert battery.plan.contest
    assert battery.estimator == battery.contest.winner
    assert np.isfinite(case.verdict().estimate)
    keys = hub.plan_keys()
    assert keys.loc[("outcome", "contest"), "default"] == "false"
