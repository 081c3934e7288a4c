"""The works in ``references.bib``, as words: cited in a sentence, or in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.style.formatting.alpha import Style

from tools.book.chapters import ROOT

FILE = ROOT / "references.bib"


def cited(key: str, file: Path = FILE) -> str:
    """Name a work as a sentence does: ``Abadie et al. (2010)``.

    Parameters
    ----------
    key : str
        Of the entry.
    file : Path
        The bibliography.

    Raises
    ------
    KeyError
        If there is no such entry.

    Examples
    --------
    >>> cited("Rotnes2017")
    'Røtnes et al. (2017)'
    """
    entry = _entry(key, file)
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join(map(str, person.rich_prelast_names + person.rich_last_names))
        for person in people
    ]
    if len(names) > 2:
        names = [f"{names[0]} et al."]
    return f"{' and '.join(names)} ({entry.fields.get('year', 'n.d.')})"


def listed(keys: Iterable[str], file: Path = FILE) -> list[str]:
    """Write works in full, in Markdown, by name and year.

    Parameters
    ----------
    keys : iterable of str
        Of the entries; each is listed once.
    file : Path
        The bibliography.

    Examples
    --------
    >>> listed(["Abadie2021"])[0][:47]
    'Alberto Abadie. Using synthetic controls: feasi'
    """
    works = []
    for key in sorted(set(keys), key=lambda key: cited(key, file).casefold()):
        entry = _entry(key, file)
        if "year" not in entry.fields:
            entry.fields["year"] = "n.d."
        [work] = Style().format_entries([entry])
        text = " ".join(work.text.render_as("markdown").split())
        # Only at the start of a line would these mean anything to Markdown.
        works.append(re.sub(r"\\([.()+!-])", r"\1", text))
    return works


def _entry(key: str, file: Path) -> Entry:
    try:
        return _parsed(file).entries[key]
    except KeyError:
        raise KeyError(f"{file.name} has no work {key!r}") from None


@cache
def _parsed(file: Path) -> BibliographyData:
    return parse_file(str(file))
