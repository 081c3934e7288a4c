"""The scripts of things to try: each page asks for those of the elements in it."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

_ELEMENT = re.compile(r'<hub-(\w+) class="hub-try"')


def modules(body: str) -> list[str]:
    """Name the modules that the elements of a page need.

    Examples
    --------
    >>> modules('<hub-deal class="hub-try">'), modules("<p>")
    (['base', 'deal'], [])
    """
    found = sorted(set(_ELEMENT.findall(body)))
    boxes = ["ticks"] if "task-list-item-checkbox" in body else []
    return (["base", *found] if found else []) + boxes


def load(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Tell the template which modules the page needs."""
    context["to_try"] = modules(context.get("body") or "")
