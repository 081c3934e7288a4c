"""What publishers answer, read without trusting it.

A network gives a login page where figures were asked for, a connection breaks off, a
publisher renames a dimension. Each of these is told in a sentence, and nothing that
comes after an answer runs before the answer has passed.
"""

from __future__ import annotations

import io
import json
import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import HubError, listed


class Answer(NamedTuple):
    """What came back from one address.

    Attributes
    ----------
    url : str
    content : bytes
    """

    url: str
    content: bytes


class AnswerError(HubError):
    """An answer is not what its publisher's documentation says it would be."""


def checked(answer: Answer) -> str:
    """Return the text of an answer that may hold figures.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    str

    Raises
    ------
    AnswerError
        If it is empty, a web page, or not text.

    Examples
    --------
    >>> checked(Answer("https://example.org", b"year,value"))
    'year,value'
    """
    where = _host(answer.url)
    if not answer.content.strip():
        raise AnswerError(f"{where} answered with nothing; try again later.")
    try:
        text = answer.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnswerError(
            f"{where} sent bytes that are no text; its format may have changed."
        ) from None
    if text.lstrip()[:1] == "<":
        raise AnswerError(
            f"{where} sent a web page and no figures; a network that asks you to log "
            "in does that, and so does a publisher that is down. Open "
            f"{answer.url.partition('?')[0]} in a browser."
        )
    return text


def read_json(answer: Answer) -> Any:
    """Read an answer that is JSON.

    Raises
    ------
    AnswerError
        If it breaks off, or is none.

    Examples
    --------
    >>> read_json(Answer("https://example.org", b'{"value": [1]}'))
    {'value': [1]}
    """
    try:
        return json.loads(checked(answer))
    except json.JSONDecodeError as error:
        raise AnswerError(
            f"the answer of {_host(answer.url)} breaks off or is no JSON (at character "
            f"{error.pos} of {len(answer.content)}); try again."
        ) from None


def read_json_stat(answer: Answer) -> pd.DataFrame:
    """Read a JSON-stat 2 dataset: one row per cell that has a value.

    Parameters
    ----------
    answer : Answer
        As PxWeb (``outputFormat=json-stat2``) and Eurostat (``format=JSON``) give it.

    Returns
    -------
    pandas.DataFrame
        A column of codes for each dimension, one of labels named ``<dimension> label``,
        ``value`` as text in the digits that were sent, and ``flag``. Its ``attrs`` have
        ``updated``, the publisher's own stamp.

    Raises
    ------
    AnswerError
        If it is another format, or holds other than its dimensions say.

    Examples
    --------
    >>> cube = {
    ...     "class": "dataset", "updated": "2026-11-01", "id": ["Tid"], "size": [2],
    ...     "dimension": {"Tid": {"category": {"index": {"2019": 0, "2020": 1}}}},
    ...     "value": [5, None],
    ... }
    >>> read_json_stat(Answer("https://example.org", json.dumps(cube).encode()))
       Tid Tid label value flag
    0 2019      2019     5
    """
    cube = read_json(answer)
    where = _host(answer.url)
    needed = ("id", "size", "dimension", "value")
    if not isinstance(cube, dict) or any(key not in cube for key in needed):
        told = (
            cube.get("error") or cube.get("title") if isinstance(cube, dict) else None
        )
        raise AnswerError(
            f"{where} sent JSON that is no JSON-stat dataset"
            + (f": {told}" if told else "")
            + "; its interface may have changed."
        )
    sizes = [int(size) for size in cube["size"]]
    cells, values = math.prod(sizes), cube["value"]
    # A list has every cell; a mapping has those that are filled.
    if isinstance(values, list) and len(values) != cells:
        raise AnswerError(
            f"{where} sent {len(values)} values where its dimensions have {cells}: "
            "half a download; try again."
        )
    filled = dict(enumerate(values)) if isinstance(values, list) else values
    filled = {int(k): v for k, v in filled.items() if v is not None}
    if not filled:
        raise AnswerError(f"{where} answered with a table that has no value in it.")
    if max(filled) >= cells:
        raise AnswerError(f"{where} sent more values than its dimensions have.")
    places = sorted(filled)
    columns: dict[str, Any] = {}
    for name, at in zip(cube["id"], np.unravel_index(places, sizes)):
        codes, labels = _categories(cube["dimension"][name]["category"])
        if len(codes) != sizes[cube["id"].index(name)]:
            raise AnswerError(f"{where} names {len(codes)} of the {name} it counts.")
        columns[name] = np.array(codes, dtype=object)[at]
        columns[f"{name} label"] = np.array(labels, dtype=object)[at]
    columns["value"] = [_digits(filled[place]) for place in places]
    status = cube.get("status") or {}
    if isinstance(status, list):
        status = {str(k): v for k, v in enumerate(status)}
    columns["flag"] = [str(status.get(str(place)) or "") for place in places]
    table = pd.DataFrame(columns)
    table.attrs["updated"] = str(cube.get("updated", ""))
    return table


