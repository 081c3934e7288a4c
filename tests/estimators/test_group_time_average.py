"""The group-time average under many assignments at once."""

import numpy as np
import pytest

import hubanalysis as hub


@pytest.mark.parametrize("estimator", [hub.group_time_average, hub.imputation])
def test_many_assignments_at_once_are_the_same_as_one_by_one(estimator):
    panel = hub.simulate_panel(
        units=14, periods=9, treated=5, start=[4, 6, 7], effect=1.0, seed=4
    )
    rng = np.random.default_rng(0)
    starts = np.array([rng.permutation(panel.starts) for _ in range(6)])
    one_by_one = [estimator(panel.treat(_dates(panel, deal))).att for deal in starts]
    assert np.allclose(hub.estimator(estimator).deals(panel, starts), one_by_one)


def _dates(panel, starts):
    late = len(panel.periods)
    return {u: panel.periods[s] for u, s in zip(panel.units, starts) if s < late}
