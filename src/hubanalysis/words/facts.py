"""Results that print as a short table of facts."""

from __future__ import annotations

import pandas as pd

from hubanalysis.words.markup import cell_text, table_html


class Facts:
    """Something with a `summary` table, which it prints as."""

    def summary(self) -> pd.DataFrame:
        """Return one row per fact, with one column `value`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Print as a short, stable table."""
        return self.summary().to_string(header=False)

    def _repr_html_(self) -> str:
        return html_table(self.summary())


def html_table(table: pd.DataFrame) -> str:
    """Write a table of facts as HTML, with sentences in full."""
    return table_html(table.map(cell_text), header=False, classes="facts")
