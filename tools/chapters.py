"""What the other scripts need to know about a chapter's source."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]

# What an executed cell can see besides its own source. A change in any of these
# makes every cached output stale.
CELL_INPUTS = ("data", "src", "requirements.txt", "pyproject.toml")

# What can change a built page besides the chapters.
PAGE_INPUTS = ("_config.yml", "_toc.yml", "references.bib", "assets", "tools")

_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class Cell:
    """A code cell as it stands in a chapter.

    Parameters
    ----------
    line : int
        Line of the chapter, from 1, on which the first line of code stands.
    source : str
        The code, without the fence and without the option lines.
    options : str
        The option lines as written, for instance ``":tags: [hide-input]"``.
    """

    line: int
    source: str
    options: str = ""


def code_cells(text: str) -> Iterator[Cell]:
    r"""Yield the code cells of a chapter, in order.

    Cells nested in another directive are left out, as they are not executed.

    Examples
    --------
    >>> text = "# Title\n\n```{code-cell}\n:tags: [hide-input]\n1 + 1\n```\n"
    >>> list(code_cells(text))
    [Cell(line=5, source='1 + 1', options=':tags: [hide-input]')]
    """
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        # A colon fence is not opaque: what it holds is read like the rest.
        if not opening or opening["fence"][0] == ":":
            number += 1
            continue
        fence = opening["fence"]
        body_from = number + 1
        number = body_from
        while number < len(lines) and not _closes(lines[number], fence):
            number += 1
        if opening["info"].strip().startswith("{code-cell}"):
            yield _cell(lines[body_from:number], body_from)
        number += 1


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}


def _cell(body: list[str], body_from: int) -> Cell:
    start = 0
    if body and body[0].strip() == "---":
        start = next(
            (i + 1 for i, line in enumerate(body[1:], 1) if line.strip() == "---"), 0
        )
    else:
        while start < len(body) and body[start].lstrip().startswith(":"):
            start += 1
    options = "\n".join(body[:start])
    while start < len(body) and not body[start].strip():
        start += 1
    source = "\n".join(body[start:]).rstrip()
    return Cell(line=body_from + start + 1, source=source, options=options)


def is_notebook(text: str) -> bool:
    """Say whether a page is executed: its header names the MyST notebook format."""
    header = text.split("\n---", 1)[0] if text.startswith("---") else ""
    return "format_name: myst" in header or "file_format: mystnb" in header


def pages(root: Path = ROOT) -> list[Path]:
    """List the pages that ``_toc.yml`` names, in reading order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf8"))
    found = []
    for name in _files(toc):
        path = root / name
        found.append(path if path.suffix else path.with_suffix(".md"))
    if missing := [path for path in found if not path.is_file()]:
        names = ", ".join(str(path.relative_to(root)) for path in missing)
        raise FileNotFoundError(f"_toc.yml names pages that do not exist: {names}")
    return found


def _files(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("root", "file"):
                yield value
            else:
                yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)


def notebooks(root: Path = ROOT) -> list[Path]:
    """List the pages of ``_toc.yml`` that hold code to execute."""
    return [path for path in pages(root) if is_notebook(path.read_text("utf8"))]


def fingerprint(names: Iterable[str], root: Path = ROOT) -> str:
    """Hash the content of files and folders, whatever their modification times.

    Parameters
    ----------
    names : iterable of str
        Files and folders, relative to `root`. One that is absent counts as empty.
    root : Path
        The repository.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        start = root / name
        files = sorted(start.rglob("*")) if start.is_dir() else [start]
        for path in files:
            if not path.is_file() or _is_scratch(path.relative_to(root)):
                continue
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _is_scratch(path: Path) -> bool:
    return path.suffix == ".pyc" or any(
        part.startswith(".") or part in {"__pycache__", "node_modules"}
        for part in path.parts
    )
