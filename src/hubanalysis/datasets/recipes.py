"""How the newest figures of each case are asked for, and laid out as its tables are.

A recipe names the tables that it makes, asks their publisher, and says how what came
becomes rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd

from hubanalysis.datasets import american
from hubanalysis.datasets.answers import (
    Answer,
    AnswerError,
    digits,
    read_fred,
    read_json,
)
from hubanalysis.datasets.recipe import Laid, Recipe, Tables
from hubanalysis.datasets.wire import ask, asking
from hubanalysis.words.refusals import listed

# Of its clients fredapi wants a key, and pandas-datareader 0.11.1 takes another series,
# half a file or a missing month for good.
FRED = "https://fred.stlouisfed.org/graph/fredgraph.csv?id="


def _statistics_norway(table: str) -> tuple[pd.DataFrame, str, list[Answer]]:
    """All cells of a table, in words, and the month in which it was updated."""
    with asking("Statistics Norway", "pxweb") as (pxweb, heard):
        bank = pxweb.PxApi("ssb", language="en")
        cells = pd.DataFrame(bank.get_table_data_all(table, show="value"), dtype=object)
        updated = bank.get_table_metadata(table)["updated"]
        cells = cells[cells["value"].notna()]
    if cells.empty:
        raise AnswerError(
            f"Statistics Norway answered with a table {table} that has no value in it."
        )
    return cells.assign(value=cells["value"].map(digits)), updated[:7], heard


def _dimension(table: pd.DataFrame, pattern: str, what: str) -> str:
    found = [c for c in table.columns if re.search(pattern, c, re.I)]
    if len(found) != 1:
        raise AnswerError(
            f"no dimension of the answer looks like the {what} (it has "
            f"{', '.join(n for n in table.columns if n != 'value')}); the publisher "
            "may have renamed it."
        )
    return found[0]


def _without_others(table: pd.DataFrame, used: tuple[str, ...]) -> None:
    """Refuse a dimension that we do not know of, unless all cells have it alike."""
    for name in table.columns.difference([*used, "value"]):
        words = table[name].unique()
        if len(words) > 1:
            raise AnswerError(
                f"the answer also tells {name} apart ({listed(words)}), which the "
                "tables here do not; look at it first."
            )


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


def hotel_nights(before: Tables) -> tuple[list[Laid], list[Answer]]:
    """Guest nights by county, month and purpose: table 08403."""
    cells, vintage, answers = _statistics_norway("08403")
    region = _dimension(cells, "region|county|fylke", "county")
    time = _dimension(cells, "^tid$|time|month", "month")
    purpose = _dimension(cells, "form[aå]+l|purpose", "purpose of the stay")
    contents = cells.filter(regex="(?i)contents")
    if contents.shape[1] == 1:
        # Changes in percent may stand beside the nights themselves.
        what = contents.iloc[:, 0].str
        wanted = what.contains("night|overnatting", case=False)
        cells = cells[wanted & ~what.contains("cent|change|share|endring", case=False)]
    _without_others(cells, (region, time, purpose))
    table = pd.DataFrame(
        {
            "county": [county_name(label) for label in cells[region]],
            "month": [_month(label) for label in cells[time]],
            "year": cells[time].str[:4],
            "purpose": _worded(cells[purpose], PURPOSES, "the purpose"),
            "guest_nights": cells["value"],
        }
    )
    key = ("county", "month", "purpose")
    names = ("hotel_nights", "hotel_nights_norway")
    return _with_country_apart(table, names, before, vintage, key), answers


def hotel_rooms(before: Tables) -> tuple[list[Laid], list[Answer]]:
    """Occupancy and price by county and month: table 03616."""
    cells, vintage, answers = _statistics_norway("03616")
    region = _dimension(cells, "region|county|fylke", "county")
    time = _dimension(cells, "^tid$|time|month", "month")
    what = _dimension(cells, "contents", "contents")
    _without_others(cells, (region, time, what))
    table = pd.DataFrame(
        {
            "county": [county_name(label) for label in cells[region]],
            "month": [_month(label) for label in cells[time]],
            "what": _worded(cells[what], ROOMS | {".": ""}, "the series"),
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
    laid = _with_country_apart(table, names, before, vintage, ("county", "month"))
    return laid, answers


RESIDENCE = {"DOM": "domestic", "FOR": "foreign", "TOTAL": "total"}


def eurostat(name: str, dataset: str) -> Callable:
    """Make a recipe's function for one of the three tables of Eurostat."""

    def make(before: Tables) -> tuple[list[Laid], list[Answer]]:
        old = before[name]
        monthly = "month" in old
        asked = {
            "unit": ["NR"],
            "geo": ["NO"] if monthly else sorted(old["region"].unique()),
            "nace_r2": sorted(old["establishments"].unique()),
            "c_resid": list(RESIDENCE),
        }
        # The client `eurostat` 1.1.1 gives one region's figures twice and no other's
        # where a download is cut, and says of a missing network "Dataset not found".
        with asking("Eurostat", "sdmx") as (sdmx, heard):
            bank = sdmx.Client("ESTAT")
            bank.clear_cache()
            message = bank.data(dataset, key=asked)
            about = bank.dataflow(dataset, references="none", use_cache=True)
            notes = about.dataflow[dataset].annotations
            stamps = [str(note.title) for note in notes if note.type == "UPDATE_DATA"]
            cells = pd.DataFrame(
                {key: str(code.value) for key, code in cell.key.values.items()}
                | {"value": cell.value, "flag": str(cell.attrib.get("OBS_FLAG", ""))}
                for part in message.data
                for cell in part.obs
                if cell.value not in (None, "NaN")
            )
        if cells.empty:
            raise AnswerError(f"Eurostat answered with no value of {dataset}.")
        time = cells["TIME_PERIOD"]
        place = {"month": time} if monthly else {"region": cells["geo"]}
        table = pd.DataFrame(
            {
                **place,
                "year": time.str[:4],
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
        vintage = "".join(stamps[:1])[:7]
        return [Laid(name, table, old, table, key, vintage)], heard

    return make


def fred(name: str, series: str, value: str) -> Callable:
    """Make a recipe's function for one monthly series of FRED."""

    def make(before: Tables) -> tuple[list[Laid], list[Answer]]:
        old = before[name]
        answer = ask(f"{FRED}{series}")
        table = read_fred(answer, series).rename(columns={"value": value})
        table = table[table["month"] >= old["month"].min()].reset_index(drop=True)
        table.insert(1, "year", table["month"].str[:4])
        vintage = table["month"].max()
        return [Laid(name, table, old, table, ("month",), vintage)], [answer]

    return make


def world_bank(before: Tables) -> tuple[list[Laid], list[Answer]]:
    """Add the newest vintage of the World Bank's series; older vintages stay."""
    panel, series = before["country_panel"], before["series"]
    # Of each series the newest vintage; one that came by another way has another name.
    banks = series[series["source"].str.fullmatch(r"WDI_\d{4}-\d{2}")]
    countries = panel.drop_duplicates("iso3").set_index("iso3")["country"]
    cells, compared, stamp = [], [], ""
    with asking("The World Bank", "wbgapi") as (wbgapi, heard):
        for code in sorted(banks["series"].unique()):
            place = f"country/{';'.join(countries.index)}/indicator/{code}"
            rows = list(wbgapi.fetch(place, {"per_page": 20000}))
            head = read_json(heard[-1])[0]
            if len(rows) != int(head["total"]):
                raise AnswerError(
                    f"the World Bank says that there are {head['total']} rows of "
                    f"{code} and sent {len(rows)}: half a download; try again."
                )
            cells += [
                (row["countryiso3code"], row["date"], code, digits(row["value"]))
                for row in rows
            ]
            stamp = max(stamp, str(head["lastupdated"])[:7])
            newest = banks.loc[banks["series"] == code, "source"].max()
            mine = (panel["series"] == code) & (panel["source"] == newest)
            compared.append(panel[mine])
    new = pd.DataFrame(cells, columns=["iso3", "year", "series", "value"])
    new = new[new["iso3"].isin(countries.index) & (new["value"] != "")]
    if lost := sorted(set(banks["series"]) - set(new["series"])):
        raise AnswerError(f"the World Bank answered without a value of {lost[0]}.")
    source = f"WDI_{stamp}"
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
    ], heard


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
            eurostat("eurostat_arrivals", "TOUR_OCC_ARN2"),
        ),
        Recipe(
            ("eurostat_nights",),
            "Eurostat, tour_occ_nin2",
            eurostat("eurostat_nights", "TOUR_OCC_NIN2"),
        ),
        Recipe(
            ("eurostat_norway_month",),
            "Eurostat, tour_occ_nim",
            eurostat("eurostat_norway_month", "TOUR_OCC_NIM"),
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
