"""Synthetic difference-in-differences."""

import numpy as np
import pytest

import hubanalysis as hub


def draw(**options):
    shape = {"units": 12, "periods": 14, "treated": 2, "start": 10, "seed": 5}
    return hub.simulate_panel(**(shape | options))


def test_the_estimate_is_the_one_bilinear_form_of_its_weights():
    panel = draw()
    found = hub.synthetic_did(panel)
    unit, time = found.unit_weights.to_numpy(), found.time_weights.to_numpy()
    treated = panel.starts < len(panel.periods)
    gap = panel.values[treated].mean(axis=0) - unit @ panel.values[~treated]
    assert found.att == pytest.approx(gap[9:].mean() - time @ gap[:9], abs=1e-10)
    assert unit.sum() == pytest.approx(1)
    assert time.sum() == pytest.approx(1)


def test_each_cohort_is_fitted_against_the_never_treated():
    panel = draw(treated=4, start=[8, 11])
    found = hub.synthetic_did(panel)
    sizes, atts = [], []
    for date, units in panel.cohorts.items():
        one = hub.synthetic_did(panel.keep([*units, *panel.donors]))
        assert np.allclose(found.unit_weights[date], one.unit_weights)
        sizes.append(len(units) * (len(panel.periods) - one.panel.start))
        atts.append(one.att)
    assert found.att == pytest.approx(np.average(atts, weights=sizes))


def test_too_few_donors_or_periods_are_refused():
    with pytest.raises(ValueError, match=r"two donors.*there are 1 and"):
        hub.synthetic_did(draw(units=3))
    with pytest.raises(ValueError, match=r"two periods before"):
        hub.synthetic_did(draw(start=2))
