"""What autodoc and napoleon are told on the pages of the library.

Both take a docstring for more than it says: the words before a colon for a type, and
what a class computes for itself for something to pass.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from sphinx.application import Sphinx

_SEVERAL = re.compile(r"\w+(, \w+)+ : ")
_PRIVATE = re.compile(r"(?:, )?\b_\w+(?:: [^,()=]+)?(?:=[^,()]+)?")


def read_whole(app: Sphinx, what, name, thing, options, lines: list[str]) -> None:
    """Keep the first line of a property, and attributes that share a line, together.

    Napoleon reads "Ranking: of the longest horizon." as a type with its meaning; an
    empty comment before it has no colon. Of "first, last : int" Sphinx would take
    "first," for the type of what follows.
    """
    if what == "property":
        lines[:0] = ["..", ""]
    if what == "class" and "Attributes" in lines:
        for place in range(lines.index("Attributes"), len(lines)):
            if found := _SEVERAL.match(lines[place]):
                shared = found[0].replace(", ", ",")
                lines[place] = shared + lines[place][found.end() :]


def hide_private(app, what, name, thing, options, signature, returns):
    """Leave out of a signature what nobody passes."""
    if not signature:
        return None
    public = _PRIVATE.sub("", signature).replace("(, ", "(")
    return public, returns


def tell_fields(soup: BeautifulSoup) -> None:
    """Call what an object holds its attributes, as its docstring does."""
    for name in soup.select("dl.py dl.field-list > dt"):
        if name.get_text() == "Variables:":
            name.find(string="Variables").replace_with("Attributes")
            for names in name.find_next_sibling("dd").find_all("strong"):
                names.string = names.get_text().replace(",", ", ")


def setup(app: Sphinx) -> dict:
    """Register the steps, before napoleon's."""
    app.connect("autodoc-process-docstring", read_whole, priority=400)
    app.connect("autodoc-process-signature", hide_private)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
