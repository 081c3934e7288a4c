"""Lots for a page: all of them, in an order that can be had again, and by name."""

import numpy as np
import pytest

import hubanalysis as hub


def lot_of(units=8, treated=2, effect=0.3):
    panel = hub.simulate_panel(
        units=units, periods=6, treated=treated, start=4, effect=effect, seed=0
    )
    return hub.randomization_test(panel, hub.did)


def made(lot, **words):
    return hub.deal(
        lot, "lot = ...", "the real two", "Two of eight are drawn.", **words
    )


def test_every_lot_is_there_once():
    lot = lot_of()
    estimates = made(lot).data["estimates"]
    assert np.sort(estimates) == pytest.approx(np.sort(lot.estimates), abs=1e-8)


def test_its_names_are_those_that_its_estimate_is_of():
    lot = lot_of()
    data = made(lot).data
    for letters, estimate in zip(data["sets"], data["estimates"]):
        chosen = [lot.panel.units[int(letter, 36)] for letter in letters]
        again = lot.panel.treat(dict.fromkeys(chosen, 4))
        assert hub.did(again).att == pytest.approx(estimate, abs=1e-8)


def test_many_treated_units_are_dealt_without_names():
    assert "sets" not in made(lot_of(units=16, treated=8)).data


def test_without_a_script_the_first_lots_are_shown_beside_the_real_one():
    lot = lot_of()
    figure = made(lot).figure
    assert len(figure.data) == 11
    assert figure.data.iloc[0] == pytest.approx(100 * np.expm1(lot.observed))
    gain = (figure.data.iloc[1:] >= figure.data.iloc[0]).sum()
    assert f"first 10 lots {gain} gain" in figure.title


def test_another_figure_may_stand_in_its_place():
    figure = hub.Figure(lambda ax: None, title="Mine")
    assert made(lot_of(), figure=figure).figure is figure
