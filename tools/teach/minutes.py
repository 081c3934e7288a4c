"""How long the parts of a chapter take, told from its source by one rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from tools.book.pieces import pieces

WORDS = 200  # read in a minute
LOOK = 0.5  # minutes for a figure or a table

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_ROLE = re.compile(r"\{[\w:-]+\}`[^`]*`")
_SHOWS = re.compile(r"\bhub\.(table|figure|card|first_look|sources|\w+_plot)\b")


@dataclass
class Section:
    """A part of a chapter, under a heading of the second level.

    Parameters
    ----------
    title : str
        Empty for what stands before the first heading.
    words, looks : int
        Words of its text, and figures and tables that it shows.
    exercises : int
        Minutes that its exercises say they take.
    """

    title: str
    words: int = 0
    looks: int = 0
    exercises: int = 0

    @property
    def reading(self) -> float:
        """Minutes to read it, without exercises."""
        return self.words / WORDS + self.looks * LOOK


def sections(notebook: NotebookNode) -> list[Section]:
    r"""Measure the sections of a chapter; solutions do not count.

    Parameters
    ----------
    notebook : NotebookNode
        As read from its source.

    Examples
    --------
    >>> from tools.book.source import as_notebook
    >>> text = "# T\n" + 100 * "word " + "\n\n## Next\n" + 200 * "word " + "\n"
    >>> [(s.title, round(s.reading, 1)) for s in sections(as_notebook(text))]
    [('', 0.5), ('Next', 1.0)]
    """
    found, asked = [Section("")], []
    for part in pieces(notebook):
        if part.solves:
            continue
        if part.cell.cell_type == "code":
            seen = "remove-cell" not in part.cell.metadata.get("tags", [])
            found[-1].looks += bool(seen and _SHOWS.search(part.cell.source))
        elif part.exercise is None:
            before, *rest = _HEADING.split(part.cell.source)
            found[-1].words += _count(before)
            for title, text in zip(rest[::2], rest[1::2]):
                found.append(Section(title, _count(text)))
        elif part.exercise not in asked:
            asked.append(part.exercise)
            found[-1].exercises += part.exercise.minutes
    return found


def _count(text: str) -> int:
    bare = _ROLE.sub("word", re.sub(r"^# .*$", "", text, flags=re.MULTILINE))
    return len(re.findall(r"\w[\w'’-]*", bare))
