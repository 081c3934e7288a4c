"""MyST Markdown put into Markdown that any notebook shows.

Colab and plain Jupyter know Markdown but not MyST: directives and roles become words,
and numbers that the chapter's code said are filled in.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from tools.book.source import Fence, fences
from tools.book.works import cited
from tools.release import RELEASE, REPOSITORY
from tools.teach.tables import substitutions

SITE = "https://hubanalysis.github.io/hubanalysis"

_LABEL = re.compile(r"^\s*\([\w:.-]+\)=\s*$", re.M)
_EQUATION_LABEL = re.compile(r"^\$\$ \([\w:.-]+\)$", re.M)
_ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
_TOLD = re.compile(r"\{\{ (takes_\w+) \}\}")
_NAMED = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.DOTALL)
_PAGE_LINK = re.compile(r"\]\((?!https?:|#)([\w./-]+)\.md(#[\w-]+)?\)")

# What becomes of a directive, by its name without "-start".
_DROPPED = {"bibliography", "contents", "raw", "tableofcontents"}
_UNQUOTED = {"container", "figure", "glossary", "image", "list-table", "table"}
_TITLED = {"exercise", "solution"}
_ENTITLED = {"admonition", "card", "dropdown", "grid-item", "list-table", "table"}
_NOTES = {"caution", "hint", "important", "note", "seealso", "tip", "warning"}


@dataclass(frozen=True)
class Context:
    """What a chapter's sentences may ask for.

    Parameters
    ----------
    values : mapping
        What the code said, by name.
    figures : mapping
        Numbers of the figures, by label.
    page : str
        Where the chapter stands on the site, for instance ``chapters/intro``.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    page: str = ""


def plain_markdown(text: str, context: Context | None = None) -> str:
    r"""Put MyST Markdown into Markdown that any notebook shows.

    Parameters
    ----------
    text : str
        The Markdown of one cell.
    context : Context, optional
        What the sentences ask for.

    Raises
    ------
    KeyError
        If a sentence asks for a number, a figure or a work that is not there.

    Examples
    --------
    >>> print(plain_markdown("(here)=\n:::{note}\nSee {term}`donor`.\n:::"))
    > **Note**
    >
    > See donor.
    >>> plain_markdown("{glue:text}`rise` percent", Context({"rise": "9"}))
    '9 percent'
    >>> plain_markdown("About {{ takes_hubs }}.").startswith("About {{")
    False
    """
    context = context or Context()
    plain = partial(plain_markdown, context=context)
    lines, out, after = text.splitlines(), [], 0
    for fence in fences(text):
        block = "\n".join(lines[fence.lines.start : fence.lines.stop])
        out.append(_inline("\n".join(lines[after : fence.lines.start]), context))
        out.append(_block(fence, plain) + "\n" if fence.name else block)
        after = fence.lines.stop
    out.append(_inline("\n".join(lines[after:]), context))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def cited_in(text: str) -> list[str]:
    """Give the keys of the works that a text cites, in order.

    Examples
    --------
    >>> cited_in("As {cite:t}`Abadie2021` says {cite:p}`Bartik2020, Wren1994`.")
    ['Abadie2021', 'Bartik2020', 'Wren1994']
    """
    roles = (m for m in _ROLE.finditer(text) if m[1].startswith("cite"))
    return [key.strip() for role in roles for key in role[2].split(",")]


def _block(fence: Fence, plain: Callable[[str], str]) -> str:
    name = fence.name.removesuffix("-start")
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


def _inline(text: str, context: Context) -> str:
    text = _EQUATION_LABEL.sub("$$", _LABEL.sub("", text))
    text = _ROLE.sub(lambda m: _role(m[1], m[2], context), text)
    text = _TOLD.sub(lambda m: substitutions()[m[1]], text)
    folder = context.page.rpartition("/")[0]
    base = f"{SITE}/{folder}/" if folder else f"{SITE}/"
    return _PAGE_LINK.sub(lambda m: f"]({base}{m[1]}.html{m[2] or ''})", text)


def _role(name: str, content: str, context: Context) -> str:
    if name.startswith("glue"):
        if content not in context.values:
            raise KeyError(f"no cell says the number {content!r}")
        return context.values[content].strip("'\"")
    if name.startswith("cite"):
        works = [cited(key.strip()) for key in content.split(",")]
        if name.endswith("p"):
            bare = [work.replace("(", "").removesuffix(")") for work in works]
            return f"({'; '.join(bare)})"
        return " and ".join(works)
    if name == "numref":
        if content not in context.figures:
            raise KeyError(f"no figure is called {content!r}")
        return f"Figure {context.figures[content]}"
    if name == "math":
        return f"${content}$"
    if name == "code":
        return f"`{content}`"
    named = _NAMED.match(content)
    if name == "download" and named:
        path = named[2].removeprefix("../")
        return f"[{named[1]}]({REPOSITORY}/raw/{RELEASE}/{path})"
    return named[1] if named else content.lstrip("~!")
