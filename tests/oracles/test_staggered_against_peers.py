"""Staggered adoption beside other people's packages, in the same run.

diff-diff's doubly robust cells differ from ours by up to 1e-5 on the county data;
moderndid and the authors' printed numbers agree with ours, so moderndid is the oracle
with covariates.
"""

import warnings

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

diff_diff = pytest.importorskip("diff_diff")

METHODS = {"doubly_robust": "dr", "outcome_regression": "reg", "ipw": "ipw"}
CONTROLS = ["never_treated", "not_yet_treated"]
BASES = ["varying", "universal"]
TABLES = {
    "mpdta": ("county", "year", "log_employment", "log_population"),
    "staggered_simulated": ("id", "period", "y", "x"),
    "base_stagg": ("id", "period", "y", None),
    "castle": ("state_number", "year", "log_homicide", None),
}


def both(name):
    """The panel and the table that peers want (0 = never), with its columns."""
    unit, period, outcome, covariate = TABLES[name]
    table = hub.load(f"validation/{name}")
    table["first_treated"] = table["first_treated"].fillna(0).astype(int)
    table = table.astype({unit: int})
    if name in ("base_stagg", "staggered_simulated"):
        # Peers drop units that are treated from the first period; so do we.
        table = table[(table["first_treated"] == 0) | (table["first_treated"] > 1)]
    panel = hub.Panel.from_long(
        table, unit, period, outcome, "first_treated", covariate and [covariate]
    )
    return panel, table, {"unit": unit, "time": period, "outcome": outcome}


