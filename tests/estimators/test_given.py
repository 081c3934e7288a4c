"""Covariates, weights, clusters and anticipation, against least squares by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.given import (
    cell_covariates,
    cluster_codes,
    given_notes,
    standardised_design,
)


def table(seed=0, units=24, periods=7):
    rng = np.random.default_rng(seed)
    df = pd.DataFrame(
        [(f"u{i:02d}", t) for i in range(units) for t in range(1, periods + 1)],
        columns=["unit", "t"],
    )
    code = df["unit"].str[1:].astype(int)
    size, people = rng.normal(size=units), rng.integers(1, 4, units)
    df = df.assign(
        size=size[code],
        people=people[code],
        state=code % 8,
        rate=rng.normal(size=len(df)),
    )
    df["first"] = np.where(code < 6, 4, np.where(code < 11, 6, np.nan))
    df["y"] = (
        rng.normal(size=len(df))
        + df["t"] * df["size"]
        + df["rate"]
        + (df["t"] >= df["first"])
    )
    return df


def panel(df=None, **options):
    df = table() if df is None else df
    return hub.Panel.from_long(df, "unit", "t", "y", "first", **options)


def copies(df):
    """Each unit as many times as its weight says."""
    parts = [
        df[df["people"] > k].assign(
            unit=lambda d, k=k: d["unit"] + f"-{k}", of=df["unit"]
        )
        for k in range(3)
    ]
    return pd.concat(parts)


ALL = {"covariates": "size", "varying": "rate", "weights": "people"}
STATES = table().drop_duplicates("unit").set_index("unit")["state"]


def dummies(df, columns, weight=None):
    """Weighted least squares with all dummies: coefficients, bread and scores."""
    x = np.column_stack(
        [
            *columns,
            pd.get_dummies(df["unit"]),
            pd.get_dummies(df["t"], drop_first=True),
            pd.get_dummies(df["t"], drop_first=True).mul(df["size"], axis=0),
            df["rate"],
        ]
    ).astype(float)
    w = np.ones(len(df)) if weight is None else np.asarray(weight, dtype=float)
    bread = np.linalg.pinv(x.T @ (w[:, None] * x))
    y = df["y"].to_numpy()
    beta = bread @ (x.T @ (w * y))
    return beta, bread, x * (w * (y - x @ beta))[:, None]


def summed(scores, by):
    return np.array([scores[np.asarray(by) == g].sum(axis=0) for g in np.unique(by)])


def test_did_given_covariates_and_weights_is_weighted_least_squares():
    df = table()
    on = (df["t"] >= df["first"]).astype(float)
    beta, bread, scores = dummies(df, [on], df["people"])
    n, periods, groups = len(df), 7, 8
    spare = n - 1 - 7 - periods
    factor = groups / (groups - 1) * (n - 1) / spare
    within = summed(scores, df["state"])
    variance = factor * (bread @ within.T @ within @ bread)[0, 0]
    estimate = hub.did(panel(**ALL), clusters=STATES)
    assert estimate.att == pytest.approx(beta[0], abs=1e-9)
    assert estimate.se == pytest.approx(np.sqrt(variance), rel=1e-8)
    assert estimate.df == groups - 1


def test_two_ways_of_clustering_add_up():
    df = table()
    on = (df["t"] >= df["first"]).astype(float)
    _, bread, scores = dummies(df, [on])
    n, k = len(df), 1 + 6 + 1

    def part(by):
        groups = len(np.unique(by))
        within = summed(scores, by)
        factor = groups / (groups - 1) * (n - 1) / (n - k)
        return factor * (bread @ within.T @ within @ bread)[0, 0]

    both = part(df["unit"]) + part(df["t"]) - part(np.arange(n))
    estimate = hub.did(panel(covariates="size", varying="rate"), errors="two_way")
    assert estimate.se == pytest.approx(np.sqrt(both), rel=1e-6)
    assert estimate.df == 6


def test_driscoll_and_kraay_weigh_neighbouring_periods():
    df = table()
    on = (df["t"] >= df["first"]).astype(float)
    _, bread, scores = dummies(df, [on])
    of = summed(scores, df["t"])
    lags = int(np.floor(4 * (7 / 100) ** (2 / 9)))
    meat = of.T @ of
    for lag in range(1, lags + 1):
        cross = of[lag:].T @ of[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    n, k = len(df), 1 + 7 + 24 + 6
    variance = n / (n - k) * (bread @ meat @ bread)[0, 0]
    estimate = hub.did(
        panel(covariates="size", varying="rate"), errors="driscoll_kraay"
    )
    assert estimate.se == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_event_study_given_covariates_is_weighted_least_squares():
    df = table()
    event = (df["t"] - df["first"]).fillna(-99)
    times = [k for k in range(-5, 4) if k != -2]
    beta, *_ = dummies(df, [event == k for k in times], df["people"])
    path = hub.event_study(panel(**ALL), reference=-2).path
    np.testing.assert_allclose(path.loc[times, "effect"], beta[: len(times)], atol=1e-8)


@pytest.mark.parametrize("ahead", [0, 1])
def test_imputation_given_covariates_predicts_from_untreated_cells(ahead):
    df = table()
    free = ~(df["t"] >= df["first"] - ahead)
    kept = df[free].assign(unit=df["unit"], t=df["t"])
    beta, *_ = dummies(kept, [], kept["people"])
    everyone = np.column_stack(
        [
            pd.get_dummies(df["unit"]),
            pd.get_dummies(df["t"], drop_first=True),
            pd.get_dummies(df["t"], drop_first=True).mul(df["size"], axis=0),
            df["rate"],
        ]
    ).astype(float)
    gap = df["y"] - everyone @ beta
    post = df["t"] >= df["first"]
    by_hand = np.average(gap[post], weights=df["people"][post])
    estimate = hub.imputation(panel(**ALL), anticipation=ahead, leads=1)
    assert estimate.att == pytest.approx(by_hand, abs=1e-8)
    assert estimate.path.index.min() == -1 - ahead


@pytest.mark.parametrize("ask", [hub.did, hub.imputation, hub.event_study])
def test_a_weight_of_three_is_three_units(ask):
    df = table()
    weighted = ask(panel(df, weights="people")).att
    assert weighted == pytest.approx(ask(panel(copies(df))).att, abs=1e-9)


@pytest.mark.parametrize("method", ["doubly_robust", "outcome_regression", "ipw"])
def test_a_weight_of_three_is_three_units_of_one_cluster(method):
    df = table(units=40)
    twins = copies(df)
    of = twins.drop_duplicates("unit").set_index("unit")["of"]
    options = {"method": method, "draws": 0}
    one = hub.group_time_att(panel(df, covariates="size", weights="people"), **options)
    many = hub.group_time_att(panel(twins, covariates="size"), clusters=of, **options)
    columns = ["att", "se"]
    np.testing.assert_allclose(one.table[columns], many.table[columns], atol=1e-7)
    for kind in ("simple", "group", "dynamic", "calendar"):
        ours, theirs = one.aggregate(kind), many.aggregate(kind)
        assert (ours.att, ours.se) == pytest.approx((theirs.att, theirs.se), abs=1e-7)


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
def test_anticipation_measures_as_if_units_had_started_earlier(base, control):
    df = table(units=30)
    options = {"control": control, "base_period": base, "draws": 0}
    late = hub.group_time_att(panel(df), anticipation=1, **options).table
    early = hub.group_time_att(panel(df.assign(first=df["first"] - 1)), **options).table
    np.testing.assert_allclose(late[["att", "se"]], early[["att", "se"]], atol=1e-12)
    assert (late["event_time"] + 1 == early["event_time"]).all()


def test_a_path_given_covariates_averages_to_the_estimate():
    df = table().query("first != 6")
    estimate = hub.did(panel(df, **ALL))
    after = estimate.path.query("event_time >= 0")
    assert after["effect"].mean() == pytest.approx(estimate.att, abs=1e-9)


def test_clusters_of_one_unit_change_nothing():
    made = panel()
    own = dict(zip(made.units, made.units))
    for ask in (hub.did, hub.event_study, hub.imputation):
        assert ask(made, clusters=own).se == pytest.approx(ask(made).se, rel=1e-8)
    few = hub.group_time_att(made, clusters=own, seed=1).table
    pd.testing.assert_frame_equal(
        few.drop(columns=["lower", "upper"]),
        hub.group_time_att(made, seed=1).table.drop(columns=["lower", "upper"]),
    )


def test_what_is_answered_is_said():
    fixed, moving, weights = given_notes(panel(**ALL), None)
    assert fixed.startswith("among units alike in size")
    assert moving.startswith("given rate")
    assert weights.startswith("units count by people")
    assert given_notes(panel(), None) == ()
    assert "among units alike in size" in " ".join(hub.did(panel(**ALL)).notes)


def test_placebos_and_lots_are_dealt_to_the_weighted_panel():
    df = table(units=12).query("first != 6")
    made = panel(
        df.assign(first=np.where(df["unit"] < "u02", 4, np.nan)), weights="people"
    )
    lot = hub.randomization_test(made, hub.did)
    for k in (0, 7, 20):
        assert lot.estimates[k] == pytest.approx(hub.did(made.deal(lot.starts[k])).att)


def test_traits_are_laid_out_beside_a_one_with_mean_zero_and_spread_one():
    made = panel(**ALL)
    size = np.array([0.0, 10.0] * 12)
    design = standardised_design(
        replace(made, covariates=pd.DataFrame({"size": size}, index=made.units)),
        ["size"],
    )
    assert design.columns.tolist() == ["constant", "size"]
    assert (design["constant"] == 1).all()
    assert design["size"].tolist() == [-1.0, 1.0] * 12


def test_a_trait_that_all_share_is_refused():
    with pytest.raises(hub.HubError, match="covariate 'size' is constant"):
        standardised_design(
            panel(table().assign(size=3.0), covariates="size"), ["size"]
        )


def test_a_fixed_covariate_has_a_slope_for_every_later_period():
    columns, names = cell_covariates(panel(**ALL), None)
    assert columns.shape == (24 * 7, 7)
    assert names[0] == "size in 2"
    assert names[-1] == "rate"


def test_clusters_are_numbered_from_zero():
    assert sorted(set(cluster_codes(panel(), STATES))) == list(range(8))
