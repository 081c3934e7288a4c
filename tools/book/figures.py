"""The figures of executed chapters: captions, links below them, files to take away.

The code of a figure says all of it: title, unit, name, data. The build makes the first
two the caption, by which the figure is numbered and referred to, and offers data and
drawing as files beside the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from hubanalysis.show.svg import file_svg

FOLDER = "figures"
KEY = "hubanalysis"  # of the metadata of an output that is a figure

_HEADING = re.compile(r'<p class="hub-heading">.*?</p>\n', re.S)
_WIDE = re.compile(r'<svg [^>]*class="hub-wide".*?</svg>', re.S)


def with_captions(notebook: NotebookNode) -> NotebookNode:
    """Give the figures of an executed chapter their captions, names and links.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place, and returned.
    """
    for cell, output in _figures(notebook):
        words = output.metadata[KEY]
        figure = {"caption": words["caption"], "caption_before": True}
        if name := words["name"]:
            figure["name"] = name
            html = _HEADING.sub("", output.data["text/html"])
            output.data["text/html"] = html.replace("</p>\n</div>", _links(words), 1)
        if words["caption"]:
            cell.metadata.setdefault("mystnb", {})["figure"] = figure
    return notebook


def write_files(notebook: NotebookNode, site: Path) -> None:
    """Write the data and the wide drawing of each named figure under ``figures/``.

    Parameters
    ----------
    notebook : NotebookNode
        An executed chapter.
    site : Path
        The folder of the built pages.
    """
    folder = site / FOLDER
    for _, output in _figures(notebook):
        words = output.metadata[KEY]
        if not (name := words["name"]):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        drawing = _WIDE.search(output.data["text/html"])[0]
        (folder / f"{name}.svg").write_text(file_svg(drawing), "utf8")
        if words["csv"]:
            (folder / f"{name}.csv").write_text(words["csv"], "utf8")


def _figures(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    """Yield each cell that shows a figure, and the output that is it."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if KEY in output.get("metadata", {}):
                yield cell, output


def _links(words: dict) -> str:
    """Links to what can be taken away, beside the source."""
    name, links = words["name"], []
    for word, end in (("data", "csv"), ("figure", "svg")):
        if end == "svg" or words["csv"]:
            address = f"../{FOLDER}/{name}.{end}"
            links.append(f'<a href="{address}" download>{word}</a>')
    return f'</p>\n<p class="hub-links">{" ".join(links)}</p>\n</div>'
