"""Answers in the form in which publishers give them, made from figures at hand.

The forms are those of the publishers' documentation: JSON-stat 2 (PxWebApi 2 of
Statistics Norway), SDMX-ML 2.1 (Eurostat, in a module of its own), the pages of the
World Bank's API, the CSV of FRED's graph page, version 2 of the Bureau of Labor
Statistics' interface, the Regional tables of the Bureau of Economic Analysis'
interface, and the Census Bureau's workbook of business applications, whose form is
known from others' programs that read it. All are made here; none was downloaded or
recorded. They are given beneath the publishers' clients, at the level of HTTP.
"""

import io
import itertools
import json
import re
from contextlib import contextmanager

import pandas as pd
import pytest


@contextmanager
def online(answer):
    """Whatever is asked, by whichever client, ``answer(url[, body])`` gives.

    Bytes are sent as they are, a number is a status, an error is the network's.
    """
    responses = pytest.importorskip("responses")
    requests = pytest.importorskip("requests")

    def reply(request):
        try:
            sent = answer(request.url, *([request.body] if request.body else []))
        except OSError as error:
            return 0, {}, requests.ConnectionError(error)
        if isinstance(sent, int):
            return sent, {}, b"no"
        kind = "application/xml" if sent[:5] == b"<?xml" else "application/json"
        return 200, {"Content-Type": kind}, sent

    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        for method in ("GET", "POST"):
            web.add_callback(method, re.compile(".*"), reply)
        yield web


def sent(content) -> bytes:
    """JSON as it goes over the wire."""
    return json.dumps(content, ensure_ascii=False).encode()


CONFIG = {
    "apiVersion": "2.0.0",
    "languages": [{"id": "no", "label": "norsk"}, {"id": "en", "label": "English"}],
    "defaultLanguage": "no",
    "maxDataCells": 800000,
    "maxCallsPerTimeWindow": 30,
    "timeWindow": 60,
}


def cube(table, dimensions, value="value", updated="2026-11-20T08:00:00Z"):
    """A JSON-stat 2 dataset; ``dimensions`` maps code and label to two columns."""
    ids, sizes, about, codes = [], [], {}, []
    for (name, label), column in dimensions.items():
        labels = dict(zip(table[column[0]], table[column[1]]))
        ids.append(name)
        sizes.append(len(labels))
        codes.append(list(labels))
        index = {code: k for k, code in enumerate(labels)}
        about[name] = {"label": label, "category": {"index": index, "label": labels}}
    keys = [column[0] for column in dimensions.values()]
    rows = dict(zip(zip(*(table[k] for k in keys)), map(float, table[value])))
    found = [rows.get(key) for key in itertools.product(*codes)]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "a table",
        "updated": updated,
        "id": ids,
        "size": sizes,
        "dimension": about,
        "value": [int(v) if v is not None and v.is_integer() else v for v in found],
    }


def pxweb(made):
    """Answer as Statistics Norway does of one table, which is `cube`."""

    def answer(url, body=None):
        path = url.partition("/pxwebapi/v2")[2].partition("?")[0]
        if path == "/config":
            return sent(CONFIG)
        if path == "/tables":
            return sent({"tables": [], "page": {"totalElements": 7000}})
        if path.endswith("/metadata"):
            return sent({key: part for key, part in made.items() if key != "value"})
        asked = json.loads(body)["selection"]
        assert [one["variableCode"] for one in asked] == made["id"]
        assert [len(one["valueCodes"]) for one in asked] == made["size"]
        return sent(made)

    return answer


NAMES = {"Norge": "The whole country", "Troms": "Troms - Romsa (-2019)"}
PURPOSES = {
    "total": "All purposes, total",
    "holiday": "Holiday, leisure",
    "conference": "Course, conference",
    "business": "Business",
}


