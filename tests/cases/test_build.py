"""A panel is what the plan says, and a plan that does not fit is refused by name."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.cases.norway import NAME, WEST
from tests.cases.ours import change


def test_the_plan_decides_units_periods_and_dates(case):
    panel = case.panel("total_nights")
    assert panel.treated == WEST
    assert set(panel.first_treated.values()) == {2010}
    assert 2009 not in panel.periods
    assert (panel.periods[0], panel.periods[-1]) == (1986, 2017)
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
        ("window = [1986, 2017]", "window = [1986, 2018]", "fewer rows"),
        ('unit = "county"', 'unit = "country"', "country"),
    ],
)
def test_a_plan_that_does_not_fit_the_figures_is_refused(edited, old, new, message):
    with pytest.raises((ValueError, KeyError), match=message):
        edited(old, new).panel("total_nights")


def test_a_column_of_dates_is_the_mapping_that_it_spells_out(folder):
    case = hub.Case.from_folder(folder)
    panel = case.panel()
    assert set(panel.first_treated.values()) == {2019}
    assert len(panel.treated) == 20
    winners = ", ".join(f'"{unit}" = 2019' for unit in panel.treated)
    spelt = change(folder, '"first_award" ', f"{{ {winners} }} ")
    assert spelt.panel().first_treated == panel.first_treated


def test_zero_and_an_empty_cell_both_mean_never(rewritten):
    case = rewritten(lambda t: t.assign(first_award=t["first_award"].fillna(0)))
    assert len(case.panel().treated) == 20
