"""How the newest figures of each case are asked for, and laid out as its tables are.

A recipe names the tables that it makes, the addresses to ask, and how the answers
become rows. What it cannot know from here, the names of a publisher's dimensions, it
asks for first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

import pandas as pd

from hubanalysis.datasets import american
from hubanalysis.datasets.answers import (
    Answer,
    AnswerError,
    read_fred,
    read_json,
    read_json_stat,
    read_world_bank,
)
from hubanalysis.datasets.recipe import Fetch, Laid, Recipe, Tables
from hubanalysis.words.refusals import listed

SSB = "https://data.ssb.no/api/pxwebapi/v2/tables"
EUROSTAT = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
WORLD_BANK = "https://api.worldbank.org/v2/country"
FRED = "https://fred.stlouisfed.org/graph/fredgraph.csv?id="


def _statistics_norway(table: str, fetch: Fetch) -> tuple[pd.DataFrame, list[Answer]]:
    """All cells of a table of Statistics Norway, whatever its dimensions are called."""
    about = Answer(
        f"{SSB}/{table}/metadata?lang=en", fetch(f"{SSB}/{table}/metadata?lang=en")
    )
    cube = read_json(about)
    if not isinstance(cube, dict) or not cube.get("id"):
        raise AnswerError(
            f"Statistics Norway's description of table {table} names no dimensions; "
            "its interface may have changed."
        )
    chosen = "".join(f"&valueCodes[{quote(name)}]=*" for name in cube["id"])
    url = f"{SSB}/{table}/data?lang=en&outputFormat=json-stat2{chosen}"
    answer = Answer(url, fetch(url))
    return read_json_stat(answer), [about, answer]


def _dimension(table: pd.DataFrame, pattern: str, what: str) -> str:
    names = [c for c in table.columns if not c.endswith(" label")]
    found = [c for c in names if re.search(pattern, c, re.I)]
    if len(found) != 1:
        raise AnswerError(
            f"no dimension of the answer looks like the {what} (it has "
            f"{', '.join(n for n in names if n not in ('value', 'flag'))}); the "
            "publisher may have renamed it."
        )
    return found[0]


def _without_others(table: pd.DataFrame, used: tuple[str, ...]) -> pd.DataFrame:
    """Refuse a dimension that we do not know of, unless it has one code only."""
    for name in table.columns:
        if name in used or name in ("value", "flag") or name.endswith(" label"):
            continue
        labels = list(table[f"{name} label"].unique())
        if len(labels) > 1:
            raise AnswerError(
                f"the answer also tells {name} apart ({listed(labels)}), which the "
                "tables here do not; look at it first."
            )
    return table


def county_name(label: str) -> str:
    """A county without its years and its name in another language.

    Examples
    --------
    >>> county_name("Troms - Romsa (-2019)")
    'Troms'
    >>> county_name("The whole country")
    'Norge'
    """
    name = re.sub(r"\s*\([^)]*\d[^)]*\)\s*$", "", label)
    name = name.split(" - ")[0].strip()
    return "Norge" if re.search(r"whole country|hele landet", name, re.I) else name


def _month(code: str) -> str:
    """2019M05 or 2019-05 as 2019-05."""
    found = re.fullmatch(r"(\d{4})[-M]+(\d{2})", code)
    if not found:
        raise AnswerError(
            f"{code!r} is no month; the publisher may count otherwise now."
        )
    return f"{found[1]}-{found[2]}"


def _worded(labels: pd.Series, words: dict[str, str], what: str) -> pd.Series:
    """Our word for each label, by what it contains."""
    ours = {}
    for label in labels.unique():
        found = [
            mine for pattern, mine in words.items() if re.search(pattern, label, re.I)
        ]
        if not found:
            raise AnswerError(f"{what} {label!r} is unknown here; look at it first.")
        ours[label] = found[0]
    return labels.map(ours)


PURPOSES = {
    "total|all|i alt": "total",
    "course|conference|kurs": "conference",
    "business|occupation|yrke": "business",
    "holiday|leisure|recreation|ferie": "holiday",
}
ROOMS = {
    "price|pris": "price_per_room",
    "bed|seng": "bed_occupancy",
    "room|rom": "room_occupancy",
}


def _with_country_apart(
    table: pd.DataFrame,
    names: tuple[str, str],
    before: Tables,
    vintage: str,
    key: tuple,
) -> list[Laid]:
    norway = table["county"] == "Norge"
    if not norway.any() or norway.all():
        raise AnswerError("the answer lacks the counties, or the country.")
    parts = {
        names[0]: (table[~norway], key),
        names[1]: (table[norway].drop(columns="county"), key[1:]),
    }
    return [
        Laid(name, _ordered(part, k), before[name], _ordered(part, k), k, vintage)
        for name, (part, k) in parts.items()
    ]


def _ordered(table: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    return table.sort_values(list(key)).reset_index(drop=True)


def hotel_nights(before: Tables, fetch: Fetch) -> tuple[list[Laid], list[Answer]]:
    """Guest nights by county, month and purpose: table 08403."""
    cells, answers = _statistics_norway("08403", fetch)
    vintage = cells.attrs["updated"][:7]
    region = _dimension(cells, "region|county|fylke", "county")
    time = _dimension(cells, "^tid$|time|month", "month")
    purpose = _dimension(cells, "form[aå]+l|purpose", "purpose of the stay")
    nights = cells.filter(regex="(?i)contents.* label")
    if nights.shape[1] == 1:
        # Changes in percent may stand beside the nights themselves.
        label = nights.iloc[:, 0].str
        wanted = label.contains("night|overnatting", case=False)
        cells = cells[wanted & ~label.contains("cent|change|share|endring", case=False)]
    _without_others(cells, (region, time, purpose))
    table = pd.DataFrame(
        {
            "county": [county_name(label) for label in cells[f"{region} label"]],
            "month": [_month(code) for code in cells[time]],
            "year": cells[time].str[:4],
            "purpose": _worded(cells[f"{purpose} label"], PURPOSES, "the purpose"),
            "guest_nights": cells["value"],
        }
    )
    key = ("county", "month", "purpose")
    names = ("hotel_nights", "hotel_nights_norway")
    return _with_country_apart(table, names, before, vintage, key), answers


def hotel_rooms(before: Tables, fetch: Fetch) -> tuple[list[Laid], list[Answer]]:
    """Occupancy and price by county and month: table 03616."""
    cells, answers = _statistics_norway("03616", fetch)
    region = _dimension(cells, "region|county|fylke", "county")
    time = _dimension(cells, "^tid$|time|month", "month")
    what = _dimension(cells, "contents", "contents")
    _without_others(cells, (region, time, what))
    words = _worded(cells[f"{what} label"], ROOMS | {".": ""}, "the series")
    table = pd.DataFrame(
        {
            "county": [county_name(label) for label in cells[f"{region} label"]],
            "month": [_month(code) for code in cells[time]],
            "what": words,
            # The publisher writes 0 for no observation.
            "value": cells["value"].replace("0", ""),
        }
    )
    table = table[table["what"] != ""]
    if table.duplicated(["county", "month", "what"]).any():
        raise AnswerError("two series of the answer look alike; look at table 03616.")
    table = table.pivot(index=["county", "month"], columns="what", values="value")
    table = table.reindex(columns=["room_occupancy", "bed_occupancy", "price_per_room"])
    table = table.astype(object).fillna("").reset_index().rename_axis(columns=None)
    table.insert(2, "year", table["month"].str[:4])
    names = ("hotel_occupancy_price", "hotel_occupancy_price_norway")
    vintage = cells.attrs["updated"][:7]
    laid = _with_country_apart(table, names, before, vintage, ("county", "month"))
    return laid, answers


RESIDENCE = {"DOM": "domestic", "FOR": "foreign", "TOTAL": "total"}


def eurostat(name: str, dataset: str) -> Callable:
    """Make a recipe's function for one of the three tables of Eurostat."""

    def make(before: Tables, fetch: Fetch) -> tuple[list[Laid], list[Answer]]:
        old = before[name]
        monthly = "month" in old
        places = ["NO"] if monthly else sorted(old["region"].unique())
        kinds = sorted(old["establishments"].unique())
        chosen = [("unit", "NR"), *(("geo", p) for p in places)]
        chosen += [("nace_r2", kind) for kind in kinds]
        chosen += [("c_resid", code) for code in RESIDENCE]
        asked = "".join(f"&{key}={quote(value)}" for key, value in chosen)
        url = f"{EUROSTAT}/{dataset}?format=JSON&lang=en{asked}"
        answer = Answer(url, fetch(url))
        cells = read_json_stat(answer)
        lost = {"c_resid", "nace_r2", "geo", "time"} - set(cells)
        if lost:
            raise AnswerError(f"Eurostat's answer lacks {', '.join(sorted(lost))}.")
        place = {"month": cells["time"]} if monthly else {"region": cells["geo"]}
        table = pd.DataFrame(
            {
                **place,
                "year": cells["time"].str[:4],
                "establishments": cells["nace_r2"],
                "residence": cells["c_resid"].map(RESIDENCE),
                "value": cells["value"],
                "flag": cells["flag"],
            }
        )[list(old.columns)]
        key = tuple(c for c in old.columns if c not in ("value", "flag"))
        key = tuple(c for c in key if not (monthly and c == "year"))
        # Years from before the table began were left out on purpose.
        period = "month" if monthly else "year"
        table = _ordered(table[table[period] >= old[period].min()], key)
        vintage = cells.attrs["updated"][:7]
        return [Laid(name, table, old, table, key, vintage)], [answer]

    return make


