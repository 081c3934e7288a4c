"""Other donors, windows and estimators."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.draws import draw


def test_leaving_out_the_only_donor_with_weight_changes_the_estimate_most():
    table = hub.leave_one_out(draw(3, treated=1), hub.synthetic_control)
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
    table = hub.leave_one_out(panel, estimator)["att"]
    for donor in panel.donors[:3]:
        without = estimator(panel.drop([donor])).att
        assert table[donor] == pytest.approx(without, abs=1e-6)


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
    assert table.set_index("estimator").loc["DiD", "att"] == hub.did(panel).att


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"estimators": {}}, "at least one estimator"),
        ({"estimators": ESTIMATORS, "donors": {"x": ["u99"]}}, "no unit 'u99'"),
    ],
)
def test_bad_choices_are_refused_by_name(panel, arguments, message):
    with pytest.raises(ValueError, match=message):
        hub.specification_curve(panel, **arguments)
