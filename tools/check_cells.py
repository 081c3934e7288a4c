"""Check the style of the chapters' code cells with ruff, in terms of their lines.

Run as ``python -m tools.check_cells [--fix]``. Each chapter's cells go into a
notebook in a temporary folder, because ruff knows what is usual in one (an expression
alone at the end of a cell, imports below the top); findings come back as lines of
the chapter.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from tools.chapters import ROOT, Cell, code_cells, is_notebook

WIDTH = 79  # so that code fits the page without a scroll bar
# Rules for modules, their documentation and tests say nothing about a chapter.
IGNORED = "D,PT,B018,E402,RUF013"

_DIFF_HEADER = re.compile(r"^--- .*?([\w-]+)\.ipynb:cell (\d+)")


def _ruff(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "ruff", *arguments]
    command += ["--config", str(ROOT / "pyproject.toml")]
    command += ["--config", f"line-length={WIDTH}", "--no-cache", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return done.stdout


def write_notebooks(
    chapters: list[Path], folder: Path
) -> dict[str, tuple[Path, list[Cell]]]:
    """Write the cells of each chapter to a notebook, and say where they came from."""
    origin = {}
    for chapter in chapters:
        cells = list(code_cells(chapter.read_text("utf8")))
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell.source) for cell in cells]
        )
        nbformat.write(notebook, folder / f"{chapter.stem}.ipynb")
        origin[chapter.stem] = (chapter, cells)
    return origin


def findings(chapters: list[Path]) -> list[str]:
    """List what ruff finds, as ``chapter:line:column: message``.

    Parameters
    ----------
    chapters : list of Path
        MyST notebooks.
    """
    found: list[tuple[str, int, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        origin = write_notebooks(chapters, folder)
        lint = _ruff(
            folder, "check", "--output-format=json", f"--extend-ignore={IGNORED}"
        )
        for item in json.loads(lint):
            chapter, cells = origin[Path(item["filename"]).stem]
            row, column = item["location"]["row"], item["location"]["column"]
            line = cells[item["cell"] - 1].line + row - 1
            code = item["code"] or "syntax"
            message = f"{chapter}:{line}:{column}: {code} {item['message']}"
            found.append((str(chapter), line, message))
        header = None
        for row in _ruff(folder, "format", "--diff").splitlines():
            # A cell that is all right has a header too, but no hunk after it.
            header = _DIFF_HEADER.match(row) or header
            if row.startswith("@@") and header:
                chapter, cells = origin[header[1]]
                line = cells[int(header[2]) - 1].line
                message = f"{chapter}:{line}: this cell is not formatted (make format)"
                found.append((str(chapter), line, message))
                header = None
    return [message for *_, message in sorted(found)]


def fix(chapters: list[Path]) -> int:
    """Format the cells in place and return how many changed."""
    changed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        origin = write_notebooks(chapters, folder)
        _ruff(folder, "check", "--fix", "--quiet", f"--extend-ignore={IGNORED}")
        _ruff(folder, "format", "--quiet")
        for stem, (chapter, cells) in origin.items():
            lines = chapter.read_text("utf8").splitlines()
            formatted = nbformat.read(folder / f"{stem}.ipynb", as_version=4).cells
            # From the end, so that earlier line numbers stay right.
            for cell, new in reversed(list(zip(cells, formatted, strict=True))):
                if cell.source != new.source.rstrip():
                    length = len(cell.source.splitlines())
                    start = cell.line - 1
                    lines[start : start + length] = new.source.rstrip().splitlines()
                    changed += 1
            text = "\n".join(lines) + "\n"
            if text != chapter.read_text("utf8"):
                chapter.write_text(text, "utf8")
    return changed


def main() -> None:
    """Check, or with ``--fix`` format, every chapter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fix", action="store_true", help="format the cells in place")
    arguments = parser.parse_args()
    chapters = [
        path.relative_to(ROOT)
        for path in sorted((ROOT / "chapters").rglob("*.md"))
        if is_notebook(path.read_text("utf8"))
    ]
    if arguments.fix:
        print(f"{fix(chapters)} cells changed")
        return
    if found := findings(chapters):
        raise SystemExit("\n".join([*found, f"\n{len(found)} findings in code cells."]))
    print(f"Code cells of {len(chapters)} chapters: all well.")


if __name__ == "__main__":
    main()
