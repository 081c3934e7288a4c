"""A verdict is a sentence with the interval in it, all from one test."""

import json
from dataclasses import replace

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.cases import battery as room
from hubanalysis.cases.measured import Measured
from hubanalysis.cases.verdict import Verdict, span_text
from hubanalysis.inference.power import Significance
from tests.cases.ours import yardstick

pytestmark = pytest.mark.usefixtures("left_out_untested")


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
    assert told.endswith("so no effect counts as seen and none as ruled out")


def test_a_pretended_date_may_pass_and_be_large_which_the_check_then_says():
    plan = hub.OutcomePlan(main="did", placebo_periods=(3,))
    panel = hub.simulate_panel(units=30, periods=8, treated=1, start=5, seed=0)
    frame = panel.frame.copy()
    # Three others move more at the pretended date, so that chance makes it.
    frame.loc["u01", [3, 4]] += 4.0
    frame.loc[["u02", "u03", "u04"], [3, 4]] += 6.0
    frame.loc["u01", [5, 6, 7, 8]] += 10.0

    def told(frame):
        battery = hub.Battery("mine", "y", plan, panel.with_frame(frame))
        verdict = Verdict.of(battery, hub.Plan("Did it?", {"y": plan}))
        assert verdict.conclusion == "effect seen"
        ((_, att, p_value),) = verdict.pretended
        assert p_value > 0.05
        share = 100 * abs(att / verdict.effect)
        return share, verdict.table()["answer"]["Pretended dates"]

    share, text = told(frame)
    assert share > 50
    assert f"yet 3 gives {share:.0f}% of the effect seen" in text
    frame.loc["u01", [5, 6, 7, 8]] += 500.0
    share, text = told(frame)
    assert share < 50
    assert "of the effect seen" not in text


def test_the_headline_holds_the_interval_and_no_detectable_effect(judged):
    verdict, _ = judged()
    low, high = map(verdict.amount, verdict.interval)
    assert verdict.headline == f"cannot tell: anything from {low} to {high} fits"


def test_too_few_places_can_reject_nothing_and_say_how_many_it_takes(judged):
    verdict, _ = judged(units=12)
    assert verdict.conclusion == "too few places to tell"
    assert "by chance once in 12 times; to tell, it takes 20" in verdict.headline
    assert np.isinf(verdict.mde)


def test_no_effect_is_seen_where_no_pretended_date_was_tried(judged):
    untried = hub.OutcomePlan(main="did")
    verdict, battery = judged(outcome=untried, effect=40.0)
    assert battery.lot.p_value <= 0.05
    assert verdict.conclusion == "cannot tell"
    assert "the plan names no earlier date" in verdict.headline


def test_a_null_says_what_a_drift_as_large_as_ever_still_rules_out(judged):
    plan = hub.OutcomePlan(main="did", also=["event_study"], placebo_periods=(3,))
    verdict, battery = judged(outcome=plan, treated=8, units=20)
    bound = hub.honest_bounds(
        battery.estimates["event_study"], m=1, event_time="average"
    )
    assert verdict.drift == tuple(bound.loc[0, ["lower", "upper"]])
    assert verdict.breakdown == 0
    low, high = map(verdict.amount, verdict.drift)
    told = verdict.table()["answer"]["If trends were not parallel"]
    assert told.endswith(f"a mean effect below {low} or above {high} does not fit")


def test_a_finding_says_how_much_drift_it_survives_too(judged):
    plan = hub.OutcomePlan(main="did", also=["event_study"], placebo_periods=(3,))
    verdict, _ = judged(outcome=plan, treated=8, units=20, effect=40.0)
    told = verdict.table()["answer"]["If trends were not parallel"]
    assert "does not fit; that it is not zero survives" in told


def test_one_treated_unit_has_no_bound_and_the_card_says_why(judged):
    plan = hub.OutcomePlan(main="did", also=["event_study"], placebo_periods=(3,))
    verdict, _ = judged(outcome=plan)
    assert verdict.drift is None
    told = verdict.table()["answer"]["If trends were not parallel"]
    assert told.startswith("there is no bound to be had here: 1 treated and 29")


