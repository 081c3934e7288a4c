"""Least squares on unit and period effects."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.regression import few_units_note, two_way_regression


def by_dummies(panel, regressor):
    """Coefficient and clustered error by plain least squares with all dummies."""
    n, periods = panel.values.shape
    unit = np.repeat(np.arange(n), periods)
    period = np.tile(np.arange(periods), n)
    x = np.column_stack(
        [regressor, pd.get_dummies(unit), pd.get_dummies(period, drop_first=True)]
    ).astype(float)
    y = panel.values.ravel()
    kept = ~np.isnan(y)
    x, y, unit = x[kept], y[kept], unit[kept]
    bread = np.linalg.pinv(x.T @ x)
    beta = bread @ x.T @ y
    scores = x * (y - x @ beta)[:, None]
    meat = sum(np.outer(s, s) for u in range(n) for s in [scores[unit == u].sum(0)])
    # The number of parameters that unit effects, nested in the clusters, do not cost.
    spare = len(y) - 1 - periods
    factor = n / (n - 1) * (len(y) - 1) / spare
    return beta[0], np.sqrt(factor * (bread @ meat @ bread)[0, 0])


@pytest.mark.parametrize("hole", [False, True])
def test_it_is_least_squares_with_all_dummies(hole):
    panel = hub.simulate_panel(units=12, periods=7, treated=4, start=4, seed=3)
    if hole:
        frame = panel.frame.copy()
        frame.iloc[5, 2] = np.nan
        panel = panel.with_frame(frame)
    treated = panel.treatment.ravel()[:, None].astype(float)
    effect, covariance, *_ = two_way_regression(panel, treated, ["treated"])
    beta, se = by_dummies(panel, treated)
    assert effect["treated"] == pytest.approx(beta, abs=1e-10)
    assert np.sqrt(covariance.iloc[0, 0]) == pytest.approx(se, rel=1e-8)


def test_few_units_on_either_side_are_noted():
    few = hub.simulate_panel(units=30, periods=6, treated=2, start=4, seed=0)
    enough = hub.simulate_panel(units=30, periods=6, treated=10, start=4, seed=0)
    assert "2 treated and 28 untreated" in few_units_note(few)[0]
    assert few_units_note(enough) == ()
