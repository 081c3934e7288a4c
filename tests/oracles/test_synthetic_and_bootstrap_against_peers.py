"""A second opinion on synthetic control and on the wild bootstrap."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from pysyncon import Synth
from wildboottest.wildboottest import wildboottest

import hubanalysis as hub


@pytest.mark.filterwarnings("ignore")
def test_wildboottest_agrees_but_for_its_strict_counting_of_ties():
    panel = hub.simulate_panel(
        units=11, periods=8, treated=5, start=5, effect=0.6, seed=3
    )
    long = panel.frame.stack().rename("y").reset_index()
    long["d"] = panel.treatment.ravel().astype(float)
    cluster = pd.Series(pd.factorize(long["unit"])[0])
    model = smf.ols("y ~ d + C(unit) + C(period)", long)
    theirs = wildboottest(
        model, param="d", cluster=cluster, B=99_999, seed=1, show=False
    )
    theirs = float(np.asarray(theirs["p-value"])[0])
    ours = hub.wild_cluster_bootstrap(panel)
    assert ours.enumerated
    # All signs alone, and all flipped, tie with the estimate: we count both.
    assert ours.p_value == pytest.approx(theirs + 2 / 2**11, abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_our_donor_weights_fit_no_worse_than_pysyncons():
    table = hub.load("validation/prop99")
    panel = hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )
    before = panel.frame[list(range(1970, 1989))].T
    theirs = Synth()
    theirs.fit(
        X0=before.drop(columns="California"),
        X1=before["California"],
        Z0=before.drop(columns="California"),
        Z1=before["California"],
        custom_V=np.ones(19) * before.var(axis=1).to_numpy(),
    )
    weights = pd.Series(theirs.W, index=before.columns.drop("California"))
    gap = before["California"] - before[weights.index] @ weights
    ours = hub.synthetic_control(panel).pre_rmspe
    assert ours <= np.sqrt(np.mean(gap**2)) + 1e-9
