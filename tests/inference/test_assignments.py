"""Treatment is dealt out as it could have fallen."""

import joblib

import hubanalysis as hub
from tests.draws import draw


def test_strata_and_dates_are_respected_when_dealing():
    panel = hub.simulate_panel(
        units=6, periods=8, treated=3, start=[4, 6], effect=1.0, seed=1
    )
    test = hub.randomization_test(panel, hub.imputation)
    assert len(test.distribution) == 60  # 6! / (2! 1! 3!)
    strata = dict(zip(panel.units, "aaabbb"))
    within = hub.randomization_test(panel, hub.imputation, strata=strata)
    assert len(within.distribution) == 3  # dates 4, 6, 4 all fall in stratum a
    assert within.p_value >= 1 / 3


def test_two_cores_give_the_same_answer_as_one():
    panel = draw(1, treated=1, units=14)
    own = lambda p: hub.did(p)  # noqa: E731
    alone = hub.placebo_in_space(panel, own).estimates
    with joblib.parallel_config("threading", n_jobs=2):
        assert hub.placebo_in_space(panel, own).estimates.equals(alone)
