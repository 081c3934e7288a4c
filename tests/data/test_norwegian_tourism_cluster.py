"""The figures of the Norwegian case agree with what their agency prints."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub


def test_eighteen_mainland_counties_have_every_month_and_purpose():
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    mainland = nights[nights["county"] != "Svalbard"]
    assert mainland["county"].nunique() == 18
    assert mainland["month"].nunique() == 390
    assert len(mainland) == 18 * 390 * 4


def test_purposes_add_to_the_total_of_a_county():
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    wide = nights.pivot(
        index=["county", "month"], columns="purpose", values="guest_nights"
    )
    gap = (wide.drop(columns="total").sum(axis=1) - wide["total"]).abs()
    off = gap[gap > 2].index.get_level_values("county")
    assert sorted(off) == ["Nordland", "Nordland", "Oppland", "Trøndelag"]
    assert gap.max() < 100


def test_county_figures_agree_with_the_pages_of_the_agency():
    printed = hub.load("norwegian-tourism-cluster/ssb_web_tables")
    printed = printed[printed["residence"] == "total"]
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    nights = nights[nights["purpose"] == "total"]
    months = nights.assign(period=nights["month"].astype(str))
    years = nights.assign(period=nights["year"].astype(str))
    ours = (
        pd.concat([months, years[years["year"] < 2018]])
        .groupby(["county", "period"])["guest_nights"]
        .sum()
        .rename_axis(["area", "period"])
    )
    both = printed.join(ours.rename("ours"), on=["area", "period"]).dropna()
    assert len(both) == 78
    assert (both["guest_nights"] == both["ours"]).all()


def test_counties_add_to_the_country_exactly():
    key = ["month", "purpose"]
    counties = hub.load("norwegian-tourism-cluster/hotel_nights")
    country = hub.load("norwegian-tourism-cluster/hotel_nights_norway")
    total = counties.groupby(key)["guest_nights"].sum()
    assert total.equals(country.set_index(key)["guest_nights"].sort_index())


def test_western_norway_has_the_same_sum_in_the_old_and_the_new_regions():
    names = hub.load("norwegian-tourism-cluster/region_names").set_index("region")
    west = {"Rogaland", "Hordaland", "Sogn og Fjordane", "Møre og Romsdal"}
    assert set(names.loc["NO0A", "counties"].split("; ")) == west
    old = names.loc["NO04", "counties"] + "; " + names.loc["NO05", "counties"]
    new = names.loc["NO0A", "counties"] + "; " + names.loc["NO092", "counties"]
    assert sorted(old.split("; ")) == sorted(new.split("; "))


def test_foreign_arrivals_of_1996_repeat_1994_in_norway_only():
    arrivals = hub.load("norwegian-tourism-cluster/eurostat_arrivals")
    hotels = arrivals[
        (arrivals["establishments"] == "I551") & (arrivals["residence"] == "foreign")
    ].pivot(index="region", columns="year", values="value")
    same = hotels.index[hotels[1994] == hotels[1996]]
    assert len(same) == 9
    assert same.str.startswith("NO").all()


def test_months_are_the_totals_less_what_was_usual_before_the_start():
    name = "norwegian-tourism-cluster"
    months = hub.load(f"{name}/hotel_nights_by_month")
    nights = hub.load(f"{name}/hotel_nights").query("purpose == 'total'")
    both = months.merge(nights, on=["county", "month"], suffixes=("", "_published"))
    assert len(both) == len(months) == 18 * 31 * 12
    assert (both["guest_nights"] == both["guest_nights_published"]).all()
    assert not (months["month"].dt.year == 2009).any()
    first = months["month"].min()
    assert (months["months"] - 1 == [(m - first).n for m in months["month"]]).all()
    logs = np.log(months["guest_nights"] / months["usual_nights"])
    before = months["month"].dt.year < 2009
    calendar = months["month"].dt.month
    left = logs[before].groupby([months["county"], calendar]).mean()
    assert left.abs().max() < 1e-4


CHAPTER = Path(__file__).parents[2] / "chapters/norwegian-tourism-cluster.md"


@pytest.fixture(scope="module")
def compare_closing():
    """The chapter's own cell, which waits for a newer table of nights."""
    cells = re.findall(r"^```{code-cell}\n(.*?)^```$", CHAPTER.read_text(), re.M | re.S)
    (cell,) = (c for c in cells if "def compare_closing" in c)
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    west = hub.Case.open("norwegian-tourism-cluster").panel().treated
    space = {"hub": hub, "np": np, "pd": pd, "nights": nights, "west": west}
    exec(cell, space)
    return space["compare_closing"]


