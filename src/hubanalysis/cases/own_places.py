"""A column of text, read as names of places."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from hubanalysis.cases.own_columns import Column, at, is_nothing
from hubanalysis.cases.own_file import Fault
from hubanalysis.panels.reading import tidy


def places(cells: pd.Series) -> Column:
    """Read names of places, and say which may be one place written in two ways.

    Examples
    --------
    >>> found = places(pd.Series(["Isère", "Isere", "Oslo "], name="place"))
    >>> str(found.warnings[0]).partition("?")[0]
    "line 1: 'place' is 'Isere'. Nearly 'Isère': one place or two"
    """
    column = Column(cells.map(tidy))
    column.values.name = cells.name
    if (column.values != cells).any():
        column.assumed.append(f"{cells.name!r}: spaces and accents are made alike")
    missing = is_nothing(cells)
    if missing.any():
        column.faults.append(
            at(cells, missing, "Every row needs its unit, in merged cells too.")
        )
    names = column.values[~missing]
    counts = names.value_counts()
    kin: dict[str, list[str]] = {}
    for name in counts.index:
        kin.setdefault(_bare(name), []).append(name)
    for twins in kin.values():
        for twin in twins[1:]:
            column.warnings.append(
                at(column.values, column.values == twin,
                   f"Nearly {twins[0]!r}: one place or two? Write it alike throughout.")
            )  # fmt: skip
    column.warnings += _lost_zeros(column.values, names)
    for odd, what in ((_two_scripts, _LOOKALIKE), (_coded_twice, _GARBLED)):
        wrong = column.values.map(odd)
        if wrong.any():
            column.warnings.append(at(column.values, wrong, what))
    return column


_LOOKALIKE = (
    "Letters of two alphabets in one word, that may look alike. Write it again."
)
_GARBLED = "Its letters look garbled: read in one coding, saved in another."


def _two_scripts(name: str) -> bool:
    """Whether a word mixes alphabets, as a Cyrillic O in Oslo."""
    for word in name.split():
        kinds = {unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha()}
        if len(kinds & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False


def _coded_twice(name: str) -> bool:
    """Whether letters of UTF-8 were read as Windows-1252 before."""
    for coding in ("cp1252", "latin-1"):
        try:
            return not name.isascii() and name.encode(coding).decode("utf8") != name
        except UnicodeError:
            continue
    return False


def _bare(name: str) -> str:
    """A name without accents, capitals, spaces and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", bare) or name


def _lost_zeros(values: pd.Series, names: pd.Series) -> list[Fault]:
    """Codes of digits that are one shorter than most."""
    codes = names[names.str.fullmatch(r"\d+")].drop_duplicates()
    if len(codes) < 3 or len(codes) < names.nunique():
        return []
    length = int(codes.str.len().mode().iloc[-1])
    short = codes[codes.str.len() == length - 1]
    # Numbers that only count leave hardly any out; codes have one length.
    if len(codes) > 0.5 * (codes.astype(int).max() - codes.astype(int).min()):
        return []
    if length < 4 or not len(short) or (codes.str.len() > length).any():
        return []
    what = f"Others have {length} digits: was a zero in front lost in a spreadsheet?"
    return [at(values, values.isin(short), what)]
