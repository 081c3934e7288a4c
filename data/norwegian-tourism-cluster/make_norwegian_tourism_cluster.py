"""Hotel nights, prices and occupancy: from the extracts in ``raw/`` to the tables.

``python -m tools.data.make norwegian-tourism-cluster``

By hand, and so nowhere rawer than in this folder: ``region_names``.
"""

import numpy as np
import pandas as pd

from tools.data.raw import in_order

RESIDENCE = {"DOM": "domestic", "FOR": "foreign", "TOTAL": "total"}
PURPOSES = ["business", "conference", "holiday"]
# County-months whose purposes miss the published total by more than two nights.
MISSED = {
    ("Nordland", "2013-03"): -99,
    ("Nordland", "2015-10"): -62,
    ("Oppland", "2014-10"): -5,
    ("Trøndelag", "2005-03"): -10,
}


def tables(raw):
    """All tables of this folder that have a raw form."""
    nights, norway = hotel_nights(raw("hotel_nights_county_month"))
    printed = ssb_web_tables(raw("ssb_web_tables"))
    rooms, rooms_norway = occupancy(raw("hotel_occupancy_price_county_month"))
    months = eurostat(raw("eurostat_norway_national_month"), "month")
    same_as_printed(nights, norway, printed)
    eurostat_agrees(norway, months)
    return {
        "hotel_nights": nights,
        "hotel_nights_norway": norway,
        "hotel_nights_by_month": by_month(nights),
        "hotel_occupancy_price": rooms,
        "hotel_occupancy_price_norway": rooms_norway,
        "eurostat_arrivals": eurostat(raw("eurostat_arrivals_1990_2025"), "region"),
        "eurostat_nights": eurostat(raw("eurostat_nights_2020_2024"), "region").drop(
            columns="flag"
        ),
        "eurostat_norway_month": months,
        "ssb_web_tables": printed,
    }


def hotel_nights(raw):
    """Counties, and the country apart; the counties add to it exactly."""
    table = raw.rename(columns={"region": "county", "period": "month"})
    table.insert(2, "year", table["month"].str[:4])
    table = in_order(table, "county", "month", "purpose")
    country = table["county"] == "Norge"
    counties, norway = table[~country], table[country].drop(columns="county")
    number = counties.assign(guest_nights=counties["guest_nights"].astype(int))
    added = number.groupby(["month", "purpose"])["guest_nights"].sum()
    whole = norway.set_index(["month", "purpose"])["guest_nights"].astype(int)
    assert (added == whole).all(), "the counties add to the country"
    wide = number.pivot(
        index=["county", "month"], columns="purpose", values="guest_nights"
    )
    short = wide["total"] - wide[PURPOSES].sum(axis=1)
    missed = short[short.abs() > 2].to_dict()
    assert missed == MISSED, missed
    assert counties["county"].nunique() == 19
    assert (table["month"].min(), table["month"].max()) == ("1986-01", "2018-06")
    return counties, norway


def by_month(nights):
    """Totals of the mainland with what was usual for the month in 1986 to 2008."""
    table = nights[(nights["purpose"] == "total") & (nights["county"] != "Svalbard")]
    # Status was given in June 2009, and 2018 has six months.
    table = table[~table["year"].isin(["2009", "2018"])]
    year, month = table["year"].astype(int), table["month"].str[5:].astype(int)
    logs = np.log(table["guest_nights"].astype(float))
    before = logs[year < 2009].groupby([table["county"], month]).mean()
    usual = [np.exp(before[key]) for key in zip(table["county"], month)]
    return pd.DataFrame(
        {
            "county": table["county"],
            "month": table["month"],
            "months": 12 * (year - 1986) + month,
            "guest_nights": table["guest_nights"],
            "usual_nights": [f"{value:.1f}" for value in usual],
        }
    )