def nights(counties: pd.DataFrame, norway: pd.DataFrame) -> dict:
    """Table 08403."""
    table = pd.concat([counties, norway.assign(county="Norge")])
    table["label"] = table["county"].replace(NAMES)
    table["code"] = "F" + (pd.factorize(table["county"])[0] + 1).astype(str)
    table["tid"] = table["month"].str.replace("-", "M")
    table["why"] = table["purpose"].map(PURPOSES)
    table["contents"], table["told"] = "Overnatting", "Guest nights"
    return cube(
        table,
        {
            ("Region", "region"): ("code", "label"),
            ("Formal", "purpose of the stay"): ("purpose", "why"),
            ("ContentsCode", "contents"): ("contents", "told"),
            ("Tid", "month"): ("tid", "tid"),
        },
        value="guest_nights",
    )


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


def bea_lines(*described) -> bytes:
    """The lines of a table, as the Bureau of Economic Analysis lists them."""
    lines = [{"Key": str(10 * k), "Desc": d} for k, d in enumerate(described, 1)]
    return sent({"BEAAPI": {"Request": {}, "Results": {"ParamValue": lines}}})


def bea(table: pd.DataFrame, value: str, unit: str, key: str) -> bytes:
    """One line of a county table: the country first, figures with commas."""
    rows = [("00000", "United States", table["year"].iloc[0], "22671096000")]
    rows += list(zip(table["fips"], table["name"], table["year"], table[value]))
    data = [
        {
            "Code": "CAGDP1-1",
            "GeoFips": fips,
            "GeoName": name,
            "TimePeriod": year,
            "CL_UNIT": unit,
            "UNIT_MULT": "0",
            "DataValue": f"{int(figure):,}" if figure else "(NA)",
        }
        for fips, name, year, figure in rows
    ]
    # The interface repeats the question, with the key in capitals.
    asked = [{"ParameterName": "USERID", "ParameterValue": key.upper()}]
    note = "Real GDP. Last updated: December 3, 2025-- new statistics for 2024."
    results = {
        "Statistic": "Real GDP",
        "UnitOfMeasure": unit,
        "UTCProductionTime": "2026-11-20T10:00:00.000",
        "Dimensions": [{"Name": "GeoFips", "DataType": "string", "IsValue": "0"}],
        "Data": data,
        "Notes": [{"NoteRef": "CAGDP1", "NoteText": note}],
    }
    request = {"RequestParam": asked}
    return sent({"BEAAPI": {"Request": request, "Results": results}})


def bea_error(told: str) -> bytes:
    """A refusal, which comes as an answer like any other."""
    error = {"APIErrorCode": "3", "APIErrorDescription": told}
    return sent({"BEAAPI": {"Request": {}, "Results": {"Error": error}}})


def bls(found: dict[str, list[tuple[str, str]]], listed=False) -> bytes:
    """Series with a month and the annual average of each year, latest first."""
    series = [
        {
            "seriesID": name,
            "data": [
                {
                    "year": year,
                    "period": period,
                    "periodName": told,
                    "value": figure,
                    "footnotes": [{}],
                }
                for year, figure in reversed(figures)
                for period, told in (("M13", "Annual"), ("M12", "December"))
            ],
        }
        for name, figures in found.items()
    ]
    results = {"series": series}
    return sent(
        {
            "status": "REQUEST_SUCCEEDED",
            "responseTime": 37,
            "message": [f"No Data Available for Series {n} Year: 2026" for n in found],
            # The documentation prints a list of one.
            "Results": [results] if listed else results,
        }
    )


def bls_error(status: str, told: str) -> bytes:
    """A refusal of the Bureau of Labor Statistics."""
    return sent({"status": status, "responseTime": 0, "message": [told], "Results": {}})


def filings(table: pd.DataFrame, head=("State", "County", "County Code")) -> bytes:
    """The Census Bureau's workbook: two lines of title, figures as text."""
    import openpyxl

    key = ["state", "county", "fips"]
    wide = table.pivot(index=key, columns="year", values="applications").reset_index()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "County Data"
    sheet.append(["Annual Business Applications by County"])
    sheet.append(["Source: U.S. Census Bureau, Business Formation Statistics"])
    sheet.append([*head, *(f"BA{year}" for year in wide.columns[3:])])
    for row in wide.itertuples(index=False):
        sheet.append([None if cell == "" else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
