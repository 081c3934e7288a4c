"""The book's own look, put into a page that needs nothing else."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path

from hubanalysis.show.figure import Figure
from hubanalysis.show.tables import Table
from hubanalysis.words.refusals import HubError

SHEETS = ("tokens", "type", "card", "figures", "tables", "print")
MARK = (
    '<svg viewBox="0 0 62 52" aria-hidden="true"><g fill="none" stroke-width="4" '
    'stroke-linecap="round"><path d="M6 46 28 38 56 14" stroke-linejoin="round" '
    'stroke="var(--hub-teal)"/><path d="m28 38 28-8" stroke="var(--hub-amber-line)" '
    'stroke-dasharray="5 6.5"/></g><circle cx="28" cy="38" r="5" '
    'fill="var(--hub-teal)"/></svg>'
)
_LETTERS = re.compile(r'url\("(fonts/[\w-]+\.woff2)"\)')
_WORDS = re.compile(r"/\*.*?\*/\s*", re.S)


def style() -> str:
    """Join the style sheets, letters and all.

    Examples
    --------
    >>> css = style()
    >>> "--hub-teal" in css, "url(fonts" in css
    (True, False)
    """
    folder = _assets()
    parts = [(folder / f"{name}.css").read_text("utf8") for name in SHEETS]
    parts.append((Path(__file__).parent / "report.css").read_text("utf8"))

    def letters(found: re.Match) -> str:
        data = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{data}")'

    return _LETTERS.sub(letters, _WORDS.sub("", "\n".join(parts)))


def _assets() -> Path:
    """Where the style sheets are: in the package, or beside a checkout's source."""
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "assets", here.parents[3] / "assets"):
        if (folder / "tokens.css").is_file():
            return folder
    raise HubError("the style sheets are missing. Install hubanalysis again.")


def shown(thing: Figure | Table) -> str:
    """Write a figure or a table for the middle of a page."""
    if isinstance(thing, Table):
        label = escape(thing.caption, quote=True)
        return (
            f'<div class="hub-scroll" tabindex="0" role="region" aria-label="{label}">'
            f"{thing.page_html()}</div>"
        )
    stop = "" if thing.title.endswith((".", "?", "!")) else "."
    return (
        f'<div class="hub-figure"><p class="hub-heading"><strong>{escape(thing.title)}'
        f"{stop}</strong> {escape(thing.unit)}</p>{thing.svg()}"
        f"{thing.svg(narrow=True)}</div>"
    )
