"""The figures and the plan of the Hangzhou case."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

NAME = "hangzhou-pilot-zone"


@pytest.fixture(scope="module")
def case():
    return hub.Case.open(NAME)


@pytest.fixture(scope="module")
def zones():
    table = hub.load(f"{NAME}/pilot_zones")
    return table[table["city"] != "Deqing"].set_index("city")


def test_the_years_in_the_plan_are_those_of_the_table(case, zones):
    plan = case.outcomes["real_output"].first_treated
    assert plan == zones["first_treated"].to_dict()


def test_a_letter_of_the_first_half_counts_from_its_year(zones):
    # Changsha (24 March 2021) counts from 2021, Shanghai (June 2019) from 2019.
    date = zones["date_announced"]
    expected = date.dt.year + (date.dt.month > 6)
    assert (zones["first_treated"] == expected).all()


def test_the_other_coding_is_the_year_after_the_letter(case, zones):
    letters = zones["date_letter"].fillna(zones["date_announced"])
    after = case.outcomes["real_output_year_after"].first_treated
    assert after == (letters.dt.year + 1).to_dict()
    plan = case.outcomes["real_output"].first_treated
    assert sum(after[city] > plan[city] for city in plan) == 8


def test_variants_split_the_zones_by_whether_another_zone_came(case, zones):
    policies = hub.load(f"{NAME}/overlapping_policies")
    local = " ".join(policies.loc[policies["level"] != "national", "policy"])
    province = hub.load(f"{NAME}/cities").set_index("city")["province"]
    named = {c for c in zones.index if c in local or province[c] in local}
    variants = case.outcomes["real_output"].variants
    assert set(variants["zones with no other zone"].drop) == named
    assert set(variants["zones with another zone"].drop) == set(zones.index) - named
    dropped = variants["donors outside the digital-economy provinces"].drop
    digital = province.isin(
        ["Zhejiang", "Hebei", "Fujian", "Guangdong", "Chongqing", "Sichuan"]
    )
    donors = set(case.panel("real_output").donors)
    assert set(dropped) == donors & set(province.index[digital])


def test_cities_with_a_break_in_growth_are_those_of_the_rule(case):
    growth = hub.load(f"{NAME}/city_real_gdp").query("year >= 2011")
    growth = growth.pivot(index="city", columns="year", values="gdp_growth")
    far = (growth - growth.median()).abs() > 10
    listed = case.outcomes["real_output"].variants["without breaks in growth"]
    assert sorted(listed.drop) == sorted(growth.index[far.any(axis=1)])


def test_size_is_the_rank_of_output_in_2018():
    size = hub.load(f"{NAME}/city_size").set_index("city")
    nominal = hub.load(f"{NAME}/city_nominal_gdp").query("year == 2018")
    nominal = nominal.set_index("city")["gdp_nominal"]
    rank = nominal.rank(ascending=False).reindex(size.index)
    pd.testing.assert_series_equal(
        rank, size["size_rank"].astype(float), check_names=False
    )
    first = size["size_rank"].le(20).fillna(False)
    assert (size.loc[first, "size_class"] == "20 largest").all()
    assert size["size_class"].value_counts().to_dict() == {
        "the rest": 226,
        "21 to 70": 50,
        "20 largest": 20,
    }


def test_hangzhou_is_compared_with_cities_that_hold_no_zone(case, zones):
    panel = case.panel("hangzhou")
    assert panel.treated == ["Hangzhou"]
    assert not set(panel.donors) & set(zones.index)


def test_treatment_is_dealt_out_within_classes_of_size(case):
    battery = case.battery("real_output")
    assert set(battery.strata.values()) == {"20 largest", "21 to 70", "the rest"}
    assert len(battery.lot.distribution) == 10_000
    low, high = battery.interval
    assert low < battery.main.att < high


def test_output_of_296_cities_is_the_chain_of_their_growth():
    cities = hub.load("hangzhou-pilot-zone/city_real_gdp")
    wide = cities.pivot(index="city", columns="year", values="gdp_real_index")
    growth = cities.pivot(index="city", columns="year", values="gdp_growth")
    assert len(wide) == 296
    chain = 100 * (1 + growth.loc[:, 2011:2023] / 100).cumprod(axis=1)
    assert np.allclose(chain, wide.loc[:, 2011:2023], rtol=1e-5)


def test_misprints_of_the_city_yearbook_are_marked_and_not_in_the_index():
    book = hub.load("hangzhou-pilot-zone/city_yearbook")
    wild = book[book["gdp_growth"].abs() > 50]
    assert set(wild["city"]) == {"Shenzhen", "Xiangyang"}
    assert (wild["suspect"] == "gdp_growth").all()
    growth = hub.load("hangzhou-pilot-zone/city_real_gdp")["gdp_growth"]
    assert growth.abs().max() < 35


def test_a_city_that_leaps_and_returns_is_marked_as_suspect():
    cities = hub.load("hangzhou-pilot-zone/city_nominal_gdp")
    cities = cities.sort_values(["city", "year"])
    leap = np.log(cities["gdp_nominal"]).groupby(cities["city"]).diff()
    after = leap.groupby(cities["city"]).shift(-1)
    wild = (leap.abs() > 0.4) & (after.abs() > 0.4) & (leap * after < 0)
    assert wild.sum() == 7
    assert (cities["suspect"] == wild).all()
