"""A verdict is a sentence with the interval in it, all from one test."""

import json

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.cases.plan import Yardstick
from hubanalysis.cases.verdict import Verdict


@pytest.fixture(scope="module")
def judged():
    """Judge a simulated panel, with yardsticks."""

    def judge(yardsticks=(), outcome=None, **options):
        shape = {"units": 30, "periods": 8, "treated": 1, "start": 5, "seed": 0}
        panel = hub.simulate_panel(**(shape | options))
        plan = outcome or hub.OutcomePlan(main="did", placebo_periods=(3,))
        battery = hub.Battery("mine", "y", plan, panel)
        plan = hub.Plan("Did it?", {"y": plan}, yardsticks=yardsticks)
        return Verdict.of(battery, plan), battery

    return judge


def yardstick(value, kind="promised"):
    return Yardstick(kind=kind, value=value, title="what was said", source="the press")


def test_p_interval_and_detectable_effect_are_of_one_test(judged):
    verdict, battery = judged()
    lot = battery.lot
    assert verdict.p_value == lot.p_value == verdict.rank[0] / verdict.rank[1]
    assert verdict.interval == lot.interval()
    assert verdict.mde == battery.powers["did"].mde
    assert (verdict.estimate, verdict.effect) == (lot.observed, lot.effect)


def test_a_large_effect_is_seen_and_a_false_date_forbids_it(judged):
    assert judged(effect=40.0)[0].conclusion == "effect seen"
    drift = hub.OutcomePlan(main="did", placebo_periods=(3,))
    panel = hub.simulate_panel(units=30, periods=8, treated=1, start=5, seed=0)
    frame = panel.frame.copy()
    frame.loc["u01", [3, 4]] += 40.0
    frame.loc["u01", [5, 6, 7, 8]] += 80.0
    battery = hub.Battery("mine", "y", drift, panel.with_frame(frame))
    verdict = Verdict.of(battery, hub.Plan("Did it?", {"y": drift}))
    assert verdict.conclusion == "cannot tell"
    told = verdict.table()["answer"]["Pretended dates"]
    assert told.endswith("so no effect counts as seen")


def test_the_headline_holds_the_interval_and_no_detectable_effect(judged):
    verdict, _ = judged()
    low, high = map(verdict.amount, verdict.interval)
    assert verdict.headline == f"cannot tell: anything from {low} to {high} fits"


def test_what_would_matter_is_ruled_out_fits_or_is_beyond_these_figures(judged):
    verdict, _ = judged()
    high, mde = verdict.interval[1], verdict.mde
    assert mde > 0.01
    values = (2 * high + mde, 0.01)
    verdict, _ = judged(tuple(map(yardstick, values)))
    assert [m.reading for m in verdict.measured] == [
        "ruled out",
        "beyond these figures",
    ]
    assert verdict.conclusion == "a promised effect is ruled out"
    paying, _ = judged((yardstick(values[0], "break-even"),))
    assert paying.conclusion == "a paying effect is ruled out"


def test_a_small_effect_that_is_found_is_exaggerated(judged):
    verdict, _ = judged((yardstick(0.5), yardstick(50.0)))
    small, large = (m.significance for m in verdict.measured)
    assert small.chance < large.chance == 1
    assert small.exaggeration > large.exaggeration == pytest.approx(1, abs=0.1)


def test_too_few_places_can_reject_nothing_and_say_how_many_it_takes(judged):
    verdict, _ = judged(units=12)
    assert verdict.conclusion == "too few places to tell"
    assert "one chance in 12; it takes 20" in verdict.headline
    assert np.isinf(verdict.mde)


def test_a_refused_question_has_reasons_and_no_number():
    verdict = hub.Case.open("norwegian-tourism-cluster").verdict("closure")
    assert verdict.conclusion == "not identified"
    assert verdict.estimate is None
    assert len(verdict.cannot_show) == 3
    assert "Main estimate" not in verdict.table().index


def test_it_can_be_read_by_a_machine_as_by_a_person(judged):
    verdict, _ = judged((yardstick(0.5),))
    read = json.loads(verdict.to_json())
    assert read["headline"] == verdict.headline
    assert read["p_value"] == verdict.p_value
    assert read["measured"][0]["reading"] in ("fits", "beyond these figures")
    assert repr(verdict) == repr(judged((yardstick(0.5),))[0])
    assert verdict.headline in verdict._repr_html_()


@pytest.mark.parametrize(
    ("case", "value", "of"),
    [
        ("norwegian-tourism-cluster", 13e6 / 2.9e9, "break-even"),
        ("yozma", 100e6 / 75954641360, "break-even"),
        ("k-semiconductor-belt", (200 / 99.2) ** 0.3 - 1, "promised"),
        ("build-back-better", 275 * 18 / 21 / 711171, "promised"),
    ],
)
def test_the_arithmetic_of_a_yardstick_is_right(case, value, of):
    found = [y for y in hub.Case.open(case).plan.yardsticks if y.kind == of]
    assert found[0].value == pytest.approx(value, rel=0.05)
