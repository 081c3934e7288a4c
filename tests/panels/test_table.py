"""A long table, taken apart."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.panels.table import read_long, read_wide
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


def wide(**columns):
    return pd.DataFrame(columns or {"2000": [1.0, 2.0], "2001": [3.0, 5.0]}, ["A", "B"])


def test_a_wide_frame_is_put_in_order_and_whole_numbers_are_read():
    frame = pd.DataFrame([[3, 1, 2], [6, 4, 5]], ["A", "B"], [2002.0, 2000.0, 2001.0])
    read = read_wide(frame)
    assert read.columns.tolist() == [2000, 2001, 2002]
    assert read.to_numpy().tolist() == [[1, 2, 3], [4, 5, 6]]
    assert read_wide(read) is read


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (np.ones((2, 2)), "DataFrame of units by periods, not a numpy ndarray"),
        (None, "not None"),
        (wide(), "periods .* of type"),
        (wide().set_axis([1, 1], axis=1), "more than one period 1"),
        (wide().set_axis([1, 2], axis=1).set_axis(["A", "A"]), "more than one unit A"),
        (wide().set_axis([1, 2], axis=1).set_axis(["A", None]), "a unit .* no name"),
        (wide().set_axis([1, 2], axis=1).astype(str), "not a number"),
        (wide().set_axis([1, 2], axis=1) > 2, "true or false"),
    ],
)
def test_a_wide_frame_is_refused_as_a_long_table_is(frame, said):
    with pytest.raises(hub.HubError, match=said):
        hub.Panel.from_wide(frame, {"A": 2}, "y")
    panel = hub.simulate_panel(units=4, periods=4, treated=1, start=3, seed=0)
    with pytest.raises(hub.HubError, match=said):
        panel.with_frame(frame)


def test_columns_out_of_order_change_no_answer():
    panel = hub.simulate_panel(units=9, periods=6, treated=2, start=4, seed=0)
    turned = panel.frame.iloc[:, ::-1]
    for other in (
        hub.Panel.from_wide(turned, panel.first_treated, "y"),
        panel.with_frame(turned),
    ):
        assert np.array_equal(other.values, panel.values)
        assert hub.did(other).att == hub.did(panel).att


def test_dates_of_a_wide_frame_are_a_mapping_and_traits_have_one_row_each():
    panel = hub.simulate_panel(units=4, periods=4, treated=1, start=3, seed=0)
    with pytest.raises(hub.HubError, match="must say when"):
        hub.Panel.from_wide(panel.frame, None, "y")
    twice = pd.DataFrame({"size": range(5)}, [*panel.units, panel.units[0]])
    with pytest.raises(hub.HubError, match="several rows of covariates for u01"):
        hub.Panel.from_wide(panel.frame, {}, "y", covariates=twice)
