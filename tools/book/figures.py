"""The figures of a chapter: captions, links below them, files to take away.

The code of a figure says all of it: title, unit, name, data. The pages make the first
two its caption, by which it is numbered and referred to, and offer data and drawing as
files beside the pages.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from hubanalysis.show.svg import file_svg

FOLDER = "figures"
KEY = "hubanalysis"  # of the metadata of an output that is a figure

_START = re.compile(r'<div class="hub-figure" data-name="([\w-]*)"[^>]*>\n')
_HEADING = re.compile(r'<p class="hub-heading">(.*?)<br>(.*?)</p>\n', re.S)
_FILE = re.compile(r'<p class="hub-file" data-file="([\w.-]+)">(.*?)</p>', re.S)
_SOURCE = re.compile(r'(<p class="hub-source">.*?</p>)\n</div>', re.S)
_WIDE = re.compile(r'<svg [^>]*class="hub-wide".*?</svg>', re.S)


class Captions(SphinxTransform):
    """Make the heading of each figure its caption, so that pages can refer to it."""

    default_priority = 300

    def apply(self, **_: object) -> None:
        """Wrap the figures of one page."""
        for raw in list(self.document.findall(nodes.raw)):
            if start := _START.match(raw.astext()):
                self._wrap(raw, start[1])
            elif file := _FILE.match(raw.astext()):
                link = f'<p><a href="../{FOLDER}/{file[1]}">{file[2]}</a></p>'
                raw.children[:] = [nodes.Text(link)]

    def _wrap(self, raw: nodes.raw, name: str) -> None:
        title, unit = map(unescape, _HEADING.search(raw.astext()).groups())
        raw.children[:] = [nodes.Text(_for_the_page(raw.astext(), name))]
        bundle = raw.parent
        while bundle.get("nb_element") != "mime_bundle":
            bundle = bundle.parent
        if not title or isinstance(bundle.parent, nodes.figure):
            return  # the chapter gives it a caption of its own, or none
        caption = nodes.caption("", "", nodes.strong(title, title))
        caption += nodes.Text(f" {unit}")
        figure = nodes.figure()
        figure.source, figure.line = self.document["source"], raw.line
        bundle.replace_self(figure)
        # In this order, as docutils writes; the style sheet puts the caption above.
        figure += [bundle, caption]
        if name:
            figure["names"].append(name)
            self.document.note_explicit_target(figure, figure)


def _for_the_page(html: str, name: str) -> str:
    """Take the heading out, and put links to the files of a named figure in."""
    html = _HEADING.sub("", html)
    if not name:
        return html
    links = "\n".join(
        f'<a href="../{FOLDER}/{name}.{end}" download>{word}</a>'
        for word, end in (("data", "csv"), ("figure", "svg"))
    )
    return _SOURCE.sub(rf'\1\n<p class="hub-links">{links}</p>\n</div>', html)


def write_files(notebook: NotebookNode, site: Path) -> None:
    """Write what a chapter offers under ``figures/``.

    Of each named figure its data and the wide drawing; and files that it made.

    Parameters
    ----------
    notebook : NotebookNode
        An executed chapter.
    site : Path
        The folder of the built pages.
    """
    folder = site / FOLDER
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            words = output.get("metadata", {}).get(KEY)
            if words and (file := words.get("file")):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / file).write_text(words["content"], "utf8")
            elif words and (name := words["name"]):
                folder.mkdir(parents=True, exist_ok=True)
                drawing = _WIDE.search(output.data["text/html"])[0]
                (folder / f"{name}.svg").write_text(file_svg(drawing), "utf8")
                (folder / f"{name}.csv").write_text(words["csv"], "utf8")


def setup(app: Sphinx) -> dict:
    """Register the captions."""
    app.add_transform(Captions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
