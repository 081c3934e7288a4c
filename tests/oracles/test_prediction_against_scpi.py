"""Prediction intervals beside scpi, the package of the paper's authors.

The in-sample ends solve the same problem for each draw; draws differ, so that quantiles
agree as far as their chance allows. Outside the sample ours takes the standard
deviation of the residuals, theirs the smaller of it and a multiple of their quartiles'
distance; the bound that follows from it is the same.
"""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

scpi = pytest.importorskip("scpi_pkg.scpi", reason="scpi_pkg is not installed").scpi
scdata = pytest.importorskip("scpi_pkg.scdata").scdata

pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(
        int(pd.__version__.split(".")[0]) >= 3,
        reason="scpi_pkg 4.0.0 cannot read the tables of pandas 3",
    ),
]

RHO, DRAWS, BEFORE = 0.1, 1000, 20


@pytest.fixture(scope="module", params=[3, 4])
def both(request):
    panel = hub.simulate_panel(
        units=7, periods=21, treated=1, start=21, noise=0.5, seed=request.param
    )
    ours = hub.prediction_interval(panel, level=0.9, rho=RHO, draws=DRAWS)
    long = panel.frame.rename_axis(index="unit", columns="period")
    data = scdata(
        long.stack().rename("y").reset_index().astype({"unit": object}),
        id_var="unit",
        time_var="period",
        outcome_var="y",
        period_pre=np.arange(1, BEFORE + 1),
        period_post=np.arange(BEFORE + 1, 22),
        unit_tr=panel.treated[0],
        unit_co=list(panel.donors),
        verbose=False,
    )
    np.random.seed(0)  # noqa: NPY002 - theirs draws from it
    theirs = scpi(
        data,
        **{"u_order": 0, "u_lags": 0, "u_alpha": 0.05},
        **{"e_order": 0, "e_lags": 0, "e_alpha": 0.05, "e_method": "gaussian"},
        sims=DRAWS,
        rho=RHO,
        cores=1,
        verbose=False,
    )
    return panel, ours.iloc[0], theirs


def test_what_would_have_been_is_the_same(both):
    _, ours, theirs = both
    found = float(np.ravel(theirs.Y_post_fit)[0])
    assert ours["counterfactual"] == pytest.approx(found, abs=1e-4)


def test_the_errors_of_the_weights_agree_within_the_chance_of_drawing(both):
    _, ours, theirs = both
    found = ours[["in_sample_lower", "in_sample_upper"]].to_numpy(float)
    wanted = theirs.bounds["insample"].to_numpy(float)[0]
    # Another seed of theirs, or of ours, moves an end by up to a tenth.
    assert np.abs(found - wanted).max() < 0.12 * np.ptp(wanted)


def test_the_error_to_come_is_the_same_bound_on_a_spread_that_is_never_smaller(both):
    panel, ours, theirs = both
    effect = hub.synthetic_control(panel).path["effect"].to_numpy()[:BEFORE]
    found = ours[["out_of_sample_lower", "out_of_sample_upper"]].to_numpy(float)
    wanted = theirs.bounds["subgaussian"] - theirs.bounds["insample"]
    wanted = wanted.to_numpy(float)[0]
    assert found.mean() == pytest.approx(effect.mean(), abs=1e-6)
    assert wanted.mean() == pytest.approx(effect.mean(), abs=1e-3)
    factor = np.sqrt(2 * np.log(2 / 0.05))
    assert np.ptp(wanted) / 2 / factor == pytest.approx(
        np.sqrt(float(np.ravel(theirs.e_var)[0])), rel=1e-3
    )
    assert np.ptp(found) >= np.ptp(wanted) * (1 - 1e-6)
