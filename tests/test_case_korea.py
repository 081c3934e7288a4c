"""The plan of the Korean case, and the arithmetic its chapter rests on."""

import numpy as np
import pytest

import hubanalysis as hub

NAME = "k-semiconductor-belt"


@pytest.fixture(scope="module")
def case():
    return hub.Case.open(NAME)


def test_re_exporters_and_breaks_are_in_no_panel(case):
    banned = {"Hong Kong", "Singapore", "Netherlands", "Ireland", "Belgium", "Vietnam"}
    for outcome in case.outcomes:
        panel = case.panel(outcome)
        assert not banned & set(panel.units)
        assert panel.treated == ["South Korea"]
        assert 2021 not in panel.periods


def test_the_wider_pool_is_everyone_who_is_not_ruled_out(case):
    table = hub.load(f"{NAME}/ic_exports")
    banned = {"Hong Kong", "Singapore", "Netherlands", "Ireland", "Belgium", "Vietnam"}
    assert set(case.panel("chips_wide").units) == set(table["country"]) - banned


def test_a_triple_difference_is_the_difference_of_two_panels(case):
    chips = np.log(case.levels("chips_less_vehicles").frame)
    cars = np.log(case.levels("vehicles").frame)
    assert np.allclose(case.panel("chips_less_vehicles").frame, chips - cars)


def test_value_is_weight_times_value_per_kilogram():
    table = hub.load(f"{NAME}/korea_customs").dropna(subset=["weight"])
    assert np.allclose(
        table["exports"], table["weight"] * table["unit_value"], rtol=1e-3
    )


def test_dividing_by_the_world_changes_no_comparison_of_logs(case):
    panel = case.panel("chips")
    world = hub.load(f"{NAME}/wsts_world").set_index("year")["billings"]
    share = panel.with_frame(panel.frame - np.log(world[panel.periods]))
    assert hub.did(share).att == pytest.approx(hub.did(panel).att)
    for estimator in (hub.synthetic_control,):
        assert estimator(share).att == pytest.approx(estimator(panel).att, abs=1e-6)


def test_eleven_donors_can_never_reject_at_five_percent(case):
    power = hub.minimum_detectable_effect(case.panel("chips"), hub.synthetic_did)
    assert np.isinf(power.mde)
    assert case.verdict().conclusion == "not identified"
    assert "can be rejected" in str(case.verdict())
