"""Counties, finalists and regions of the hub programmes: from ``raw/`` to the tables.

``python -m tools.data.make build-back-better``

By hand, and so nowhere rawer than in this folder: ``county_places`` (read from a
package of ZIP codes) and ``real_gdp_areas`` (which counties the bureau combines).
"""

import pandas as pd

from tools.data.raw import in_order, long

FALSE_TRUE = {"0": "false", "1": "true"}
# The same places under an old code and a new one.
RENAMED = {"02270": "02158", "46113": "46102"}
# Codes that the Alaskan counties of W16 had before 2010.
BEFORE = [("W16", fips) for fips in ("02201", "02232", "02280")]
POLK = "12105"
# What the extract writes where the source was silent.
SILENT = {"(not given)": "", "(not given in source)": ""}
# What the three later losers' regions rest on, in words of our own.
FOUND = {
    "L30": "New Mexico, as the agency describes it: the whole state, which holds L31",
    "L31": "Central and northern New Mexico (press); own list of nine counties",
    "L32": "thirteen counties named by the source; "
    "of Centre only the north, so left out",
}


def tables(raw):
    """All tables of this folder that have a raw form."""
    filed = business_applications(raw("business_applications_county"))
    finalists, listed = bbbrc(raw("bbbrc_finalists"), raw("bbbrc_losers_found"))
    regions = bbbrc_counties(listed, filed)
    areas = raw.table("real_gdp_areas").set_index("fips")["area_fips"]
    old, new = output(raw)
    work, jobs = employment(raw, regions), places_of_work(raw, regions, areas)
    hubs, hub_counties = tech_hubs(raw("tech_hubs"))
    return {
        "business_applications": filed,
        "bbbrc_finalists": finalists,
        "bbbrc_counties": regions,
        "region_applications": region_applications(filed, regions, finalists),
        "county_employment": work,
        "county_jobs": jobs,
        "real_gdp": old,
        "real_gdp_2020_2023": new,
        "region_work": region_work(regions, finalists, areas, work, jobs, old, new),
        "tech_hubs": hubs,
        "tech_hub_counties": hub_counties,
        "nsf_engines_finalists": engines(raw("nsf_engines_finalists_2023")),
    }


def business_applications(raw):
    """Counties by year; an empty cell is a place that was not there."""
    table = long(raw, ["fips", "state", "county"], "year", "applications")
    assert table["fips"].str.fullmatch(r"\d{5}").all()
    empty = table["applications"] == ""
    assert empty.sum() == 263
    assert (table.loc[empty, "state"] == "CT").sum() == 177
    # In millions, as the bureau gives the country's: the second copy.
    whole = table[~empty].groupby("year")["applications"]
    whole = whole.apply(lambda filed: filed.astype(int).sum() / 1e6)
    assert whole.between(2, 6).all()
    table["status"] = empty.map({True: "no such county", False: "published"})
    return table[["fips", "county", "state", "year", "applications", "status"]]


def bbbrc(raw, found):
    """Winners and losers with the counties as listed; three losers came later."""
    wide = found["county_fips"].str.startswith("STATE")
    found = found.assign(
        area_basis=found["id"].map(FOUND),
        coalition=found["coalition"].str.replace("; title not seen", ""),
        scope=wide.map({True: "found statewide", False: "found"}),
    )
    table = in_order(pd.concat([raw, found]).drop(columns="region_stated"), "id")
    table["winner"] = table["winner"].map(FALSE_TRUE)
    table = table.rename(columns={"award_usd_m": "award"}).replace(SILENT)
    won = table["winner"] == "true"
    assert (won.sum(), (~won).sum()) == (21, 32)
    assert abs(table.loc[won, "award"].astype(float).sum() - 970) < 0.01
    order = ["id", "winner", "coalition", "lead", "state", "award", "industry"]
    order += ["area_basis", "scope", "mapping_by", "source_url"]
    return table[order], table[["id", "county_fips"]]


def bbbrc_counties(listed, filed):
    """One row per finalist and county; a statewide one holds every county."""
    rows = []
    codes = filed["fips"].unique()
    for name, text in listed.itertuples(index=False):
        for code in text.split():
            if code.startswith("STATE"):
                state = code.removeprefix("STATE")
                inside = [f for f in codes if f.startswith(state)]
                rows += [(name, fips, "statewide") for fips in inside]
            else:
                assert code in codes, code
                rows.append((name, code, "listed"))
    table = pd.DataFrame(rows, columns=["id", "fips", "basis"])
    assert not table.loc[table["basis"] == "listed", "fips"].duplicated().any()
    return in_order(table, "id", "fips")


def region_applications(filed, regions, finalists):
    """Applications added up over each region, and over the rest of its states."""
    filed = filed[filed["applications"] != ""].copy()
    filed["fips"] = filed["fips"].replace(RENAMED)
    filed["applications"] = filed["applications"].astype(int)
    counties = filed.groupby(["fips", "year"])["applications"].sum().unstack()
    states = counties.groupby(counties.index.str[:2]).sum().astype(int)
    rows = []
    for name, part in regions.groupby("id"):
        inside = counties.reindex(part["fips"].unique()).sum().astype(int)
        whole = states.loc[sorted(set(part["fips"].str[:2]))].sum() - inside
        scope = finalists.set_index("id")["scope"][name]
        for year in counties.columns:
            rest = "" if not whole.any() else whole[year]
            rows.append((name, scope, year, inside[year], rest))
    columns = ["id", "scope", "year", "applications", "rest_of_state"]
    return in_order(pd.DataFrame(rows, columns=columns), "id", "year")


