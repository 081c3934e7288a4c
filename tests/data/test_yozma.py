"""The figures and the plan of the Israeli case."""

import numpy as np
import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def case():
    return hub.Case.open("yozma")


@pytest.fixture(scope="module")
def table():
    return hub.load("yozma/country_panel")


def series(table, code, source):
    rows = table[(table["series"] == code) & (table["source"] == source)]
    return rows.pivot(index="country", columns="year", values="value")


@pytest.mark.parametrize(
    "outcome",
    [
        "high_tech_share",
        "complexity",
        "gdp_per_head",
        "patents_at_home",
        "patents_by_origin",
    ],
)
def test_exactly_the_countries_with_a_missing_year_are_left_out(case, table, outcome):
    plan = case.outcomes[outcome]
    first, last = plan.window
    rows = table
    for column, wanted in plan.where.items():
        wanted = wanted if isinstance(wanted, list) else [wanted]
        rows = rows[rows[column].isin(wanted)]
    rows = rows[rows["year"].between(first, last)]
    full = rows.groupby("country").size() == rows.groupby("country").size().max()
    assert sorted(full.index[~full]) == sorted(plan.leave_out_units)


def test_patents_abroad_are_compared_where_there_are_ten_in_every_year(case, table):
    patents = hub.load("yozma/us_patents")
    counted = patents.pivot(index="country", columns="year", values="patents")
    least = counted.loc[:, 1975:1999].min(axis=1)
    pool = patents.drop_duplicates("country").set_index("country")["pool"]
    wide = {"South Korea", "Hong Kong", "Taiwan"}
    assert set(case.panel("us_patents").units) == set(least.index[least >= 10]) - wide
    assert len(case.panel("us_patents").units) == 21
    assert set(pool.index[pool == "wide"]) == wide
    assert set(pool.index) - {"Taiwan"} == set(table["country"])


def test_patents_abroad_are_no_more_than_all_and_a_tenth_of_these_are_cited_most():
    patents = hub.load("yozma/us_patents").set_index(["country", "year"])
    assert (patents["top_tenth"] <= patents["patents"]).all()
    israel = patents.loc["Israel", "patents"]
    assert israel[1998] > 2 * israel[1990]
    total = patents.groupby("year").sum()
    share = total["top_tenth"] / total["patents"]
    assert share.loc[1975:1994].between(0.08, 0.14).all()
    # Late citations are cut off.
    cited = total["citations"] / total["patents"]
    assert cited[1998] < cited[1985] / 5


def test_small_and_open_is_what_the_rule_says(case, table):
    people = series(table, "pop", "PWT_10.01")[1992]
    exports = series(table, "NE.EXP.GNFS.ZS", "WDI_2018-08")
    openness = exports.loc[:, 1985:1992].mean(axis=1)
    panel = case.panel("gdp_per_head")
    kept = (people < 20) & (openness > 20)
    variants = case.outcomes["gdp_per_head"].variants
    dropped = variants["small open economies"].drop
    assert sorted(dropped) == sorted(c for c in panel.donors if not kept[c])


def test_the_break_of_1994_is_in_the_figures(table):
    total = series(table, "WIPO_PATAPP_ORIGIN", "WIPO_GapminderSG").loc["Israel"]
    home = series(table, "IP.PAT.RESD", "WDI_2018-08").loc["Israel"]
    ratio = (total / home).dropna()
    assert ratio.loc[:1993].between(0.99, 1.02).all()
    assert ratio.loc[1994:].min() > 2


def test_two_vintages_agree_up_to_1999_and_not_in_2000(table):
    old, new = (
        series(table, "TX.VAL.TECH.MF.ZS", source).loc["Israel"]
        for source in ("WDI_c2011_GapminderWorld", "WDI_2018-08")
    )
    assert np.allclose(old.loc[1988:1999], new.loc[1988:1999], atol=0.02)
    assert old[2000] - new[2000] > 9


def test_output_per_head_is_output_over_people(case, table):
    levels = case.levels("gdp_per_head").frame
    output = series(table, "rgdpna", "PWT_10.01")
    people = series(table, "pop", "PWT_10.01")
    expected = (output / people).loc[levels.index, levels.columns]
    assert np.allclose(levels, expected)


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
