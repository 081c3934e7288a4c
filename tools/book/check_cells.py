"""Check the style of the chapters' code cells with ruff, in terms of their lines.

Run as ``python -m tools.book.check_cells [--fix]``. Each chapter's cells go into a
notebook in a temporary folder, because ruff knows what is usual in one (an expression
alone at the end of a cell, imports below the top); findings come back as lines of
the chapter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from tools.book.chapters import ROOT
from tools.book.source import Chapter, is_notebook, read

WIDTH = 79  # so that code fits the page without a scroll bar
FOLDED = (
    110  # where the page shows it only on request: sentences of figures stand there
)
UNSEEN = {"hide-input", "remove-input", "remove-cell"}
# Rules for modules, their documentation and tests say nothing about a chapter.
IGNORED = "--extend-ignore=D,PT,B018,E402,RUF013"


def _ruff(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "ruff", *arguments]
    command += ["--config", str(ROOT / "pyproject.toml")]
    command += ["--config", f"line-length={WIDTH}", "--no-cache", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return done.stdout


@contextmanager
def as_notebooks(paths: list[Path]) -> Iterator[tuple[Path, dict[str, Chapter]]]:
    """Write the code cells of each chapter to a notebook in a temporary folder.

    Yields
    ------
    tuple
        The folder, and the chapters by the names of their notebooks.
    """
    chapters = {path.stem: read(path) for path in paths}
    with tempfile.TemporaryDirectory() as name:
        for stem, chapter in chapters.items():
            cells = [nbformat.v4.new_code_cell(cell.source) for _, cell in chapter.code]
            notebook = nbformat.v4.new_notebook(cells=cells)
            nbformat.write(notebook, Path(name) / f"{stem}.ipynb")
        yield Path(name), chapters


def _formatted(
    folder: Path, chapters: dict[str, Chapter]
) -> Iterator[tuple[Chapter, int, str, str]]:
    """Yield the cells that ruff formats otherwise: where, their code, and ruff's."""
    _ruff(folder, "format", "--quiet")
    for stem, chapter in chapters.items():
        cells = nbformat.read(folder / f"{stem}.ipynb", as_version=4).cells
        for (line, old), new in zip(chapter.code, cells, strict=True):
            if old.source != new.source:
                yield chapter, line, old.source, new.source


def findings(paths: list[Path]) -> list[str]:
    """List what ruff finds, as ``chapter:line:column: message``.

    Parameters
    ----------
    paths : list of Path
        MyST notebooks.
    """
    found: list[tuple[Path, int, str]] = []
    with as_notebooks(paths) as (folder, chapters):
        for item in json.loads(_ruff(folder, "check", "--output-format=json", IGNORED)):
            chapter, where = chapters[Path(item["filename"]).stem], item["location"]
            start, cell = chapter.code[item["cell"] - 1]
            hidden = UNSEEN & set(cell.metadata.get("tags", ()))
            written = cell.source.splitlines()[where["row"] - 1]
            if item["code"] == "E501" and hidden and len(written) <= FOLDED:
                continue
            line = start + where["row"] - 1
            rule = f"{item['code'] or 'syntax'} {item['message']}"
            found.append((chapter.path, line, f"{where['column']}: {rule}"))
        for chapter, line, *_ in _formatted(folder, chapters):
            message = " this cell is not formatted (make format)"
            found.append((chapter.path, line, message))
    return [f"{path}:{line}:{message}" for path, line, message in sorted(found)]


def fix(paths: list[Path]) -> int:
    """Format the cells in place and return how many changed."""
    with as_notebooks(paths) as (folder, chapters):
        _ruff(folder, "check", "--fix", "--quiet", IGNORED)
        changes = list(_formatted(folder, chapters))
    # From the end, so that earlier line numbers stay right.
    for chapter, line, old, new in reversed(changes):
        lines = chapter.path.read_text("utf8").splitlines()
        lines[line - 1 : line - 1 + len(old.splitlines())] = new.splitlines()
        chapter.path.write_text("\n".join(lines) + "\n", "utf8")
    return len(changes)


def main() -> None:
    """Check, or with ``--fix`` format, every chapter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fix", action="store_true", help="format the cells in place")
    arguments = parser.parse_args()
    sources = sorted((ROOT / "chapters").rglob("*.md"))
    paths = [path.relative_to(ROOT) for path in sources if is_notebook(path)]
    if arguments.fix:
        print(f"{fix(paths)} cells changed")
        return
    if found := findings(paths):
        raise SystemExit("\n".join([*found, f"\n{len(found)} findings in code cells."]))
    print(f"Code cells of {len(paths)} chapters: all well.")


if __name__ == "__main__":
    main()
