"""Many outcomes, thousands of places: a Dask cluster changes no answer."""

import joblib
import numpy as np
import pytest

import hubanalysis as hub

distributed = pytest.importorskip(
    "distributed", reason="dask and distributed are in the peers extra"
)


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as at,
        distributed.Client(at) as client,
    ):
        yield client


def counties(seed, units=2000):
    return hub.simulate_panel(units=units, periods=10, treated=1, start=8, seed=seed)


def test_placebos_and_specification_curves_are_the_same(cluster):
    """Ours on two machines beside ours on one."""
    panel = hub.simulate_panel(units=14, periods=10, treated=1, start=7, seed=0)
    own = lambda p: hub.synthetic_did(p)  # noqa: E731
    choices = {"DiD": hub.did, "SC": hub.synthetic_control}
    spans = {"all": (1, 10), "late": (3, 10)}
    alone = hub.placebo_in_space(panel, own).estimates
    curve = hub.specification_curve(panel, choices, windows=spans)
    with joblib.parallel_config("dask"):
        assert np.allclose(hub.placebo_in_space(panel, own).estimates, alone)
        assert curve.equals(hub.specification_curve(panel, choices, windows=spans))


def test_thousands_of_counties_one_at_a_time_on_many_outcomes_are_the_same(cluster):
    outcomes = {f"outcome {seed}": counties(seed) for seed in range(6)}
    alone = hub.one_at_a_time(outcomes, hub.did, start=8)
    assert len(alone) == 6 * 2000
    with joblib.parallel_config("dask"):
        spread = hub.one_at_a_time(outcomes, hub.did, start=8)
    assert spread.index.equals(alone.index)
    assert np.allclose(spread, alone)


def test_outcomes_can_be_made_on_the_machine_that_works_on_them(cluster):
    """Figures do not travel, and more than one worker makes them."""

    def make(seed):
        def made():
            made.panel = counties(seed, 60)
            return made.panel

        return made

    outcomes = {seed: make(seed) for seed in range(8)}
    alone = hub.one_at_a_time(outcomes, hub.synthetic_did, 8)
    for given in outcomes.values():
        del given.panel
    with joblib.parallel_config("dask"):
        spread = hub.one_at_a_time(outcomes, hub.synthetic_did, 8)
    assert np.allclose(spread, alone, atol=1e-8)
    # Here nothing was made.
    assert not any(hasattr(given, "panel") for given in outcomes.values())


def test_a_plan_is_carried_out_the_same(cluster):
    """What the command computes, with its lots spread over the cluster."""
    table = hub.load("plan-template/outcomes")

    def verdicts():
        case = hub.Case.from_table(
            table, outcome="jobs", treated="first_award", question="Did it?",
            main="did", also=["event_study"],
        )  # fmt: skip
        verdict = case.verdict()
        return [verdict.estimate, *verdict.interval, verdict.p_value, verdict.mde]

    alone = verdicts()
    with joblib.parallel_config("dask"):
        assert verdicts() == pytest.approx(alone)
