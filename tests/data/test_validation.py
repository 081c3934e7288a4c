"""The figures that other people printed."""

import pytest

import hubanalysis as hub


def test_proposition_99_has_39_states_and_one_treated():
    states = hub.load("validation/prop99")
    assert states["state"].nunique() == 39
    assert states.loc[states["treated"], "state"].unique().tolist() == ["California"]


def test_published_weights_add_to_one():
    units = hub.load("validation/prop99_unit_weights")
    years = hub.load("validation/prop99_time_weights")
    assert units["synthetic_did"].sum() == pytest.approx(1)
    assert units["synthetic_control"].sum() == pytest.approx(1)
    assert years["weight"].sum() == pytest.approx(1)


def test_teen_employment_has_500_counties_in_five_years():
    counties = hub.load("validation/mpdta")
    assert counties["county"].nunique() == 500
    assert len(counties) == 2500
    assert set(counties["first_treated"]) == {0, 2004, 2006, 2007}


def test_the_eighteen_zones_are_cities_of_the_panel_but_for_deqing():
    zones = hub.load("hangzhou-pilot-zone/pilot_zones")
    cities = hub.load("hangzhou-pilot-zone/cities")
    assert set(zones["city"]) - set(cities["city"]) == {"Deqing"}
    assert zones["first_treated"].value_counts().to_dict() == {
        2019: 2,
        2020: 9,
        2021: 4,
        2022: 3,
    }
    both = zones.merge(cities, on="city", suffixes=("", "_panel"))
    assert (both["city_zh"] == both["city_zh_panel"]).all()
