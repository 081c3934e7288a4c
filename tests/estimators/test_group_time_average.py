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
    deals = hub.estimator(estimator).deals
    assert np.allclose(deals(panel.values, starts), one_by_one)


@pytest.mark.parametrize("estimator", [hub.did, hub.group_time_average, hub.imputation])
def test_tables_behind_one_another_are_estimated_as_each_alone(estimator):
    panel = hub.simulate_panel(units=9, periods=7, treated=4, start=[3, 5], seed=2)
    rng = np.random.default_rng(0)
    starts = np.array([rng.permutation(panel.starts) for _ in range(5)])
    tables = rng.normal(size=(*panel.values.shape, 3))
    deals = hub.estimator(estimator).deals
    alone = np.stack([deals(tables[..., k], starts) for k in range(3)], axis=1)
    np.testing.assert_allclose(deals(tables, starts), alone, atol=1e-12)


def test_one_assignment_alone_is_one_estimate():
    panel = hub.simulate_panel(units=9, periods=7, treated=4, start=[3, 5], seed=2)
    deals = hub.estimator(hub.group_time_average).deals
    (found,) = deals(panel.values, panel.starts[None])
    assert found == pytest.approx(hub.group_time_average(panel).att)


def test_it_draws_no_bands_and_speaks_of_none():
    panel = hub.simulate_panel(units=9, periods=7, treated=4, start=[3, 5], seed=2)
    assert "band" not in " ".join(hub.group_time_average(panel).notes)
    assert "band" in " ".join(hub.group_time_att(panel, draws=9).notes)


def _dates(panel, starts):
    late = len(panel.periods)
    return {u: panel.periods[s] for u, s in zip(panel.units, starts) if s < late}
