"""The figures and the plan of the Korean case, and the arithmetic of its chapter."""

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
    assert case.verdict().conclusion == "too few places to tell"
    assert "one chance in 12" in str(case.verdict())


def test_the_main_donors_have_circuit_exports_in_every_year_and_taiwan_in_2024():
    exports = hub.load("k-semiconductor-belt/ic_exports")
    pool = ["KOR", "TWN", "CHN", "MYS", "USA", "JPN", "PHL", "DEU"]
    pool += ["THA", "FRA", "ISR", "MEX"]
    wide = exports.pivot(index="year", columns="iso3", values="exports")
    assert wide[pool].notna().all().all()
    assert len(wide) == 12
    last = exports[(exports["iso3"] == "TWN") & (exports["year"] == 2024)]
    assert last["source"].tolist() == ["Taiwan Customs"]
    assert set(wide.columns[wide.isna().any()]) == {"SGP", "VNM"}


def test_korean_customs_months_add_to_the_year_of_comtrade():
    months = hub.load("k-semiconductor-belt/korea_customs")
    months = months[months["product"] == "8542"]
    years = hub.load("k-semiconductor-belt/ic_exports")
    years = years[years["iso3"] == "KOR"].set_index("year")["exports"]
    total = months.groupby("year")["exports"].sum().loc[2020:2024]
    assert np.allclose(total, years.loc[2020:2024], rtol=1e-8)
    assert months.loc[months["derived"], "month"].astype(str).tolist() == ["2020-04"]
    weighed = months.dropna()
    ratio = weighed["exports"] / weighed["weight"] / weighed["unit_value"]
    assert np.allclose(ratio, 1, atol=1e-5)


def test_only_the_newest_year_of_world_billings_is_part_of_a_year():
    world = hub.load("k-semiconductor-belt/wsts_world")
    assert world.loc[world["months"] < 12, "year"].tolist() == [2026]


def test_regions_of_equipment_add_up_to_the_world_where_all_are_printed():
    wide = hub.load(f"{NAME}/semi_equipment").pivot(
        index="year", columns="region", values="billings"
    )
    rest = wide.drop(columns="World")
    gap = (rest.sum(axis=1) - wide["World"]).abs()
    assert (gap.loc[2016:2022] < 0.031).all()
    assert gap[2024] < 0.35  # printed with one decimal
    lacks = rest.stack(future_stack=True).isna()
    assert list(lacks.index[lacks]) == [(2023, "rest of the world")]
    assert wide.loc[2023, "World"] == pytest.approx(106.3)


def test_the_promise_is_equal_growth_from_2020_to_2030(case):
    headline = hub.load(f"{NAME}/motie_headline").set_index("year")["exports"]
    yearly = np.log(headline[2030] / headline[2020]) / 10
    (promise,) = [y for y in case.plan.yardsticks if y.kind == "promised"]
    assert np.log1p(promise.value) == pytest.approx(3 * yearly, abs=0.001)
