"""Read a chapter's source as the book does: with MyST's own parser and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it.renderer import RendererHTML
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser
from nbformat import NotebookNode

from tools.book.chapters import ROOT, pages

_BOOK = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
CONFIG = MdParserConfig(enable_extensions=_BOOK["parse"]["myst_enable_extensions"])
_PARSER = create_md_parser(CONFIG, RendererHTML)
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")


class ChapterError(Exception):
    """A chapter that cannot be published: where, what, and the traceback."""

    def __init__(self, path: Path, line: int, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}:{line}: {reason}\n\n{detail}".rstrip())
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True)
class Chapter:
    """A chapter that holds code.

    Parameters
    ----------
    path : Path
        The source.
    notebook : NotebookNode
        The notebook that the book makes of it.
    code : list of tuple
        Each code cell of `notebook`, after the line of the source, from 1, on which
        its code starts.
    """

    path: Path
    notebook: NotebookNode
    code: list[tuple[int, NotebookNode]]


def as_notebook(text: str, path: Path | None = None) -> NotebookNode:
    """Turn a chapter's source into the notebook that the book makes of it."""
    return read_myst_markdown_notebook(
        text, config=CONFIG, add_source_map=True, path=path
    )


def read(path: Path) -> Chapter:
    """Read a chapter, and find its code cells in the source.

    Raises
    ------
    ChapterError
        If a fence is not closed, or if a cell's code does not stand in the source,
        as with the option ``load``.
    """
    text = path.read_text("utf8")
    try:
        list(fences(text))
    except ValueError as error:
        raise ChapterError(path, 1, str(error)) from None
    notebook, lines, code = as_notebook(text, path), text.splitlines(), []
    for cell, start in zip(notebook.cells, notebook.metadata.source_map, strict=True):
        if cell.cell_type == "code":
            source = cell.source.splitlines()
            places = range(start, len(lines))  # the cell's options come first
            found = (i for i in places if lines[i : i + len(source)] == source)
            if (first := next(found, None)) is None:
                raise ChapterError(path, start, "the code cell is not read as written")
            code.append((first + 1, cell))
    return Chapter(path, notebook, code)


def is_notebook(path: Path) -> bool:
    """Say whether a page is executed: its header names the MyST notebook format."""
    return is_myst_markdown_notebook(path.read_text("utf8"))


def chapters(root: Path = ROOT) -> list[Path]:
    """List the pages of ``_toc.yml`` that hold code to execute."""
    return [path for path in pages(root) if is_notebook(path)]


def draws(path: Path) -> bool:
    """Say whether a chapter has figures that it names, of which slides are made."""
    return 'name="fig-' in path.read_text("utf8")


@dataclass(frozen=True)
class Fence:
    """A fenced block: a directive, or plain code if it has no name.

    Parameters
    ----------
    name, argument : str
        What stands on the first line, for instance ``note``.
    options : dict
        The options by name.
    body : str
        The content without the options.
    lines : range
        The lines of the text that the block takes up, from 0.
    """

    name: str
    argument: str
    options: dict[str, str]
    body: str
    lines: range


def fences(text: str) -> Iterator[Fence]:
    r"""Yield the fenced blocks of a text, in order, but not what is nested in them.

    Raises
    ------
    ValueError
        If a block is not closed.

    Examples
    --------
    >>> list(fences("# Title\n\n:::{note}\n:class: wide\nWords.\n:::\n"))
    [Fence(name='note', argument='', options={'class': 'wide'}, body='Words.',
           lines=range(2, 6))]
    """
    lines = text.splitlines()
    for token in _PARSER.parse(text):
        if token.type in ("fence", "colon_fence"):
            block = range(*token.map)
            if len(block) < 2 or not lines[block[-1]].strip().startswith(token.markup):
                raise ValueError(f"line {block[0] + 1}: this directive is never closed")
            directive = _DIRECTIVE.match(token.info.strip())
            name, argument = directive.groups() if directive else ("", "")
            # docutils' directive for tests is the one that takes whatever options.
            content = parse_directive_text(TestDirective, "", token.content)
            body = "\n".join(content.body) if name else token.content
            yield Fence(name, argument.strip(), content.options, body, block)
