"""A plan is data: it is carried out as written, and a bad one is refused by name."""

import shutil

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog
from hubanalysis.cases.verdict import Verdict

NAME = "norwegian-tourism-cluster"
WEST = ["Hordaland", "Møre og Romsdal", "Rogaland", "Sogn og Fjordane"]


@pytest.fixture(scope="module")
def case():
    return hub.Case.open(NAME)


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """A copy of the dataset whose plan can be changed by replacing text."""
    folder = tmp_path / NAME
    shutil.copytree(catalog.path(NAME), folder)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))

    def edit(old: str, new: str):
        file = folder / "plan.toml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return hub.Case.open(NAME)

    return edit


def test_the_plan_decides_units_periods_and_dates(case):
    panel = case.panel("total_nights")
    assert panel.treated == WEST
    assert set(panel.first_treated.values()) == {2010}
    assert 2009 not in panel.periods
    assert (panel.periods[0], panel.periods[-1]) == (2000, 2017)
    assert len(panel.donors) == 14


def test_months_are_added_up_to_years(case):
    nights = hub.load(f"{NAME}/hotel_nights")
    rows = nights.query(
        "county == 'Oslo' and purpose == 'total' and month.dt.year == 2012"
    )
    levels = case.levels("total_nights").frame
    assert len(rows) == 12
    assert levels.loc["Oslo", 2012] == rows["guest_nights"].sum()
    logs = case.panel("total_nights").frame
    assert np.allclose(logs, np.log(levels))


def test_a_share_is_the_ratio_of_yearly_sums(case):
    nights = hub.load(f"{NAME}/hotel_nights").query(
        "county == 'Oslo' and purpose == 'holiday' and month.dt.year == 2012"
    )
    winter = nights[~nights["month"].dt.month.between(5, 9)]
    share = 100 * winter["guest_nights"].sum() / nights["guest_nights"].sum()
    assert case.panel("off_season_share").frame.loc["Oslo", 2012] == pytest.approx(
        share
    )


def test_prices_are_averaged_never_added(case):
    table = hub.load(f"{NAME}/hotel_occupancy_price").query(
        "county == 'Oslo' and month.dt.year == 2012"
    )
    product = table["room_occupancy"] / 100 * table["price_per_room"]
    levels = case.levels("revenue_per_room").frame
    assert levels.loc["Oslo", 2012] == pytest.approx(product.mean())


def test_a_year_may_start_in_august(case):
    table = hub.load(f"{NAME}/hotel_occupancy_price").set_index("month").sort_index()
    oslo = table[table["county"] == "Oslo"].loc["2016-08":"2017-07"]
    product = oslo["room_occupancy"] / 100 * oslo["price_per_room"]
    levels = case.levels("pretended_closure").frame
    assert len(oslo) == 12
    assert levels.loc["Oslo", 2016] == pytest.approx(product.mean())


def test_every_outcome_of_the_plan_can_be_built(case):
    for name in case.outcomes:
        assert case.panel(name).is_balanced


def test_one_verdict_answers_all_points(case):
    verdict = case.verdict()
    battery = case.battery()
    assert verdict.estimate == battery.main.att
    assert verdict.mde == battery.powers["synthetic_control"].mde
    assert verdict.rank[1] == 3060
    assert verdict.p_value == verdict.rank[0] / verdict.rank[1]
    assert verdict.breakdown == 0
    points = verdict.table().index
    for point in ("Question", "Main estimate", "Exact rank", "Cannot be shown"):
        assert point in points
    assert (
        verdict.headline == f"no effect larger than {verdict.amount(verdict.mde)} seen"
    )


def test_a_refused_question_has_reasons_and_no_number(case):
    verdict = case.verdict("closure")
    assert verdict.conclusion == "not identified"
    assert verdict.estimate is None
    assert len(verdict.cannot_show) == 3
    assert "Main estimate" not in verdict.table().index


def test_an_effect_planted_in_the_figures_is_seen(case):
    battery = case.battery("total_nights")
    planted = battery.panel.with_frame(battery.panel.frame + 2.0 * battery.panel.treatment)
    found = type(battery)(NAME, "total_nights", battery.plan, planted).findings()
    assert found["conclusion"] == "effect seen"