def test_a_year_left_out_lets_the_drift_go_on_for_two(judged):
    plan = hub.OutcomePlan(main="did", also=["event_study"], placebo_periods=(3,))
    _, battery = judged(outcome=plan, treated=8, units=20)
    panel = battery.panel
    gap = panel.without_periods([panel.periods[panel.start - 1]])
    # The same figures, had they stood in years that follow each other.
    years = range(1, len(gap.periods) + 1)
    starts = dict.fromkeys(gap.first_treated, gap.start + 1)
    whole = hub.Panel.from_wide(gap.frame.set_axis(years, axis=1), starts, "y")
    question = hub.Plan("Did it?", {"y": plan})
    wide, narrow = (
        np.ptp(Verdict.of(hub.Battery("mine", "y", plan, one), question).drift)
        for one in (gap, whole)
    )
    assert wide > narrow


def test_several_dates_say_which_event_times_are_bounded(judged):
    plan = hub.OutcomePlan(main="group_time_average", placebo_periods=(3,))
    verdict, _ = judged(outcome=plan, treated=8, units=20, start=[5, 7])
    assert (
        verdict.drift_note == "event times −4 to 1, at which all treated units are seen"
    )


def test_units_left_out_are_summed_up_apart(judged, monkeypatch):
    monkeypatch.setattr(room, "SOME", 99)
    verdict, battery = judged(treated=2, units=9)
    table = battery.left_out
    for role, left in (("donor", verdict.left_out), ("treated", verdict.treated_out)):
        part = table[table["role"] == role]
        assert left.estimate == (part["att"].min(), part["att"].max())
        assert left.p_value == (part["p_value"].min(), part["p_value"].max())
    told = verdict.table()["answer"]["Leaving out one of the treated"]
    assert "; p from 0." in told
    read = json.loads(verdict.to_json())
    assert read["treated_out"]["p_value"] == list(verdict.treated_out.p_value)
    assert judged()[0].treated_out is None


def test_a_small_lot_is_told_at_ninety_percent_as_well(judged):
    verdict, battery = judged()
    assert verdict.narrower == battery.lot.interval(0.9)
    fits = verdict.table()["answer"]["Effects that fit"]
    assert "at 90% (coverage " in fits
    assert f"{100 * battery.lot.attained(0.9):.1f}%" in fits.partition("at 90%")[2]
    assert judged(treated=2)[0].narrower is None


def test_a_yardstick_speaks_for_the_same_figures_against_other_units():
    plan = hub.Case.open("k-semiconductor-belt").plan
    promised = plan.yardsticks_of("chips")
    assert promised
    assert plan.yardsticks_of("chips_wide") == promised
    assert plan.yardsticks_of("vehicles") == ()
    assert plan.yardsticks_of("chips_less_vehicles") == ()
    cities = hub.Case.open("hangzhou-pilot-zone").plan
    assert cities.yardsticks_of("real_output_70") == cities.yardsticks_of("real_output")
    assert cities.yardsticks_of("ai_papers") == ()
    nights = hub.Case.open("norwegian-tourism-cluster").plan
    assert nights.yardsticks_of("business_nights") == ()


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-0.1, 0.2), "anything from −10% to +22%"),
        ((-np.inf, 0.2), "anything up to +22%"),
        ((-0.1, np.inf), "anything from −10% up"),
        ((-np.inf, np.inf), "any size"),
    ],
)
def test_an_interval_is_said_in_words(ends, said):
    assert span_text(ends, "log") == said


def test_it_can_be_read_aloud(judged):
    verdict, _ = judged(
        (yardstick(0.5),),
        outcome=hub.OutcomePlan(main="did", placebo_periods=(3,), transform="log"),
    )
    lines = str(verdict).splitlines()
    assert lines[0] == "Did it?"
    assert lines[1].startswith("Cannot tell: anything from minus ")
    assert lines[2].startswith("What would matter: what was said (promised, plus 50 ")
    assert not set("−+%") & set(str(verdict))
    assert all(line.endswith((".", "?")) for line in lines)
    refused = str(hub.Case.open("yozma").verdict("venture_capital"))
    assert "\nNot identified.\n" in refused
    assert "\nCannot be shown: " in refused


def test_what_has_no_end_is_null_in_json(judged):
    verdict, _ = judged(units=12)
    assert np.isinf(verdict.interval).all()
    read = json.loads(verdict.to_json(), parse_constant=pytest.fail)
    assert read["interval"] == [None, None]
    assert read["mde"] is None
    assert read["left_out"]["p_value"] == [None, None]
    assert read["text"] == str(verdict)


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
    assert read["measured"][0]["reading"] in ("fits", "fits, too small to find")
    assert repr(verdict) == repr(judged((yardstick(0.5),))[0])
    assert verdict.headline in verdict._repr_html_()