def output(raw):
    """Both vintages of real output; the names are the publisher's."""
    old = long(raw("real_gdp_county_2001_2022"), ["fips"], "year", "real_gdp")
    new = long(raw("real_gdp_county_2020_2023"), ["fips"], "year", "real_gdp")
    old, new = old[old["real_gdp"] != ""], new[new["real_gdp"] != ""]
    old = old.merge(raw("real_gdp_area_names"), on="fips", validate="many_to_one")
    # In billions of 2017 dollars; Washington, DC and output abroad are not in it.
    total = new.loc[new["year"] == "2023", "real_gdp"].astype(int).sum() / 1e6
    assert 0.98 < total / 22671.1 < 1
    return old[["fips", "area", "state", "year", "real_gdp"]], new


def employment(raw, regions):
    """Employed and unemployed residents of the finalists' counties and Polk County."""
    key = ["fips", "year"]
    work = long(raw("laus_employed_county_2000_2024"), key[:1], "year", "employed")
    idle = long(raw("laus_unemployed_county_2000_2024"), key[:1], "year", "unemployed")
    table = work.merge(idle, on=key, validate="one_to_one")
    table = table[(table["employed"] != "") & (table["unemployed"] != "")]
    rate = table["unemployed"].astype(int) / (
        table["unemployed"].astype(int) + table["employed"].astype(int)
    )
    assert rate.between(0, 0.4).all()
    codes = {*regions["fips"], POLK, *(fips for _, fips in BEFORE)}
    return in_order(table[table["fips"].isin(codes)], *key)


def places_of_work(raw, regions, areas):
    """Jobs by place of work, in the areas that the bureau combines."""
    table = long(raw("bea_jobs_county_2001_2022"), ["fips"], "year", "jobs")
    table = table[table["jobs"] != ""]
    whole = table.loc[table["year"] == "2022", "jobs"].astype(int).sum() / 1e6
    assert abs(whole - 212.4) < 1.5, whole
    codes = {*regions["fips"], POLK, *(fips for _, fips in BEFORE)}
    codes = {areas.get(fips, fips) for fips in codes}
    return in_order(table[table["fips"].isin(codes)], "fips", "year")


def region_work(regions, finalists, areas, work, jobs, old, new):
    """Work and output of each region; empty where a county of it lacks a figure."""
    ids = regions["id"].unique()

    def sums(table, column, combined=False):
        wide = table.assign(value=table[column].astype(float))
        wide = wide.pivot(index="fips", columns="year", values="value")
        rows = {}
        for name in ids:
            codes = regions.loc[regions["id"] == name, "fips"]
            codes = {areas.get(c, c) if combined else c for c in codes}
            before = [fips for which, fips in BEFORE if which == name]
            now = wide.reindex(sorted(codes))
            total = now.sum(min_count=1 if before else len(now))
            rows[name] = total + wide.reindex(before).sum()
        return pd.DataFrame(rows).T

    first, later = sums(old, "real_gdp", True), sums(new, "real_gdp", True)
    for year in ("2021", "2022", "2023"):
        first[year] = first["2020"] * later[year] / later["2020"]
    columns = {
        "employed": sums(work, "employed"),
        "unemployed": sums(work, "unemployed"),
        "jobs": sums(jobs, "jobs", True),
        "real_gdp": first,
    }
    scope = finalists.set_index("id")["scope"]
    rows = [
        (
            name,
            scope[name],
            str(year),
            *(whole_number(table, name, str(year)) for table in columns.values()),
        )
        for name in ids
        for year in range(2001, 2025)
    ]
    return pd.DataFrame(rows, columns=["id", "scope", "year", *columns])


def whole_number(table, name, year):
    """A cell as text, empty where there is none."""
    value = table[year][name] if year in table else float("nan")
    return "" if pd.isna(value) else f"{value:.0f}"


def tech_hubs(raw):
    """The thirty-one hubs, and their counties one by one."""
    names = {
        "lead_2023": "lead",
        "award_2024_07_usd_m": "award_2024",
        "award_2025_01_usd_m": "award_2025",
        "funded_2024_07": "funded_2024",
        "announced_2025_01": "announced_2025",
        "rescinded_2025_05": "withdrawn_2025",
    }
    table = in_order(raw.rename(columns=names), "hub")
    for column in ("funded_2024", "announced_2025", "withdrawn_2025"):
        table[column] = table[column].map(FALSE_TRUE)
    assert len(table) == 31
    assert table["award_2024"].astype(float).sum() == 504
    assert (table["funded_2024"] == "true").sum() == 12
    counties = [
        (hub, fips)
        for hub, codes in zip(table["hub"], table["county_fips"])
        for fips in codes.split()
    ]
    counties = pd.DataFrame(counties, columns=["hub", "fips"])
    order = ["hub", "states", *names.values(), "mapping_by"]
    return table[order], in_order(counties, "hub", "fips")


def engines(raw):
    """Sixteen finalists of 2023 and ten winners."""
    table = raw.rename(
        columns={
            "engine_awarded_2024_01": "engine",
            "award_usd_m_first_2y": "award",
            "link_lead_to_engine_by": "link_by",
        }
    )
    table["winner"] = table["winner"].map(FALSE_TRUE)
    assert (len(table), (table["winner"] == "true").sum()) == (16, 10)
    columns = ["lead", "state", "engine", "winner", "award", "link_by"]
    return in_order(table[columns], "lead")
