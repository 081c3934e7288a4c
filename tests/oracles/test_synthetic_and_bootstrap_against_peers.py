"""A second opinion on synthetic control, its jackknife, and the wild bootstrap."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from diff_diff import SyntheticDiD
from diff_diff.utils import wild_bootstrap_se
from pysyncon import Synth
from wildboottest.wildboottest import wildboottest

import hubanalysis as hub
from hubanalysis.estimators.weights import simplex_weights

pytestmark = pytest.mark.filterwarnings("ignore")


def long_of(panel):
    """The table that peers want."""
    long = panel.frame.rename_axis(index="unit", columns="period")
    long = long.stack().rename("y").reset_index()
    long["d"] = panel.treatment.ravel().astype(float)
    return long


@pytest.mark.parametrize(
    ("units", "treated", "start"), [(8, 3, 5), (11, 5, 5), (12, 7, [4, 6])]
)
def test_wildboottest_agrees_but_for_its_counting_of_ties(units, treated, start):
    """Ours is larger by two ties at most: all signs alone, and all flipped."""
    panel = hub.simulate_panel(
        units=units, periods=8, treated=treated, start=start, effect=0.6, seed=3
    )
    long = long_of(panel)
    cluster = pd.Series(pd.factorize(long["unit"])[0])
    model = smf.ols("y ~ d + C(unit) + C(period)", long)
    theirs = wildboottest(
        model, param="d", cluster=cluster, B=99_999, seed=1, show=False
    )
    theirs = float(np.asarray(theirs["p-value"])[0])
    ours = hub.wild_cluster_bootstrap(panel)
    assert ours.enumerated
    # All signs alone, and all flipped, tie with the estimate: we count both, and
    # theirs are counted as rounding has it.
    assert -1e-9 <= ours.p_value - theirs <= 2 / 2**units + 1e-9


def test_drawn_signs_agree_with_two_peers_within_the_noise_of_drawing():
    """As diff-diff and wildboottest, within four times the noise of 9,999 draws."""
    panel = hub.simulate_panel(
        units=40, periods=8, treated=16, start=5, effect=0.3, seed=3
    )
    long = long_of(panel)
    cluster = pd.Series(pd.factorize(long["unit"])[0])
    model = smf.ols("y ~ d + C(unit) + C(period)", long)
    one = wildboottest(model, param="d", cluster=cluster, B=9999, seed=1, show=False)
    one = float(np.asarray(one["p-value"])[0])
    fit = model.fit()
    column = list(fit.params.index).index("d")
    two = wild_bootstrap_se(
        model.exog, model.endog, fit.resid.to_numpy(), cluster, column, 9999, seed=1
    )
    ours = hub.wild_cluster_bootstrap(panel)
    noise = np.sqrt(2 * ours.p_value * (1 - ours.p_value) / 9999)
    assert abs(ours.p_value - one) < 4 * noise
    assert abs(ours.p_value - two.p_value) < 4 * noise
    width = np.diff(ours.interval)
    assert np.abs(np.subtract(ours.interval, (two.ci_lower, two.ci_upper))).max() < (
        0.03 * width
    )


def test_diff_diff_has_the_same_jackknife():
    """Their weights come from a solver that stops; ours are exact."""
    panel = hub.simulate_panel(
        units=30, periods=12, treated=8, start=9, effect=1, seed=3
    )
    long = long_of(panel)
    long["treated"] = long["unit"].isin(panel.treated).astype(int)
    theirs = SyntheticDiD(variance_method="jackknife").fit(
        long, "y", "treated", "unit", "period", post_periods=[9, 10, 11, 12]
    )
    assert hub.jackknife(panel) == pytest.approx(theirs.se, rel=1e-4)


def test_our_importances_fit_no_worse_than_pysyncons_with_its_programme_solved():
    """The fit before treatment is compared: ours must be no worse."""
    table = hub.load("validation/basque").query("region_number != 1")
    table = table[table["year"].between(1960, 1969)]
    traits = ["gdp_per_head", "share_industry", "share_agriculture", "investment_share"]
    x = table.groupby("region")[traits].mean()
    y = table.pivot(index="region", columns="year", values="gdp_per_head")
    basque = "Basque Country (Pais Vasco)"
    panel = hub.Panel.from_long(
        hub.load("validation/basque").query("region_number != 1 and year >= 1960"),
        "region",
        "year",
        "gdp_per_head",
        {basque: 1970},
    )
    ours = hub.synthetic_control(panel, predictors=x)
    for start in ("equal", "ols"):
        theirs = Synth()
        theirs.fit(
            X0=x.drop(index=basque).T,
            X1=x.loc[basque],
            Z0=y.drop(index=basque).T,
            Z1=y.loc[basque],
            optim_method="Nelder-Mead",
            optim_initial=start,
        )
        # Their donor weights can miss the optimum at their own V by a good part of
        # the objective, and so seem to fit the outcomes better than any can.
        v = np.sqrt(theirs.V) / x.std().to_numpy()
        w = simplex_weights(
            (x.drop(index=basque) * v).to_numpy().T, (x.loc[basque] * v).to_numpy()
        )
        gap = y.loc[basque] - w @ y.drop(index=basque)
        assert ours.pre_rmspe <= np.sqrt(np.mean(gap**2)) * (1 + 1e-6)


def california():
    return hub.Panel.from_long(
        hub.load("validation/prop99"),
        "state",
        "year",
        "packs_per_head",
        {"California": 1989},
    )


def test_our_donor_weights_fit_no_worse_than_pysyncons():
    """The fit before treatment is compared: ours must be no worse."""
    panel = california()
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