def quietly(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("base", BASES)
def test_cells_and_averages_are_those_of_diff_diff(name, control, base):
    panel, table, columns = both(name)
    peer = diff_diff.CallawaySantAnna(control_group=control, base_period=base)
    theirs = quietly(
        lambda: peer.fit(table, first_treat="first_treated", aggregate="all", **columns)
    )
    ours = hub.group_time_att(
        panel, control=control, covariates=[], base_period=base, draws=0
    )
    cells = ours.table.set_index(["group", "period"])
    assert set(theirs.group_time_effects) == set(cells.index)
    for key, cell in theirs.group_time_effects.items():
        assert cells.loc[key, "att"] == pytest.approx(cell["effect"], abs=1e-10)
        if np.isfinite(cell["se"]):
            assert cells.loc[key, "se"] == pytest.approx(cell["se"], abs=1e-10)
    simple = ours.aggregate("simple")
    assert simple.att == pytest.approx(theirs.overall_att, abs=1e-10)
    assert simple.se == pytest.approx(theirs.overall_se, abs=1e-10)
    paths = {"dynamic": theirs.event_study_effects, "group": theirs.group_effects}
    for kind, effects in paths.items():
        path = ours.aggregate(kind).path
        for key, cell in effects.items():
            assert path.loc[key, "effect"] == pytest.approx(cell["effect"], abs=1e-10)
            if np.isfinite(cell["se"]):
                assert path.loc[key, "se"] == pytest.approx(cell["se"], abs=1e-10)


@pytest.mark.parametrize("name", ["mpdta", "staggered_simulated"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("base", BASES)
def test_cells_with_covariates_are_those_of_moderndid(name, method, control, base):
    moderndid = pytest.importorskip("moderndid")
    panel, table, columns = both(name)
    theirs = quietly(
        lambda: moderndid.att_gt(
            table,
            columns["outcome"],
            columns["time"],
            columns["unit"],
            "first_treated",
            f"~ {TABLES[name][3]}",
            est_method=METHODS[method],
            control_group=control.replace("_", ""),
            base_period=base,
        )
    )
    ours = hub.group_time_att(
        panel, control=control, method=method, base_period=base, draws=0
    ).table
    np.testing.assert_allclose(ours["att"], np.asarray(theirs.att_gt), atol=1e-9)
    live = ours["se"] > 0  # they give no standard error at the reference
    np.testing.assert_allclose(
        ours["se"][live], np.asarray(theirs.se_gt, dtype=float)[live], atol=1e-9
    )


@pytest.mark.parametrize("name", ["mpdta", "castle", "base_stagg"])
def test_imputation_is_that_of_diff_diff(name):
    panel, table, columns = both(name)
    theirs = quietly(
        lambda: diff_diff.ImputationDiD().fit(
            table, first_treat="first_treated", aggregate="event_study", **columns
        )
    )
    ours = hub.imputation(panel.plain())
    assert ours.att == pytest.approx(theirs.overall_att, abs=1e-8)
    assert ours.se == pytest.approx(theirs.overall_se, abs=1e-8)
    for k, cell in theirs.event_study_effects.items():
        if k >= 0:
            assert ours.path.loc[k, "effect"] == pytest.approx(cell["effect"], abs=1e-8)
            assert ours.path.loc[k, "se"] == pytest.approx(cell["se"], abs=1e-8)


@pytest.mark.parametrize("name", ["mpdta", "castle"])
def test_bacon_comparisons_are_those_of_diff_diff(name):
    panel, table, columns = both(name)
    theirs = quietly(
        lambda: diff_diff.BaconDecomposition(weights="exact").fit(
            table, first_treat="first_treated", **columns
        )
    )
    ours = hub.bacon_decomposition(panel.plain())
    pairs = [(c.estimate, c.weight) for c in theirs.comparisons if c.weight > 0]
    mine = zip(ours["estimate"], ours["weight"])
    np.testing.assert_allclose(sorted(mine), sorted(pairs), atol=1e-8)


def people(n=1500):
    """Other people in every period, of groups whose make-up differs."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "person": np.arange(n),
            "t": rng.integers(1, 6, n),
            "first": rng.choice([0, 3, 4], n),
        }
    )
    age = rng.normal(size=n) + 0.4 * (table["first"] == 3)
    on = (table["first"] > 0) & (table["t"] >= table["first"])
    return table.assign(age=age, y=rng.normal(size=n) + age * table["t"] * 0.3 + on)


@pytest.mark.parametrize("covariates", [None, ["age"]])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("control", CONTROLS)
def test_repeated_cross_sections_are_those_of_diff_diff(covariates, method, control):
    table = people()
    peer = diff_diff.CallawaySantAnna(
        control_group=control, estimation_method=METHODS[method], panel=False
    )
    theirs = quietly(
        lambda: peer.fit(
            table, "y", "person", "t", "first", covariates=covariates, aggregate="all"
        )
    )
    sections = hub.CrossSections.from_long(table, "t", "y", "first", covariates)
    ours = hub.group_time_att(sections, control=control, method=method, draws=0)
    cells = ours.table.set_index(["group", "period"])
    assert set(theirs.group_time_effects) == set(cells.index)
    # Their standard error by regression leaves out a part: a bootstrap of people gives
    # ours (.222 against .222 for the first cell of 1,200, theirs .158).
    complete = method != "outcome_regression" or covariates is None
    for key, cell in theirs.group_time_effects.items():
        assert cells.loc[key, "att"] == pytest.approx(cell["effect"], abs=1e-9)
        if complete:
            assert cells.loc[key, "se"] == pytest.approx(cell["se"], abs=1e-9)
    if complete:
        simple = ours.aggregate()
        assert simple.att == pytest.approx(theirs.overall_att, abs=1e-9)
        assert simple.se == pytest.approx(theirs.overall_se, abs=1e-9)


@pytest.mark.parametrize("name", ["mpdta", "castle"])
@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("base", BASES)
def test_cells_with_anticipation_are_those_of_diff_diff(name, control, base):
    panel, table, columns = both(name)
    peer = diff_diff.CallawaySantAnna(
        control_group=control, base_period=base, anticipation=1
    )
    theirs = quietly(
        lambda: peer.fit(table, first_treat="first_treated", aggregate="all", **columns)
    )
    ours = hub.group_time_att(
        panel,
        control=control,
        covariates=[],
        base_period=base,
        draws=0,
        anticipation=1,
    )
    cells = ours.table.set_index(["group", "period"])
    shared = set(theirs.group_time_effects) & set(cells.index)
    assert len(shared) > len(cells) / 2
    for key in shared:
        cell = theirs.group_time_effects[key]
        assert cells.loc[key, "att"] == pytest.approx(cell["effect"], abs=1e-10)


@pytest.mark.parametrize("ahead", [0, 1])
def test_imputation_with_a_varying_covariate_is_that_of_diff_diff(ahead):
    table = hub.load("validation/base_stagg")
    table["first_treated"] = table["first_treated"].fillna(0).astype(int)
    table = table[(table["first_treated"] == 0) | (table["first_treated"] > 2)]
    panel = hub.Panel.from_long(
        table, "id", "period", "y", "first_treated", varying="x1"
    )
    theirs = quietly(
        lambda: diff_diff.ImputationDiD(anticipation=ahead).fit(
            table,
            "y",
            "id",
            "period",
            "first_treated",
            covariates=["x1"],
            aggregate="event_study",
        )
    )
    ours = hub.imputation(panel, anticipation=ahead).path
    for k, cell in theirs.event_study_effects.items():
        if k >= 0:
            assert ours.loc[k, "effect"] == pytest.approx(cell["effect"], abs=1e-8)
            assert ours.loc[k, "se"] == pytest.approx(cell["se"], abs=1e-8)
