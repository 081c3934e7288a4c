"""Panels of papers on synthetic control, with their predictors."""

import hubanalysis as hub


def mean(table, unit, column, first, last):
    years = table[table["year"].between(first, last)]
    return years.groupby(unit)[column].mean()


def basque_country(spain):
    """Abadie and Gardeazabal (2003), with the predictors of the Synth package."""
    table = hub.load("validation/basque")
    table = table if spain else table.query("region_number != 1")
    levels = ["illiterate", "primary_school", "some_high_school", "high_school"]
    school = mean(table, "region", [*levels, "beyond_high_school"], 1964, 1969)
    school["high_school"] += school.pop("beyond_high_school")
    traits = 100 * school.div(school.sum(axis=1), axis=0)
    traits["investment"] = mean(table, "region", "investment_share", 1964, 1969)
    traits["gdp"] = mean(table, "region", "gdp_per_head", 1960, 1969)
    for share in [c for c in table if c.startswith("share_")]:
        traits[share] = mean(table, "region", share, 1961, 1969)
    traits["density"] = mean(table, "region", "population_density", 1969, 1969)
    panel = hub.Panel.from_long(
        table[table["year"] >= 1960],
        "region",
        "year",
        "gdp_per_head",
        {"Basque Country (Pais Vasco)": 1970},
    )
    return panel, traits