def test_a_false_date_with_an_effect_forbids_effect_seen(case):
    battery = case.battery("total_nights")
    frame = battery.panel.frame.copy()
    frame.loc[WEST, frame.columns >= 2005] += 2.0
    frame.loc[WEST, frame.columns >= 2010] += 2.0
    moved = type(battery)(
        NAME, "total_nights", battery.plan, battery.panel.with_frame(frame)
    )
    assert moved.in_time["p_value"].min() <= 0.05
    assert moved.findings()["conclusion"] != "effect seen"


def test_a_test_that_can_never_reject_identifies_nothing(case):
    battery = case.battery("total_nights")
    pooled = case.levels().pool(WEST, name="West").transform(np.log)
    plan = battery.plan | {"variants": {}}
    found = type(battery)(NAME, "total_nights", plan, pooled).findings()
    assert np.isinf(found["mde"])
    assert found["conclusion"] == "not identified"


def test_an_unknown_outcome_offers_the_nearest(case):
    with pytest.raises(ValueError, match=r"no outcome 'total_night'.*total_nights"):
        case.panel("total_night")


def test_a_dataset_without_a_plan_says_which_file_is_missing():
    with pytest.raises(ValueError, match=r"no plan.*plan\.toml"):
        hub.Case.open("validation")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('question = "Did having', 'answer = "Did having', "lacks 'question'"),
        (
            'main = "synthetic_control"',
            'main = "synthetic"',
            "no estimator 'synthetic'",
        ),
        ('transform = "log"', 'transform = "logs"', "no transform 'logs'"),
        ('role = "contrast"', 'role = "contrst"', r"no role 'contrst'.*contrast"),
        ('role = "primary"', 'role = "secondary"', "must have one primary outcome"),
        ('value = "guest_nights"\n', "", "lacks value"),
        ("placebo_periods", "placebo_period", r"no key .*'placebo_period'"),
        (
            '"without Rogaland" = { drop',
            '"without Rogaland" = { omit',
            r"no change .*'omit'",
        ),
        ("[outcomes.total_nights]", "[outcomes.total_nights", "cannot be read"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(edited, old, new, message):
    with pytest.raises(ValueError, match=message):
        edited(old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('purpose = "total"', 'purpose = "totl"', r"no value.*'totl'.*total"),
        (
            'where = { purpose = "total" }',
            'where = { why = "total" }',
            "no column 'why'",
        ),
        ('table = "hotel_nights"', 'table = "hotel_night"', "hotel_nights"),
        ('"Rogaland" = 2010', '"Rogalnd" = 2010', r"no unit 'Rogalnd'.*Rogaland"),
        ('"Svalbard" = "not a', '"Svalbrd" = "not a', r"no unit 'Svalbrd'.*Svalbard"),
        ("window = [2000, 2017]", "window = [2000, 2018]", "fewer rows"),
        ('unit = "county"', 'unit = "country"', "country"),
    ],
)
def test_a_plan_that_does_not_fit_the_figures_is_refused(edited, old, new, message):
    with pytest.raises((ValueError, KeyError), match=message):
        edited(old, new).panel("total_nights")


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (np.log(1.5), "log", "+50%"),
        (np.log(0.5), "log", "-50%"),
        (2.5, "none", "+2.5"),
        (np.inf, "log", "no size is enough"),
    ],
)
def test_effects_read_as_percent_on_a_log_scale(value, scale, text):
    assert hub.effect_text(value, scale) == text


def test_a_verdict_prints_the_same_every_time(case):
    assert repr(case.verdict()) == repr(hub.Case.open(NAME).verdict())
    assert isinstance(case.verdict(), Verdict)


def test_tables_hold_every_estimator_of_the_plan(case):
    battery = case.battery()
    assert len(hub.estimates_table(battery)) == len(battery.names)
    assert len(hub.in_time_table(battery)) == len(battery.names)
    table = hub.outcomes_table(case, {"total_nights": battery})
    assert table.loc["all hotel nights", "role"] == "primary"
    assert isinstance(table, pd.DataFrame)