def occupancy(raw):
    """Series side by side; the publisher's 0 is no observation."""
    table = raw.assign(
        series_code=raw["series_code"].str.partition(":")[2],
        value=raw["value"].replace("0", ""),
    )
    assert set(raw["unit"]) == {"percent", "NOK"}
    table = table.pivot(
        index=["region", "period"], columns="series_code", values="value"
    )
    table = table.fillna("").reset_index().rename_axis(columns=None)
    table = table.rename(columns={"region": "county", "period": "month"})
    table.insert(2, "year", table["month"].str[:4])
    order = ["county", "month", "year", "room_occupancy", "bed_occupancy"]
    table = in_order(table[[*order, "price_per_room"]], "county", "month")
    number = table[order[3:]].apply(pd.to_numeric)
    assert number.stack().between(0, 100).all(), "a share of rooms or beds is a percent"
    dear = pd.to_numeric(table["price_per_room"]).dropna()
    assert dear.between(200, 3000).all()
    assert (table["price_per_room"][table["month"] < "1992"] == "").all()
    country = table["county"] == "Norge"
    return table[~country], table[country].drop(columns="county")


def eurostat(raw, first):
    """Series codes taken apart into kind of establishment and residence of guests."""
    code = raw["series_code"].str.split(":", expand=True)
    table = pd.DataFrame(
        {
            "region": raw["region"],
            "year" if first == "region" else "month": raw["period"],
            "establishments": code[1],
            "residence": code[2].map(RESIDENCE),
            "value": raw["value"],
            "flag": raw["flag"],
        }
    )
    if first == "month":
        assert set(table["region"]) == {"NO"}
        table = table.drop(columns="region")
        table.insert(1, "year", table["month"].str[:4])
    key = [c for c in table if c not in ("value", "flag")]
    wide = table.assign(value=table["value"].astype(float)).pivot(
        index=[c for c in key if c != "residence"], columns="residence", values="value"
    )
    both = wide.dropna()
    over = both["domestic"] + both["foreign"] - both["total"]
    assert (over.abs() <= 1 + 0.001 * both["total"]).mean() > 0.99, "guests add up"
    return in_order(table, *key)


def ssb_web_tables(raw):
    """The printed pages; a period of four figures is a year."""
    table = pd.DataFrame(
        {
            "area": raw["region"],
            "period": raw["period"],
            "frequency": ["year" if len(p) == 4 else "month" for p in raw["period"]],
            "year": raw["period"].str[:4],
            "residence": raw["series_code"].str.rpartition(":")[2],
            "guest_nights": raw["value"],
            "source_url": raw["source_url"],
        }
    )
    return in_order(table, "area", "period", "residence")


def same_as_printed(nights, norway, printed):
    """The second copy: what the agency printed is what table 08403 holds."""
    total = pd.concat([nights, norway.assign(county="Norge")])
    total = total[total["purpose"] == "total"]
    total = total.assign(guest_nights=total["guest_nights"].astype(int))
    both = {
        "year": total.groupby(["county", "year"])["guest_nights"].sum(),
        "month": total.set_index(["county", "month"])["guest_nights"],
    }
    whole = printed[printed["residence"] == "total"]
    # Two counties on the pages until 2017, one in the table throughout.
    area = whole["area"].replace({"Sør-Trøndelag": "Trøndelag"})
    area = area.replace({"Nord-Trøndelag": "Trøndelag"})
    whole = whole.assign(area=area, nights=whole["guest_nights"].astype(int))
    seen = whole.groupby(["frequency", "area", "period"])["nights"].sum()
    same = [
        both[frequency][area, period] == nights
        for (frequency, area, period), nights in seen.items()
        if (area, period) in both[frequency].index
    ]
    assert all(same)
    assert len(same) == 85, len(same)


def eurostat_agrees(norway, months):
    """Two publishers, one country: within 0.4 percent in every month since 2013."""
    ours = norway[norway["purpose"] == "total"].set_index("month")["guest_nights"]
    hotels = months[(months["establishments"] == "I551")]
    hotels = hotels[hotels["residence"] == "total"].set_index("month")["value"]
    ratio = (hotels.astype(float) / ours.astype(float)).dropna()
    assert (ratio[ratio.index >= "2013"] - 1).abs().max() < 0.004
