"""Results that print as a short table of facts, are read aloud, or go into JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.words.markup import cell_text, table_html


class Facts:
    """Something with a `summary` table, which it prints as."""

    def summary(self) -> pd.DataFrame:
        """Return one row per fact, with one column `value`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Print as a short, stable table."""
        return self.summary().to_string(header=False)

    def _repr_html_(self) -> str:
        return html_table(self.summary())


def html_table(table: pd.DataFrame) -> str:
    """Write a table of facts as HTML, with sentences in full."""
    return table_html(table.map(cell_text), header=False, classes="facts")


def aloud(text: str) -> str:
    """Write signs as words, and end a sentence.

    Examples
    --------
    >>> aloud("−3% fits")
    'minus 3 percent fits.'
    """
    for sign, word in (("−", "minus "), ("+", "plus "), ("%", " percent")):
        text = text.replace(sign, word)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def finite(value: Any) -> Any:
    """Turn what JSON cannot write, such as an infinite end, into null or text.

    Examples
    --------
    >>> finite({"interval": (0.5, float("inf"))})
    {'interval': [0.5, None]}
    """
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [finite(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return str(value)
