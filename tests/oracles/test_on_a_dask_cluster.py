"""Placebos and specification curves spread over a Dask cluster change no answer."""

import joblib
import numpy as np
import pytest
from dask.distributed import Client, LocalCluster

import hubanalysis as hub


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as at,
        Client(at) as client,
    ):
        yield client


def test_answers_are_the_same_over_machines_as_on_one(client):
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
