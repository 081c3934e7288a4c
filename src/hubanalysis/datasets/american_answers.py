"""What the statistical bureaus of the United States answer, read without trusting it.

The Bureau of Economic Analysis and the Bureau of Labor Statistics ask for a key, which
is free and everybody's own. It is read from the environment, is sent to the bureau and
nowhere else, and is struck out of whatever comes back.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from typing import Any

import pandas as pd

from hubanalysis.datasets.answers import Answer, AnswerError, read_json
from hubanalysis.datasets.wire import installed
from hubanalysis.words.refusals import listed

KEYS = {
    "BEA_API_KEY": (
        "the Bureau of Economic Analysis",
        "https://apps.bea.gov/API/signup/",
    ),
    "BLS_API_KEY": (
        "the Bureau of Labor Statistics",
        "https://data.bls.gov/registrationEngine/",
    ),
}


class KeyMissingError(AnswerError):
    """A publisher was not asked, since it wants a key and there is none."""


def own_key(variable: str) -> str:
    """Return the reader's own key to a publisher's interface.

    Parameters
    ----------
    variable : {"BEA_API_KEY", "BLS_API_KEY"}
        Of the environment.

    Returns
    -------
    str

    Raises
    ------
    KeyMissingError
        If the variable is not set; the sentence says where a key is to be had.

    Examples
    --------
    >>> os.environ["BEA_API_KEY"] = "0123"
    >>> own_key("BEA_API_KEY")
    '0123'
    >>> del os.environ["BEA_API_KEY"]
    """
    key = os.environ.get(variable, "").strip()
    if not key:
        who, where = KEYS[variable]
        raise KeyMissingError(
            f"{who} wants a key of your own, which is free: get one at {where} and put "
            f"it into the environment variable {variable}."
        )
    return key


def _refused(variable: str, told: str) -> AnswerError:
    who, where = KEYS[variable]
    return AnswerError(
        f"{who} refused: {told.strip().rstrip('.')}. If that is about the key, look at "
        f"{variable}, or get a new one at {where}."
    )


def read_bea(answer: Answer) -> dict[str, Any]:
    """Read what the Bureau of Economic Analysis gives as results.

    Parameters
    ----------
    answer : Answer
        As its interface gives it with ``ResultFormat=JSON``.

    Returns
    -------
    dict

    Raises
    ------
    AnswerError
        If it refused, which it does with an answer like any other, or sent none.

    Examples
    --------
    >>> sent = b'{"BEAAPI": {"Results": {"Data": []}}}'
    >>> read_bea(Answer("https://apps.bea.gov", sent))
    {'Data': []}
    """
    sent = read_json(answer)
    body = sent.get("BEAAPI") if isinstance(sent, dict) else None
    results = body.get("Results") if isinstance(body, dict) else None
    if isinstance(results, list) and results:
        results = results[0]
    for place in (body, results):
        error = place.get("Error") if isinstance(place, dict) else None
        if error:
            error = error if isinstance(error, dict) else {}
            told = str(error.get("APIErrorDescription") or "without a reason")
            raise _refused("BEA_API_KEY", told)
    if not isinstance(results, dict):
        raise AnswerError(
            "the Bureau of Economic Analysis sent no results; its interface may have "
            "changed."
        )
    return results


def read_bls(answer: Answer, asked: list[str]) -> pd.DataFrame:
    """Read annual averages as the Bureau of Labor Statistics gives them.

    Parameters
    ----------
    answer : Answer
        Of version 2 of its interface, with ``annualaverage``.
    asked : list of str
        The series that must be in it; a series without a figure may be empty.

    Returns
    -------
    pandas.DataFrame
        series, year, value (text).

    Raises
    ------
    AnswerError
        If it refused, or left out a series.

    Examples
    --------
    >>> import json
    >>> figure = {"year": "2024", "period": "M13", "value": "27702"}
    >>> series = [{"seriesID": "LAUCN010010000000005", "data": [figure]}]
    >>> sent = {"status": "REQUEST_SUCCEEDED", "Results": {"series": series}}
    >>> read_bls(Answer("u", json.dumps(sent).encode()), ["LAUCN010010000000005"])
                     series  year  value
    0  LAUCN010010000000005  2024  27702
    """
    sent = read_json(answer)
    if not isinstance(sent, dict) or "status" not in sent:
        raise AnswerError(
            "the Bureau of Labor Statistics sent no status; its interface may have "
            "changed."
        )
    if sent["status"] != "REQUEST_SUCCEEDED":
        told = "; ".join(map(str, sent.get("message") or [])) or str(sent["status"])
        raise _refused("BLS_API_KEY", told)
    results = sent.get("Results")
    # Its documentation prints a list of one, where the interface gives the one itself.
    results = results[0] if isinstance(results, list) and results else results
    series = results.get("series") if isinstance(results, dict) else None
    try:
        found = {str(one["seriesID"]): one["data"] for one in series or []}
        rows = [
            (name, str(row["year"]), str(row["value"]).replace(",", ""))
            for name, data in found.items()
            for row in data
            if row["period"] == "M13"
        ]
    except (KeyError, TypeError) as error:
        raise AnswerError(
            f"the Bureau of Labor Statistics' rows lack {error}; its interface may "
            "have changed."
        ) from None
    if lost := [name for name in asked if name not in found]:
        raise AnswerError(
            f"the Bureau of Labor Statistics left out {len(lost)} of {len(asked)} "
            f"series (first: {lost[0]}): half an answer; try again."
        )
    table = pd.DataFrame(rows, columns=["series", "year", "value"])
    # A hyphen stands for no figure.
    return table[table["value"] != "-"].reset_index(drop=True)


def read_filings(answer: Answer) -> tuple[pd.DataFrame, str]:
    """Read the Census Bureau's workbook of business applications by county.

    Parameters
    ----------
    answer : Answer
        A workbook whose first sheet has, below a title, a column for each year
        (``BA2005``, ...), the state, the county and the county's code.

    Returns
    -------
    pandas.DataFrame
        fips, county, state, year, applications (text).
    str
        The month in which the workbook was last changed, or nothing.

    Raises
    ------
    AnswerError
        If it is no workbook, breaks off, or has other columns.
    """
    if not answer.content.startswith(b"PK"):
        raise AnswerError(f"{answer.url} is no workbook; its format may have changed.")
    openpyxl = installed("openpyxl")

    try:
        book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
        rows = [
            ["" if cell is None else str(cell).strip() for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError, OSError):
        raise AnswerError(
            f"the workbook of {answer.url} breaks off or cannot be read; try again."
        ) from None
    changed = book.properties.modified
    heads = [k for k, row in enumerate(rows[:20]) if any(map(_year_of, row))]
    if not heads:
        raise AnswerError(
            "the Census Bureau's workbook has no column BA2005 or the like; its "
            "format may have changed."
        )
    head, body = rows[heads[0]], rows[heads[0] + 1 :]
    state, county = _column(head, r"^state$"), _column(head, r"^county$")
    code = _column(head, r"^county.?code$|fips|geoid")
    years = {k: year for k, name in enumerate(head) if (year := _year_of(name))}
    found = [
        (row[code].zfill(5), row[county], row[state], year, row[k].replace(",", ""))
        for row in body
        if row[code]
        for k, year in years.items()
    ]
    columns = ["fips", "county", "state", "year", "applications"]
    table = pd.DataFrame(found, columns=columns)
    if wrong := sorted(set(table["fips"][~table["fips"].str.fullmatch(r"\d{5}")])):
        raise AnswerError(f"{wrong[0]!r} is no code of a county; look at {answer.url}.")
    if not (table["applications"] != "").any():
        raise AnswerError("the Census Bureau's workbook has no figure in it.")
    return table, f"{changed:%Y-%m}" if changed else ""


def _year_of(name: str) -> str:
    found = re.fullmatch(r"BA_?(\d{4})", name, re.I)
    return found[1] if found else ""


def _column(head: list[str], pattern: str) -> int:
    found = [k for k, name in enumerate(head) if re.search(pattern, name, re.I)]
    if len(found) != 1:
        raise AnswerError(
            f"no one column of the Census Bureau's workbook is {pattern!r} (it has "
            f"{listed(head[:8])}); its format may have changed."
        )
    return found[0]