@pytest.mark.parametrize(
    ("case", "value", "of"),
    [
        ("norwegian-tourism-cluster", 13e6 / 2.9e9, "break-even"),
        ("yozma", 100e6 / 75954641360, "break-even"),
        ("k-semiconductor-belt", (200 / 99.2) ** 0.3 - 1, "promised"),
        ("build-back-better", 275 * 18 / 21 / 711171, "claimed"),
    ],
)
def test_the_arithmetic_of_a_yardstick_is_right(case, value, of):
    found = [y for y in hub.Case.open(case).plan.yardsticks if y.kind == of]
    assert found[0].value == pytest.approx(value, rel=0.05)


def told(conclusion="cannot tell", **more):
    """A verdict put together by hand."""
    given = {"interval": (-1.0, 2.0), "estimate": 0.5, "effect": 0.4, "rank": (1, 20)}
    return Verdict("mine", "Did it?", conclusion, **(given | more))


def test_a_date_at_which_the_test_rejects_at_exactly_five_per_cent_is_told():
    seen = told(p_value=0.05, pretended=((3, 0.1, 0.05),))
    assert "the test finds something in 3, when nothing began" in seen.headline
    assert seen.table()["answer"]["Pretended dates"].endswith(
        "no effect counts as seen and none as ruled out"
    )
    split = told(p_value=0.05, pretended=((3, 0.1, 0.06),))
    assert "the contest left do not agree" in split.headline
    assert "counts as seen" not in split.table()["answer"]["Pretended dates"]
    assert "names no earlier date" in told(p_value=0.05).headline


def test_a_test_that_does_not_reject_needs_no_excuse():
    quiet = told(p_value=0.06)
    assert quiet.headline == f"cannot tell: {quiet.span} fits"
    assert told("effect seen", p_value=0.01).headline.startswith("effect seen: any")
    assert told("effect seen", p_value=0.01).headline.endswith("fits")


def test_ninety_per_cent_is_told_of_under_a_hundred_places(judged):
    assert judged(units=99)[0].narrower is not None
    assert judged(units=100)[0].narrower is None


def test_shares_are_told_in_hundreds_and_a_power_that_no_size_has_in_words():
    card = told(p_value=0.05, p_gain=0.07, attained=0.974, mde=np.inf).table()["answer"]
    assert card["Effects that fit"].endswith("(coverage 97.4%)")
    assert "1 of 20 ways" in card["Exact rank"]
    assert card["Exact rank"].endswith("(p = 0.05); 7 in a hundred gain as much")
    assert card["Detectable effect"].startswith("none")
    assert told(mde=None).table()["answer"]["Detectable effect"].startswith("none")
    assert told(mde=1.0).table()["answer"]["Detectable effect"].startswith("+1")


def test_where_nothing_can_be_detected_no_yardstick_is_beyond_the_figures(judged):
    verdict, _ = judged((yardstick(0.5),), units=12)
    assert np.isinf(verdict.mde)
    assert [m.reading for m in verdict.measured] == ["fits"]


def test_a_drift_that_is_survived_is_told_to_two_places_and_signs_are_kept():
    seen = told(drift=(-1.0, 2.0), breakdown=1.2367)
    card = seen.table()["answer"]["If trends were not parallel"]
    assert card.endswith("that it is not zero survives 1.24 times that drift")
    assert "−" in seen.to_json()


def test_of_several_that_are_heard_the_card_says_what_holds_of_all():
    alone = told(heard=("DiD",), mde=1.0, attained=0.95).table()["answer"]
    assert "(coverage 95.0%)" in alone["Effects that fit"]
    assert "would be found four times out of five" in alone["Detectable effect"]
    both = told(heard=("DiD", "means"), mde=1.0, attained=0.95).table()["answer"]
    assert "(coverage at least 95.0%)" in both["Effects that fit"]
    assert "would be found by all 2 that are heard" in both["Detectable effect"]


def test_the_card_says_in_what_a_yardstick_is_of_another_kind():
    plain = yardstick(0.5)
    measured = [
        Measured(one, 0.5, "fits", Significance(0.1, 2.0, 0.0))
        for one in (plain, replace(plain, unlike="foreign arrivals"))
    ]
    card = told(measured=tuple(measured)).table()["answer"]["What would matter"]
    first, second = card.split("; ")
    assert first.endswith(": fits")
    assert second == f"{first} (foreign arrivals)"


def test_the_largest_change_at_a_pretended_date_is_the_one_that_is_told():
    seen = told("effect seen", pretended=((3, -0.3, 0.1), (4, 0.25, 0.9)))
    assert "yet 3 gives 75% of" in seen.table()["answer"]["Pretended dates"]
