"""The panels of well-known papers: from their authors' columns in ``raw/`` to ours.

``python -m tools.data.make validation``

By hand, and so nowhere rawer than in this folder: ``published`` (what papers print).
``coverage`` is written by ``benchmarks/coverage.py``, ``printed`` and ``peers`` by
``tools.data.compared``.
"""

import numpy as np
import pandas as pd

from tools.data.raw import in_order

YES = {"0": "false", "1": "true"}
# Our name of each column, by the authors' name; the order is that of the table.
COLUMNS = {
    "prop99": {
        "State": "state",
        "Year": "year",
        "PacksPerCapita": "packs_per_head",
        "treated": "treated",
    },
    "mpdta": {
        "countyreal": "county",
        "year": "year",
        "lpop": "log_population",
        "lemp": "log_employment",
        "first.treat": "first_treated",
        "treat": "treated_ever",
    },
    "card_krueger": {
        "observation": "observation",
        "state": "state",
        "post": "after",
        "fte": "full_time_equivalent",
    },
    "ehec_data": {
        "stfips": "state_fips",
        "year": "year",
        "dins": "insured_share",
        "yexp2": "first_treated",
        "W": "population",
    },
    "basque": {
        "regionname": "region",
        "year": "year",
        "regionno": "region_number",
        "gdpcap": "gdp_per_head",
        "sec.agriculture": "share_agriculture",
        "sec.energy": "share_energy",
        "sec.industry": "share_industry",
        "sec.construction": "share_construction",
        "sec.services.venta": "share_market_services",
        "sec.services.nonventa": "share_other_services",
        "school.illit": "illiterate",
        "school.prim": "primary_school",
        "school.med": "some_high_school",
        "school.high": "high_school",
        "school.post.high": "beyond_high_school",
        "popdens": "population_density",
        "invest": "investment_share",
    },
    "german_reunification": {
        "country": "country",
        "year": "year",
        "code": "country_number",
        "gdp": "gdp_per_head",
        "infrate": "inflation",
        "trade": "trade_openness",
        "schooling": "schooling",
        "invest60": "invest60",
        "invest70": "invest70",
        "invest80": "invest80",
        "industry": "industry_share",
    },
    "texas_prison": {
        "state": "state",
        "year": "year",
        "bmprison": "black_men_in_prison",
        "income": "income",
        "ur": "unemployment",
        "poverty": "poverty",
        "alcohol": "alcohol",
        "aidscapita": "aidscapita",
        "black": "black_share",
        "perc1519": "share_15_19",
    },
    "castle": {
        "state": "state",
        "year": "year",
        "sid": "state_number",
        "l_homicide": "log_homicide",
        "cdl": "law_share",
        "effyear": "first_treated",
        "population": "population",
    },
    "base_stagg": {
        "id": "id",
        "year": "period",
        "year_treated": "first_treated",
        "treated": "treated_ever",
        "treatment_effect_true": "true_effect",
        "x1": "x1",
        "y": "y",
    },
    "staggered_simulated": {
        "id": "id",
        "period": "period",
        "G": "first_treated",
        "treat": "treated_ever",
        "cluster": "cluster",
        "X": "x",
        "Y": "y",
    },
}
# Units and periods of each panel: every one of them is whole.
SHAPES = {
    "prop99": (39, 31),
    "mpdta": (500, 5),
    "ehec_data": (46, 12),
    "basque": (18, 43),
    "german_reunification": (17, 44),
    "texas_prison": (51, 16),
    "castle": (50, 11),
    "base_stagg": (95, 10),
}


def tables(raw):
    """All tables of this folder that have a raw form."""
    changed = {
        "prop99": california,
        "mpdta": lambda t: t.assign(
            countyreal=t["countyreal"].str.zfill(5), treat=t["treat"].map(YES)
        ),
        "card_krueger": lambda t: t.assign(
            observation=range(1, len(t) + 1), post=t["post"].map(YES)
        ),
        "ehec_data": lambda t: t.assign(stfips=t["stfips"].str.zfill(2)),
        "castle": lambda t: both_copies(t, raw("castle_cohorts")),
        "base_stagg": simulated_by_fixest,
        "staggered_simulated": lambda t: t.assign(treat=t["treat"].map(YES)),
    }
    made = {}
    for name, columns in COLUMNS.items():
        table = changed.get(name, lambda t: t)(raw(name))
        table = table.rename(columns=columns)[list(columns.values())]
        made[name] = sorted_by_number(table, name)
        check_shape(made[name], name)
    made["prop99_unit_weights"] = weights(raw("prop99_published_weights"))
    made["prop99_time_weights"] = weights(raw("prop99_published_time_weights"))
    return made


def california(table):
    """One state is treated, from 1989 on."""
    treated = table[table["treated"] == "1"]
    assert treated["State"].unique().tolist() == ["California"]
    assert treated["Year"].min() == "1989"
    return table.assign(treated=table["treated"].map(YES))


def both_copies(table, cohorts):
    """Two copies of the castle-doctrine data, one with the first year of the law."""
    both = table.merge(cohorts, on=["sid", "year"], suffixes=("", "_again"))
    assert len(both) == 550
    assert (both["l_homicide"] == both["l_homicide_again"]).all()
    return both.assign(effyear=both["effyear"].replace("0", ""))


def simulated_by_fixest(table):
    """Ten thousand means never, and the true effect of nothing is 0."""
    year = table["year_treated"]
    since = table["year"].astype(int) - year.astype(int)
    told = table["time_to_treatment"].astype(int)
    never = year.astype(int) > table["year"].astype(int).max()
    assert (since == told)[~never].all()
    return table.assign(
        year_treated=year.where(~never, ""),
        treated=np.where(never, "false", "true"),
        treatment_effect_true=table["treatment_effect_true"].replace("-0", "0"),
    )


def sorted_by_number(table, name):
    """By unit and period; a number counts as one."""
    key = [c for c in table.columns[:2]]
    if name == "card_krueger":
        key = key[:1]
    order = pd.DataFrame({c: as_number(table[c]) for c in key}, index=table.index)
    assert not order.duplicated().any()
    return table.loc[order.sort_values(key).index]


def as_number(column):
    """Numbers as such, names as they are."""
    number = pd.to_numeric(column, errors="coerce")
    return column if number.isna().any() else number


def check_shape(table, name):
    """Units times periods, each pair once."""
    if name in SHAPES:
        unit, period = table.columns[:2]
        found = table[unit].nunique(), table[period].nunique()
        assert found == SHAPES[name], (name, found)
        assert len(table) == found[0] * found[1]


def weights(raw):
    """Weights of states or years; each set adds to one."""
    table = raw.rename(
        columns={
            "sdid_omega": "synthetic_did",
            "sc_omega": "synthetic_control",
            "lambda": "weight",
        }
    )
    sums = table.iloc[:, 1:].astype(float).sum()
    assert (sums - 1).abs().max() < 1e-6, sums
    return in_order(table, table.columns[0])
