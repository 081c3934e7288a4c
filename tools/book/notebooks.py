"""Turn chapters into notebooks for readers who open them elsewhere.

Colab and plain Jupyter know Markdown but not MyST, so directives and roles are put
into plain Markdown, and numbers that the chapter's code computes are filled in.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

import nbformat
from pybtex.database import parse_file

from tools.book.chapters import RELEASE, ROOT
from tools.book.source import Fence, fences

SITE = "https://hubanalysis.github.io/hubanalysis"
REPOSITORY = "https://github.com/hubanalysis/hubanalysis"

COLAB_CELL = f"""\
# On Google Colab, fetch the library and its data. Elsewhere this does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet "hubanalysis @ git+{REPOSITORY}@{RELEASE}"
"""

_LABEL = re.compile(r"^\s*\([\w:.-]+\)=\s*$", re.M)
_EQUATION_LABEL = re.compile(r"^\$\$ \([\w:.-]+\)$", re.M)
_ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
_NAMED = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.DOTALL)
_PAGE_LINK = re.compile(r"\]\((?!https?:|#)([\w./-]+)\.md(#[\w-]+)?\)")

# What becomes of a directive, by its name without "prf:" and "-start".
_DROPPED = {"bibliography", "contents", "raw", "tableofcontents"}
_UNQUOTED = {"figure", "glossary", "image", "list-table", "table"}
_TITLED = {"definition", "exercise", "proof", "solution", "theorem"}
_ENTITLED = {"admonition", "card", "dropdown", "grid-item", "list-table", "table"}
_NOTES = {"caution", "hint", "important", "note", "seealso", "tip", "warning"}


def glued(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Collect the values that a chapter glued, as text, by name."""
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kept = output.get("metadata", {}).get("scrapbook", {})
            for kind, text in output.get("data", {}).items():
                if kept and kind.endswith(("text/markdown", "text/plain")):
                    values[kept["name"]] = text
    return values


@cache
def _references(path: Path) -> Mapping[str, str]:
    """Map each citation key to ``Abadie et al. (2010)``."""
    if not path.is_file():
        return {}
    cited = {}
    for key, entry in parse_file(str(path)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [" ".join(p.prelast_names + p.last_names).strip("{}") for p in people]
        if len(names) > 2:
            names = [f"{names[0]} et al."]
        cited[key] = f"{' and '.join(names)} ({entry.fields.get('year', 'n.d.')})"
    return cited


def plain_markdown(
    text: str, values: Mapping[str, str] | None = None, page: str = ""
) -> str:
    r"""Put MyST Markdown into Markdown that any notebook shows.

    Parameters
    ----------
    text : str
        The Markdown of one cell.
    values : mapping, optional
        Glued values by name.
    page : str
        Where the chapter stands on the site, for links to other pages.

    Examples
    --------
    >>> print(plain_markdown("(here)=\n:::{note}\nSee {term}`donor`.\n:::"))
    > **Note**
    >
    > See donor.
    """
    plain = partial(plain_markdown, values=values, page=page)
    lines, out, after = text.splitlines(), [], 0
    for fence in fences(text):
        block = "\n".join(lines[fence.lines.start : fence.lines.stop])
        out.append(_inline("\n".join(lines[after : fence.lines.start]), values, page))
        out.append(_block(fence, plain) + "\n" if fence.name else block)
        after = fence.lines.stop
    out.append(_inline("\n".join(lines[after:]), values, page))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _block(fence: Fence, plain: Callable[[str], str]) -> str:
    name = fence.name.removeprefix("prf:").removesuffix("-start")
    title = plain(fence.argument)
    if name in _DROPPED or name.endswith("-end"):
        return ""
    if name == "math":
        return f"$$\n{fence.body}\n$$"
    if name in ("figure", "image"):
        title = f"![{fence.options.get('alt', '')}]({fence.argument})"
    elif name in _TITLED:
        named = title and name != "solution"  # which is named by a label
        title = f"**{name.capitalize()}{': ' + title if named else ''}**"
    elif name in _NOTES:
        title = f"**{name.capitalize()}**\n\n{title}".strip()
    elif title:
        title = f"**{title}**" if name in _ENTITLED else ""
    text = "\n\n".join(filter(None, [title, plain(fence.body)]))
    if name in _UNQUOTED or fence.name.endswith("-start"):
        return text
    quoted = textwrap.indent(text, "> ", lambda line: True)
    return re.sub(" +$", "", quoted, flags=re.M)


def _inline(text: str, values: Mapping[str, str] | None, page: str) -> str:
    text = _EQUATION_LABEL.sub("$$", _LABEL.sub("", text))
    text = _ROLE.sub(lambda m: _role(m[1], m[2], values or {}), text)
    folder = page.rpartition("/")[0]
    base = f"{SITE}/{folder}/" if folder else f"{SITE}/"
    return _PAGE_LINK.sub(lambda m: f"]({base}{m[1]}.html{m[2] or ''})", text)


def _role(name: str, content: str, values: Mapping[str, str]) -> str:
    if name.startswith("glue"):
        key, _, form = content.partition(":")
        return _formatted(values.get(key, f"`{key}`"), form)
    if name.startswith("cite"):
        known = _references(ROOT / "references.bib")
        works = [known.get(k.strip(), k.strip()) for k in content.split(",")]
        if name.endswith("t"):
            return " and ".join(works)
        bare = [work.replace("(", "").removesuffix(")") for work in works]
        return f"({'; '.join(bare)})"
    if name == "math":
        return f"${content}$"
    if named := _NAMED.match(content):
        return named[1]
    return content.lstrip("~!") if name != "code" else f"`{content}`"


def _formatted(value: str, form: str) -> str:
    text = value.strip("'\"")
    if form:
        try:
            return format(float(text), form)
        except ValueError:
            return text
    return text


def to_notebook(
    notebook: nbformat.NotebookNode,
    values: Mapping[str, str] | None = None,
    page: str = "",
) -> nbformat.NotebookNode:
    """Make a notebook without outputs that runs in Jupyter and on Colab.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter as read from its source, executed or not.
    values : mapping, optional
        Glued values by name, those found in the outputs of `notebook` if absent.
    page : str
        Where the chapter stands on the site, for instance ``chapters/intro``.
    """
    values = glued(notebook) if values is None else values
    cells = [nbformat.v4.new_code_cell(COLAB_CELL)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if _only_says(cell):
                continue
            cells.append(nbformat.v4.new_code_cell(cell.source))
            cells[-1].metadata = _shown_tags(cell.metadata)
        elif text := plain_markdown(cell.source, values, page):
            cells.append(nbformat.v4.new_markdown_cell(text))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # nbformat draws ids at random
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


def _only_says(cell: nbformat.NotebookNode) -> bool:
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


def _shown_tags(metadata) -> dict:
    """Fold in Colab what the book folds."""
    tags = list(metadata.get("tags", []))
    hidden = {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags)
    return {"cellView": "form", "tags": tags} if hidden else {}


def publish(chapter: Path, notebook: nbformat.NotebookNode, site: Path) -> None:
    """Write the notebook of an executed chapter under ``notebooks/`` of the site.

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
