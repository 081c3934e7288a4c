"""Effects by event time."""

import pytest

import hubanalysis as hub


def test_staggered_units_are_averaged_by_event_time():
    panel = hub.simulate_panel(
        units=12, periods=14, treated=4, start=[8, 11], effect=lambda k: 2.0 * k,
        factors=0, noise=0.0, seed=3,
    )  # fmt: skip
    estimate = hub.synthetic_did(panel)
    assert estimate.unit_weights.shape == (8, 2)
    assert estimate.path.loc[2, "effect"] == pytest.approx(4.0, abs=1e-6)
    assert estimate.path.loc[6, "units"] == 2
