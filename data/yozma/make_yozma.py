"""Countries, patents and venture capital: from the extracts in ``raw/`` to the tables.

``python -m tools.data.make yozma``

By hand, and so nowhere rawer than in this folder: ``series`` (what each series is) and
``israel_venture_capital`` (sums that appeared in print).
"""

import pandas as pd

from tools.data.raw import in_order

# What the tables call a country whose publishers do not agree on its name.
NAMES = {
    "China, Hong Kong SAR": "Hong Kong",
    "Hong Kong SAR, China": "Hong Kong",
    "Hong Kong, China": "Hong Kong",
    "Republic of Korea": "South Korea",
    "Korea, Rep.": "South Korea",
    "Korea, Republic of": "South Korea",
    "Turkey": "Türkiye",
    "Turkiye": "Türkiye",
    "United States of America": "United States",
}
# Years 1975-99 with ten grants or more throughout, and those set apart by the plan.
WIDE = {"KOR": "South Korea", "HKG": "Hong Kong", "TWN": "Taiwan"}
PRINTED = {
    "AUS": "1994, estimate",
    "NZL": "1994, estimate",
    "PRT": "1994",
    "ISR": "estimate",
}


def tables(raw):
    """All tables of this folder that have a raw form."""
    panel = country_panel(raw("country_panel"))
    counted(panel, raw.table("series"))
    codes = panel.drop_duplicates("iso3").set_index("iso3")["country"]
    people = panel[(panel["series"] == "pop") & (panel["source"] == "PWT_10.01")]
    people = people.set_index(["iso3", "year"])["value"]
    return {
        "country_panel": panel,
        "wto_exports": wto(raw("wto_exports_by_group"), codes),
        "us_patents": patents(raw("uspto_patents_by_country_1963_1999"), codes, people),
        "venture_capital_1995": venture(raw("vc_1995"), codes),
    }


def country_panel(raw):
    """One row per country, year, series and vintage."""
    table = raw.rename(columns={"series_code": "series"}).drop(columns="unit")
    table["country"] = table["country"].replace(NAMES)
    assert table["iso3"].nunique() == table["country"].nunique() == 30
    value = pd.to_numeric(table["value"])
    assert value.notna().all()
    # The second copy: growth by Penn World Table and population by two publishers.
    key = ["iso3", "year"]
    wide = table.assign(value=value, name=table["series"] + " " + table["source"])
    wide = wide.pivot(index=key, columns="name", values="value")
    apart = 1e6 * wide["pop PWT_10.01"] / wide["SP.POP.TOTL WDI_2018-08"] - 1
    assert apart.abs().median() < 0.005
    assert (wide["csh_m PWT_10.01"].dropna() <= 0.001).mean() > 0.99
    columns = ["iso3", "country", "year", "series", "source", "value"]
    return in_order(table[columns], "iso3", "year", "series", "source")


def counted(panel, series):
    """The table of series counts what the panel holds."""
    found = panel.groupby(["series", "source"]).agg(
        countries=("iso3", "nunique"), first=("year", "min"), last=("year", "max")
    )
    told = series.set_index(["series", "source"])
    for ours, theirs in zip(found, ["countries", "first_year", "last_year"]):
        assert (found[ours].astype(str) == told[theirs]).all(), ours


def wto(raw, codes):
    """Manufactures, and office and telecom equipment, of the thirty economies."""
    columns = {"reporter": "country", "value_musd": "value"}
    table = raw.drop(columns="product").rename(
        columns=columns | {"product_code": "product"}
    )
    table["country"] = table["iso3"].map(codes)
    wide = table.pivot(index=["iso3", "year"], columns="product", values="value")
    wide = wide.apply(pd.to_numeric).dropna()
    assert (wide["MAMTOF"] <= wide["MA"]).all(), "a part of its whole"
    columns = ["iso3", "country", "year", "product", "value"]
    return in_order(table[columns], "iso3", "year", "product")


def patents(raw, codes, people):
    """Grants by country and year, zeros filled in, with the pool each belongs to."""
    number = raw[["patents", "citations_1975_99", "top_decile_patents"]].astype(int)
    assert number["patents"].sum() == 2_923_922, "every patent of the printed count"
    assert (number["top_decile_patents"] <= number["patents"]).all()
    names = {**codes, "TWN": "Taiwan"}
    years = [str(year) for year in range(1963, 2000)]
    table = raw[raw["iso3"].isin(names)].set_index(["iso3", "grant_year"])
    every = pd.MultiIndex.from_product([sorted(names), years], names=["iso3", "year"])
    table = table.reindex(every, fill_value="0").reset_index()
    later = table["year"] >= "1975"
    fewest = table[later]["patents"].astype(int).groupby(table["iso3"]).min()
    pool = {iso3: "main" if few >= 10 else "other" for iso3, few in fewest.items()}
    pool |= dict.fromkeys(WIDE, "wide")
    table = pd.DataFrame(
        {
            "country": table["iso3"].map(names),
            "iso3": table["iso3"],
            "pool": table["iso3"].map(pool),
            "year": table["year"],
            "patents": table["patents"],
            "citations": table["citations_1975_99"],
            "top_tenth": table["top_decile_patents"],
            "people": [
                people.get(pair, "") for pair in zip(table["iso3"], table["year"])
            ],
        }
    )
    return in_order(table, "country", "year")


def venture(raw, codes):
    """The printed table of 1995, with what its note says of four countries."""
    iso3 = {country: code for code, country in codes.items()}
    table = pd.DataFrame(
        {
            "iso3": raw["country"].map(iso3),
            "country": raw["country"],
            "year": raw["year"],
            "venture_capital": raw["vc_pool_1995_musd"],
        }
    )
    table["note"] = table["iso3"].map(PRINTED).fillna("")
    assert len(table) == 21
    return in_order(table, "iso3")
