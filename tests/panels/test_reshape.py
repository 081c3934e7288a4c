"""Units added up, and lines taken out."""

import numpy as np
import pandas as pd

from hubanalysis.panels.reshape import detrended, elapsed, pooled


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
