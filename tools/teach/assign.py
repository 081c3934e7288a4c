"""Pack chapters for a course: notebooks for students, keys, rubrics, minutes.

Run by ``make assign CHAPTERS="norwegian-tourism-cluster designing-evaluations"``.
Writes one zip: ``student/`` has no word of a solution, ``instructor/`` has the rest.
"""

from __future__ import annotations

import argparse
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.editions import EditionError, executed, named
from tools.book.notebooks import context_of, finished, to_notebook
from tools.book.pieces import Exercise, exercises, pieces
from tools.book.source import Chapter
from tools.release import RELEASE
from tools.teach import rubric
from tools.teach.keys import Key, keys, variable, worth
from tools.teach.minutes import sections

OUTPUT = ROOT / "_build" / "assignment.zip"
README = """\
# An assignment from *Hub analysis*

Release {release}. Made by `make assign`; the same chapters give the same files.

| what | for |
|---|---|
| `student/` | hand it out: notebooks with cells for answers, and how words are marked |
| `instructor/` | keep it: keys with solutions open, and notes for marking |

There is no solution in `student/`, neither in its text nor in what notebooks hide.

## Minutes and points

Reading is told by a rule: two hundred words a minute, and half a minute for a figure or
a table. Exercises state their own minutes; each minute is a point.

{tables}

## What students need

The first cell of each notebook fetches the library on Colab, and says elsewhere how to
install it; the page *Rerun it, change it* of the book has all ways. No notebook needs
any other file.

## Solutions are public

The book shows its solutions to every reader. Points for what is computed pay for work,
then, not for secrets. Ask for a sentence about a change that is the student's own, or
use the labs, whose data differ by student.

## Licences

Text and figures: CC BY 4.0; say where they are from and what you changed. Code: MIT.
Data: the licence of each source, which each notebook names.
"""
WHEN = (1980, 1, 1, 0, 0, 0)  # the same chapters give the same bytes


def student_notebook(notebook: NotebookNode, page: str = "") -> NotebookNode:
    """Make the notebook that students fill in: with variables and points.

    Parameters
    ----------
    notebook : NotebookNode
        The executed chapter.
    page : str
        Where it stands on the site.
    """
    parts = pieces(notebook)
    asked = {exercise.label: exercise for exercise in exercises(parts)}
    computed = keys(parts)
    cells = []
    for cell in to_notebook(notebook, "student", page).cells:
        tags = cell.metadata.get("tags", [])
        if "answer" in tags:
            exercise = asked[tags[1]]
            is_code, has_key = cell.cell_type == "code", exercise.label in computed
            if is_code or not exercise.computes:
                cells.append(_instruction(exercise, has_key))
            if is_code and has_key:
                cell.source = (
                    f"{variable(exercise)} = ...  # what your sentence rests on"
                )
            number, words = worth(exercise, has_key)
            cell.metadata["points"] = number if is_code else words
        cells.append(cell)
    return finished(cells)


def instructor_notebook(notebook: NotebookNode, page: str = "") -> NotebookNode:
    """Make the key: solutions open, and what each variable holds.

    Parameters
    ----------
    notebook : NotebookNode
        The executed chapter.
    page : str
        Where it stands on the site.
    """
    parts = pieces(notebook)
    asked = {exercise.number: exercise for exercise in exercises(parts)}
    computed = keys(parts)
    cells: list[NotebookNode] = []
    current = None
    for cell in to_notebook(notebook, "instructor", page).cells:
        starts = re.match(r"#### Solution of exercise (\d+)|##", cell.source)
        if current and starts and cell.cell_type == "markdown":
            cells += _key_cells(current, computed.get(current.label))
            current = None
        cells.append(cell)
        if starts and starts[1]:
            current = asked[int(starts[1])]
    if current:
        cells += _key_cells(current, computed.get(current.label))
    return finished(cells)


