"""Chapters for the tests, and what their header takes up."""

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
