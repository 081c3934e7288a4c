"""Answers in the form in which publishers give them, made from figures at hand.

The forms are those of the publishers' documentation: JSON-stat 2 (PxWebApi 2 of
Statistics Norway, the statistics API of Eurostat), the pages of the World Bank's API,
and the CSV of FRED's graph page. None was downloaded.
"""

import itertools
import json

import pandas as pd


def cube(table, dimensions, value="value", flag=None, updated="2026-11-20T08:00:00Z"):
    """A JSON-stat 2 dataset; ``dimensions`` maps its name to a column or to labels."""
    ids, sizes, about, codes = [], [], {}, []
    for name, column in dimensions.items():
        labels = dict(zip(table[column[0]], table[column[1]]))
        ids.append(name)
        sizes.append(len(labels))
        codes.append(list(labels))
        index = {code: k for k, code in enumerate(labels)}
        about[name] = {"label": name, "category": {"index": index, "label": labels}}
    keys = [column[0] for column in dimensions.values()]
    flags = table[flag] if flag else [""] * len(table)
    rows = dict(zip(zip(*(table[k] for k in keys)), zip(table[value], flags)))
    filled, status = {}, {}
    for place, key in enumerate(itertools.product(*codes)):
        if key in rows:
            text, mark = rows[key]
            number = float(text)
            filled[str(place)] = int(number) if number.is_integer() else number
            if mark:
                status[str(place)] = mark
    return {
        "version": "2.0",
        "class": "dataset",
        "updated": updated,
        "id": ids,
        "size": sizes,
        "dimension": about,
        "value": filled,
        "status": status,
    }


def sent(content) -> bytes:
    """JSON as it goes over the wire."""
    return json.dumps(content, ensure_ascii=False).encode()


NAMES = {"Norge": "The whole country", "Troms": "Troms - Romsa (-2019)"}
PURPOSES = {
    "total": "All purposes, total",
    "holiday": "Holiday, leisure",
    "conference": "Course, conference",
    "business": "Business",
}


def statistics_norway(counties: pd.DataFrame, norway: pd.DataFrame) -> dict[str, bytes]:
    """Metadata and data of table 08403, by a part of their address."""
    table = pd.concat([counties, norway.assign(county="Norge")])
    table["label"] = table["county"].replace(NAMES)
    table["code"] = "F" + (pd.factorize(table["county"])[0] + 1).astype(str)
    table["tid"] = table["month"].str.replace("-", "M")
    table["why"] = table["purpose"].map(PURPOSES)
    table["contents"], table["told"] = "Overnatting", "Guest nights"
    made = cube(
        table,
        {
            "Region": ("code", "label"),
            "Formal": ("purpose", "why"),
            "ContentsCode": ("contents", "told"),
            "Tid": ("tid", "month"),
        },
        value="guest_nights",
    )
    about = {key: made[key] for key in ("version", "class", "id", "size", "dimension")}
    return {"/metadata": sent(about), "/data": sent(made)}


def fred(table: pd.DataFrame, series: str, value: str) -> bytes:
    """CSV of FRED's graph page."""
    lines = [f"{m}-01,{v}" for m, v in zip(table["month"], table[value])]
    return "\n".join([f"observation_date,{series}", *lines, ""]).encode()


def world_bank(rows: pd.DataFrame, series: str, page=1, pages=1, total=None) -> bytes:
    """One page of an indicator."""
    head = {
        "page": page,
        "pages": pages,
        "per_page": 20000,
        "total": len(rows) if total is None else total,
        "sourceid": "2",
        "lastupdated": "2026-10-13",
    }
    body = [
        {
            "indicator": {"id": series, "value": series},
            "country": {"id": iso3[:2], "value": iso3},
            "countryiso3code": iso3,
            "date": year,
            "value": float(value),
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for iso3, year, value in rows[["iso3", "year", "value"]].to_numpy()
    ]
    return sent([head, body])