def fred(name: str, series: str, value: str) -> Callable:
    """Make a recipe's function for one monthly series of FRED."""

    def make(before: Tables, fetch: Fetch) -> tuple[list[Laid], list[Answer]]:
        old = before[name]
        answer = Answer(f"{FRED}{series}", fetch(f"{FRED}{series}"))
        table = read_fred(answer, series).rename(columns={"value": value})
        table = table[table["month"] >= old["month"].min()].reset_index(drop=True)
        table.insert(1, "year", table["month"].str[:4])
        vintage = table["month"].max()
        return [Laid(name, table, old, table, ("month",), vintage)], [answer]

    return make


def world_bank(before: Tables, fetch: Fetch) -> tuple[list[Laid], list[Answer]]:
    """Add the newest vintage of the World Bank's series; older vintages stay."""
    panel, series = before["country_panel"], before["series"]
    # Of each series the newest vintage; one that came by another way has another name.
    banks = series[series["source"].str.fullmatch(r"WDI_\d{4}-\d{2}")]
    countries = panel.drop_duplicates("iso3").set_index("iso3")["country"]
    laid_rows, answers, compared = [], [], []
    stamp = ""
    for code in sorted(banks["series"].unique()):
        pages, page, last = [], 1, 1
        while page <= last:
            url = (
                f"{WORLD_BANK}/{';'.join(countries.index)}/indicator/{code}"
                f"?format=json&per_page=20000&page={page}"
            )
            pages.append(Answer(url, fetch(url)))
            head = read_json(pages[-1])
            last = (
                int(head[0].get("pages", 1)) if isinstance(head, list) and head else 1
            )
            page += 1
        new = read_world_bank(pages)
        answers += pages
        stamp = max(stamp, new.attrs["updated"][:7])
        laid_rows.append(new)
        newest = banks.loc[banks["series"] == code, "source"].max()
        mine = (panel["series"] == code) & (panel["source"] == newest)
        compared.append(panel[mine])
    new = pd.concat(laid_rows)
    source = f"WDI_{stamp}"
    new = new[new["iso3"].isin(countries.index)]
    new = new.assign(country=new["iso3"].map(countries), source=source)[panel.columns]
    if source in set(panel["source"]):
        panel = panel[panel["source"] != source]
    key = ("iso3", "year", "series")
    table = _ordered(pd.concat([panel, new]), [*key, "source"])
    told = series[series["source"] != source]
    rows = []
    for code, part in new.groupby("series"):
        row = banks[banks["series"] == code].sort_values("source").iloc[-1].copy()
        row["source"], row["vintage"] = source, stamp
        row["countries"] = str(part["iso3"].nunique())
        row["first_year"], row["last_year"] = part["year"].min(), part["year"].max()
        rows.append(row)
    told = _ordered(pd.concat([told, pd.DataFrame(rows)]), ["series", "source"])
    before_rows = pd.concat(compared)
    return [
        Laid("country_panel", table, before_rows, new, key, stamp),
        Laid("series", told, told, told, ("series", "source"), stamp),
    ], answers


