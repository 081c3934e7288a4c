"""What publishers answer, read without trusting it.

A network gives a login page where figures were asked for, a connection breaks off, a
publisher renames a dimension. Each of these is told in a sentence, and nothing that
comes after an answer runs before the answer has passed.
"""

from __future__ import annotations

import io
import json
from typing import Any, NamedTuple

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

    @property
    def host(self) -> str:
        """Who answered.

        Examples
        --------
        >>> Answer("https://api.bls.gov/publicAPI/v2", b"").host
        'api.bls.gov'
        """
        return self.url.partition("://")[2].partition("/")[0] or self.url


class AnswerError(HubError):
    """An answer is not what its publisher's documentation says it would be."""


def checked(answer: Answer) -> Answer:
    """Return an answer that may hold figures.

    Parameters
    ----------
    answer : Answer

    Returns
    -------
    Answer

    Raises
    ------
    AnswerError
        If it is empty, or a web page.

    Examples
    --------
    >>> checked(Answer("https://example.org", b"year,value")).content
    b'year,value'
    """
    head = answer.content[:1000].strip().removeprefix(b"\xef\xbb\xbf")
    if not head:
        raise AnswerError(f"{answer.host} answered with nothing; try again later.")
    # Of all that publishers send only SDMX begins as a page does, and it says so.
    if head.startswith(b"<") and b"sdmx.org" not in head:
        raise AnswerError(
            f"{answer.host} sent a web page and no figures; a network that asks you to "
            "log in does that, and so does a publisher that is down. Open "
            f"{answer.url.partition('?')[0]} in a browser."
        )
    return answer


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
        return json.loads(answer.content)
    except ValueError as error:
        raise AnswerError(
            f"the answer of {answer.host} breaks off or is no JSON ({error}); try "
            "again."
        ) from None


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
    where = answer.host
    try:
        text = answer.content.decode("utf-8-sig")
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except ValueError:
        raise AnswerError(
            f"{where} sent no table; its format may have changed."
        ) from None
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


def digits(value: object) -> str:
    """Write a figure as it was sent, and nothing where none was.

    Examples
    --------
    >>> [digits(value) for value in (12.0, 7.5, 3, None)]
    ['12', '7.5', '3', '']
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
