"""Exports of chips and what stands beside them: from ``raw/`` to the tables.

``python -m tools.data.make k-semiconductor-belt``
"""

import numpy as np
import pandas as pd

from tools.data.raw import in_order

NAMES = {
    "China, Hong Kong SAR": "Hong Kong",
    "Hong Kong, China": "Hong Kong",
    "Rep. of Korea": "South Korea",
    "Korea, Republic of": "South Korea",
    "Other Asia, nes": "Taiwan",
    "Chinese Taipei": "Taiwan",
    "USA": "United States",
    "United States of America": "United States",
    "Viet Nam": "Vietnam",
    "Czech Republic": "Czechia",
}
CUSTOMS = {"USD": "exports", "KG": "weight", "UV": "unit_value"}


def tables(raw):
    """All tables of this folder."""
    exports, taiwan = ic_exports(raw("ic_exports_annual"))
    customs = korea_customs(raw("korea_customs_monthly"))
    adds_to_comtrade(customs, exports)
    return {
        "ic_exports": exports,
        "ic_exports_taiwan": taiwan,
        "korea_customs": customs,
        "korea_total_exports": by_month(
            raw("korea_total_exports_monthly").assign(
                value=lambda table: dollars(table["value"])
            ),
            "exports",
        ),
        "us_semiconductor_production": by_month(
            raw("us_semiconductor_production_monthly"), "index"
        ),
        "wsts_world": wsts(raw("wsts_world_annual")),
        "motie_headline": headline(raw("motie_headline_annual")),
        "wto_exports": wto(raw("wto_exports_by_group")),
        "semi_equipment": equipment(raw("semi_equipment_billings_2016_2024")),
    }


def dollars(texts):
    """Numbers written with an exponent in plain digits."""
    return texts.astype(float)


def ic_exports(raw):
    """Comtrade, with Taiwan's own customs apart and for its last year."""
    table = raw.rename(
        columns={
            "entity": "iso3",
            "name": "country",
            "period": "year",
            "exports_usd": "exports",
        }
    )
    table["country"] = table["country"].replace(NAMES)
    digits = dollars(table["exports"])
    # The extract writes large figures with an exponent, small ones in digits.
    exponent = table["exports"].str.contains("e")
    table["exports"] = digits.astype(object).where(exponent, table["exports"])
    own = table["source"].str.startswith("Taiwan Customs")
    table["source"] = np.where(own, "Taiwan Customs", "UN Comtrade")
    taiwan, rest = table[own], table[~own]
    two = taiwan.merge(rest, on=["iso3", "year"])
    assert len(two) == 11
    apart = two["exports_x"].astype(float) / two["exports_y"].astype(float) - 1
    assert apart.abs().max() < 0.0065, "two sources on Taiwan agree within 0.6 percent"
    last = taiwan[~taiwan["year"].isin(two["year"])]
    return (
        in_order(pd.concat([rest, last]), "iso3", "year"),
        in_order(taiwan[["year", "exports"]], "year"),
    )


def korea_customs(raw):
    """Value, weight and value per kilogram of two codes, month by month."""
    code = raw["series_code"].str.extract(r"KCS_X_(USD|KG|UV)_HS(\d+)")
    table = pd.DataFrame(
        {
            "month": raw["period"],
            "product": code[1],
            "what": code[0].map(CUSTOMS),
            "value": raw["value"],
        }
    )
    table = table.pivot(index=["month", "product"], columns="what", values="value")
    table = table.fillna("").reset_index().rename_axis(columns=None)
    table.insert(1, "year", table["month"].str[:4])
    derived = {
        (month, code)
        for month, code, note in zip(raw["period"], code[1], raw["note"])
        if note.startswith("DERIVED")
    }
    assert derived == {("2020-04", "8542")}
    flags = [pair in derived for pair in zip(table["month"], table["product"])]
    table["derived"] = np.where(flags, "true", "false")
    number = table[list(CUSTOMS.values())].apply(pd.to_numeric)
    ratio = number["exports"] / number["weight"] / number["unit_value"]
    assert (ratio.dropna() - 1).abs().max() < 1e-5, "value over weight"
    columns = ["month", "year", "product", "exports", "weight", "unit_value", "derived"]
    return in_order(table[columns], "month", "product")


def adds_to_comtrade(customs, exports):
    """The second copy: Korea's twelve months are its year at Comtrade."""
    months = customs[customs["product"] == "8542"]
    years = months["exports"].astype(float).groupby(months["year"]).agg(["sum", "size"])
    years = years[years["size"] == 12]["sum"]
    korea = exports[exports["iso3"] == "KOR"].set_index("year")["exports"]
    both = pd.concat([years, korea.astype(float)], axis=1, join="inner")
    assert len(both) == 5
    assert (both["sum"] / both["exports"] - 1).abs().max() < 1e-6


def by_month(raw, value):
    """A single monthly series."""
    table = raw.rename(columns={"period": "month", "value": value})
    table.insert(1, "year", table["month"].str[:4])
    table = in_order(table[["month", "year", value]], "month")
    first, last = (pd.Period(table["month"].iloc[k], "M") for k in (0, -1))
    assert len(table) == (last - first).n + 1, "a month is missing"
    return table


def wsts(raw):
    """World billings; a year of fewer than twelve months says so."""
    table = raw.rename(columns={"world_billings_usd": "billings"})
    whole = table["months"] == "12"
    assert whole.iloc[:-1].all()
    assert table.loc[whole, "billings"].astype(float).between(2.5e11, 1.5e12).all()
    return table[["year", "billings", "months"]]


def headline(raw):
    """The ministry's announcements, and its target."""
    table = raw.rename(columns={"period": "year"})
    target = table["series_code"].str.startswith("TARGET")
    table["kind"] = np.where(target, "target", "published")
    table["exports"] = dollars(table["value"])
    assert table.loc[target, "year"].tolist() == ["2030"]
    return in_order(table[["year", "exports", "kind", "source"]], "year")


def wto(raw):
    """Groups of exports; a group is no more than all manufactures."""
    columns = {"reporter": "country", "value_musd": "value"}
    table = raw.drop(columns="product").rename(
        columns=columns | {"product_code": "product"}
    )
    table["country"] = table["country"].replace(NAMES)
    wide = table.pivot(index=["iso3", "year"], columns="product", values="value")
    wide = wide.apply(pd.to_numeric)
    assert (wide[["MACH", "MAMTAU", "MAMTOF"]].sum(axis=1) <= wide["MA"]).all()
    columns = ["iso3", "country", "year", "product", "value"]
    return in_order(table[columns], "iso3", "year", "product")


def equipment(raw):
    """Billings as printed each April, regions in the order of the page."""
    table = raw.rename(columns={"value": "billings"})
    names = {"Korea": "South Korea", "Rest of World": "rest of the world"}
    table["region"] = table["region"].replace(names)
    table["source_url"] = "https://" + table["source"].str.partition(" ")[0]
    wide = table.pivot(index="year", columns="region", values="billings")
    wide = wide.apply(pd.to_numeric).loc["2016":"2022"]
    apart = wide.drop(columns="World").sum(axis=1) - wide["World"]
    assert apart.abs().max() <= 0.031, "regions add to the world"
    return table[["region", "year", "billings", "source_url"]]
