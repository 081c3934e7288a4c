"""Turn chapters into notebooks for readers who open them elsewhere.

Colab and plain Jupyter know Markdown but not MyST, so directives and roles are put
into plain Markdown, and numbers that the chapter's code computes are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import nbformat
from pybtex.database import parse_file

from tools.chapters import ROOT

SITE = "https://hubanalysis.github.io/hubanalysis"
REPOSITORY = "https://github.com/hubanalysis/hubanalysis"

COLAB_CELL = f"""\
# On Google Colab, fetch the library and its data. Elsewhere this does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet myst-nb "hubanalysis @ git+{REPOSITORY}"
"""

_FENCE = re.compile(r"^\s{0,3}(`{3,}|:{3,}|~{3,})\s*(?:\{([\w:-]+)\}\s*(.*))?$")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
_ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
_NAMED = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.DOTALL)
_PAGE_LINK = re.compile(r"\]\((?!https?:|#)([\w./-]+)\.md(#[\w-]+)?\)")
_DROPPED = {
    "bibliography",
    "contents",
    "glue:figure-end",
    "raw",
    "solution-end",
    "exercise-end",
    "tableofcontents",
}
_TITLES = {
    "exercise": "Exercise",
    "exercise-start": "Exercise",
    "solution": "Solution",
    "solution-start": "Solution",
    "prf:definition": "Definition",
    "prf:theorem": "Theorem",
    "prf:proof": "Proof",
}


def glued(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Collect the values that a chapter glued, as text, by name."""
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                data = output.get("data", {})
                values[name] = next(
                    (
                        text
                        for kind, text in data.items()
                        if kind.endswith(("text/markdown", "text/plain"))
                    ),
                    name,
                )
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
    out: list[str] = []
    lines = text.splitlines()
    open_fences: list[tuple[str, str]] = []  # (fence, prefix for its lines)
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        fence = _FENCE.match(line)
        prefix = "".join(p for _, p in open_fences)
        if fence and not fence[2] and open_fences and fence[1] == open_fences[-1][0]:
            open_fences.pop()
            out.append("")
            continue
        if fence and not fence[2]:  # plain code, copied as it is
            end = number
            while end < len(lines) and lines[end].strip() != fence[1]:
                end += 1
            out += [prefix + code for code in lines[number - 1 : end + 1]]
            number = end + 1
            continue
        if not fence:
            if not re.fullmatch(r"\([\w:.-]+\)=", line.strip()):
                out.append((prefix + _inline(line, values, page)).rstrip())
            continue
        name, argument = fence[2], fence[3].strip()
        options = {}
        while number < len(lines) and (option := _OPTION.match(lines[number])):
            options[option[1]] = option[2]
            number += 1
        if name in _DROPPED:
            end = number
            while end < len(lines) and lines[end].strip() != fence[1]:
                end += 1
            number = end + 1
        elif name == "math":
            end = next(
                i for i in range(number, len(lines)) if lines[i].strip() == fence[1]
            )
            body = [prefix + row for row in lines[number:end]]
            out += [prefix + "$$", *body, prefix + "$$"]
            number = end + 1
        else:
            quoted = prefix + _quote(name)
            heading = _heading(name, argument, options, values, page)
            if heading:
                out += [(quoted + heading).rstrip(), quoted.rstrip()]
            open_fences.append((fence[1], _quote(name)))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _quote(name: str) -> str:
    unquoted = {"figure", "glue:figure", "glue", "glossary", "table", "list-table"}
    return "" if name in unquoted or name.endswith("-start") else "> "


def _heading(name, argument, options, values, page) -> str:
    title = _inline(argument, values, page)
    if name in ("figure", "image"):
        return f"![{options.get('alt', '')}]({argument})"
    if name.startswith("glue"):
        return ""
    if name.startswith("solution"):
        return "**Solution**"
    if name in _TITLES:
        return f"**{_TITLES[name]}{': ' + title if title else ''}**"
    if name in ("admonition", "dropdown", "table", "list-table", "card", "grid-item"):
        return f"**{title}**" if title else ""
    known = {"note", "tip", "warning", "important", "hint", "seealso", "caution"}
    return f"**{name.capitalize()}**" if name in known else ""


def _inline(line: str, values: Mapping[str, str] | None, page: str) -> str:
    line = re.sub(r"^\$\$ \([\w:.-]+\)$", "$$", line)
    line = _ROLE.sub(lambda m: _role(m[1], m[2], values or {}), line)
    folder = page.rpartition("/")[0]
    base = f"{SITE}/{folder}/" if folder else f"{SITE}/"
    return _PAGE_LINK.sub(lambda m: f"]({base}{m[1]}.html{m[2] or ''})", line)


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
            cells.append(nbformat.v4.new_code_cell(cell.source))
            cells[-1].metadata = _shown_tags(cell.metadata)
        elif text := plain_markdown(cell.source, values, page):
            cells.append(nbformat.v4.new_markdown_cell(text))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # nbformat draws ids at random
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


def _shown_tags(metadata) -> dict:
    """Fold in Colab what the book folds."""
    tags = list(metadata.get("tags", []))
    hidden = {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags)
    return {"cellView": "form", "tags": tags} if hidden else {}


def publish(chapter: Path, notebook: nbformat.NotebookNode, site: Path) -> Path:
    """Write the notebook of an executed chapter under ``notebooks/`` of the site."""
    page = (
        chapter.relative_to(ROOT).with_suffix("").as_posix()
        if (chapter.is_relative_to(ROOT))
        else chapter.stem
    )
    target = site / "notebooks" / f"{chapter.stem}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(to_notebook(notebook, page=page), target)
    return target
