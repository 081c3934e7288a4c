"""A bad table is refused by name."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.panels.tables import long, panel


def edit(**changes):
    """The table with some cells replaced: column -> (row, value)."""
    df = long()
    for column, (row, value) in changes.items():
        df[column] = df[column].astype(object)
        df.loc[row, column] = value
        if column != "unit":
            df[column] = df[column].infer_objects()
    return df


BAD_TABLES = {
    "two rows for one cell": (
        lambda: pd.concat([long(), long().iloc[[3]]]),
        r"more than one row for u0 in 2003.*groupby",
    ),
    "a missing row": (
        lambda: long().drop(index=8),
        r"missing for u1 in 2002.*balanced",
    ),
    "a missing outcome": (lambda: edit(y=(8, np.nan)), r"missing for u1 in 2002"),
    "an infinite outcome": (lambda: edit(y=(8, np.inf)), r"infinite for u1 in 2002"),
    "a constant outcome": (lambda: long().assign(y=1.0), r"constant.*right column"),
    "an outcome of text": (
        lambda: long().assign(y="many"),
        r"not a number.*pandas\.to_numeric",
    ),
    "periods of text": (
        lambda: long().assign(year=long()["year"].astype(str)),
        r"periods in column 'year'.*astype\(int\)",
    ),
    "a missing unit": (lambda: edit(unit=(2, None)), r"'unit' is missing in row"),
    "no rows": (lambda: long().iloc[:0], r"no rows"),
    "one period": (lambda: long().query("year == 2003"), r"at least two periods"),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_bad_table_is_refused_by_name(case):
    make, message = BAD_TABLES[case]
    with pytest.raises(ValueError, match=message):
        panel(make())


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ({"u9": 2003}, r"no unit 'u9'"),
        ({"u0": 2000}, r"u0 treated from the first period"),
        ({"u0": 1990}, r"u0 treated from the first period"),
        ({f"u{i}": 2003 for i in range(4)}, r"no donor is left"),
    ],
)
def test_bad_treatment_dates_are_refused_by_name(first, message):
    with pytest.raises(ValueError, match=message):
        panel(first=first)


@pytest.mark.parametrize("column", ["unit", "period", "outcome"])
def test_a_column_that_does_not_exist_is_refused_with_the_nearest(column):
    names = {"unit": "unit", "period": "year", "outcome": "y"}
    names[column] = "yeer" if column == "period" else "zz"
    hint = "Did you mean 'year'" if column == "period" else "There are: unit, year, y"
    with pytest.raises(ValueError, match=hint):
        hub.Panel.from_long(long(), first_treated={"u0": 2003}, **names)
