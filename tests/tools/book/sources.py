"""Chapters for the tests, and what their header takes up."""

import re

from nbformat.v4 import new_output

from tools.book.chapters import ROOT
from tools.book.source import Chapter, as_notebook

HEADER = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---

# Title
"""


def chapter(folder, body, name="case.md"):
    path = folder / name
    path.write_text(HEADER + body)
    return path


def pretend_executed(text, path=ROOT / "chapters" / "case.md"):
    """A chapter as if it had run: each number and each figure is there."""
    notebook = as_notebook(text, path)
    outputs = [
        new_output(
            "display_data",
            {"text/plain": "'7'"},
            metadata={"scrapbook": {"name": name}},
        )
        for name in sorted(set(re.findall(r"\{glue:text\}`(\w+)", text)))
    ] + [
        new_output(
            "display_data",
            {
                "text/html": f'<div class="hub-figure" data-name="{name}">\n'
                '<p class="hub-heading">Title.<br>Unit.</p>'
            },
        )
        for name in sorted(set(re.findall(r"\{numref\}`([\w-]+)", text)))
    ]
    code = next(c for c in notebook.cells if c.cell_type == "code")
    code.outputs = outputs
    return Chapter(path, notebook, [])
