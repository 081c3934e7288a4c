"""Units added up, and lines taken out."""

import numpy as np
import pandas as pd
import pytest

from hubanalysis.panels.reshape import detrended, elapsed, pooled, steps


def test_a_pool_is_treated_when_its_units_are():
    wide = pd.DataFrame(np.eye(3), index=list("abc"), columns=[1, 2, 3])
    frame, starts = pooled(wide, {"a": 2, "b": 2}, ["a", "b"], "ab", "mean")
    assert starts == {"ab": 2}
    assert frame.loc["ab"].tolist() == [0.5, 0.5, 0.0]


def test_a_line_is_taken_out_by_the_years_and_not_by_the_columns():
    years = pd.Index([2000, 2001, 2003, 2006])
    wide = pd.DataFrame([2.0 * years, 5.0 - years], columns=years)
    assert np.abs(detrended(wide, 3)).to_numpy().max() < 1e-9
    assert elapsed(years).tolist() == [0, 1, 3, 6]


@pytest.mark.parametrize(
    ("periods", "apart"),
    [
        (pd.Index([2000, 2001, 2003]), [1, 2]),
        (pd.PeriodIndex(["2000Q1", "2000Q3", "2000Q4"], freq="Q"), [2, 1]),
        # Months differ by days, and are alike.
        (pd.to_datetime(["2023-02-15", "2023-03-15", "2023-06-15"]), [1, 3]),
        (pd.to_datetime(["2023-01-31", "2023-02-28", "2023-03-31"]), [1, 1]),
        (pd.to_datetime(["2022-12-01", "2023-12-01"]), [12]),
    ],
)
def test_steps_are_as_long_as_their_time(periods, apart):
    assert steps(periods).tolist() == apart


@pytest.mark.parametrize(
    "days",
    [
        ["2023-01-02", "2023-01-09", "2023-01-16", "2023-01-30"],
        [
            "2023-01-02 06:00",
            "2023-01-02 07:00",
            "2023-01-02 08:00",
            "2023-01-02 10:00",
        ],
        ["2023-01-31", "2023-02-01", "2023-02-02", "2023-02-04"],
    ],
)
def test_other_dates_are_apart_by_the_clock(days):
    first, second, last = steps(pd.to_datetime(days)).tolist()
    assert first == second == last / 2 > 1
