"""A long table that a reader filters, searches and sorts in the page."""

from __future__ import annotations

from collections.abc import Sequence

from hubanalysis.show.tables import Table
from hubanalysis.show.widget import Widget
from hubanalysis.words.refusals import check_kind, check_name

_CODE = """
# In the chapter's notebook, below the cell that shows the table.
table = {TABLE}.reset_index().fillna("").astype(str)
said = table.agg(" ".join, axis=1).str.lower()
{shown}
"""


def sift(
    table: Table, by: Sequence[str], what: str, sort: Sequence[str] = (), name: str = ""
) -> Widget:
    """Let a reader filter a table by what stands in some of its columns.

    Parameters
    ----------
    table : Table
        From `hubanalysis.table`.
    by : sequence of str
        Columns to filter by, as they are headed.
    what : str
        What its rows are, in the plural.
    sort : sequence of str
        Columns of text to sort by.
    name : str
        What the chapter calls the frame that the table shows.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If there is no such column.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> frame = pd.DataFrame({"kind": ["fact", "cause"]}, index=["One", "Two"])
    >>> hub.sift(hub.table(frame, "Two claims."), ["kind"], "claims").kind
    'sift'
    """
    check_kind(table, Table, "sift", "Make one with hub.table(frame, caption).")
    heads = list(map(str, table.cells.columns))
    for column in (*by, *sort):
        check_name(column, heads, "column")
    code = _CODE.replace("{TABLE}", name) if name else ""
    data = {"by": list(by), "sort": list(sort), "what": what}
    return Widget("sift", table, data, code)
