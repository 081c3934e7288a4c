"""Other donors, windows and estimators."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.draws import draw


def test_leaving_out_the_only_donor_with_weight_changes_the_estimate_most():
    table = hub.leave_one_out(draw(3, treated=1), hub.synthetic_control, draws=0)
    assert list(table) == ["role", "att", "change", "weight", "p_value", "mde"]
    assert table["change"].abs().is_monotonic_decreasing
    unused = table["weight"] < 1e-9
    assert np.allclose(table.loc[unused, "change"], 0, atol=1e-6)


@pytest.mark.parametrize(
    "estimator",
    [
        hub.did,
        hub.event_study,
        hub.synthetic_control,
        hub.synthetic_did,
        hub.imputation,
    ],
)
@pytest.mark.parametrize("treated", [1, 3])
def test_leaving_out_a_donor_is_estimating_without_it(estimator, treated):
    panel = draw(4, treated=treated)
    table = hub.leave_one_out(panel, estimator, draws=0)["att"]
    for unit in (*panel.donors[:3], *panel.treated[1:]):
        without = estimator(panel.drop([unit])).att
        assert table[unit] == pytest.approx(without, abs=1e-6)


@pytest.mark.parametrize("estimator", [hub.did, hub.synthetic_control])
def test_each_sample_is_tested_on_its_own_lot(estimator):
    panel = draw(5, treated=2, units=8)
    table = hub.leave_one_out(panel, estimator)
    assert list(table["role"]) == ["donor"] * 6 + ["treated"] * 2
    for unit in panel.units:
        rest = panel.drop([unit])
        lot = hub.randomization_test(rest, estimator)
        assert table.loc[unit, "p_value"] == lot.p_value
        # The estimate is read off the very same lot.
        assert table.loc[unit, "att"] == pytest.approx(lot.observed, abs=1e-9)
    donor = panel.donors[0]
    alone = hub.minimum_detectable_effect(panel.drop([donor]), estimator)
    assert table.loc[donor, "mde"] == alone.mde


def test_the_only_treated_unit_is_never_left_out():
    table = hub.leave_one_out(draw(3, treated=1), hub.did)
    assert set(table["role"]) == {"donor"}


def test_those_that_move_the_estimate_most_are_tested_and_the_rest_are_not():
    panel = draw(5, treated=3, units=9)
    table = hub.leave_one_out(panel, hub.did, tested=2)
    for _, part in table.groupby("role"):
        assert part["change"].abs().is_monotonic_decreasing
        assert part["p_value"].notna().tolist() == [True] * 2 + [False] * (
            len(part) - 2
        )
    assert hub.leave_one_out(panel, hub.did, draws=0)["p_value"].isna().all()


def test_strata_go_with_the_units_that_are_left():
    panel = draw(5, treated=2, units=8)
    strata = {u: "a" if i % 2 else "b" for i, u in enumerate(panel.units)}
    table = hub.leave_one_out(panel, hub.did, strata)
    donor = panel.donors[0]
    rest = panel.drop([donor])
    lot = hub.randomization_test(rest, hub.did, {u: strata[u] for u in rest.units})
    assert table.loc[donor, "p_value"] == lot.p_value


def test_holes_without_a_quick_way_and_a_lot_of_one_are_not_tested():
    panel = draw(5, treated=2, units=8)
    holes = panel.frame.copy()
    holes.iloc[5, 2] = np.nan
    holed = panel.with_frame(holes)
    assert hub.leave_one_out(holed, hub.did)["p_value"].notna().all()
    table = hub.leave_one_out(holed, lambda p: hub.did(p))
    assert table["p_value"].isna().all()
    assert table["att"].notna().all()
    # One treated unit is a stratum of its own, and without the other nobody trades.
    first, second, *others = panel.units
    strata = dict.fromkeys(others, "rest") | {first: "alone", second: "rest"}
    table = hub.leave_one_out(panel, hub.did, strata)
    assert table["p_value"].isna().to_dict() == {u: u == second for u in table.index}


ESTIMATORS = {"DiD": hub.did, "SDiD": hub.synthetic_did}


@pytest.fixture
def panel():
    return hub.simulate_panel(units=12, periods=12, treated=2, start=9, seed=0)


def test_there_is_one_row_for_every_combination(panel):
    table = hub.specification_curve(
        panel,
        ESTIMATORS,
        donors={"all": panel.donors, "half": panel.donors[:5]},
        windows={"all": (1, 12), "late": (4, 12), "short": (4, 10)},
    )
    assert len(table) == 2 * 2 * 3
    assert not table.duplicated(["estimator", "donors", "window"]).any()
    assert table["att"].is_monotonic_increasing


def test_a_row_is_what_the_estimator_says_of_that_panel(panel):
    table = hub.specification_curve(
        panel, ESTIMATORS, {"half": panel.donors[:5]}, {"late": (4, 12)}
    ).set_index("estimator")
    chosen = panel.keep([*panel.treated, *panel.donors[:5]]).window(4, 12)
    assert table.loc["DiD", "att"] == hub.did(chosen).att
    assert table.loc["DiD", "se"] == hub.did(chosen).se
    assert table.loc["SDiD", "att"] == hub.synthetic_did(chosen).att
    assert np.isnan(table.loc["SDiD", "se"])


def test_a_specification_that_is_refused_says_why_and_stops_nothing(panel):
    table = hub.specification_curve(
        panel, ESTIMATORS, {"one": panel.donors[:1], "all": panel.donors}
    )
    refused = table[table["refused"] != ""]
    assert len(table) == 4
    assert len(refused) == 1
    assert "at least two donors" in refused["refused"].iloc[0]


def test_by_default_all_donors_and_periods_are_kept(panel):
    table = hub.specification_curve(panel, ESTIMATORS)
    assert set(table["donors"]) == set(table["window"]) == {"all"}
    found = table.set_index("estimator").loc["DiD", "att"]
    assert found == pytest.approx(hub.did(panel).att, abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"estimators": {}}, "estimators of .* are empty"),
        ({"estimators": ESTIMATORS, "donors": {}}, "donors .* empty.*Name each pool"),
        ({"estimators": ESTIMATORS, "windows": {}}, "windows .* empty.*Name each, as"),
        ({"estimators": ESTIMATORS, "donors": {"x": ["u99"]}}, "no unit 'u99'"),
    ],
)
def test_bad_choices_are_refused_by_name(panel, arguments, message):
    with pytest.raises(ValueError, match=message):
        hub.specification_curve(panel, **arguments)
