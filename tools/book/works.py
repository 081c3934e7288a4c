"""The works in ``references.bib``, as words: cited in a sentence, or in a list.

One style writes all lists: surnames first, and by these in the order of the alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.plugin import register_plugin
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style as PlainStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import field, names, optional_field, sentence

from tools.book.chapters import ROOT

FILE = ROOT / "references.bib"


class Order(BaseSortingStyle):
    """By surname as it is set, then by year: accents and braces count for nothing."""

    def sorting_key(self, entry: Entry) -> tuple[str, str, str]:
        """Give what entries are compared by."""
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = " ".join(map(str, people))
        return _plain(names), entry.fields.get("year", ""), entry.fields["title"]


class Style(PlainStyle):
    """Surnames first, and no year twice."""

    default_name_style = "lastfirst"
    default_sorting_style = "book"
    default_label_style = "alpha"

    def format_names(self, role: str, as_sentence: bool = True):
        """Set names apart by semicolons, since each has a comma of its own."""
        people = names(role, sep="; ", sep2="; ", last_sep="; ")
        return sentence[people] if as_sentence else people

    def get_misc_template(self, entry: Entry):
        """Leave the year out where the full date says it."""
        if entry.fields["year"] not in entry.fields.get("howpublished", ""):
            return super().get_misc_template(entry)
        return toplevel[
            self.format_names("author"),
            self.format_title(entry, "title"),
            sentence[field("howpublished")],
            sentence[optional_field("note")],
            self.format_web_refs(entry),
        ]


register_plugin("pybtex.style.sorting", "book", Order)
register_plugin("pybtex.style.formatting", "book", Style)


def _plain(words: str) -> str:
    # Letters that stay whole when accents are taken off.
    words = re.sub(r"[{}\\]", "", words).casefold().translate(str.maketrans("øæ", "oa"))
    parts = unicodedata.normalize("NFD", words)
    return "".join(part for part in parts if not unicodedata.combining(part))


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
    'Abadie, Alberto. Using synthetic controls: feas'
    """
    return [_told(entry, "markdown") for entry in _in_order(keys, file)]


def listed_html(keys: Iterable[str]) -> dict[str, str]:
    """Write works in full, in HTML, by name and year; the first surname stands out.

    Parameters
    ----------
    keys : iterable of str
        Of the entries; each is listed once.

    Returns
    -------
    dict of str to str
        By key, in order.
    """
    works = {}
    for entry in _in_order(keys, FILE):
        text = _told(entry, "html")
        while (bare := _PROTECTED.sub(r"\1", text)) != text:
            text = bare
        works[entry.key] = re.sub(r"^[^,.]+", r"<b>\g<0></b>", text, count=1)
    return works


_PROTECTED = re.compile(r'<span class="bibtex-protected">((?:(?!<span).)*?)</span>')


def _in_order(keys: Iterable[str], file: Path) -> list[Entry]:
    entries = [_entry(key, file) for key in dict.fromkeys(keys)]
    for entry in entries:
        if "year" not in entry.fields:
            entry.fields["year"] = "n.d."
    return Order().sort(entries)


def _told(entry: Entry, kind: str) -> str:
    [work] = Style().format_entries([entry])
    text = " ".join(work.text.render_as(kind).split())
    # Only at the start of a line would these mean anything to Markdown.
    return re.sub(r"\\([.()+!-])", r"\1", text) if kind == "markdown" else text


def _entry(key: str, file: Path) -> Entry:
    try:
        return _parsed(file).entries[key]
    except KeyError:
        raise KeyError(f"{file.name} has no work {key!r}") from None


@cache
def _parsed(file: Path) -> BibliographyData:
    return parse_file(str(file))
