"""Tables as HTML: a caption, headers that say what they head, numbers to the right."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from html import escape
from numbers import Integral, Real

import numpy as np
import pandas as pd

# A number as this library writes it, with what may stand around it: +10% (0.33).
NUMBER = re.compile(r"[+−<≈]?\d[\d,.]*(e[+−]?\d+)?\s?%?(\s\([^)]*\))?|[–∞]|−∞|")


def is_number(text: str) -> bool:
    """Whether a cell is a number to a reader, and so stands to the right.

    Examples
    --------
    >>> is_number("−14%"), is_number("+10% (0.33)"), is_number("12 firms")
    (True, True, False)
    """
    return NUMBER.fullmatch(text) is not None


def cell_text(value: object, digits: int | None = None) -> str:
    """Write the value of a cell: true minus, long numbers in threes, a dash for none.

    Parameters
    ----------
    value : object
    digits : int, optional
        Decimals of a number that is not whole; by default three significant figures.

    Returns
    -------
    str

    Examples
    --------
    >>> cell_text(-12345), cell_text(0.05123), cell_text(float("nan")), cell_text(True)
    ('−12,345', '0.0512', '–', 'yes')
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if value is None or value is pd.NA or value is pd.NaT:
        return "–"
    if isinstance(value, Integral):
        # Four digits stand together: they may be a year.
        whole = int(value)
        return _true_minus(f"{whole:,}" if abs(whole) >= 10_000 else str(whole))
    if isinstance(value, Real):
        number = float(value)
        if np.isnan(number):
            return "–"
        if np.isinf(number):
            return "∞" if number > 0 else "−∞"
        if digits is None:
            whole = max(2 - int(np.floor(np.log10(abs(number) or 1))), 0)
            text = f"{number:,.{whole}f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
        else:
            text = f"{number:,.{digits}f}"
        return _true_minus(text if text.strip("-0.,") else text.lstrip("-"))
    return re.sub(r"(?<![\w.])-(?=\d)", "−", str(value))


def _true_minus(text: str) -> str:
    return text.replace("-", "−")


def table_html(
    table: pd.DataFrame,
    caption: str = "",
    header: bool = True,
    classes: str = "hub-table",
    links: Mapping[str, str] | None = None,
) -> str:
    """Write a table of texts as HTML that can be read aloud.

    Parameters
    ----------
    table : pandas.DataFrame
        Of texts. Its index heads the rows; the name of the index, or of the columns,
        heads the first column.
    caption : str
        HTML; none if empty.
    header : bool
        Whether the columns have heads.
    classes : str
        Of the table.
    links : mapping of str to str, optional
        Text of a cell -> address.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"p": ["0.32"]}, index=["DiD"])
    >>> table_html(frame).count("scope=")
    2
    """
    levels = table.index.nlevels
    names = [name or "" for name in table.index.names]
    if levels == 1 and not names[0]:
        names = [table.columns.name or ""]
    numeric = [
        all(map(is_number, map(str, table.iloc[:, j]))) for j in range(table.shape[1])
    ]
    parts = [f'<table class="{classes}">']
    if caption:
        parts.append(f"<caption>{caption}</caption>")
    if header:
        heads = [_head(name) for name in names]
        heads += [
            _head(column, number) for column, number in zip(table.columns, numeric)
        ]
        parts.append(f"<thead><tr>{''.join(heads)}</tr></thead>")
    parts.append("<tbody>")
    for labels, values in zip(table.index, table.to_numpy()):
        labels = labels if levels > 1 else (labels,)
        row = [f'<th scope="row">{escape(str(label))}</th>' for label in labels]
        row += [
            f'<td class="{"num" if number else "text"}">'
            f"{_linked(str(value), links or {})}</td>"
            for value, number in zip(values, numeric)
        ]
        parts.append(f"<tr>{''.join(row)}</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)


def _head(name: Hashable, number: bool = False) -> str:
    text = ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)
    if not text:
        return "<td></td>"
    right = ' class="num"' if number else ""
    return f'<th scope="col"{right}>{escape(text)}</th>'


def _linked(text: str, links: Mapping[str, str]) -> str:
    if text not in links:
        return escape(text)
    return f'<a href="{escape(links[text])}">{escape(text)}</a>'
