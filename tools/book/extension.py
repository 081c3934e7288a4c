"""What the book asks of Sphinx beyond the theme's own options.

* Colab cannot open a ``.md`` chapter. The build publishes a ``.ipynb`` of each under
  ``notebooks/`` of the site, which the site's branch ``gh-pages`` holds; the Colab
  and download buttons are pointed there.
* Binder opens the release that the page shows, not what has come since.
* No page names another host: the theme's Thebe scripts, which the book does not use,
  are left out.
* Tables have captions and scoped headers (`tables`).
"""

from __future__ import annotations

from pathlib import PurePosixPath

from sphinx.application import Sphinx

from tools.book import tables
from tools.book.chapters import RELEASE

SITE_BRANCH = "gh-pages"


def repoint_buttons(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Point the notebook buttons of a page at its published notebook."""
    notebook = f"notebooks/{PurePosixPath(pagename).name}.ipynb"
    options = app.config.html_theme_options
    repository = options["repository_url"].removeprefix("https://github.com/")
    colab = options.get("launch_buttons", {}).get("colab_url", "").rstrip("/")
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("text") == "Colab":
                button["url"] = (
                    f"{colab}/github/{repository}/blob/{SITE_BRANCH}/{notebook}"
                )
            elif button.get("text") == "Binder":
                branch = options["repository_branch"]
                button["url"] = button["url"].replace(f"/{branch}?", f"/{RELEASE}?")
            elif button.get("label") == "download-notebook-button":
                button["url"] = context["pathto"](notebook, 1)


def drop_thebe(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Leave Thebe's scripts out of a page."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe" not in str(getattr(script, "filename", script)).lower()
        and "THEBE" not in getattr(script, "attributes", {}).get("body", "")
    ]


def setup(app: Sphinx) -> dict:
    """Register the steps, after the theme's own (which run at up to 501)."""
    app.connect("html-page-context", repoint_buttons, priority=900)
    app.connect("html-page-context", drop_thebe, priority=900)
    tables.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