def read_world_bank(answers: list[Answer]) -> pd.DataFrame:
    """Read the pages of one indicator of the World Bank's API.

    Parameters
    ----------
    answers : list of Answer
        One for each page.

    Returns
    -------
    pandas.DataFrame
        iso3, year, series, value (text); ``attrs["updated"]``.

    Raises
    ------
    AnswerError
        If a page is missing, or says that something was wrong.

    Examples
    --------
    >>> row = {
    ...     "indicator": {"id": "X"}, "countryiso3code": "ISR", "date": "1999",
    ...     "value": 2.5,
    ... }
    >>> page = [{"page": 1, "pages": 1, "total": 1, "lastupdated": "2026-10-01"}, [row]]
    >>> read_world_bank([Answer("https://example.org", json.dumps(page).encode())])
      iso3  year series value
    0  ISR  1999      X   2.5
    """
    rows: list[dict] = []
    head: dict = {}
    for answer in answers:
        page = read_json(answer)
        if not (isinstance(page, list) and len(page) == 2 and "total" in page[0]):
            told = str(page)[:120]
            raise AnswerError(f"{_host(answer.url)} sent no page of figures: {told}")
        head = page[0]
        rows += page[1] or []
    if len(rows) != int(head.get("total", 0)):
        raise AnswerError(
            f"the World Bank says that there are {head.get('total')} rows and sent "
            f"{len(rows)}: half a download; try again."
        )
    try:
        table = pd.DataFrame(
            {
                "iso3": [row["countryiso3code"] for row in rows],
                "year": [row["date"] for row in rows],
                "series": [row["indicator"]["id"] for row in rows],
                "value": [_digits(row["value"]) for row in rows],
            }
        )
    except (KeyError, TypeError) as error:
        raise AnswerError(f"the World Bank's rows lack {error}.") from None
    table = table[table["value"] != ""].reset_index(drop=True)
    if table.empty:
        raise AnswerError("the World Bank answered without a single value.")
    table.attrs["updated"] = str(head.get("lastupdated", ""))
    return table


def read_fred(answer: Answer, series: str) -> pd.DataFrame:
    r"""Read one monthly series as FRED's graph page gives it as CSV.

    Parameters
    ----------
    answer : Answer
    series : str
        Its code, which heads the second column.

    Returns
    -------
    pandas.DataFrame
        month, value (text); months without a figure are left out.

    Raises
    ------
    AnswerError
        If the columns are others, a month is missing or the last line breaks off.

    Examples
    --------
    >>> sent = b"observation_date,IPG3344S\n2026-01-01,101.5\n2026-02-01,102\n"
    >>> read_fred(Answer("https://example.org", sent), "IPG3344S")
         month  value
    0  2026-01  101.5
    1  2026-02    102
    """
    text = checked(answer)
    where = _host(answer.url)
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    if list(table.columns[1:]) != [series] or "date" not in table.columns[0].lower():
        raise AnswerError(
            f"{where} sent the columns {listed(table.columns)} and not a date and "
            f"{series}; its format may have changed."
        )
    date, value = table.iloc[:, 0], table.iloc[:, 1]
    if not text.endswith("\n") or not date.str.fullmatch(r"\d{4}-\d\d-01").all():
        raise AnswerError(f"the answer of {where} breaks off in a line; try again.")
    there = ~value.isin([".", ""])
    table = pd.DataFrame({"month": date[there].str[:7], "value": value[there]})
    if table.empty:
        raise AnswerError(f"{where} answered without a single value of {series}.")
    months = pd.PeriodIndex(table["month"], freq="M")
    if (months[-1] - months[0]).n + 1 != len(months):
        raise AnswerError(f"{where} left out a month of {series}.")
    return table.reset_index(drop=True)


def _categories(category: dict) -> tuple[list[str], list[str]]:
    index = category.get("index") or {key: 0 for key in category.get("label", {})}
    codes = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    labels = category.get("label", {})
    return list(codes), [str(labels.get(code, code)) for code in codes]


def _digits(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0] or url
