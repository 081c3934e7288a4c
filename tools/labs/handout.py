"""What students get beside the lab: a first cell that installs, and a README."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from tools.labs.source import FOLDER
from tools.release import SOURCE

ROOT = FOLDER.parent


def pinned(name: str) -> str:
    """Give a package with the version with which labs are marked.

    Examples
    --------
    >>> pinned("otter-grader").startswith("otter-grader==7")
    True
    """
    text = (ROOT / "requirements-labs.txt").read_text("utf8")
    return re.search(rf"^{re.escape(name)}==[^\s;]+", text, re.MULTILINE)[0]


FIRST_CELL = """\
# @title Run this cell first
# On Colab it fetches what the lab needs. Elsewhere it only looks whether it is there.
import subprocess
import sys
from importlib.util import find_spec

NEEDED = {{"hubanalysis": "{library}", "otter": "{otter}"}}
missing = [source for name, source in NEEDED.items() if find_spec(name) is None]
line = " ".join(f'"{{source}}"' for source in missing)
if missing and "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *missing], check=True)
    print("Installed. If a cell complains, restart the session and run all again.")
elif missing:
    print("Put this into a new cell, run it, and restart the kernel:")
    raise SystemExit(f"%pip install {{line}}")
"""

README = """\
{title}

{lab}.ipynb is the lab; figures/ has the figures of everybody on the course's list, in
files that name nobody. Keep both in one folder.

On your own computer (Python 3.11 or newer), in the folder that you unpacked:

    python3 -m venv lab
    lab/bin/python -m pip install jupyterlab "{otter}" "{library}"
    lab/bin/python -m jupyterlab {lab}.ipynb

On Windows "py -m venv lab" makes the environment, and its Python is
lab\\Scripts\\python.

On Colab: upload the notebook, then the folder figures beside it (the folder symbol on
the left), and run the first cell.

Write your id, as it stands on the course's list, into the cell that says STUDENT = ...
Answers go into the variables that the questions name. The tests that you can run see
only whether an answer is there and of the right kind; whether it is right is marked
after you hand in the notebook.
"""


def first_cell() -> str:
    """Write the cell that sees to it that library and otter are there."""
    otter = pinned("otter-grader")
    return FIRST_CELL.format(library=SOURCE, otter=otter)


def readme(lab: str, title: str) -> str:
    """Write the README of the zip for students."""
    return README.format(
        lab=lab, title=title, library=SOURCE, otter=pinned("otter-grader")
    )


def add_to(folder: Path, lab: str) -> None:
    """Put both into the folder that is packed for students."""
    path = folder / f"{lab}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = new_code_cell(first_cell())
    cell.id = "install"
    notebook.cells.insert(0, cell)
    nbformat.write(notebook, path)
    title = next(
        c.source.splitlines()[0].removeprefix("# ")
        for c in notebook.cells
        if c.cell_type == "markdown" and c.source.startswith("# ")
    )
    (folder / "README.txt").write_text(readme(lab, title), "utf8")
