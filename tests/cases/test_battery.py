"""What a plan asks of one outcome, and what its answers amount to."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.cases import battery as room
from hubanalysis.words.numbers import effect_text
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


def test_a_design_test_that_finds_something_forbids_as_a_pretended_date_does():
    panel = hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0)
    frame = panel.frame.copy()
    frame.loc["u01", [5, 6, 7, 8]] += 9.0
    planted = panel.with_frame(frame)
    plan = hub.OutcomePlan(main="did", placebo_periods=(3,))
    test = hub.OutcomePlan(main="event_study", role="design test")
    quiet = panel.window(1, 4).with_frame(panel.frame[[1, 2, 3, 4]], {"u01": 4})
    loud = quiet.frame.copy()
    loud.loc["u01", 4] += 9.0
    said = {}
    for name, figures in {"quiet": quiet, "loud": quiet.with_frame(loud)}.items():
        tests = (hub.Battery("mine", "before", test, figures),)
        battery = hub.Battery("mine", "y", plan, planted, design_tests=tests)
        said[name] = battery.conclusion
        assert list(battery.in_time["pretended_start"]) == [3, "1 to 4"]
        table = hub.in_time_table(battery)
        assert table.index[-1] == hub.ESTIMATORS["event_study"].label
    assert said == {"quiet": "effect seen", "loud": "cannot tell"}


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
    assert battery.bounds["m"].tolist() == [0, 1]
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
        ValueError,
        match=r"2019 and 2021, and synthetic_did.*from did, group_time_average",
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


def ranked(units, place, before=9):
    """A battery of DiD whose treated unit moves as the `place`-th furthest of all.

    At the pretended date it is the `before`-th. Half of the others move down.
    """
    panel = hub.simulate_panel(units=units, periods=8, treated=1, start=5, seed=0)
    values = np.zeros((units, 8))
    for rank, size, periods in ((before, 1.0, slice(2, 4)), (place, 99, slice(4, 8))):
        nearer, further = np.linspace(0.4, 0.8, units - rank), [1.4] * (rank - 1)
        others = np.append(further, nearer) * np.resize([1, -1], units - 1)
        values[:, periods] += size * np.append(1.0, others)[:, None]
    frame = pd.DataFrame(values, panel.frame.index, panel.frame.columns)
    plan = hub.OutcomePlan(main="did", placebo_periods=(3,))
    return hub.Battery("mine", "y", plan, panel.with_frame(frame))


@pytest.mark.parametrize(
    ("units", "place", "said"),
    [
        (20, 1, "effect seen"),
        (40, 2, "effect seen"),
        (60, 3, "effect seen"),
        (30, 2, "cannot tell"),
        (39, 2, "cannot tell"),
        (19, 1, "too few places to tell"),
    ],
)
def test_an_effect_is_seen_at_five_per_cent_and_not_above(units, place, said):
    battery = ranked(units, place)
    assert battery.lot.p_value == place / units
    assert battery.conclusion == said


@pytest.mark.parametrize(
    ("before", "said"), [(2, "cannot tell"), (3, "effect seen"), (9, "effect seen")]
)
def test_a_pretended_date_forbids_at_five_per_cent_and_not_above(before, said):
    battery = ranked(40, 1, before)
    assert battery.false_alarms["p_value"].tolist() == [before / 40]
    assert battery.conclusion == said


def contested(*answers):
    """A battery whose contest left estimators with these p, effects and intervals."""
    battery = ranked(20, 1)
    names = ["did", "detrended_did"]
    battery.plan = replace(battery.plan, contest=True, also=names[1:])
    battery.lots = {
        name: SimpleNamespace(
            p_value=p,
            effect=effect,
            interval=lambda ends=ends: ends,
            barred=np.zeros(20, dtype=bool),
            exact=True,
        )
        for name, (p, effect, ends) in zip(names, answers)
    }
    battery.contest = SimpleNamespace(
        decisive=False, contenders=names, winner=battery.estimators["did"]
    )
    return battery


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ((0.05, 1.0), (0.01, 9.0), True),
        ((0.05, 1.0), (0.06, 1.0), False),
        ((0.05, 1.0), (0.05, -1.0), False),
        ((0.06, 1.0), (0.5, -1.0), True),
    ],
)
def test_estimators_agree_on_a_gain_a_loss_or_neither(first, second, agree):
    battery = contested((*first, None), (*second, None))
    assert battery.heard == ["did", "detrended_did"]
    assert battery.agreed == agree
    told = f"detrended DiD had to agree and {'did' if agree else 'did not'}"
    assert told in battery.notes[-1]


def test_what_any_that_is_heard_leaves_open_fits():
    battery = contested((0.5, 0.0, (-1.0, 4.0)), (0.5, 0.0, (-3.0, 2.0)))
    assert battery.interval == (-3.0, 4.0)
    winner = battery.estimators["did"]
    battery.contest = SimpleNamespace(decisive=True, winner=winner)
    assert battery.interval == (-1.0, 4.0)


def test_a_decisive_contest_leaves_one_to_be_heard():
    battery = contested((0.5, 0.0, None), (0.01, 1.0, None))
    winner = battery.estimators["detrended_did"]
    battery.contest = SimpleNamespace(decisive=True, winner=winner)
    assert battery.heard == ["detrended_did"]
    assert battery.agreed
    assert not any("contest" in note for note in battery.notes)


def test_a_pretended_date_needs_two_periods_before_it():
    battery = ranked(20, 1)
    battery.plan = replace(battery.plan, placebo_periods=(2,))
    with pytest.raises(hub.HubError, match="fewer than two periods before"):
        battery.pretended  # noqa: B018
    assert ranked(20, 1).pretended[3].start == 2


def test_a_contest_of_one_is_none():
    battery = ranked(20, 1)
    plan = replace(battery.plan, contest=True)
    with pytest.raises(hub.HubError, match="at least two estimators"):
        hub.Battery("mine", "y", plan, battery.panel)
    both = replace(plan, also=["detrended_did"])
    assert hub.Battery("mine", "y", both, battery.panel).names == [
        "did",
        "detrended_did",
    ]


def test_more_assignments_are_drawn_of_an_estimator_that_need_not_be_run_again(
    monkeypatch,
):
    panel = hub.simulate_panel(units=150, periods=4, treated=2, start=3, seed=0)
    asked = []
    monkeypatch.setattr(room, "randomization_test", lambda *given: asked.append(given))
    for main in ("did", "synthetic_did"):
        plan = hub.OutcomePlan(main=main)
        assert hub.Battery("mine", "y", plan, panel).lot is None
    assert [draws for *_, draws in asked] == [9999, 3999]


def test_no_date_tried_is_no_date_passed():
    battery = ranked(20, 1)
    battery.plan = replace(battery.plan, placebo_periods=())
    assert battery.lot.p_value == 0.05
    assert battery.conclusion == "cannot tell"


def test_lots_for_units_left_out_are_drawn_where_that_is_quick():
    asked = []
    known = ranked(20, 1)
    own = ranked(20, 1)
    own.plan = replace(own.plan, main=hub.estimator(lambda panel: hub.did(panel)))
    with pytest.MonkeyPatch.context() as patch:
        leave = lambda panel, known, strata, draws, **more: asked.append((draws, more))  # noqa: E731
        patch.setattr(room, "leave_one_out", leave)
        for battery in (known, own):
            battery.left_out  # noqa: B018
    assert asked == [(299, {"level": 0.05, "tested": 15}), (0, asked[0][1])]


def test_the_table_of_tests_tells_counts_and_both_effects():
    battery = ranked(30, 2)
    row = battery.tests.loc["did"]
    assert (row["extreme"], row["assignments"]) == (2, 30)
    assert row["p_value"] == 2 / 30
    assert row["att"] == battery.lot.observed
    assert row["effect"] == battery.lot.effect


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"barred": np.arange(20) == 0}, ["the fit is too bad to compare"]),
        (
            {"barred": np.arange(20) == 1},
            ["1 of 20 ways to deal treatment fit too badly"],
        ),
        ({"exact": False}, ["20 assignments drawn, so that p is known to"]),
    ],
)
def test_what_changes_how_a_result_is_read_is_noted(change, told):
    battery = ranked(20, 1)
    battery.lots = {"did": replace(battery.lot, **change)}
    notes = battery.notes[len(battery.main.notes) :]
    assert len(notes) == len(told)
    assert all(words in note for words, note in zip(told, notes))


def test_how_well_p_is_known_is_told_at_two_standard_errors():
    panel = hub.simulate_panel(units=30, periods=6, treated=2, start=4, seed=0)
    battery = hub.Battery("mine", "y", hub.OutcomePlan(main="did"), panel)
    battery.lots = {"did": hub.randomization_test(panel, hub.did, draws=200)}
    lot = battery.lot
    ends = 2 * lot.interval_error()
    said = effect_text(ends, "none", 1).lstrip("+")
    assert battery.notes[-1] == (
        f"201 assignments drawn, so that p is known to {2 * lot.p_error:.3f} and what "
        f"fits to {said}"
    )


def holed(**more):
    """Figures with one missing, before anybody was treated."""
    panel = hub.simulate_panel(units=20, periods=8, treated=1, start=5, seed=0)
    values = panel.values.copy()
    values[7, 1] = np.nan
    return replace(panel, values=values, **more)


def test_what_takes_no_holes_or_weights_is_refused_by_that_name():
    plan = hub.OutcomePlan(main="did", also=["synthetic_did"])
    with pytest.raises(hub.HubError, match=r"synthetic_did .* figures with holes") as e:
        hub.Battery("mine", "y", plan, holed())
    assert "or take balanced = false out of the plan" in str(e.value)
    whole = hub.simulate_panel(units=20, periods=8, treated=1, start=5, seed=0)
    people = pd.Series(2.0, whole.units, name="people")
    with pytest.raises(hub.HubError, match="of figures with weights") as e:
        hub.Battery("mine", "y", plan, replace(whole, weights=people))
    assert "or take weights out of the plan" in str(e.value)
    assert hub.Battery("mine", "y", hub.OutcomePlan(main="did"), holed()).names


def test_few_are_drawn_where_each_must_be_run_on_figures_with_holes(monkeypatch):
    asked = []
    monkeypatch.setattr(room, "randomization_test", lambda *given: asked.append(given))
    own = hub.OutcomePlan(main=hub.estimator(lambda panel: hub.did(panel), name="own"))
    for panel in (ranked(20, 1).panel, holed()):
        assert hub.Battery("mine", "y", own, panel).lot is None
    assert [draws for *_, draws in asked] == [3999, 299]
