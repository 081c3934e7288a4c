"""Breakdown values that can be worked out by hand."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from hubanalysis.inference.bounds import breakdown, honest_bounds
from tests.inference.studies import study


@pytest.mark.parametrize("effect", np.linspace(0.8, 2.5, 6))
def test_the_breakdown_value_is_a_millionth_or_less_below_the_exact_one(effect):
    # One period before and one after: the estimate is their sum, and zero leaves its
    # interval where the sum is the quantile of |N(m / sd, 1)|, in standard errors.
    sd = np.sqrt(0.04 + 0.09 + 2 * 0.01)
    far = ((0.3 + effect) / sd) ** 2
    bias = brentq(lambda b: stats.ncx2.cdf(far, 1, b**2) - 0.95, 1e-9, 9.0, xtol=1e-14)
    found = breakdown(
        study([0.3, effect], [[0.04, 0.01], [0.01, 0.09]], 1), "smoothness"
    )
    assert bias * sd * (1 - 1e-6) <= found <= bias * sd


def test_zero_that_is_lost_found_and_lost_again_breaks_down_where_it_is_lost_first():
    # Before treatment the path fell by two: allowed to bend, it says the opposite.
    es = study([0.0, -2.0, 1.0], 0.01 * np.eye(3), 2)
    first = breakdown(es, "smoothness")
    table = honest_bounds(es, "smoothness", m=(first, 0.1, 0.5, 1.0))
    assert (table["lower"] > 0).tolist() == [True, False, False, False]
    assert (table["upper"] < 0).tolist() == [False, False, True, False]
