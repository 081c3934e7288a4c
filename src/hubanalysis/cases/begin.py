"""A new folder for a plan: the template's, or one drafted from a table."""

from __future__ import annotations

import shutil
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from hubanalysis.cases.draft import TABLE, draft
from hubanalysis.cases.own_file import Sheet, of_frame, read_file
from hubanalysis.datasets import catalog
from hubanalysis.panels.reading import as_table
from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError, check_name

TEMPLATE = "plan-template"


def begin(folder: Path, table: Any, columns: dict[str, Any]) -> None:
    """Write a folder with `plan.toml` and `outcomes.csv`, whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        Must not be there.
    table : DataFrame, str, pathlib.Path or None
        Figures to draft the plan from; none for the template.
    columns : dict
        What `draft` is told of the table's columns.
    """
    if folder.exists():
        raise HubError(
            f"{folder} exists already, and nothing is written over. Give a new "
            "name, or read what is there with hub.Case.from_folder."
        )
    for name in columns:
        check_name(name, list(signature(draft).parameters)[1:], "choice")
    found = None if table is None else draft(sheet_of(table), **columns)
    rows = None if found is None else found.table.require()
    with replaced(folder) as beside:
        beside.mkdir(parents=True)
        if found is None or rows is None:
            for name in ("plan.toml", f"{TABLE}.csv"):
                shutil.copyfile(catalog.path(TEMPLATE) / name, beside / name)
        else:
            (beside / "plan.toml").write_text(found.text(), encoding="utf-8")
            _written_out(rows).to_csv(beside / f"{TABLE}.csv", index=False)


def sheet_of(table: Any) -> Sheet:
    """Read a table in memory, or a file, as cells of text.

    Examples
    --------
    >>> sheet_of({"place": ["A"], "jobs": [2.0]}).cells.values.tolist()
    [['A', '2']]
    """
    if isinstance(table, str | Path):
        return read_file(Path(table))
    return of_frame(as_table(table))


def _written_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Write whole numbers of a table without a point, as somebody would."""
    made = rows.copy()
    for name in made.columns:
        column = made[name]
        if pd.api.types.is_float_dtype(column.dtype):
            known = column.dropna()
            if len(known) and (known == known.round()).all() and (known < 2**53).all():
                made[name] = column.astype("Int64")
    return made
