"""Take a chapter apart into cells that know whether they ask, answer or tell.

Exercises and solutions run over several cells of a notebook, from a directive that ends
in ``-start`` to one that ends in ``-end``. All editions are put together from these
pieces, so that what is a solution is decided here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from tools.book.source import fences

_KIND = re.compile(r"\*\*\((\w+), (\d+) minutes(?:; ([^)*]*(?:\)[^)*]*)*))?\)\*\*")


@dataclass(frozen=True)
class Exercise:
    """An exercise of a chapter.

    Parameters
    ----------
    number : int
        Its place in the chapter, from 1.
    label, title : str
        By which the chapter refers to it, and what it is called.
    kind : str
        ``recall``, ``rerun``, ``extend`` or ``criticise``.
    minutes : int
        What it takes.
    """

    number: int
    label: str
    title: str
    kind: str = ""
    minutes: int = 0

    @property
    def computes(self) -> bool:
        """Whether it is answered with code."""
        return self.kind in ("rerun", "extend")


@dataclass(frozen=True)
class Piece:
    """A cell, and what it is for.

    Parameters
    ----------
    cell : NotebookNode
        Markdown or code.
    exercise : Exercise, optional
        The one that it asks or answers.
    solves : bool
        Whether it is part of a solution.
    """

    cell: NotebookNode
    exercise: Exercise | None = None
    solves: bool = False


def pieces(notebook: NotebookNode) -> list[Piece]:
    r"""Take a chapter's notebook apart.

    Parameters
    ----------
    notebook : NotebookNode
        As `tools.book.source.as_notebook` reads it, executed or not.

    Raises
    ------
    ValueError
        If an exercise or a solution is not closed, has nothing to close, or stands
        inside another directive, rather than let part of a solution through.

    Examples
    --------
    >>> from tools.book.source import as_notebook
    >>> text = (
    ...     "```{exercise} Count\n:label: one\n**(recall, 5 minutes)** Ask.\n```\n"
    ...     "```{solution} one\n42\n```\nAfter\n"
    ... )
    >>> for piece in pieces(as_notebook(text)):
    ...     print(piece.cell.source, bool(piece.exercise), piece.solves)
    **(recall, 5 minutes)** Ask. True False
    42 True True
    After False False
    """
    found: dict[str, Exercise] = {}
    open_name, exercise = "", None
    out: list[Piece] = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            out.append(Piece(cell, exercise, open_name == "solution"))
            continue
        for text, fence in _split(cell.source):
            if fence is None:
                if text.strip():
                    part = new_markdown_cell(text.strip("\n"))
                    part.metadata = cell.metadata
                    out.append(Piece(part, exercise, open_name == "solution"))
                continue
            name, _, edge = fence.name.partition("-")
            if edge == "end":
                if name != open_name:
                    raise ValueError(f"the {name} {_near(text)} ends but never started")
                open_name, exercise = "", None
                continue
            if open_name:
                raise ValueError(
                    f"the {open_name} of {exercise and exercise.label!r} has no "
                    f"{open_name}-end before the next {name}"
                )
            if name == "exercise":
                exercise = _exercise(fence, cell.source, len(found) + 1)
                found[exercise.label] = exercise
            elif (exercise := found.get(fence.argument.strip())) is None:
                raise ValueError(
                    f"there is a solution of {fence.argument!r}, but no such exercise "
                    "before it"
                )
            if edge == "start":
                open_name = name
            else:
                part = new_markdown_cell(fence.body.strip("\n"))
                out.append(Piece(part, exercise, name == "solution"))
                exercise = None
    if open_name:
        raise ValueError(
            f"the {open_name} of {exercise and exercise.label!r} has no {open_name}-end"
        )
    return out


def exercises(parts: list[Piece]) -> list[Exercise]:
    """List the exercises of a chapter, in order."""
    return list(dict.fromkeys(p.exercise for p in parts if p.exercise))


def _split(text: str) -> Iterator[tuple[str, object]]:
    """Cut a text at the directives of exercises and solutions."""
    lines, after = text.splitlines(), 0
    for fence in fences(text):
        whole = "\n".join(lines[fence.lines.start : fence.lines.stop])
        if not fence.name.startswith(("exercise", "solution")):
            if fence.name and re.search(r"\{(solution|exercise)", whole):
                raise ValueError(
                    f"an exercise or a solution stands inside {{{fence.name}}}, "
                    "where no edition can find it"
                )
            continue
        yield "\n".join(lines[after : fence.lines.start]), None
        yield whole, fence
        after = fence.lines.stop
    yield "\n".join(lines[after:]), None


def _exercise(fence, text: str, number: int) -> Exercise:
    label = fence.options.get("label", f"exercise-{number}")
    asked = "\n".join(text.splitlines()[fence.lines.start :])
    kind = _KIND.search(asked)
    kind, minutes = (kind[1], int(kind[2])) if kind else ("", 0)
    return Exercise(number, label, fence.argument, kind, minutes)


def _near(text: str) -> str:
    return f"at {text.splitlines()[0]!r}"
