"""Turn chapters into notebooks for those who open them elsewhere, in three editions.

The *reader*'s has solutions folded away, the *student*'s has cells for answers in
their place, the *instructor*'s has them open. All are plain Markdown and code without
outputs: they run wherever the library is installed.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.book.first_cell import FIRST_CELL
from tools.book.markdown import SITE, Context, cited_in, plain_markdown
from tools.book.pieces import Exercise, Piece, pieces
from tools.book.works import listed
from tools.release import RELEASE

EDITIONS = ("reader", "student", "instructor")
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
ANSWER = "*Your answer:*"

_FIGURE = re.compile(
    r'<div class="hub-figure" data-name="([\w-]+)"[^>]*>\n'
    r'<p class="hub-heading">(.*?)<br>(.*?)</p>',
    re.DOTALL,
)


def glued(notebook: NotebookNode) -> dict[str, str]:
    """Collect the values that a chapter said, as text, by name."""
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kept = output.get("metadata", {}).get("scrapbook", {})
            for kind, text in output.get("data", {}).items():
                if kept and kind.endswith(("text/markdown", "text/plain")):
                    values[kept["name"]] = text
    return values


def captions(notebook: NotebookNode) -> dict[str, str]:
    """Collect the captions of a chapter's figures by label, in their order.

    In Markdown, after the number: a title that ends in two asterisks, and a unit.
    """
    return {label: text for cell in notebook.cells for label, text in _figures(cell)}


def context_of(notebook: NotebookNode, page: str = "") -> Context:
    """Say what the sentences of an executed chapter may ask for."""
    numbers = {label: n for n, label in enumerate(captions(notebook), 1)}
    return Context(glued(notebook), numbers, page)


def to_notebook(
    notebook: NotebookNode, edition: str = "reader", page: str = ""
) -> NotebookNode:
    """Make one edition of a chapter.

    Parameters
    ----------
    notebook : NotebookNode
        The executed chapter.
    edition : {"reader", "student", "instructor"}
        What becomes of the solutions.
    page : str
        Where the chapter stands on the site, for instance ``chapters/intro``.

    Raises
    ------
    ValueError
        If there is no such edition, or an exercise or a solution is not closed.
    KeyError
        If a sentence asks for a number that the chapter did not say.
    """
    if edition not in EDITIONS:
        raise ValueError(f"there is no edition {edition!r}: {', '.join(EDITIONS)}")
    context = context_of(notebook, page)
    parts = pieces(notebook)
    if edition == "student":
        parts = [part for part in parts if not part.solves]
    cells = [_first_cell()]
    for before, part, after in zip([None, *parts], parts, [*parts[1:], None]):
        cells += _headings(before, part, edition, context)
        cells += cells_of(part, context)
        asked_last = part.exercise and not (after and after.exercise == part.exercise)
        if edition == "student" and asked_last:
            cells += answer_cells(part.exercise)
    cited = [key for p in parts if _is_text(p.cell) for key in cited_in(p.cell.source)]
    _list_works(cells, cited)
    _say_edition(cells, edition, page)
    return finished(cells)


def finished(cells: list[NotebookNode]) -> NotebookNode:
    """Make a notebook of cells, the same bytes for the same cells."""
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # nbformat draws ids at random
        if cell.metadata.get("jp-MarkdownHeadingCollapsed"):
            cell.metadata["id"] = cell.id  # by which Colab knows it
    metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    if folded := [c.metadata["id"] for c in cells if "id" in c.metadata]:
        metadata["colab"] = {"collapsed_sections": folded}
    return new_notebook(cells=cells, metadata=metadata)


def cells_of(part: Piece, context: Context) -> list[NotebookNode]:
    """Give a piece as it stands in a notebook, figures after their numbers."""
    if _is_text(part.cell):
        text = plain_markdown(part.cell.source, context)
        return [new_markdown_cell(text)] if text else []
    if part.cell.cell_type != "code" or _only_says(part.cell):
        return []
    # A figure brings its title, which may change with what a reader chooses.
    cells = [
        new_markdown_cell(f"**Figure {context.figures[label]}**")
        for label, _ in _figures(part.cell)
    ]
    code = new_code_cell(part.cell.source)
    code.metadata = _folds(part.cell.metadata.get("tags", []))
    return [*cells, code]


def answer_cells(exercise: Exercise) -> list[NotebookNode]:
    """Give the cells in which a student answers: words, after code if it computes."""
    cells = [new_code_cell("# Your code")] if exercise.computes else []
    cells.append(new_markdown_cell(ANSWER))
    for cell in cells:
        cell.metadata["tags"] = ["answer", exercise.label]
    return cells


def exercise_heading(exercise: Exercise) -> str:
    """Name an exercise as the book does."""
    title = f": {exercise.title}" if exercise.title else ""
    return f"### Exercise {exercise.number}{title}"


def publish(chapter: Path, notebook: NotebookNode, site: Path) -> None:
    """Write the reader's notebook of a chapter under ``notebooks/`` of the site.

    Parameters
    ----------
    chapter : Path
        The source, relative to the repository.
    notebook : NotebookNode
        The chapter with its outputs.
    site : Path
        The folder of the built pages.
    """
    target = site / "notebooks" / f"{chapter.stem}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    page = chapter.with_suffix("").as_posix()
    nbformat.write(to_notebook(notebook, page=page), target)


def _first_cell() -> NotebookNode:
    cell = new_code_cell(FIRST_CELL)
    cell.metadata = _folds(["hide-input"])
    return cell


def _headings(
    before: Piece | None, part: Piece, edition: str, context: Context
) -> list[NotebookNode]:
    """Head exercises and solutions, so that a solution can be folded away."""
    if part.exercise is None:
        return []
    if not part.solves:
        if before and before.exercise == part.exercise:
            return []
        named = replace(
            part.exercise, title=plain_markdown(part.exercise.title, context)
        )
        return [new_markdown_cell(exercise_heading(named))]
    if before and before.solves and before.exercise == part.exercise:
        return []
    cell = new_markdown_cell(f"#### Solution of exercise {part.exercise.number}")
    if edition == "reader":
        cell.metadata["jp-MarkdownHeadingCollapsed"] = True
    return [cell]


def _list_works(cells: list[NotebookNode], cited: list[str]) -> None:
    """End with the works that are cited, in full."""
    if not cited:
        return
    works = "\n".join(f"- {work}" for work in listed(cited))
    for cell in cells:
        head = re.search(r"^## References$.*", cell.source, re.DOTALL | re.MULTILINE)
        if _is_text(cell) and head:
            cell.source = f"{cell.source}\n\n{works}"
            return
    cells.append(new_markdown_cell(f"## References\n\n{works}"))


def _say_edition(cells: list[NotebookNode], edition: str, page: str) -> None:
    """Say below the title what this is and where it comes from."""
    said = (
        f"*The {edition}'s edition of [this chapter]({SITE}/{page}.html), release "
        f"{RELEASE}. Text: CC BY 4.0; code: MIT; data: the licence of each source.*"
    )
    for cell in cells:
        if _is_text(cell) and cell.source.startswith("# "):
            title, _, rest = cell.source.partition("\n")
            cell.source = f"{title}\n\n{said}\n{rest}".rstrip()
            return


def _figures(cell: NotebookNode) -> list[tuple[str, str]]:
    found = []
    for output in cell.get("outputs", []):
        html = output.get("data", {}).get("text/html", "")
        for label, title, unit in _FIGURE.findall(html):
            if title:
                found.append((label, f"{unescape(title)}** {unescape(unit)}".strip()))
    return found


def _is_text(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown"


def _only_says(cell: NotebookNode) -> bool:
    """Say whether a cell does nothing but keep numbers for the book's sentences."""
    if "remove-cell" not in cell.metadata.get("tags", []):
        return False
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:  # a line for IPython, not for Python
        return False
    return all(
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) == "hub.say"
        for statement in statements
    )


def _folds(tags: list[str]) -> dict:
    """Fold in Jupyter and on Colab what the book folds."""
    metadata: dict = {"tags": list(tags)} if tags else {}
    jupyter = {}
    if FOLDED & set(tags) and "choices" not in tags:  # a reader is to change these
        metadata["cellView"] = "form"
        jupyter["source_hidden"] = True
    if "hide-output" in tags:
        jupyter["outputs_hidden"] = True
    return metadata | ({"jupyter": jupyter} if jupyter else {})
