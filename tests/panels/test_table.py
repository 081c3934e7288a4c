"""A long table, taken apart."""

import numpy as np

from hubanalysis.panels.table import read_long
from tests.panels.tables import long


def test_a_table_gives_outcomes_dates_and_what_else_was_named():
    df = long().assign(size=1.5, rate=lambda d: d["y"] + 1)
    wide, starts, more = read_long(
        df, "unit", "year", "y", {" u0": 2003}, ["size"], ["rate"], "size"
    )
    assert wide.shape == (4, 6)
    assert starts == {"u0": 2003}
    np.testing.assert_allclose(more["varying"]["rate"], wide + 1)
    assert more["covariates"]["size"].tolist() == [1.5] * 4
    assert more["weights"].name == "size"
    assert list(df.columns) == ["unit", "year", "y", "size", "rate"]
