"""The figures and the plan of the Challenge, from the county table up."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

NAME = "build-back-better"


@pytest.fixture(scope="module")
def case():
    return hub.Case.open(NAME)


@pytest.fixture(scope="module")
def finalists():
    return hub.load(f"{NAME}/bbbrc_finalists").set_index("id")


@pytest.fixture(scope="module")
def counted():
    """Applications of every region and year, added up from the counties here."""
    counties = hub.load(f"{NAME}/bbbrc_counties")
    table = hub.load(f"{NAME}/business_applications")
    table = table[table["status"] == "published"]
    both = counties.merge(table, on="fips")
    return both.groupby(["id", "year"])["applications"].sum().unstack()


def test_the_treated_are_the_winners_that_are_smaller_than_a_state(case, finalists):
    core = finalists[finalists["scope"] == "core"]
    panel = case.panel("applications")
    assert panel.treated == sorted(core.index[core["winner"]])
    assert sorted(panel.donors) == sorted(core.index[~core["winner"]])
    assert set(panel.first_treated.values()) == {2023}
    assert 2022 not in panel.periods


def test_regions_are_the_sums_of_their_counties(case, counted):
    levels = case.levels("applications").frame
    ours = counted.loc[levels.index, levels.columns]
    assert np.array_equal(levels.to_numpy(), ours.to_numpy())


def test_no_county_of_a_winner_is_also_a_losers(finalists):
    counties = hub.load(f"{NAME}/bbbrc_counties")
    counties = counties[counties["id"].map(finalists["scope"]) == "core"]
    sides = counties["id"].map(finalists["winner"]).groupby(counties["fips"])
    assert (sides.nunique() == 1).all()


@pytest.mark.parametrize(
    ("outcome", "before", "sign"),
    [
        ("against_2015_21", range(2015, 2022), -1),
        ("against_2019", [2019], -1),
        ("against_2021", [2021], 1),
    ],
)
def test_the_years_before_decide_the_sign(
    case, finalists, counted, outcome, before, sign
):
    core = finalists[finalists["scope"] == "core"]
    logs = np.log(counted.loc[core.index])
    change = logs[[2023, 2024]].mean(axis=1) - logs[list(before)].mean(axis=1)
    by_hand = change[core["winner"]].mean() - change[~core["winner"]].mean()
    assert hub.did(case.panel(outcome)).att == pytest.approx(by_hand)
    assert np.sign(by_hand) == sign


def test_leaving_out_later_hubs_leaves_out_the_regions_of_paid_tech_hubs(
    case, finalists
):
    # By county: a region of the Challenge that shares one with a hub paid in 2024.
    hubs = hub.load(f"{NAME}/tech_hubs").set_index("hub")
    of_hubs = hub.load(f"{NAME}/tech_hub_counties")
    paid = of_hubs[of_hubs["hub"].map(hubs["funded_2024"])]["fips"]
    counties = hub.load(f"{NAME}/bbbrc_counties")
    shared = set(counties[counties["fips"].isin(paid)]["id"])
    variants = case.outcomes["applications"].variants
    dropped = set(variants["without regions of later Tech Hubs awards"].drop)
    core = set(case.panel("applications").units)
    assert dropped == shared & core


def test_osceola_had_its_effect_before_the_award(case):
    battery = case.battery("osceola")
    false = battery.in_time.set_index(["pretended_start", "estimator"])
    assert false.loc[(2015, "synthetic_control"), "p_value"] <= 0.05
    assert battery.tests.loc["synthetic_control", "p_value"] <= 0.05
    assert case.verdict("osceola").conclusion != "effect seen"


def test_output_stops_before_the_awards():
    assert hub.load(f"{NAME}/real_gdp")["year"].max() < 2022


def test_hubs_named_and_paid_are_those_the_agency_counts():
    hubs = hub.load(f"{NAME}/tech_hubs")
    assert len(hubs) == 31
    assert hubs["funded_2024"].sum() == 12
    assert hubs["award_2024"].sum() == pytest.approx(504)
    assert not (hubs["funded_2024"] & hubs["withdrawn_2025"]).any()
    assert hubs.loc[hubs["withdrawn_2025"], "award_2025"].sum() == pytest.approx(211)


def test_the_detectable_effect_falls_with_the_root_of_hubs_and_refused():
    # The rule of thumb of the chapter, on made-up panels whose noise is known.
    rng = np.random.default_rng(0)
    factors = {}
    for hubs, refused in ((6, 24), (24, 24), (24, 96)):
        values = rng.normal(0, 1, (hubs + refused, 6))
        wide = pd.DataFrame(values, [f"u{i}" for i in range(len(values))], range(6))
        rows = wide.stack().rename("y").reset_index()
        rows.columns = ["unit", "year", "y"]
        start = dict.fromkeys(wide.index[:hubs], 3)
        panel = hub.Panel.from_long(rows, "unit", "year", "y", start)
        power = hub.minimum_detectable_effect(
            panel, hub.imputation, strata=dict.fromkeys(panel.units, "all"), draws=999
        )
        factors[hubs, refused] = power.mde / np.sqrt(1 / hubs + 1 / refused)
    # Noise with sd 1, means of three years either side: (1.96 + 0.84) sqrt(2 / 3).
    assert list(factors.values()) == pytest.approx([2.8 * np.sqrt(2 / 3)] * 3, rel=0.15)


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
