"""The notebook beside a report: the same steps, to be run and changed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from hubanalysis.cases.case import Case
from hubanalysis.words.refusals import listed

_STEPS = {
    "The answer": "hub.card(case)",
    "Every comparison": "hub.table(hub.estimates_table(case.battery()))",
    "Dates at which nothing began": "hub.table(hub.in_time_table(case.battery()))",
    "Without any one unit": 'hub.table(case.battery().left_out, "Left out.")',
    "Other samples": 'hub.table(case.battery().variants, "Samples.")',
    "Every number": "json.loads(case.verdict().to_json())",
}


def notebook(case: Case, folder: str, mark: str = "") -> dict[str, Any]:
    """Write the steps of a report as a notebook, version 4.

    Parameters
    ----------
    case : Case
    folder : str
        Where the case lies, as seen from the notebook; empty for one of the book's.
    mark : str
        By which a later report knows of which case it is.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> made = notebook(hub.Case.open("yozma"), "")
    >>> made["cells"][1]["source"].splitlines()[-1]
    'case = hub.Case.open("yozma")'
    """
    opened = f"hub.Case.open({json.dumps(case.name)})"
    if folder:
        opened = f"hub.Case.from_folder({json.dumps(folder, ensure_ascii=False)})"
    lead = f"import json\n\nimport hubanalysis as hub\n\ncase = {opened}"
    title = case.plan.title or case.name
    about = f"# {title}\n\n{case.plan.question}"
    if folder:
        about += f"\n\nRun it where it lies: from here the plan is in `{folder}`."
    cells = [
        _cell("markdown", about),
        _cell("code", lead),
    ]
    for head, code in _STEPS.items():
        cells += [_cell("markdown", f"## {head}"), _cell("code", code)]
    for number, cell in enumerate(cells):
        cell["id"] = f"step-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": kernel,
            "language_info": {"name": "python"},
            "hub-case": mark,
        },
        "cells": cells,
    }


def executed(made: dict[str, Any], folder: Path) -> tuple[dict[str, Any], str]:
    """Run a notebook where what runs it is installed.

    Parameters
    ----------
    made : dict
        As `notebook` makes it.
    folder : pathlib.Path
        In which it runs.

    Returns
    -------
    tuple
        The notebook, with its outputs or without, and a sentence that says which.
    """
    try:
        import nbformat
        from jupyter_client.kernelspec import NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError:
        return made, (
            "The notebook beside it has not been run: that takes pip install "
            '"hubanalysis[report]".'
        )
    cells = nbformat.from_dict(made)
    client = NotebookClient(cells, resources={"metadata": {"path": str(folder)}})
    try:
        # What the kernel says of itself is nobody's concern.
        client.execute(stderr=subprocess.DEVNULL)
    except NoSuchKernel:
        return made, "The notebook beside it has not been run: there is no kernel."
    except (CellExecutionError, RuntimeError) as error:
        last = str(error).strip().splitlines()[-1:]
        why = re.sub(r"\x1b\[[\d;]*m", "", listed(last))
        return made, f"The notebook beside it could not be run ({why})."
    for cell in cells["cells"]:
        cell["metadata"] = {}
    return json.loads(nbformat.writes(cells)), "The notebook beside it was run."


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
