"""What typeface and folds ask of a page beyond style sheets.

* The upright letters are asked for at once, not when the style sheet has come.
* A fold is called by the word that is seen on it.
"""

from __future__ import annotations

from sphinx.application import Sphinx

LETTERS = "_static/fonts/hub-sans.woff2"


def preload(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Ask for the letters in the head of a page."""
    address = context["pathto"](LETTERS, 1)
    link = (
        f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>'
    )
    context["metatags"] = context.get("metatags", "") + f"\n{link}"


def name_folds(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Drop MyST-NB's label, which hides the word on a fold from screen readers."""
    if body := context.get("body"):
        context["body"] = body.replace(' aria-label="Toggle hidden content"', "")


def setup(app: Sphinx) -> dict:
    """Register both."""
    app.connect("html-page-context", preload)
    app.connect("html-page-context", name_folds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
