"""Make the student edition: the chapters without their solutions.

Run as ``python -m tools.book.student``. Writes MyST sources and notebooks to
``_build/student``.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import nbformat

from tools.book.chapters import ROOT
from tools.book.execute import cached, open_cache
from tools.book.notebooks import glued, to_notebook
from tools.book.source import as_notebook, chapters, fences


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
        If a solution is not closed or stands inside another directive, rather than
        let part of it through.

    Examples
    --------
    >>> without_solutions("Before\n\n```{solution} one\n42\n```\n\nAfter\n")
    'Before\n\nAfter\n'
    """
    lines, solved = text.splitlines(), set[int]()
    opened = None  # where the solution that is being read starts
    for fence in fences(text):
        first = fence.lines.start
        if fence.name == "solution":
            solved.update(fence.lines)
        elif fence.name == "solution-start":
            if opened is not None:
                break
            opened = first
        elif fence.name == "solution-end":
            if opened is None:
                raise ValueError(
                    f"line {first + 1}: a solution ends that never started"
                )
            solved.update(range(opened, fence.lines.stop))
            opened = None
        elif fence.name and any("{solution" in lines[i] for i in fence.lines):
            raise ValueError(f"line {first + 1}: a solution inside another directive")
    if opened is not None:
        raise ValueError(f"line {opened + 1}: this solution has no solution-end")
    kept = [line for i, line in enumerate(lines) if i not in solved]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).rstrip() + "\n"


def write_student_edition(
    paths: list[Path], target: Path, cache: object | None = None
) -> list[Path]:
    """Write each chapter without solutions, as MyST and as a notebook.

    Parameters
    ----------
    paths : list of Path
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
    for path in paths:
        whole, source = path.read_text("utf8"), target / path.name
        try:
            text = without_solutions(whole)
        except ValueError as error:
            raise SystemExit(f"{path.name}, {error}") from None
        source.write_text(text, "utf8")
        run = cached(cache, as_notebook(whole, path)) if cache else None
        values = glued(run) if run else {}
        notebook = to_notebook(as_notebook(text, path), values, f"chapters/{path.stem}")
        nbformat.write(notebook, source.with_suffix(".ipynb"))
        written += [source, source.with_suffix(".ipynb")]
    return written


def main() -> None:
    """Write the student edition of the chapters in the table of contents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "_build" / "student")
    output = parser.parse_args().output
    cache = open_cache(ROOT / "_build" / "cache")
    written = write_student_edition(chapters(), output, cache)
    print(f"{len(written)} files written to {output}")


if __name__ == "__main__":
    main()
