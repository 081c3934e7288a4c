"""Cities, provinces, papers and zones: from the extracts in ``raw/`` to the tables.

``python -m tools.data.make hangzhou-pilot-zone``

By hand, and so nowhere rawer than in this folder: ``city_coordinates`` (GeoNames),
``pilot_zones`` and ``overlapping_policies`` (read from the pages that they name).
"""

import numpy as np
import pandas as pd

from tools.data.raw import in_order

PROVINCES = {
    "北京": "Beijing",
    "天津": "Tianjin",
    "河北": "Hebei",
    "山西": "Shanxi",
    "内蒙古": "Inner Mongolia",
    "辽宁": "Liaoning",
    "吉林": "Jilin",
    "黑龙江": "Heilongjiang",
    "上海": "Shanghai",
    "江苏": "Jiangsu",
    "浙江": "Zhejiang",
    "安徽": "Anhui",
    "福建": "Fujian",
    "江西": "Jiangxi",
    "山东": "Shandong",
    "河南": "Henan",
    "湖北": "Hubei",
    "湖南": "Hunan",
    "广东": "Guangdong",
    "广西": "Guangxi",
    "海南": "Hainan",
    "重庆": "Chongqing",
    "四川": "Sichuan",
    "贵州": "Guizhou",
    "云南": "Yunnan",
    "西藏": "Tibet",
    "陕西": "Shaanxi",
    "甘肃": "Gansu",
    "青海": "Qinghai",
    "宁夏": "Ningxia",
    "新疆": "Xinjiang",
}
# Figures that cannot be right in the copy: another city's, or out by a factor of four.
WRONG = {
    *(("Heihe", "2011"), ("Jiamusi", "2011"), ("Mudanjiang", "2011")),
    *(("Qitaihe", "2011"), ("Suihua", "2011"), ("Huainan", "2022"), ("Ordos", "2022")),
}
MISPRINTED = {
    ("Shenzhen", "2022"): "gdp_growth",
    ("Xiangyang", "2020"): "gdp_growth",
    ("Luzhou", "2021"): "urban_employment",
    ("Huai'an", "2021"): "urban_employment",
}
YEARBOOK = {
    "gdp_nominal": "gdp_nominal",
    "gdp_per_capita": "gdp_per_head",
    "gdp_growth": "gdp_growth",
    "employed_urban_nonprivate": "urban_employment",
    "patents_granted": "patents_granted",
    "invention_patents_granted": "invention_patents_granted",
    "high_tech_enterprises": "high_tech_enterprises",
    "technical_contract_turnover": "technology_contracts",
}


def tables(raw):
    """All tables of this folder that have a raw form."""
    cities = raw("cities").rename(columns={"unit": "city_zh", "name_en": "city"})
    cities["province_zh"] = cities["province"]
    cities["province"] = [province(name) for name in cities["province_zh"]]
    cities = in_order(
        cities[["city", "city_zh", "adcode", "province", "province_zh"]], "city"
    )
    assert len(cities) == 296
    names = dict(zip(cities["city_zh"], cities["city"]))
    nominal = nominal_gdp(raw("city_nominal_gdp"), names)
    return {
        "cities": cities,
        "city_size": sizes(nominal, cities),
        "city_real_gdp": real_gdp(raw("city_real_gdp"), names),
        "city_nominal_gdp": nominal,
        "city_yearbook": yearbook(raw("city_yearbook_2020_2023"), names),
        "ai_papers": papers(raw("ai_papers_city_year_venue")),
        "ai_papers_venues": venues(raw("ai_papers_venue_totals")),
        "province_patents": patents(raw("province_invention_patents")),
    }


def province(name):
    """English name of a province that is written short or in full."""
    (short,) = (key for key in PROVINCES if name.startswith(key))
    return PROVINCES[short]


def named(raw, names, **columns):
    """A table by city and year, under the English name of each city."""
    table = raw.rename(columns={"period": "year"} | columns)
    table["unit"] = table["unit"].map(names)
    assert table["unit"].notna().all(), "a city without an English name"
    return table.rename(columns={"unit": "city"})


