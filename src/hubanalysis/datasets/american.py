"""How the figures of the United States are asked for, county by county.

Business applications come as one workbook, residents at work fifty series at a time,
jobs and output as one table each. Every table is replaced by one vintage of all years.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from hubanalysis.datasets.american_answers import (
    own_key,
    read_bea,
    read_bls,
    read_filings,
)
from hubanalysis.datasets.answers import Answer, AnswerError
from hubanalysis.datasets.recipe import Laid, Recipe, Tables
from hubanalysis.datasets.wire import ask

# Asked without clients. That of the Bureau of Economic Analysis, beaapi 0.2.0, goes
# past the wire: it waits for ever, keeps nothing of what came, garbles names that are
# not ASCII and repeats the key. Those of the Bureau of Labor Statistics leave annual
# averages out, and none reads the Census Bureau's workbook.
BEA = "https://apps.bea.gov/api/data"
BLS = "https://api.bls.gov/publicAPI/v2/timeseries/data/"
BFS = "https://www.census.gov/econ/bfs/xlsx/bfs_county_apps_annual.xlsx"
# What the Bureau of Labor Statistics allows in one request, with a key.
MOST_SERIES, MOST_YEARS = 50, 20
MEASURES = {"unemployed": "04", "employed": "05"}


def _ask_bea(key: str, **more: str) -> Answer:
    asked = {"UserID": key, "datasetname": "Regional", **more, "ResultFormat": "JSON"}
    return ask(f"{BEA}?{urlencode(asked)}", key=key)


def bea(name: str, table: str, line: str, unit: str, column: str) -> Callable:
    """Make a recipe's function for one line of a county table of this bureau.

    Parameters
    ----------
    name, column : str
        Our table, and its column of figures.
    table : str
        The bureau's name for it.
    line, unit : str
        Patterns: what the line is called, and what it is counted in.
    """

    def make(before: Tables) -> tuple[list[Laid], list[Answer]]:
        old, key = before[name], own_key("BEA_API_KEY")
        lines = _ask_bea(
            key,
            method="GetParameterValuesFiltered",
            TargetParameter="LineCode",
            TableName=table,
        )
        codes = [
            str(value.get("Key"))
            for value in read_bea(lines).get("ParamValue") or []
            if re.search(line, re.sub(r"^\[.*?\]\s*", "", str(value.get("Desc"))), re.I)
        ]
        if len(codes) != 1:
            raise AnswerError(
                f"{len(codes)} lines of table {table} look like {line!r}; the Bureau "
                "of Economic Analysis may have changed it."
            )
        answer = _ask_bea(
            key,
            method="GetData",
            TableName=table,
            LineCode=codes[0],
            GeoFips="COUNTY",
            Year="ALL",
        )
        results = read_bea(answer)
        new = _bea_rows(results, unit, column)
        # Jobs are kept for the finalists' counties only, without their names.
        ours = new["fips"].isin(old["fips"])
        new = _named(new, old) if "area" in old else new[ours]
        new = new[list(old.columns)].sort_values(["fips", "year"], ignore_index=True)
        return [Laid(name, new, old, new, ("fips", "year"), _stamp(results))], [
            lines,
            answer,
        ]

    return make


def _bea_rows(results: dict[str, Any], unit: str, column: str) -> pd.DataFrame:
    try:
        table = pd.DataFrame(
            {
                "fips": [row["GeoFips"] for row in results["Data"]],
                "name": [row["GeoName"] for row in results["Data"]],
                "year": [row["TimePeriod"] for row in results["Data"]],
                "unit": [row["CL_UNIT"] for row in results["Data"]],
                column: [row["DataValue"].replace(",", "") for row in results["Data"]],
            },
            dtype=str,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise AnswerError(
            f"the rows of the Bureau of Economic Analysis lack {error}; its interface "
            "may have changed."
        ) from None
    # The country and the states stand among the counties; (NA) stands for no figure.
    table = table[~table["fips"].str.endswith("000")]
    table = table[~table[column].str.startswith("(") & (table[column] != "")]
    if table.empty:
        raise AnswerError(
            "the Bureau of Economic Analysis answered without a single figure."
        )
    other = table["unit"][~table["unit"].str.contains(unit, case=False)]
    if len(other):
        raise AnswerError(
            f"the Bureau of Economic Analysis counts in {other.iloc[0]!r} now, where "
            f"the table has {unit!r}; the two must not be mixed."
        )
    return table


def _named(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Keep our names of places that we have, and take apart "Autauga, AL" of others."""
    ours = old.drop_duplicates("fips").set_index("fips")
    parts = new["name"].str.replace("*", "").str.rpartition(", ")
    return new.assign(
        area=new["fips"].map(ours["area"]).fillna(parts[0]),
        state=new["fips"].map(ours["state"]).fillna(parts[2].str.strip()),
    )


