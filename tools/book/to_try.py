"""The scripts of things to try: each page asks for those of the elements in it."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

_ELEMENT = re.compile(r'<hub-(\w+) class="hub-try"')


def scripts(body: str) -> list[str]:
    """Name the scripts that the elements of a page need, in their order.

    Examples
    --------
    >>> scripts('<hub-deal class="hub-try">'), scripts("<p>")
    (['base', 'deal'], [])
    """
    found = sorted(set(_ELEMENT.findall(body)))
    boxes = ["ticks"] if "task-list-item-checkbox" in body else []
    first = ["base", "estimators"] if "pretend" in found else ["base"]
    return (first + found if found else []) + boxes


def load(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Tell the template which scripts the page needs."""
    context["to_try"] = scripts(context.get("body") or "")