def real_gdp(raw, names):
    """Growth and the index that is chained from it."""
    table = in_order(named(raw, names), "city", "year")
    source = {"G-P": "compilation", "yearbook": "yearbook"}
    table["growth_source"] = table["growth_source"].map(source)
    number = table[["gdp_growth", "gdp_real_index"]].apply(pd.to_numeric)
    # The index is chained from the growth: each year's step is that year's growth.
    step = 100 * (number["gdp_real_index"] / number["gdp_real_index"].shift() - 1)
    same = (table["city"] == table["city"].shift()) & step.notna()
    assert (step - number["gdp_growth"])[same].abs().max() < 0.01
    assert number["gdp_growth"].dropna().between(-25, 45).all()
    return table[["city", "year", "gdp_growth", "gdp_real_index", "growth_source"]]


def nominal_gdp(raw, names):
    """Output in current prices as first published, and as revised."""
    table = in_order(named(raw, names), "city", "year")
    wrong = [pair in WRONG for pair in zip(table["city"], table["year"])]
    table["suspect"] = np.where(wrong, "true", "false")
    first, later = (
        pd.to_numeric(table[c]) for c in ("gdp_nominal", "gdp_nominal_revised")
    )
    apart = np.log(first / later).abs().where(table["suspect"] == "false")
    assert apart.max() < np.log(2.5)
    return table


def sizes(nominal, cities):
    """Rank by output of 2018, and the classes within which treatment is dealt out."""
    year = nominal[nominal["year"] == "2018"].set_index("city")["gdp_nominal"]
    gdp = pd.to_numeric(year).reindex(cities["city"])
    rank = gdp.rank(ascending=False, method="first")
    classes = np.select(
        [rank <= 20, rank <= 70], ["20 largest", "21 to 70"], "the rest"
    )
    return pd.DataFrame(
        {
            "city": gdp.index,
            "gdp_2018": gdp.to_numpy(),
            "size_rank": ["" if np.isnan(r) else f"{r:.0f}" for r in rank],
            "size_class": classes,
        }
    )


def yearbook(raw, names):
    """Eight series side by side; misprints stand and are marked."""
    table = named(raw, names | {"荷泽市": names["菏泽市"]})  # misspelt in 2021
    table["series_code"] = table["series_code"].map(YEARBOOK)
    table = table.pivot(index=["city", "year"], columns="series_code", values="value")
    table = table[list(YEARBOOK.values())].fillna("").reset_index()
    table["suspect"] = [
        MISPRINTED.get(pair, "") for pair in zip(table["city"], table["year"])
    ]
    growth = pd.to_numeric(table["gdp_growth"]).where(table["suspect"] == "")
    assert growth.dropna().between(-25, 25).all()
    return in_order(table.rename_axis(columns=None), "city", "year")


def papers(raw):
    """Papers by city, year and venue."""
    columns = {
        "unit": "city",
        "period": "year",
        "papers_all": "papers",
    }
    table = raw.rename(columns=columns)
    table["city"] = table["city"].replace("Xian", "Xi'an")
    count = table[["papers", "papers_no_firms", "venue_papers_any_cn"]].astype(int)
    assert (count["papers_no_firms"] <= count["papers"]).all()
    assert (count["papers"] <= count["venue_papers_any_cn"]).all()
    columns = ["city", "year", "venue", "papers", "papers_no_firms"]
    return in_order(table[columns], "city", "year", "venue")


def venues(raw):
    """All papers of a venue, those with an affiliation, those with China among them."""
    columns = {
        "period": "year",
        "venue_papers": "papers",
        "venue_papers_with_affiliation": "with_affiliation",
        "venue_papers_any_cn": "any_china",
    }
    table = in_order(raw.rename(columns=columns), "venue", "year")
    count = table[["papers", "with_affiliation", "any_china"]].astype(int)
    assert (count.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None), "a part of its whole"
    return table


def patents(raw):
    """Applications and grants by province; three cells are missing at the source."""
    table = raw.pivot(index=["unit", "period"], columns="series_code", values="value")
    table = table.fillna("").reset_index().rename_axis(columns=None)
    table = table.rename(columns={"unit": "province_zh", "period": "year"})
    table.insert(0, "province", [province(n) for n in table["province_zh"]])
    assert (table == "").sum().sum() == 3
    return in_order(table, "province", "year")
