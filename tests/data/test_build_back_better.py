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


def table_of(name, column):
    """A county table with a row per county and a column per year."""
    return hub.load(f"{NAME}/{name}").pivot(index="fips", columns="year", values=column)


def added_up(table, *, areas):
    """A county table added up over the regions, by the areas that the bureau uses."""
    counties = hub.load(f"{NAME}/bbbrc_counties")[["id", "fips"]]
    before = [("W16", fips) for fips in ("02201", "02232", "02280")]
    counties = pd.concat([counties, pd.DataFrame(before, columns=["id", "fips"])])
    if areas:
        held = hub.load(f"{NAME}/real_gdp_areas").set_index("fips")["area_fips"]
        counties["fips"] = counties["fips"].map(held).fillna(counties["fips"])
    parts = counties.drop_duplicates()
    rows = table.reindex(parts["fips"])
    return rows.groupby(parts["id"].to_numpy()).sum(min_count=1)


@pytest.mark.parametrize(
    ("column", "table", "areas"),
    [
        ("employed", "county_employment", False),
        ("unemployed", "county_employment", False),
        ("jobs", "county_jobs", True),
    ],
)
def test_work_of_regions_is_the_sum_of_their_counties(column, table, areas):
    work = hub.load(f"{NAME}/region_work")
    ours = work.pivot(index="id", columns="year", values=column).astype("Float64")
    sums = added_up(table_of(table, column), areas=areas)
    both = ours.stack().dropna().rename("ours").to_frame()
    both = both.join(sums.rename_axis("id").stack().rename("sums"))
    assert len(both) > 1000
    assert (both["ours"] == both["sums"]).all()
    # What is left out is what a county lacks.
    lacks = ours.loc[:, : sums.columns[-1]].stack(future_stack=True)
    lacks = set(lacks.index[lacks.isna()])
    expected = {("L27", 2001)} if areas else {("W08", 2005), ("W08", 2006)}
    assert lacks == expected


def test_output_of_regions_is_linked_by_growth_from_2020():
    work = hub.load(f"{NAME}/region_work")
    ours = work.pivot(index="id", columns="year", values="real_gdp")
    ours = ours.drop(columns=2024).astype("Float64")
    old = added_up(table_of("real_gdp", "real_gdp"), areas=True).loc[ours.index]
    new = added_up(table_of("real_gdp_2020_2023", "real_gdp"), areas=True)
    new = new.loc[ours.index]
    whole = ours.loc[:, :2020].drop(index="L27")
    assert (whole == old.loc[whole.index, :2020]).all().all()
    growth = ours[2023] / ours[2020]
    assert np.allclose(growth.astype(float), new[2023] / new[2020], rtol=1e-6)
    # A revision moved two years' growth of a typical region by one percent.
    apart = np.log(new[2022] / new[2020]) - np.log(old[2022] / old[2020])
    assert apart.abs().median() == pytest.approx(0.01, abs=0.003)


def test_the_counties_output_adds_up_to_nearly_the_countrys():
    newest = hub.load(f"{NAME}/real_gdp_2020_2023")
    total = newest[newest["year"] == 2023]["real_gdp"].sum() / 1e6
    # 22,671.1 billion in print; Washington, DC and output abroad are not in the table.
    assert 0.98 < total / 22671.1 < 1


def test_two_sources_of_work_move_together():
    work = hub.load(f"{NAME}/region_work")
    work = work[(work["scope"] == "core") & work["year"].between(2007, 2021)]
    steps = {
        column: np.log(
            work.pivot(index="id", columns="year", values=column).astype(float)
        ).diff(axis=1)
        for column in ("employed", "jobs")
    }
    flat = {column: change.stack() for column, change in steps.items()}
    assert flat["employed"].corr(flat["jobs"]) > 0.8


def test_work_in_alaska_do_not_jump_where_its_codes_change():
    work = hub.load(f"{NAME}/region_work").set_index(["id", "year"])
    employed = work.loc["W16", "employed"].astype(float)
    assert np.log(employed).diff().loc[2009:2011].abs().max() < 0.06


def test_yardsticks_are_the_agencys_counts_over_the_years_and_regions(case, finalists):
    core = finalists.index[(finalists["scope"] == "core") & finalists["winner"]]
    facts, plan = case.plan.facts, case.plan
    part = len(core) / finalists["winner"].sum()
    work = hub.load(f"{NAME}/region_work").set_index(["id", "year"])
    work = work.astype({c: float for c in ("employed", "unemployed", "real_gdp")})
    before = work.loc[[(region, 2022) for region in core]].sum()
    jobs = part * facts["jobs"].value
    filed = case.levels("applications").frame.loc[core, [2023, 2024]].sum().sum()
    award = 1e6 * finalists.loc[core, "award"].sum() / 5
    output = 1e3 * work.loc[[(region, 2021) for region in core], "real_gdp"].sum()
    expected = {
        ("applications", "claimed"): part * facts["new_businesses"].value / filed,
        ("employed", "claimed"): jobs / before["employed"],
        ("unemployment", "claimed"): -100
        * jobs
        / (before["employed"] + before["unemployed"]),
        ("output", "break-even"): award / output,
    }
    for (outcome, kind), value in expected.items():
        (mark,) = [y for y in plan.yardsticks_of(outcome) if y.kind == kind]
        assert mark.value == pytest.approx(value, rel=0.03)


def test_found_losers_leave_first_results_as_they_were(case):
    found = set(case.panel("with_found").units) - set(case.panel("applications").units)
    assert found == {"L31", "L32"}
    donors = set(case.panel("osceola").donors)
    later = hub.load(f"{NAME}/bbbrc_counties").query("id == 'L32'")["fips"]
    assert not donors & set(later)


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


def test_twenty_one_winners_share_970_million_and_32_losers_were_found():
    finalists = hub.load("build-back-better/bbbrc_finalists")
    winners = finalists[finalists["winner"]]
    assert (len(winners), len(finalists) - len(winners)) == (21, 32)
    assert finalists["scope"].str.startswith("found").sum() == 3
    assert winners["award"].sum() == pytest.approx(970)
    core = finalists[finalists["scope"] == "core"]
    assert core["winner"].value_counts().to_dict() == {False: 24, True: 18}
    assert (finalists["mapping_by"] == "source").sum() == 8


def test_regions_of_finalists_overlap_only_where_a_state_holds_one():
    places = hub.load("build-back-better/bbbrc_counties")
    assert not places.loc[places["basis"] == "listed", "fips"].duplicated().any()
    twice = places[places["fips"].duplicated(keep=False)]
    assert set(twice["id"]) == {"W12", "L09", "L30", "L31"}


def test_twelve_tech_hubs_were_funded_and_six_announced_and_withdrawn():
    hubs = hub.load("build-back-better/tech_hubs")
    assert len(hubs) == 31
    assert hubs["funded_2024"].sum() == 12
    assert hubs["announced_2025"].sum() == 6
    assert (hubs["announced_2025"] == hubs["withdrawn_2025"]).all()
    engines = hub.load("build-back-better/nsf_engines_finalists")
    assert (len(engines), engines["winner"].sum()) == (16, 10)


def test_filings_fell_before_anybody_had_won_as_the_plan_says(case):
    lot = case.battery("applications_2019_against_2017").lot
    assert lot.effect < 0
    assert lot.p_value <= 0.05
    assert any("2019 against 2017" in reason for reason in case.plan.cannot_show)
    # It counts on the card of filings as a pretended date does, and the card says so.
    assert list(case.battery().false_alarms["pretended_start"])[-1] == "2017 to 2019"
    assert not case.battery().passed
