"""Every combination of choices, none left out, none able to stop the others."""

import numpy as np
import pytest

import hubanalysis as hub

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
