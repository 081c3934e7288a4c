"""What the frame of a page shows: parts of the book, headings, who, when and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sphinx.application import Sphinx

from tools.book.icons import icon
from tools.book.identity import this_build

BUILD_PAGE = "chapters/this-build"
identity = cache(this_build)


@dataclass(frozen=True)
class Part:
    """A part of the table of contents: its caption, and each page with its title."""

    caption: str
    pages: list[tuple[str, str]]

    @property
    def first(self) -> str:
        """The page with which the part begins."""
        return self.pages[0][0]


def parts(app: Sphinx) -> list[Part]:
    """List the parts of ``_toc.yml``."""
    titles = app.env.titles
    return [
        Part(tree.caption, [(n, titles[n].astext()) for n in map(str, tree.items)])
        for tree in app.config.external_site_map.root.subtrees
        if tree.caption
    ]


_SECTIONS = re.compile(r"^<ul>\s*<li>.*?</a>(?P<inner>.*)</li>\s*</ul>\s*$", re.DOTALL)


def sections(toc: str) -> str:
    """Take the headings of a page out of its table of contents, less its title."""
    found = _SECTIONS.match(toc.strip())
    return found["inner"].strip() if found else ""


def dress(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Give the template what the frame shows."""
    root = app.config.root_doc
    context.update(
        icon=icon,
        parts=parts(app),
        root_title=app.env.titles[root].astext(),
        sections=sections(context.get("toc") or ""),
        this_build=identity(),
        build_page=BUILD_PAGE if BUILD_PAGE in app.env.titles else None,
        repository=app.config.html_theme_options["repository_url"],
        theme_extra_footer=app.config.html_theme_options["extra_footer"],
    )