RECIPES: dict[str, tuple[Recipe, ...]] = {
    "norwegian-tourism-cluster": (
        Recipe(
            ("hotel_nights", "hotel_nights_norway"),
            "Statistics Norway, table 08403",
            hotel_nights,
            "Counties changed their borders in 2018, 2020 and 2024: new names are new "
            "places. If the months reach past autumn 2019, the question on the "
            "closing, which the plan refuses for want of figures, can be filed as an "
            "amendment.",
            ("hotel_nights_by_month",),
        ),
        Recipe(
            ("hotel_occupancy_price", "hotel_occupancy_price_norway"),
            "Statistics Norway, table 03616",
            hotel_rooms,
        ),
        Recipe(
            ("eurostat_arrivals",),
            "Eurostat, tour_occ_arn2",
            eurostat("eurostat_arrivals", "tour_occ_arn2"),
        ),
        Recipe(
            ("eurostat_nights",),
            "Eurostat, tour_occ_nin2",
            eurostat("eurostat_nights", "tour_occ_nin2"),
        ),
        Recipe(
            ("eurostat_norway_month",),
            "Eurostat, tour_occ_nim",
            eurostat("eurostat_norway_month", "tour_occ_nim"),
        ),
    ),
    "yozma": (
        Recipe(
            ("country_panel", "series"),
            "World Bank, World Development Indicators",
            world_bank,
            "The new vintage stands beside the old ones, under a source of its own: "
            "the plan goes on with the vintage that it names.",
        ),
    ),
    "k-semiconductor-belt": (
        Recipe(
            ("us_semiconductor_production",),
            "Federal Reserve by FRED, IPG3344S",
            fred("us_semiconductor_production", "IPG3344S", "index"),
        ),
        Recipe(
            ("korea_total_exports",),
            "OECD by FRED, XTEXVA01KRM667S",
            fred("korea_total_exports", "XTEXVA01KRM667S", "exports"),
        ),
    ),
    "build-back-better": american.RECIPES,
}

# Why nothing is fetched for a case, or for what is left of it.
NOT_FETCHED = {
    "hangzhou-pilot-zone": (
        "the yearbooks and the proceedings have no interface that a program can ask"
    ),
    "outlines": "the borders are drawn as they were in the years of the figures",
    "specialisation": "the World Trade Organization's interface asks for a key",
    "validation": "the figures are those with which somebody printed a result",
}
