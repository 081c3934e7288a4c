"""Make one small style sheet of those of the extensions and our own.

The extensions bring eight files, most of them for what no page here has. A rule stays
if each class and id it asks for is a word of some page or script.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from sphinx.application import Sphinx

_SHEET = re.compile(r'<link rel="stylesheet" href="([^"?]+)(?:\?[^"]*)?">\n?')
_WORD = re.compile(r"[\w-]+")
_NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
_DARK_CODE = 'html[data-theme="dark"] .highlight'
_INNER = {"media", "supports", "layer", "container"}


def write_sheet(app: Sphinx, error: Exception | None) -> None:
    """Put one sheet in the place of all those that a built page asks for."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    pages = {path: path.read_text("utf8") for path in site.rglob("*.html")}
    sheets = next((s for t in pages.values() if (s := _SHEET.findall(t))), [])
    sheets = [re.sub(r"^(\.\./)+", "", sheet) for sheet in sheets]
    scripts = [p.read_text("utf8") for p in (site / "_static").rglob("*.js")]
    words = {
        word for text in [*pages.values(), *scripts] for word in _WORD.findall(text)
    }
    css = "".join(
        slim(moved((site / s).read_text("utf8"), Path(s).parent), words) for s in sheets
    )
    name = f"_static/book.{hashlib.sha256(css.encode()).hexdigest()[:12]}.css"
    (site / name).write_text(css, "utf8")
    for path, text in pages.items():
        if found := _SHEET.search(text):
            up = "../" * len(path.relative_to(site).parents[1:])
            link = f'<link rel="stylesheet" href="{up}{name}">\n'
            rest = _SHEET.sub("", text[found.end() :])
            path.write_text(text[: found.start()] + link + rest, "utf8")
    clear(site)


def moved(css: str, folder: Path) -> str:
    """Rewrite addresses for a sheet that is moved from `folder` to ``_static``.

    Examples
    --------
    >>> moved("a{b:url(../font.woff2)}", Path("_static/styles"))
    'a{b:url(font.woff2)}'
    """
    inside = folder.relative_to("_static")

    def place(found: re.Match) -> str:
        parts: list[str] = []
        for part in (inside / found[1]).parts:
            if part == ".." and parts:
                parts.pop()
            else:
                parts.append(part)
        return f"url({'/'.join(parts)})"

    return _ADDRESS.sub(place, css)


def slim(css: str, words: set[str]) -> str:
    """Leave out comments, white space and rules that match none of the words.

    Parameters
    ----------
    css : str
        A style sheet.
    words : set of str
        Every word of pages and scripts: names of classes and ids are among them.

    Examples
    --------
    >>> slim("/* words */ .seen, .unseen a { color: red }", {"seen"})
    '.seen{color: red}'
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, words))


def _kept(rules: Iterable, words: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [
                selector.strip()
                for selector in _split(tinycss2.serialize(rule.prelude))
                if _asked(selector) <= words
            ]
            if selectors:
                kept = f"{','.join(selectors)}{{{_short(rule.content)}}}"
                # Paper is light: the dark theme's colours of code would vanish on it.
                dark = all(_DARK_CODE in selector for selector in selectors)
                yield f"@media screen{{{kept}}}" if dark else kept
        elif rule.type == "at-rule" and rule.content is not None:
            head = f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}"
            if rule.lower_at_keyword in _INNER:
                inner = tinycss2.parse_rule_list(
                    rule.content, skip_comments=True, skip_whitespace=True
                )
                if text := "".join(_kept(inner, words)):
                    yield f"{head}{{{text}}}"
            else:
                yield f"{head}{{{_short(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword != "charset":
            yield rule.serialize()


def _short(content: list) -> str:
    """Write declarations without comments and line breaks."""
    plain = [token for token in content if token.type != "comment"]
    return re.sub(r"\s+", " ", tinycss2.serialize(plain)).strip().rstrip(";")


def _split(prelude: str) -> Iterator[str]:
    """Split a list of selectors at the commas outside brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            yield prelude[start:place]
            start = place + 1
    yield prelude[start:]


def _asked(selector: str) -> set[str]:
    """Name the classes and ids without which a selector can match nothing.

    What stands in brackets may be one of several, or be asked to be absent.
    """
    bare, depth = [], 0
    for sign in selector:
        depth += sign in "(["
        if depth == 0:
            bare.append(sign)
        depth -= sign in ")]"
    return set(_NAME.findall("".join(bare)))


def clear(site: Path) -> None:
    """Remove files of ``_static`` that no page, sheet or script names."""
    files = {path for path in (site / "_static").rglob("*") if path.is_file()}
    todo = [path for path in site.rglob("*.html") if path not in files]
    text_of = {".html", ".css", ".js"}
    kept: set[Path] = set()
    while todo:
        path = todo.pop()
        text = path.read_text("utf8")
        for other in files - kept:
            if other.name in text or other.name.startswith("LICENSE"):
                kept.add(other)
                if other.suffix in text_of:
                    todo.append(other)
    for path in files - kept:
        path.unlink()
    for folder in sorted((site / "_static").rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
