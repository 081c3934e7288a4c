"""Conformal intervals for synthetic control."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.simplex import simplex_weights


def draw(seed=0, **kwargs):
    options = {"units": 8, "periods": 24, "treated": 1, "start": 22, "noise": 0.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def p_by_hand(panel, period, null):
    own = panel.frame.iloc[0, [*range(21), period - 1]].to_numpy().copy()
    pool = panel.frame.iloc[1:, [*range(21), period - 1]].to_numpy().T
    own[-1] -= null
    residual = np.abs(own - pool @ simplex_weights(pool, own))
    return np.mean(residual >= residual[-1] * (1 - 1e-9))


def test_p_of_no_effect_is_the_rank_of_the_last_residual():
    panel = draw(1, effect=2.0)
    table = hub.conformal_interval(panel)
    for period in (22, 23, 24):
        assert table.loc[period, "p_value"] == p_by_hand(panel, period, 0.0)


def test_the_ends_are_where_p_crosses_the_level():
    panel = draw(2)
    table = hub.conformal_interval(panel, level=0.9)
    for period, row in table.iterrows():
        assert p_by_hand(panel, period, row["lower"] - 1e-4) <= 0.1
        assert p_by_hand(panel, period, row["upper"] + 1e-4) <= 0.1
        assert p_by_hand(panel, period, row["lower"] + 1e-4) > 0.1
        assert p_by_hand(panel, period, row["upper"] - 1e-4) > 0.1


def test_a_planted_effect_moves_the_interval_by_as_much():
    one, two = (hub.conformal_interval(draw(3, effect=e)) for e in (0.0, 7.0))
    moved = two[["effect", "lower", "upper"]] - one[["effect", "lower", "upper"]]
    assert np.allclose(moved, 7.0, atol=1e-4)


def test_too_few_periods_before_reject_nothing():
    table = hub.conformal_interval(draw(4, periods=12, start=10))
    assert np.isinf(table[["lower", "upper"]].to_numpy()).all()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: hub.conformal_interval(draw(treated=2)), "2 units are treated"),
        (lambda: hub.conformal_interval(draw(), level=2), "level must lie"),
        (lambda: hub.conformal_interval(draw().treat({})), "no unit is treated"),
        (lambda: hub.conformal_interval(draw().keep(["u01"])), "no donor is left"),
    ],
)
def test_bad_requests_are_refused_by_name(act, message):
    with pytest.raises(ValueError, match=message):
        act()
