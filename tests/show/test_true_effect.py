"""What a test would have found, as the library's power says it."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.inference.power import power_of_lot, sizes_needed
from hubanalysis.show.true_effect import STEP, chance_of


def lot_of(units=40):
    panel = hub.simulate_panel(
        units=units, periods=6, treated=2, start=4, noise=0.01, factors=0, seed=0
    )
    return hub.randomization_test(panel, hub.did)


def made(lot):
    return hub.true_effect({("all",): lot}, ["Places"], {("all",): "lot"}, "it were")


def test_its_chances_are_those_of_the_power_curve():
    lot = lot_of()
    row, power = made(lot).data["rows"][0], power_of_lot(lot)
    assert row["mde"] == pytest.approx(100 * np.expm1(power.mde))
    # Away from steps, at which the last decimal decides.
    sizes = power.curve.index[1:] + 1e-6
    needed = sizes_needed(lot)
    found = [chance_of(needed, 100 * np.expm1(e)) for e in sizes]
    assert np.abs(found - power.curve["power"].iloc[1:]).max() < 0.02


def test_it_holds_the_chance_at_each_step_of_the_slider():
    lot = lot_of()
    data = made(lot).data
    sizes = np.arange(0, data["most"] + STEP / 2, STEP)
    wanted = [chance_of(sizes_needed(lot), size) for size in sizes]
    assert data["rows"][0]["chances"] == pytest.approx(wanted)


def test_the_title_tells_of_the_largest_effect_that_fits():
    lot = lot_of()
    high = hub.percent_text(lot.interval()[1], 1, sign=True)
    assert f"fits, {high}%, would" in made(lot).figure.title


def test_a_lot_in_which_nothing_can_be_found_is_refused():
    with pytest.raises(hub.HubError, match="no effect would be found"):
        made(lot_of(units=5))
