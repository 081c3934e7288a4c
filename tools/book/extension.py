"""What the book asks of Sphinx beyond the theme's own options.

Each step stands in a module of its own:

* `frame`, `head`: what the templates show around a page and say of it;
* `content`: mends the body of a page, so that it is read aloud and needs no script;
* `tables`: captions and scoped headers;
* `numbering`: figures and exercises count by chapter;
* `formulas`: MathML in the place of a script;
* `addresses`: the landing page at the root, redirects, sitemap;
* `cards`: the picture of a shared link;
* `reference`: what docstrings say, and no more;
* `to_try`: the scripts of things to try;
* `styles`: one small style sheet, and no file that no page asks for.
"""

from __future__ import annotations

import platform
from importlib.metadata import version

from sphinx.application import Sphinx
from sphinx.config import Config

from tools.book import (
    addresses,
    cards,
    content,
    formulas,
    frame,
    head,
    numbering,
    reference,
    styles,
    tables,
    to_try,
)
from tools.teach.tables import substitutions as teaching


def name_build(app: Sphinx, config: Config) -> None:
    """Let a page name the build, as ``{{ release }}``, and ask for tables."""
    build = frame.identity()
    config.myst_substitutions = {
        "release": build.release,
        "commit": f"`{build.commit}`" if build.commit else "(none: no git here)",
        "date": build.date,
        "changed": ", with changes that are not committed" if build.changed else "",
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pandas", "scipy")},
        **teaching(),
    }


def setup(app: Sphinx) -> dict:
    """Register the steps, after the theme's own (which run at up to 501)."""
    formulas.setup(app)
    app.connect("config-inited", name_build, priority=400)
    app.connect("builder-inited", addresses.root_first)
    app.connect("env-get-updated", numbering.by_chapter, priority=900)
    tables.setup(app)
    reference.setup(app)
    for step in (content.mend, frame.dress, head.describe, to_try.load):
        app.connect("html-page-context", step, priority=900)
    for step in (cards.write_cards, addresses.write_addresses, styles.write_sheet):
        app.connect("build-finished", step, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
