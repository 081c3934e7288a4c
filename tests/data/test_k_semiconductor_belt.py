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
    assert "by chance once in 12 times" in str(case.verdict())


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


def test_the_headline_counts_more_than_circuits_in_every_year():
    headline = hub.load(f"{NAME}/motie_headline").set_index("year")["exports"]
    months = hub.load(f"{NAME}/korea_customs").query("product == '8542'")
    circuits = months.groupby("year")["exports"].sum().loc[2020:2025]
    assert (headline[circuits.index] > circuits).all()


def test_plain_memory_is_nearly_half_of_the_last_year_and_hardly_heavier():
    months = hub.load(f"{NAME}/korea_customs").set_index(["product", "month"])
    total, plain = (
        months.loc[code, ["exports", "weight"]].rolling(12).sum().iloc[[-13, -1]]
        for code in ("8542", "8542321010")
    )
    more = plain["exports"].diff().iloc[-1] / total["exports"].diff().iloc[-1]
    assert more == pytest.approx(0.47, abs=0.005)
    rest = np.log(total - plain).diff().iloc[-1]
    assert rest["exports"] - rest["weight"] == pytest.approx(0.49, abs=0.005)
    heavier, dearer = np.log(plain).diff().iloc[-1][["weight", "exports"]]
    assert 0 < heavier < 0.1 < dearer - heavier


def test_no_two_like_points_of_the_cycle_lie_before_the_strategy():
    yearly = hub.load(f"{NAME}/ic_exports").query("iso3 == 'KOR'")
    yearly = yearly.set_index("year")["exports"]
    turns = np.sign(yearly.diff())
    peaks = [y for y in turns.index[1:-1] if turns[y] > 0 > turns[y + 1]]
    troughs = [y for y in turns.index[1:-1] if turns[y] < 0 < turns[y + 1]]
    assert (peaks, troughs) == ([2018, 2022], [2019, 2023])


def test_each_place_that_the_wider_pool_adds_exports_less_than_any_in_the_main_one(
    case,
):
    sizes = case.levels("chips_wide").frame[2020]
    main = case.panel("chips").donors
    added = [c for c in case.panel("chips_wide").donors if c not in main]
    assert len(added) == 8
    assert sizes[added].max() < sizes[main].min()


def test_without_malaysia_p_leaves_every_usual_level_and_without_israel_it_does_not(
    case,
):
    out = case.battery("chips").left_out
    assert out.loc["Malaysia", "p_value"] > 0.5
    assert out.loc["Israel", ["weight", "p_value"]].tolist() == pytest.approx(
        [0, 1 / 11], abs=1e-6
    )
