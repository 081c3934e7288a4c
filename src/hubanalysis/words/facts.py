"""Results that print as a short table of facts, are read aloud, or go into JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.words.markup import cell_text, table_html

# What one asks of an estimate, a test and a design; other results say theirs first.
ASKED_FOR = ("att", "p value", "minimum detectable effect")


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
    """Write a table of facts as HTML, with sentences in full.

    Its title says what it is and what was found: the fact that one asks for, or the
    first.

    Examples
    --------
    >>> facts = pd.DataFrame({"value": {"outcome": "jobs", "att": "0.04"}})
    >>> "<strong>DiD of jobs: att 0.04</strong>" in html_table(facts.rename_axis("did"))
    True
    """
    caption = ""
    if "value" in table and (name := table.index.name):
        facts = table["value"]
        of = f" of {facts['outcome']}" if "outcome" in facts else ""
        found = next((fact for fact in ASKED_FOR if fact in facts), facts.index[0])
        told = f"{name.replace('did', 'DiD')}{of}: {found} {cell_text(facts[found])}"
        caption = f"<strong>{escape(told)}</strong>"
    return table_html(table.map(cell_text), caption, header=False, classes="facts")


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


def sentence_case(text: str) -> str:
    """Write a text with a capital, and all else as it is.

    Examples
    --------
    >>> sentence_case("hotel nights in Norway")
    'Hotel nights in Norway'
    """
    return text[:1].upper() + text[1:]


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows: no arrays, no tables, no NaN or infinite end.

    Examples
    --------
    >>> plain({"interval": (0.5, float("inf")), "years": np.array([2008, 2009])})
    {'interval': [0.5, None], 'years': [2008, 2009]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    return str(value)