def merged(*names):
    """What the regions of these names were put together from."""
    regions = hub.load("norwegian-tourism-cluster/region_names").set_index("name")
    return {
        old: name for name in names for old in regions.loc[name, "counties"].split("; ")
    }


STANDING = ("Innlandet", "Agder", "Vestland")
PARTED = ("Viken", "Vestfold og Telemark", "Troms og Finnmark")
WEST = ("Rogaland", "Hordaland", "Sogn og Fjordane", "Møre og Romsdal")


@pytest.fixture(scope="module")
def made_up():
    """The nights of 2017 for seven years, a tenth less in the west from 2022 on."""
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    nights = nights[nights["year"] == 2017]
    years = [
        nights.assign(month=nights["month"] + 12 * n, year=2017 + n) for n in range(7)
    ]
    nights = pd.concat(years, ignore_index=True)
    fallen = nights["county"].isin(WEST) & (nights["year"] >= 2022)
    return nights.assign(guest_nights=nights["guest_nights"] * (1 - 0.1 * fallen))


def named_each_year(nights):
    late = nights["year"] >= 2020
    return nights["county"].mask(
        late, nights["county"].replace(merged(*STANDING, *PARTED))
    )


def named_in_2024(nights):
    return nights["county"].replace(merged(*STANDING))


def named_at_length(nights):
    longer = {"Troms": "Troms - Romsa - Tromssa", "Oslo": "Oslo (2024-)"}
    return named_in_2024(nights).replace(longer)


def test_our_copy_ends_before_the_closing(compare_closing):
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    assert compare_closing(nights) is None


@pytest.mark.parametrize("named", [named_each_year, named_in_2024, named_at_length])
def test_a_newer_table_is_compared_whatever_its_counties_are_called(
    compare_closing, made_up, named
):
    lot = compare_closing(made_up.assign(county=named(made_up)))
    assert len(lot.panel.units) == 11
    assert lot.panel.treated == ["Møre og Romsdal", "Rogaland", "Vestland"]
    assert np.isclose(lot.observed, np.log(0.9))
    assert lot.p_value == 1 / len(lot.estimates) == 1 / 165


def test_a_county_that_no_merger_knows_is_named(compare_closing, made_up):
    strange = made_up["county"].mask(made_up["year"] < 2020, made_up["county"] + "land")
    with pytest.raises(ValueError, match=r"missing for .*Akershusland in 2022"):
        compare_closing(made_up.assign(county=strange))


def test_colonias_arrivals_are_counted_in_all_nights_by_the_share_of_foreign_ones():
    case = hub.Case.open("norwegian-tourism-cluster")
    printed = hub.load("norwegian-tourism-cluster/ssb_web_tables")
    west = printed["area"].isin(case.panel().treated) & (printed["period"] == "2009")
    nights = printed[west].groupby("residence")["guest_nights"].sum()
    evaluations = hub.load("evidence/evaluations").set_index("evaluation_id")
    arrivals = evaluations.loc["AboalCrespiPerera2017-1", "estimate"]
    mark = next(y for y in case.plan.yardsticks if "Colonia" in y.title)
    share = nights["foreign"] / nights["total"]
    assert mark.value == pytest.approx(share * arrivals, abs=5e-4)
    assert f"{100 * share:.1f} percent" in mark.reason
