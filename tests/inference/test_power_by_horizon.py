"""What could be detected is asked of the first years alone, and grows with them."""

import numpy as np
import pytest

import hubanalysis as hub


def walk(**kwargs):
    """A panel whose noise adds up over the years."""
    panel = hub.simulate_panel(
        units=60, periods=20, treated=1, start=11, factors=0, seed=2, **kwargs
    )
    return panel.with_frame(panel.frame.cumsum(axis=1))


def test_each_row_is_the_power_of_a_shorter_panel():
    panel = walk()
    table = hub.power_by_horizon(panel, hub.event_study, horizons=[1, 4])
    assert table.index.tolist() == [1, 4]
    assert table["last"].tolist() == [11, 14]
    short = hub.minimum_detectable_effect(panel.window(1, 14), hub.event_study)
    assert table.loc[4, "mde"] == short.mde


def test_all_horizons_are_asked_by_default_and_noise_adds_up():
    table = hub.power_by_horizon(walk(), hub.event_study)
    assert table.index.tolist() == list(range(1, 11))
    assert table.loc[10, "mde"] > 1.5 * table.loc[1, "mde"]


def test_several_dates_are_counted_from_the_earliest():
    panel = hub.simulate_panel(units=30, periods=9, treated=4, start=[5, 7], seed=0)
    table = hub.power_by_horizon(panel, hub.imputation, horizons=[1, 5], draws=99)
    assert table["last"].tolist() == [5, 9]
    assert np.isfinite(table["mde"]).all()


def test_strata_and_wanted_power_are_passed_on():
    panel = walk()
    strata = {unit: i % 2 for i, unit in enumerate(panel.units)}
    args = {"strata": strata, "power": 0.5, "level": 0.1}
    table = hub.power_by_horizon(panel, hub.did, [10], **args)
    whole = hub.minimum_detectable_effect(panel, hub.did, **args)
    assert table.loc[10, "mde"] == whole.mde


@pytest.mark.parametrize(
    ("horizons", "message"),
    [
        ([11], "horizon 11 does not fit: there are 10"),
        ([0], "horizon must be a whole number of at least 1, not 0"),
        ([2.5], "horizon must be a whole number"),
    ],
)
def test_a_horizon_that_does_not_fit_is_refused(horizons, message):
    with pytest.raises(ValueError, match=message):
        hub.power_by_horizon(walk(), hub.did, horizons)