def pack(done: Sequence[Chapter], target: Path) -> Path:
    """Write the zip, whole or not at all.

    Parameters
    ----------
    done : sequence of Chapter
        Executed.
    target : Path
        The file.

    Raises
    ------
    EditionError
        If a chapter has no exercises, cannot be taken apart, or lacks a number.
    """
    files: dict[str, str] = {}
    asked: dict[str, list[Exercise]] = {}
    computed: dict[str, Key] = {}
    for chapter in done:
        name, page = chapter.path.stem, f"chapters/{chapter.path.stem}"
        try:
            parts = pieces(chapter.notebook)
            if not exercises(parts):
                raise EditionError(
                    f"The chapter {name!r} has no exercises to assign. Nothing was "
                    "written."
                )
            asked[name] = exercises(parts)
            if vague := [x.label for x in asked[name] if not x.minutes]:
                raise ValueError(f"the exercise {vague[0]!r} says no kind and minutes")
            computed |= keys(parts)
            student = student_notebook(chapter.notebook, page)
            key = instructor_notebook(chapter.notebook, page)
            marking = rubric.marking(name, parts, context_of(chapter.notebook, page))
        except (KeyError, ValueError) as error:
            raise EditionError(f"{chapter.path.name}: {error.args[0]}") from None
        files[f"student/{name}.ipynb"] = nbformat.writes(student) + "\n"
        files[f"instructor/{name}.ipynb"] = nbformat.writes(key) + "\n"
        files[f"instructor/{name}-marking.md"] = marking
    files["student/rubric.md"] = rubric.levels(asked, computed)
    files["README.md"] = _readme(done, asked, computed)
    with replaced(target) as fresh:
        fresh.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in sorted(files.items()):
                info = zipfile.ZipInfo(path, WHEN)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, text)
    return target


def _instruction(exercise: Exercise, has_key: bool) -> NotebookNode:
    number, words = worth(exercise, has_key)
    if not has_key:
        code = " Code, if you write any, goes here." if exercise.computes else ""
        return new_markdown_cell(f"*{words} points, in words.{code}*")
    return new_markdown_cell(
        f"*{exercise.minutes} points: {number} for what you compute, put into "
        f"`{variable(exercise)}`; {words} for what you say about it below.*"
    )


def _key_cells(exercise: Exercise, key: Key | None) -> list[NotebookNode]:
    if key is None:
        return []
    number, words = worth(exercise, True)
    said = (
        f"*In the key the variable of this exercise holds ({number} points; {words} "
        "more for the sentence):*"
    )
    name = variable(exercise)
    return [new_markdown_cell(said), new_code_cell(f"{name} = {key.code}\n{name}")]


def _readme(
    done: Sequence[Chapter],
    asked: dict[str, list[Exercise]],
    computed: dict[str, Key],
) -> str:
    tables = "\n\n".join(_minutes(chapter, asked, computed) for chapter in done)
    return README.format(release=RELEASE, tables=tables)


def _minutes(
    chapter: Chapter, asked: dict[str, list[Exercise]], computed: dict[str, Key]
) -> str:
    name = chapter.path.stem
    reading = sum(section.reading for section in sections(chapter.notebook))
    total = sum(exercise.minutes for exercise in asked[name])
    lines = [
        f"**{name}**: about {reading:.0f} minutes to read, {total} for exercises.",
        "",
        "| exercise | kind | minutes | answered in |",
        "|---|---|---:|---|",
    ]
    for exercise in asked[name]:
        has_key = exercise.label in computed
        where = f"`{variable(exercise)}`, words" if has_key else "words"
        row = [f"{exercise.number} {exercise.title}", exercise.kind, exercise.minutes]
        lines.append(f"| {' | '.join(map(str, [*row, where]))} |")
    return "\n".join(lines)


def main() -> None:
    """Pack the chapters that are named."""
    parser = argparse.ArgumentParser(
        prog="make assign", description=__doc__.splitlines()[0]
    )
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    try:
        if not given.chapters:
            raise EditionError(
                'Name chapters, as in make assign CHAPTERS="norwegian-tourism-cluster '
                'designing-evaluations".'
            )
        written = pack(executed(named(given.chapters)), given.output)
    except HubError as error:
        raise SystemExit(str(error)) from None
    print(f"Written to {written}")


if __name__ == "__main__":
    main()