def _stamp(results: dict[str, Any]) -> str:
    """The month of the release, which a note says in words."""
    notes = " ".join(str(note.get("NoteText")) for note in results.get("Notes") or [])
    found = re.search(r"last updated:?\s*(\w+ \d{1,2}, \d{4})", notes, re.I)
    when = pd.to_datetime(found[1], format="%B %d, %Y", errors="coerce") if found else 0
    return f"{when:%Y-%m}" if isinstance(when, pd.Timestamp) else ""


def residents_at_work(before: Tables) -> tuple[list[Laid], list[Answer]]:
    """Employed and unemployed residents, annual averages, fifty series at a time."""
    old, key = before["county_employment"], own_key("BLS_API_KEY")
    codes = sorted(old["fips"].unique())
    names = {
        f"LAUCN{fips}00000000{code}": (fips, measure)
        for fips in codes
        for measure, code in MEASURES.items()
    }
    asked = list(names)
    first, last = int(old["year"].min()), int(old["year"].max()) + MOST_YEARS // 2
    answers, tables = [], []
    for start in range(first, last + 1, MOST_YEARS):
        for k in range(0, len(asked), MOST_SERIES):
            some = asked[k : k + MOST_SERIES]
            question = {
                "seriesid": some,
                "startyear": str(start),
                "endyear": str(min(start + MOST_YEARS - 1, last)),
                "annualaverage": True,
                "registrationkey": key,
            }
            answers.append(ask(BLS, question, key))
            tables.append(read_bls(answers[-1], some))
    cells = pd.concat(tables)
    if cells.empty:
        raise AnswerError(
            "the Bureau of Labor Statistics answered without a single annual average."
        )
    places = pd.DataFrame(
        [names[series] for series in cells["series"]], columns=["fips", "measure"]
    )
    cells = cells.reset_index(drop=True).join(places)
    if cells.duplicated(["fips", "measure", "year"]).any():
        raise AnswerError("the Bureau of Labor Statistics sent a figure twice.")
    table = cells.pivot(index=["fips", "year"], columns="measure", values="value")
    table = table.reindex(columns=list(MEASURES)).dropna().reset_index()
    table = table.rename_axis(columns=None)[list(old.columns)]
    stamp = f"years to {table['year'].max()}"
    laid = Laid("county_employment", table, old, table, ("fips", "year"), stamp)
    return [laid], answers


def filings(before: Tables) -> tuple[list[Laid], list[Answer]]:
    """Business applications by county: the whole workbook, of one vintage."""
    old = before["business_applications"]
    answer = ask(BFS)
    new, stamp = read_filings(answer)
    ours = old.drop_duplicates("fips").set_index("fips")
    for column in ("county", "state"):
        new[column] = new["fips"].map(ours[column]).fillna(new[column])
    there = new["applications"] != ""
    new["status"] = there.map({True: "published", False: "no such county"})
    new = new[list(old.columns)].sort_values(["fips", "year"], ignore_index=True)
    key = ("fips", "year")
    return [Laid("business_applications", new, old, new, key, stamp)], [answer]


RECIPES = (
    Recipe(
        ("business_applications",),
        "Census Bureau, Business Formation Statistics",
        filings,
        "Since June 2026 the Census Bureau adds noise to every county and year, to "
        "protect privacy. The table is replaced whole, so that no series mixes a "
        "vintage with noise and one without; do not read anything from a small "
        "county's single year.",
        ("region_applications",),
    ),
    Recipe(
        ("county_employment",),
        "Bureau of Labor Statistics, Local Area Unemployment Statistics",
        residents_at_work,
        "All years come in one vintage now, the last one included; codes of counties "
        "that the bureau no longer has are withdrawn.",
        ("region_work",),
    ),
    Recipe(
        ("county_jobs",),
        "Bureau of Economic Analysis, CAINC30",
        bea("county_jobs", "CAINC30", r"^total employment", "jobs", "jobs"),
        derived=("region_work",),
    ),
    Recipe(
        ("real_gdp",),
        "Bureau of Economic Analysis, CAGDP1",
        bea("real_gdp", "CAGDP1", r"^real gdp", "chained 2017 dollars", "real_gdp"),
        "The new vintage holds all years, so real_gdp_2020_2023 is no longer needed "
        "beside it; never mix levels of the two.",
        ("region_work",),
    ),
)
