"""A lot given covariates: each estimate that of the regression, all at once."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.adjusted import did_adjusted


def panel(fixed=(), moving=(), start=(5, 7), seed=0):
    made = hub.simulate_panel(
        units=14, periods=8, treated=5, start=list(start), effect=2.0, seed=seed
    )
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({name: rng.normal(size=14) for name in fixed}, made.units)
    paths = {
        name: made.frame * 0.0 + rng.normal(size=made.values.shape) for name in moving
    }
    return replace(made, covariates=traits if len(fixed) else None, varying=paths)


GIVEN = {
    "a fixed one": {"fixed": ["size"]},
    "two fixed ones": {"fixed": ["size", "age"]},
    "one that varies": {"moving": ["rate"]},
    "both": {"fixed": ["size"], "moving": ["rate"]},
    "both and one date": {"fixed": ["size"], "moving": ["rate"], "start": [5]},
}


@pytest.mark.parametrize("name", GIVEN)
def test_every_estimate_of_a_lot_is_that_of_the_regression(name):
    made = panel(**GIVEN[name])
    lot = hub.randomization_test(made, hub.did, draws=12)
    alone = [hub.did(made.deal(starts)).att for starts in lot.starts]
    np.testing.assert_allclose(lot.estimates, alone, atol=1e-9)


def test_an_effect_moves_the_lot_as_it_moves_each_estimate():
    made = panel(["size"], ["rate"])
    lot = hub.randomization_test(made, hub.did, draws=12)
    raised = replace(made, values=made.values + made.treatment)
    moved = [hub.did(raised.deal(starts)).att for starts in lot.starts]
    np.testing.assert_allclose(lot.estimates + lot.pull, moved, atol=1e-9)
    assert np.isfinite(lot.interval(0.5)).all()


def test_many_tables_are_as_many_estimates():
    made = panel(["size"])
    deals = did_adjusted(made)
    both = np.stack([made.values, made.values**2], axis=2)
    found = deals(both, made.starts[None])
    assert found.shape == (1, 2)
    squared = hub.did(replace(made, values=made.values**2)).att
    np.testing.assert_allclose(found[0], [hub.did(made).att, squared], atol=1e-9)


def test_assignments_that_share_no_treated_unit_are_each_their_own():
    made = panel(["size"], ["rate"], start=[5])
    late = len(made.periods)
    treated = np.flatnonzero(made.starts < late)
    others = np.setdiff1d(np.arange(14), treated)[: len(treated)]
    starts = np.full((2, 14), late)
    starts[0, treated] = starts[1, others] = 5
    found = did_adjusted(made)(made.values, starts)
    alone = [hub.did(made.deal(each)).att for each in starts]
    np.testing.assert_allclose(found, alone, atol=1e-9)


def test_as_many_covariates_as_there_is_room_for_are_taken_and_one_more_is_not():
    small = hub.simulate_panel(units=4, periods=4, treated=1, start=2, seed=3)
    rng = np.random.default_rng(3)
    room = 16 - 4 - 4 - 1
    paths = {
        f"x{k}": small.frame * 0.0 + rng.normal(size=(4, 4)) for k in range(room + 1)
    }
    more = replace(small, varying=dict(paths))
    paths.pop("x0")
    just = replace(small, varying=paths)
    found = did_adjusted(just)(just.values, just.starts[None])
    assert found[0] == pytest.approx(hub.did(just).att, abs=1e-6)
    assert did_adjusted(more) is None


def test_what_the_regression_refuses_is_left_to_it():
    same = panel(["size"])
    many = pd.DataFrame(
        np.random.default_rng(1).normal(size=(14, 13)),
        same.units,
        [f"x{k}" for k in range(13)],
    )
    assert did_adjusted(replace(same, covariates=many)) is None
    with pytest.raises(hub.HubError, match="too many"):
        hub.randomization_test(replace(same, covariates=many), hub.did, draws=5)


def test_covariates_that_tell_who_is_treated_are_refused():
    made = panel(start=[5])
    who = pd.DataFrame({"who": (made.starts < 8).astype(float)}, made.units)
    with pytest.raises(hub.HubError, match=r"tell who is treated|do not tell treated"):
        hub.randomization_test(replace(made, covariates=who), hub.did, draws=20)


def test_other_covariates_than_all_are_asked_one_by_one():
    chosen = hub.estimator(hub.did, covariates=["size"])
    assert chosen.on(panel(["size", "age"])).deals is None
    assert hub.estimator(hub.did).on(panel(["size"])).deals is not None
