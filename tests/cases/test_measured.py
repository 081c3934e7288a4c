"""What would matter, set beside the effects that fit."""

from dataclasses import replace

import pytest

import hubanalysis as hub
from hubanalysis.cases.verdict import Verdict
from tests.cases.ours import yardstick

pytestmark = pytest.mark.usefixtures("left_out_untested")


def test_what_would_matter_is_ruled_out_or_fits_and_may_be_too_small_to_find(judged):
    verdict, _ = judged()
    high, mde = verdict.interval[1], verdict.mde
    assert mde > 0.01
    values = (2 * high + mde, 0.01)
    verdict, _ = judged(tuple(map(yardstick, values)))
    assert [m.reading for m in verdict.measured] == [
        "ruled out",
        "fits, too small to find",
    ]
    assert verdict.conclusion == "a promised effect is ruled out"
    paying, _ = judged((yardstick(values[0], "break-even"),))
    assert paying.conclusion == "a paying effect is ruled out"
    claimed, _ = judged((yardstick(values[0], "claimed"),))
    assert claimed.conclusion == "a claimed effect is ruled out"


def test_a_yardstick_of_another_kind_is_set_beside_and_decides_nothing(judged):
    verdict, _ = judged()
    far = 2 * verdict.interval[1] + verdict.mde
    other = replace(yardstick(far), unlike="arrivals, not nights")
    verdict, _ = judged((other,))
    assert verdict.conclusion == "cannot tell"
    (mark,) = verdict.measured
    assert (mark.reading, mark.undecided) == ("outside", False)
    told = verdict.table()["answer"]["What would matter"]
    assert told.endswith("outside (arrivals, not nights)")


def test_nothing_is_ruled_out_by_one_who_was_not_tried_or_failed():
    panel = hub.simulate_panel(units=30, periods=8, treated=1, start=5, seed=0)
    frame = panel.frame.copy()
    frame.loc["u01", [3, 4]] += 4.0  # so that 3 gives a false alarm
    frame.loc["u01", [5, 6, 7, 8]] += 2.0  # and the start itself none

    def judge(dates, effect, found):
        outcome = hub.OutcomePlan(main="did", placebo_periods=dates)
        plan = hub.Plan("Did it?", {"y": outcome}, yardsticks=(yardstick(effect),))
        return Verdict.of(hub.Battery("mine", "y", outcome, found), plan)

    odd = panel.with_frame(frame)
    far = 2 * judge((), 1.0, odd).interval[1] + 1
    untried, failed = judge((), far, odd), judge((3,), far, odd)
    assert untried.conclusion == failed.conclusion == "cannot tell"
    assert "but the plan names no earlier date" in untried.headline
    assert "but the test finds something in 3, when nothing began" in failed.headline
    assert untried.measured[0].undecided
    passed = judge((3,), far, panel)
    assert passed.conclusion == "a promised effect is ruled out"


def test_a_yardstick_at_an_end_of_the_interval_fits(judged):
    verdict, _ = judged()
    low, high = verdict.interval
    assert low < -verdict.mde / 2 < verdict.mde / 2 < high
    values = (low, high, low - 1e-6, high + 1e-6)
    readings = [m.reading for m in judged(tuple(map(yardstick, values)))[0].measured]
    assert readings[2:] == ["ruled out", "ruled out"]
    assert "ruled out" not in readings[:2]


def test_a_yardstick_as_large_as_what_can_be_detected_is_not_too_small_to_find():
    panel = hub.simulate_panel(units=30, periods=8, treated=1, start=5, seed=0)
    plan = hub.OutcomePlan(main="did", placebo_periods=(3,))
    battery = hub.Battery("mine", "y", plan, panel)
    mde = battery.powers["did"].mde
    battery.lot.__dict__["interval"] = lambda level=0.95: (-9 * mde, 9 * mde)
    marks = tuple(map(yardstick, (mde, -mde, 0.999 * mde, -0.999 * mde)))
    asked = hub.Plan("Did it?", {"y": plan}, yardsticks=marks)
    readings = [m.reading for m in Verdict.of(battery, asked).measured]
    assert readings == ["fits"] * 2 + ["fits, too small to find"] * 2


def test_a_test_that_rejects_or_contenders_that_differ_rule_nothing_out(judged):
    verdict, battery = judged()
    far = yardstick(2 * verdict.interval[1] + verdict.mde)
    plan = hub.Plan("Did it?", {"y": battery.plan}, yardsticks=(far,))
    assert Verdict.of(battery, plan).conclusion == "a promised effect is ruled out"
    battery.lot.__dict__["p_value"] = 0.05
    assert Verdict.of(battery, plan).conclusion == "cannot tell"
    battery.lot.__dict__["p_value"] = 0.0501
    assert Verdict.of(battery, plan).conclusion == "a promised effect is ruled out"


def test_a_small_effect_that_is_found_is_exaggerated(judged):
    verdict, _ = judged((yardstick(0.5), yardstick(50.0)))
    small, large = (m.significance for m in verdict.measured)
    assert small.chance < large.chance == 1
    assert small.exaggeration > large.exaggeration == pytest.approx(1, abs=0.1)
