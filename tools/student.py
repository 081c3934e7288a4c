"""Make the student edition: the chapters without their solutions.

Run as ``python -m tools.student``. Writes MyST sources and notebooks to
``_build/student``.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook

from tools.chapters import ROOT
from tools.chapters import notebooks as chapters_with_code
from tools.execute import cached, open_cache
from tools.notebooks import glued, to_notebook

_OPENING = re.compile(r"^\s{0,3}(?P<fence>`{3,}|:{3,}|~{3,})\s*\{(?P<name>[\w-]+)\}")


def without_solutions(text: str) -> str:
    r"""Strip every solution from a chapter.

    Both forms go: the ``{solution}`` directive, and everything from
    ``{solution-start}`` to ``{solution-end}``, code cells included.

    Parameters
    ----------
    text : str
        A chapter's source.

    Raises
    ------
    ValueError
        If a solution is not closed, rather than let part of it through.

    Examples
    --------
    >>> without_solutions("Before\n\n```{solution} one\n42\n```\n\nAfter\n")
    'Before\n\nAfter\n'
    """
    lines, kept, number = text.splitlines(), [], 0
    while number < len(lines):
        opening = _OPENING.match(lines[number])
        name = opening["name"] if opening else ""
        if name == "solution":
            number = _after_fence(lines, number, opening["fence"])
        elif name == "solution-start":
            number = _after_solution_end(lines, number)
        elif name == "solution-end":
            raise ValueError(f"line {number + 1}: a solution ends that never started")
        else:
            kept.append(lines[number])
            number += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).rstrip() + "\n"


def _after_fence(lines: list[str], start: int, fence: str) -> int:
    for number in range(start + 1, len(lines)):
        stripped = lines[number].strip()
        if len(stripped) >= len(fence) and set(stripped) == {fence[0]}:
            return number + 1
    raise ValueError(f"line {start + 1}: this directive is never closed")


def _after_solution_end(lines: list[str], start: int) -> int:
    for number in range(start + 1, len(lines)):
        opening = _OPENING.match(lines[number])
        if opening and opening["name"] == "solution-start":
            break
        if opening and opening["name"] == "solution-end":
            return _after_fence(lines, number, opening["fence"])
    raise ValueError(f"line {start + 1}: this solution has no solution-end")


def write_student_edition(
    chapters: list[Path], target: Path, cache: object | None = None
) -> list[Path]:
    """Write each chapter without solutions, as MyST and as a notebook.

    Parameters
    ----------
    chapters : list of Path
        The sources.
    target : Path
        The folder to write to.
    cache : optional
        Executed chapters, from which the numbers in the prose are filled in.

    Returns
    -------
    list of Path
        The files written.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for chapter in chapters:
        try:
            whole = chapter.read_text("utf8")
            text = without_solutions(whole)
        except ValueError as error:
            raise SystemExit(f"{chapter.name}, {error}") from None
        source = target / chapter.name
        source.write_text(text, "utf8")
        run = cached(cache, read_myst_markdown_notebook(whole)) if cache else None
        notebook = to_notebook(
            read_myst_markdown_notebook(text),
            glued(run) if run else {},
            f"chapters/{chapter.stem}",
        )
        nbformat.write(notebook, source.with_suffix(".ipynb"))
        written += [source, source.with_suffix(".ipynb")]
    return written


def main() -> None:
    """Write the student edition of the chapters in the table of contents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "_build" / "student")
    output = parser.parse_args().output
    cache = open_cache(ROOT / "_build" / "cache")
    written = write_student_edition(chapters_with_code(), output, cache)
    print(f"{len(written)} files written to {output}")


if __name__ == "__main__":
    main()
