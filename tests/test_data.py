"""Every table has a publisher, a licence, units and an unchanged file."""

import hashlib
import json
import re
import shutil
import unicodedata
from pathlib import Path

import frictionless
import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

DATA = Path(__file__).parents[1] / "data"
PACKAGES = sorted(DATA.glob("*/datapackage.json"))
RESOURCES = [
    pytest.param(path.parent, resource, id=f"{path.parent.name}/{resource['name']}")
    for path in PACKAGES
    for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]
]


def faults(resource: dict) -> list[str]:
    """What a resource lacks of the provenance that this book promises."""
    needed = ("title", "description", "publisher", "vintage", "trust", "hash")
    found = [key for key in needed if not resource.get(key)]
    if not any(licence.get("name") for licence in resource.get("licences", [])) and (
        not any(licence.get("name") for licence in resource.get("licenses", []))
    ):
        found.append("licence")
    if not any(source.get("title") for source in resource.get("sources", [])):
        found.append("source")
    for field in resource.get("schema", {}).get("fields", []):
        found += [
            f"{field.get('name')}.{key}"
            for key in ("title", "type", "unit")
            if not field.get(key)
        ]
    if not resource.get("schema", {}).get("fields"):
        found.append("schema")
    return found


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_package_is_valid_for_frictionless(path):
    frictionless.system.trusted = True
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_file_has_the_hash_and_size_of_its_descriptor(folder, resource):
    content = (folder / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["bytes"] == len(content)


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_resource_has_its_whole_provenance(folder, resource):
    assert faults(resource) == []


@pytest.mark.parametrize("lost", ["licences", "sources", "publisher", "unit"])
def test_a_resource_without_licence_source_publisher_or_unit_is_refused(lost):
    resource = json.loads(json.dumps(RESOURCES[0].values[1]))
    resource.pop("licenses", None) if lost == "licences" else None
    if lost == "unit":
        del resource["schema"]["fields"][0]["unit"]
    else:
        resource.pop(lost, None)
    assert faults(resource)


def test_a_package_whose_figures_or_words_were_doctored_does_not_pass(tmp_path):
    folder = tmp_path / "yozma"
    shutil.copytree(DATA / "yozma", folder)
    table, descriptor = folder / "venture_capital_1995.csv", folder / "datapackage.json"
    frictionless.system.trusted = True
    assert frictionless.validate(str(descriptor)).valid
    table.write_bytes(table.read_bytes().replace(b",550,", b",950,"))
    assert not frictionless.validate(str(descriptor)).valid

    package = json.loads(descriptor.read_text("utf-8"))
    package["resources"][0]["licenses"] = []
    del package["resources"][0]["schema"]["fields"][0]["unit"]
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    first, *others = json.loads(descriptor.read_text("utf-8"))["resources"]
    assert faults(first) == ["licence", "iso3.unit"]
    assert not any(faults(resource) for resource in others)


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_table_is_small_unicode_of_unix_lines_and_has_a_key(folder, resource):
    content = (folder / resource["path"]).read_bytes()
    assert len(content) < 3_000_000
    assert b"\r" not in content
    text = content.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("Ã.|\ufffd", text), "read in the wrong encoding once"
    key = resource["schema"]["primaryKey"]
    table = hub.load(f"{folder.name}/{resource['name']}")
    assert not table.duplicated(key).any()
    assert len(table) == resource["rows"]


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_nothing_names_a_path_on_a_machine(path):
    text = path.read_text("utf-8") + (path.parent / "README.md").read_text("utf-8")
    assert not re.search(r"(?<![\w./])/\w+/|\.\./|[A-Z]:\\", text)


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_dataset_explains_itself_and_holds_no_stray_table(path):
    assert (path.parent / "README.md").stat().st_size > 300
    named = {r["path"] for r in json.loads(path.read_text("utf-8"))["resources"]}
    assert {f.name for f in path.parent.glob("*.csv")} == named


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


def test_proposition_99_has_39_states_and_one_treated():
    states = hub.load("validation/prop99")
    assert states["state"].nunique() == 39
    assert states.loc[states["treated"], "state"].unique().tolist() == ["California"]


def test_published_weights_add_to_one():
    units = hub.load("validation/prop99_unit_weights")
    years = hub.load("validation/prop99_time_weights")
    assert units["synthetic_did"].sum() == pytest.approx(1)
    assert units["synthetic_control"].sum() == pytest.approx(1)
    assert years["weight"].sum() == pytest.approx(1)


def test_teen_employment_has_500_counties_in_five_years():
    counties = hub.load("validation/mpdta")
    assert counties["county"].nunique() == 500
    assert len(counties) == 2500
    assert set(counties["first_treated"]) == {0, 2004, 2006, 2007}


def test_every_series_of_the_country_panel_is_described():
    key = ["series", "source"]
    panel = hub.load("yozma/country_panel")
    series = hub.load("yozma/series")
    assert panel["iso3"].nunique() == 30
    assert set(map(tuple, panel[key].values)) == set(map(tuple, series[key].values))


def test_output_per_head_has_no_hole_for_any_of_the_thirty():
    panel = hub.load("yozma/country_panel")
    for series in ("rgdpna", "pop"):
        part = panel[panel["series"] == series]
        assert len(part) == 30 * 57
        assert part["year"].between(1963, 2019).all()


def test_the_population_of_israel_moves_before_treatment():
    panel = hub.load("yozma/country_panel")
    people = panel[(panel["iso3"] == "ISR") & (panel["source"] == "WDI_2018-08")]
    people = people[people["series"] == "SP.POP.TOTL"].set_index("year")["value"]
    growth = 100 * people.pct_change()
    assert growth[[1990, 1991, 1992]].round(1).tolist() == [3.1, 6.2, 3.5]


def test_patents_by_origin_break_in_1994_and_the_share_was_revised():
    panel = hub.load("yozma/country_panel")
    israel = panel[panel["iso3"] == "ISR"].set_index(["series", "source", "year"])
    value = israel["value"]
    ratio = value["WIPO_PATAPP_ORIGIN"]["WIPO_GapminderSG"]
    ratio = ratio / value["IP.PAT.RESD"]["WDI_2018-08"]
    assert ratio[1993] == pytest.approx(1, abs=0.01)
    assert ratio[1994] == pytest.approx(2.47, abs=0.01)
    share = value["TX.VAL.TECH.MF.ZS"].sort_index()
    old, new = share["WDI_c2011_GapminderWorld"], share["WDI_2018-08"]
    assert np.allclose(old.loc[1988:1999], new.loc[1988:1999], atol=0.01)
    assert (round(old[2000], 2), round(new[2000], 2)) == (28.97, 19.35)


def test_the_main_donors_have_circuit_exports_in_every_year_and_taiwan_in_2024():
    exports = hub.load("k-semiconductor-belt/ic_exports")
    pool = ["KOR", "TWN", "CHN", "MYS", "USA", "JPN", "PHL", "DEU"]
    pool += ["THA", "FRA", "ISR", "MEX"]
    wide = exports.pivot(index="year", columns="iso3", values="exports")
    assert wide[pool].notna().all().all()
    assert len(wide) == 12
    last = exports[(exports["iso3"] == "TWN") & (exports["year"] == 2024)]
    assert last["source"].tolist() == ["Taiwan Customs"]
    assert set(wide.columns[wide.isna().any()]) == {"SGP", "VNM"}


def test_korean_customs_months_add_to_the_year_of_comtrade():
    months = hub.load("k-semiconductor-belt/korea_customs")
    months = months[months["product"] == "8542"]
    years = hub.load("k-semiconductor-belt/ic_exports")
    years = years[years["iso3"] == "KOR"].set_index("year")["exports"]
    total = months.groupby("year")["exports"].sum().loc[2020:2024]
    assert np.allclose(total, years.loc[2020:2024], rtol=1e-8)
    assert months.loc[months["derived"], "month"].astype(str).tolist() == ["2020-04"]
    weighed = months.dropna()
    ratio = weighed["exports"] / weighed["weight"] / weighed["unit_value"]
    assert np.allclose(ratio, 1, atol=1e-5)


def test_only_the_newest_year_of_world_billings_is_part_of_a_year():
    world = hub.load("k-semiconductor-belt/wsts_world")
    assert world.loc[world["months"] < 12, "year"].tolist() == [2026]


def test_output_of_296_cities_is_the_chain_of_their_growth():
    cities = hub.load("hangzhou-pilot-zone/city_real_gdp")
    wide = cities.pivot(index="city", columns="year", values="gdp_real_index")
    growth = cities.pivot(index="city", columns="year", values="gdp_growth")
    assert len(wide) == 296
    chain = 100 * (1 + growth.loc[:, 2011:2023] / 100).cumprod(axis=1)
    assert np.allclose(chain, wide.loc[:, 2011:2023], rtol=1e-5)


def test_the_eighteen_zones_are_cities_of_the_panel_but_for_deqing():
    zones = hub.load("hangzhou-pilot-zone/pilot_zones")
    cities = hub.load("hangzhou-pilot-zone/cities")
    assert set(zones["city"]) - set(cities["city"]) == {"Deqing"}
    assert zones["first_treated"].value_counts().to_dict() == {
        2019: 2,
        2020: 9,
        2021: 4,
        2022: 3,
    }
    both = zones.merge(cities, on="city", suffixes=("", "_panel"))
    assert (both["city_zh"] == both["city_zh_panel"]).all()


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


def test_empty_county_years_are_places_that_did_not_exist():
    counties = hub.load("build-back-better/business_applications")
    empty = counties[counties["applications"].isna()]
    assert (empty["status"] == "no such county").all()
    assert len(empty) == 263
    assert (empty["state"] == "CT").sum() == 177
    switch = counties[counties["state"] == "CT"].dropna()
    assert switch.groupby("year")["fips"].nunique().tolist() == [8] * 17 + [9] * 3
    gone = empty.loc[empty["state"] != "CT", "fips"].unique()
    assert len(gone) == 8
    # A code that came or went has one unbroken run of years.
    for _, county in counties[counties["fips"].isin(gone)].groupby("fips"):
        there = county.sort_values("year")["applications"].notna().astype(int)
        assert (there.diff().abs() == 1).sum() == 1


def test_county_codes_keep_their_leading_zero_and_join():
    counties = set(hub.load("build-back-better/business_applications")["fips"])
    assert "01001" in counties
    for table in ("bbbrc_counties", "tech_hub_counties", "real_gdp_areas"):
        assert set(hub.load(f"build-back-better/{table}")["fips"]) <= counties
    output = set(hub.load("build-back-better/real_gdp")["fips"])
    areas = set(hub.load("build-back-better/real_gdp_areas")["area_fips"])
    assert areas <= output
    assert not areas & counties


def test_twenty_one_winners_share_970_million_and_29_losers_were_found():
    finalists = hub.load("build-back-better/bbbrc_finalists")
    winners = finalists[finalists["winner"]]
    assert (len(winners), len(finalists) - len(winners)) == (21, 29)
    assert winners["award"].sum() == pytest.approx(970)
    core = finalists[finalists["scope"] == "core"]
    assert core["winner"].value_counts().to_dict() == {False: 24, True: 18}
    assert (finalists["mapping_by"] == "source").sum() == 6


def test_regions_of_finalists_overlap_only_where_a_state_holds_one():
    places = hub.load("build-back-better/bbbrc_counties")
    assert not places.loc[places["basis"] == "listed", "fips"].duplicated().any()
    twice = places[places["fips"].duplicated(keep=False)]
    assert set(twice["id"]) == {"W12", "L09"}


def test_twelve_tech_hubs_were_funded_and_six_announced_and_withdrawn():
    hubs = hub.load("build-back-better/tech_hubs")
    assert len(hubs) == 31
    assert hubs["funded_2024"].sum() == 12
    assert hubs["announced_2025"].sum() == 6
    assert (hubs["announced_2025"] == hubs["withdrawn_2025"]).all()
    engines = hub.load("build-back-better/nsf_engines_finalists")
    assert (len(engines), engines["winner"].sum()) == (16, 10)


def test_product_groups_nest_with_four_exceptions_and_economies_near_the_world():
    exports = hub.load("specialisation/exports")
    part_of = hub.load("specialisation/products").set_index("product")["part_of"]
    key = ["iso3", "year"]
    wide = exports.pivot(index=key, columns="product", values="value")
    over = {
        f"{economy} {year} {part}"
        for part, whole in part_of.dropna().items()
        for economy, year in wide.index[wide[part] > wide[whole] + 1e6]
    }
    assert over == {f"{e} MAMTTE" for e in ("CMR 2020", "MNG 2020", "SDN 2019")} | {
        "SDN 2020 MAMTTE"
    }
    world = hub.load("specialisation/exports_world").set_index(["product", "year"])
    for year in (2019, 2020):
        total = wide["TO"].xs(year, level="year").sum()
        assert total == pytest.approx(world["value"]["TO"][year], rel=0.001)
