"""The plan of the Yozma case follows its rules, and its figures have their faults."""

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
    ["high_tech_share", "complexity", "gdp_per_head", "patents_at_home"],
)
def test_exactly_the_countries_with_a_missing_year_are_left_out(case, table, outcome):
    plan = case.outcomes[outcome]
    first, last = plan["window"]
    rows = table
    for column, wanted in plan["where"].items():
        wanted = wanted if isinstance(wanted, list) else [wanted]
        rows = rows[rows[column].isin(wanted)]
    rows = rows[rows["year"].between(first, last)]
    full = rows.groupby("country").size() == rows.groupby("country").size().max()
    assert sorted(full.index[~full]) == sorted(plan.get("leave_out_units", {}))


def test_small_and_open_is_what_the_rule_says(case, table):
    people = series(table, "pop", "PWT_10.01")[1992]
    exports = series(table, "NE.EXP.GNFS.ZS", "WDI_2018-08")
    openness = exports.loc[:, 1985:1992].mean(axis=1)
    panel = case.panel("gdp_per_head")
    kept = (people < 20) & (openness > 20)
    variants = case.outcomes["gdp_per_head"]["variants"]
    dropped = variants["small open economies"]["drop"]
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
