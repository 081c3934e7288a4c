"""What a recipe is: which tables it makes, of what publisher, from which answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from hubanalysis.datasets.answers import Answer

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Laid:
    """One table as the newest answer has it.

    Attributes
    ----------
    name : str
        Of the table.
    table : pandas.DataFrame
        All rows that the table would have, as text.
    before, after : pandas.DataFrame
        What is compared: the rows that the answer speaks of, as they lie and as sent.
    key : tuple of str
        Columns that name a row.
    vintage : str
        The publisher's own stamp, a month where it gives one.
    """

    name: str
    table: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    key: tuple[str, ...]
    vintage: str


@dataclass(frozen=True)
class Recipe:
    """How one or several tables are made anew.

    Attributes
    ----------
    tables : tuple of str
    publisher : str
    make : callable
        Takes the tables as they lie, and asks; returns what was laid out and the
        answers it rests on.
    notice : str
        What a reader must know before the figures are used.
    derived : tuple of str
        Tables that are computed from these and are not made anew.
    """

    tables: tuple[str, ...]
    publisher: str
    make: Callable[[Tables], tuple[list[Laid], list[Answer]]]
    notice: str = ""
    derived: tuple[str, ...] = ()
