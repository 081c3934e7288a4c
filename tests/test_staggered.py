"""Group-time effects and imputation: what must hold on any panel."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis import staggered

ESTIMATORS = {
    "never treated": lambda p: hub.group_time_att(p, draws=0).aggregate("simple"),
    "not yet treated": lambda p: hub.group_time_att(
        p, control="not_yet_treated", draws=0
    ).aggregate("simple"),
    "dynamic": lambda p: hub.group_time_att(
        p, base_period="universal", draws=0
    ).aggregate("dynamic"),
    "group": lambda p: hub.group_time_att(p, draws=0).aggregate("group"),
    "calendar": lambda p: hub.group_time_att(p, draws=0).aggregate("calendar"),
    "imputation": hub.imputation,
}
estimators = pytest.mark.parametrize("estimate", ESTIMATORS.values(), ids=ESTIMATORS)
seeds = st.integers(0, 10_000)


def panel_of(seed=0, noise=1.0, effect=1.0, units=24, start=(4, 6), **more):
    return hub.simulate_panel(
        units=units,
        periods=8,
        treated=units // 2,
        start=list(start),
        effect=effect,
        noise=noise,
        factors=0,
        seed=seed,
        **more,
    )


def rebuilt(panel, values=None, units=None, covariates=None):
    """The same panel with other outcomes, in another order, or with covariates."""
    wide = panel.frame if values is None else panel.frame * 0 + values
    wide = wide.loc[panel.units if units is None else units]
    long = wide.rename_axis("unit").reset_index()
    long = long.melt("unit", var_name="period", value_name="y")
    long["period"] = long["period"].astype(int)
    names = None
    if covariates is not None:
        names = list(covariates)
        long = long.merge(covariates, left_on="unit", right_index=True)
    return hub.Panel.from_long(
        long.dropna(subset="y"),
        unit="unit",
        period="period",
        outcome="y",
        first_treated=panel.first_treated,
        covariates=names,
        balanced=False,
    )


def with_traits(seed=0, units=60, **traits):
    panel = panel_of(seed, units=units)
    rng = np.random.default_rng(seed)
    made = {"size": rng.normal(size=units)} | traits
    return rebuilt(panel, covariates=pd.DataFrame(made, index=panel.units))


def with_holes(panel, cells):
    values = panel.values.copy()
    for i, t in cells:
        values[i, t] = np.nan
    return rebuilt(panel, values)


# -- what changes an estimate and what does not --------------------------------------


@estimators
@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_constants_and_unit_and_period_effects_change_nothing(estimate, seed):
    panel = panel_of(seed)
    rng = np.random.default_rng(seed)
    moved = panel.values + 7 + rng.normal(size=(24, 1)) + rng.normal(size=8)
    before, after = estimate(panel), estimate(rebuilt(panel, moved))
    np.testing.assert_allclose(
        [after.att, after.se], [before.att, before.se], atol=1e-10
    )


@estimators
@settings(max_examples=15, deadline=None)
@given(seed=seeds, factor=st.floats(-9, 9).filter(lambda x: abs(x) > 0.01))
def test_scaling_the_outcome_scales_the_estimate(estimate, seed, factor):
    panel = panel_of(seed)
    before, after = estimate(panel), estimate(rebuilt(panel, panel.values * factor))
    assert after.att == pytest.approx(factor * before.att, abs=1e-9)
    assert after.se == pytest.approx(abs(factor) * before.se, abs=1e-9)


@estimators
@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_order_of_units_is_irrelevant(estimate, seed):
    panel = panel_of(seed)
    order = np.random.default_rng(seed).permutation(panel.units)
    mixed = estimate(panel.treat(panel.first_treated).take(panel.units.argsort()))
    shuffled = estimate(panel.take(panel.units.get_indexer(order)))
    for other in (mixed, shuffled):
        assert other.att == pytest.approx(estimate(panel).att, abs=1e-10)
        assert other.se == pytest.approx(estimate(panel).se, abs=1e-10)


@estimators
@settings(max_examples=10, deadline=None)
@given(seed=seeds, effect=st.floats(-5, 5))
def test_an_effect_injected_without_noise_is_recovered(estimate, seed, effect):
    panel = panel_of(seed, noise=0.0, effect=effect)
    assert estimate(panel).att == pytest.approx(effect, abs=1e-9)


def test_effects_that_grow_are_recovered_at_each_event_time():
    panel = panel_of(noise=0.0, effect=lambda k: 1.0 + k)
    for estimate in (ESTIMATORS["dynamic"], hub.imputation):
        effect = estimate(panel).path["effect"]
        np.testing.assert_allclose(effect.loc[0:4], [1, 2, 3, 4, 5], atol=1e-9)
    table = hub.group_time_att(panel, draws=0).table
    after = table[table["event_time"] >= 0]
    np.testing.assert_allclose(after["att"], 1 + after["event_time"], atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_one_group_with_a_universal_base_is_the_event_study(seed):
    panel = panel_of(seed, start=[5])
    ours = hub.group_time_att(panel, base_period="universal", draws=0)
    theirs = hub.event_study(panel)
    path = ours.aggregate("dynamic").path
    np.testing.assert_allclose(path["effect"], theirs.path["effect"], atol=1e-9)
    np.testing.assert_allclose(path["se"], theirs.path["se"], rtol=0.15)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_imputation_with_one_date_is_did(seed):
    panel = panel_of(seed, start=[5])
    assert hub.imputation(panel).att == pytest.approx(hub.did(panel).att, abs=1e-9)


def test_imputation_uses_the_not_yet_treated_and_needs_no_never_treated():
    panel = panel_of(noise=0.0, effect=2.0)
    panel = panel.drop(panel.donors).window(1, 5)
    assert hub.imputation(panel).att == pytest.approx(2.0)


# -- group-time effects ---------------------------------------------------------------


def test_a_cell_is_a_difference_of_mean_changes():
    panel = panel_of(3)
    y, starts = panel.values, panel.starts
    table = hub.group_time_att(panel, control="not_yet_treated", draws=0).table
    cell = table.set_index(["group", "period"]).loc[(4, 5)]
    change = y[:, 4] - y[:, 2]  # period 5 less period 3
    expected = change[starts == 3].mean() - change[starts > 4].mean()
    assert cell["att"] == pytest.approx(expected)
    parts = [change[starts == 3], change[starts > 4]]
    variance = sum(part.var() / len(part) for part in parts)
    assert cell["se"] == pytest.approx(np.sqrt(variance))


def test_before_treatment_a_universal_base_measures_from_the_last_period():
    panel = panel_of(3)
    varying = hub.group_time_att(panel, draws=0).table
    universal = hub.group_time_att(panel, base_period="universal", draws=0).table
    of = varying["group"].eq(6) & varying["event_time"].lt(0)
    total = -varying[of]["att"][::-1].cumsum()[::-1]
    of = universal["group"].eq(6) & universal["event_time"].lt(-1)
    np.testing.assert_allclose(universal[of]["att"], total)
    reference = universal[universal["event_time"] == -1]
    assert (reference[["att", "se", "pointwise_lower"]] == 0).all(axis=None)


def test_the_covariance_of_a_universal_path_leaves_out_the_reference():
    dynamic = hub.group_time_att(panel_of(), base_period="universal", draws=0)
    dynamic = dynamic.aggregate("dynamic")
    assert -1 in dynamic.path.index
    assert -1 not in dynamic.covariance.index
    index = dynamic.covariance.index
    np.testing.assert_allclose(
        np.sqrt(np.diag(dynamic.covariance)), dynamic.path.loc[index, "se"]
    )
    after = (index >= 0) / (index >= 0).sum()
    assert np.sqrt(after @ dynamic.covariance @ after) == pytest.approx(dynamic.se)


def test_influence_gives_the_standard_errors_and_sums_to_zero():
    for panel in (panel_of(), with_traits(), with_holes(panel_of(), [(0, 3), (20, 5)])):
        effects = hub.group_time_att(panel, control="not_yet_treated", draws=0)
        influence = effects.influence
        assert influence.shape == (len(panel.units), len(effects.table))
        np.testing.assert_allclose(
            np.linalg.norm(influence, axis=0) / len(panel.units), effects.table["se"]
        )
        np.testing.assert_allclose(influence.sum(), 0, atol=1e-9)


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("base", ["varying", "universal"])
def test_with_only_a_constant_both_ways_of_computing_agree(control, base, monkeypatch):
    panel = panel_of(5)
    fast = hub.group_time_att(panel, control=control, base_period=base)

    def slow(values, cohort, sizes, where, controls):
        design = pd.DataFrame({"constant": np.ones(len(values))})
        att, influence, _ = staggered.adjusted_cells(
            values, cohort, where, controls, design, "doubly_robust"
        )
        members = np.eye(len(sizes))[cohort]
        blocks = [(np.arange(len(cohort)), np.hstack([influence, members]))]
        link = staggered.sparse.eye_array(len(att) + len(sizes), len(att)).tocsc()
        return att, blocks, link, len(att) + np.arange(len(sizes))

    monkeypatch.setattr(staggered, "plain_cells", slow)
    other = hub.group_time_att(panel, control=control, base_period=base)
    columns = ["att", "se"]
    np.testing.assert_allclose(fast.table[columns], other.table[columns], atol=1e-12)
    np.testing.assert_allclose(fast.influence, other.influence, atol=1e-10)
    for kind in ("simple", "group", "dynamic", "calendar"):
        ours, theirs = fast.aggregate(kind), other.aggregate(kind)
        assert (ours.att, ours.se) == pytest.approx((theirs.att, theirs.se))


def test_not_yet_treated_without_never_treated_stops_when_the_last_group_starts():
    panel = panel_of(noise=0.0, effect=2.0)
    panel = panel.drop(panel.donors)
    effects = hub.group_time_att(panel, control="not_yet_treated", draws=0)
    assert set(effects.table["group"]) == {4}
    assert effects.table["period"].max() == 5
    assert effects.aggregate("simple").att == pytest.approx(2.0)
    assert "used as a control only" in effects.notes[-1]


def test_balanced_event_times_rest_on_the_same_groups():
    effects = hub.group_time_att(panel_of(), draws=0)
    balanced = effects.aggregate("dynamic", balance=4).path
    table = effects.table.query("group == 4")
    np.testing.assert_allclose(balanced["effect"], table["att"])
    assert effects.aggregate("dynamic", balance=2).path.index.max() == 2


def test_covariates_that_explain_unlike_trends_remove_the_bias():
    units, rng = 400, np.random.default_rng(1)
    size = rng.normal(size=units)
    treated = rng.random(units) < 1 / (1 + np.exp(-size))
    y = rng.normal(size=(units, 1)) + np.outer(size, np.arange(6.0))
    y += 0.1 * rng.normal(size=(units, 6))
    rows = pd.DataFrame(y).rename_axis("u").reset_index().melt("u", var_name="t")
    rows = rows.assign(t=rows["t"].astype(int), size=size[rows["u"]])
    panel = hub.Panel.from_long(
        rows, "u", "t", "value", {u: 3 for u in np.flatnonzero(treated)}, ["size"]
    )
    bias = hub.group_time_att(panel, covariates=[], draws=0).aggregate().att
    assert bias > 1
    for method in ("doubly_robust", "outcome_regression", "ipw"):
        fitted = hub.group_time_att(panel, method=method, draws=0).aggregate()
        assert abs(fitted.att) < (0.6 if method == "ipw" else 0.05)


def test_covariates_may_be_rescaled():
    panel = with_traits()
    moved = rebuilt(panel, covariates=panel.covariates * 1e6 + 3e6)
    for method in ("doubly_robust", "ipw"):
        one, two = (
            hub.group_time_att(p, method=method, draws=0) for p in (panel, moved)
        )
        pd.testing.assert_frame_equal(one.table, two.table, rtol=1e-6)


def test_each_cell_of_an_unbalanced_panel_uses_the_units_seen_in_both_periods():
    panel = panel_of(2)
    holes = with_holes(panel, [(0, 3), (2, 2), (15, 3), (20, 0)])
    y, starts = holes.values, holes.starts
    table = hub.group_time_att(holes, draws=0).table.set_index(["group", "period"])
    change = y[:, 3] - y[:, 2]
    seen = ~np.isnan(change)
    expected = change[seen & (starts == 3)].mean() - change[seen & (starts == 8)].mean()
    assert table.loc[(4, 4), "att"] == pytest.approx(expected)


def test_a_cell_nobody_is_seen_in_is_missing_and_named():
    panel = panel_of()
    rows = np.flatnonzero(panel.starts == 3)
    effects = hub.group_time_att(with_holes(panel, [(i, 5) for i in rows]), draws=0)
    cell = effects.table.set_index(["group", "period"]).loc[(4, 6)]
    assert np.isnan(cell["att"])
    assert np.isnan(cell["se"])
    assert "group 4 in 6 (nobody in the group is seen" in effects.notes[-1]
    assert np.isfinite(effects.aggregate("simple").att)


def test_a_group_of_one_unit_is_pointed_out():
    panel = panel_of()
    first = dict(list(panel.first_treated.items())[:7])
    first = dict.fromkeys(first, 4) | {next(iter(first)): 6}
    for estimate in (ESTIMATORS["never treated"], hub.imputation):
        assert any(
            "one unit starts in 6" in n for n in estimate(panel.treat(first)).notes
        )


def test_months_are_periods_too():
    panel = panel_of(noise=0.0, effect=2.0)
    months = pd.period_range("2020-01", periods=8, freq="M")
    long = panel.frame.set_axis(months, axis=1).stack().rename("y")
    long = long.rename_axis(["u", "m"]).reset_index()
    first = {u: months[s - 1] for u, s in panel.first_treated.items()}
    effects = hub.group_time_att(
        hub.Panel.from_long(long, "u", "m", "y", first), draws=0
    )
    path = effects.aggregate("calendar").path
    assert path.index[0] == pd.Period("2020-04")
    np.testing.assert_allclose(path["effect"], 2.0)


# -- the bootstrap --------------------------------------------------------------------


def test_bands_are_seeded_and_do_not_depend_on_the_chunks(monkeypatch):
    panel = panel_of(units=100)
    table = hub.group_time_att(panel, seed=3).table
    pd.testing.assert_frame_equal(table, hub.group_time_att(panel, seed=3).table)
    assert not table.equals(hub.group_time_att(panel, seed=4).table)
    monkeypatch.setattr(staggered, "CHUNK", 1)
    pd.testing.assert_frame_equal(table, hub.group_time_att(panel, seed=3).table)


def test_signs_are_plus_or_minus_one_in_equal_measure():
    effects = hub.group_time_att(panel_of(units=100), draws=4000)
    spread = effects._boot @ effects._map / 100
    analytic = effects.table["se"]
    np.testing.assert_allclose(spread.mean(axis=0) / analytic, 0, atol=0.08)
    np.testing.assert_allclose(spread.std(axis=0) / analytic, 1, atol=0.06)


def test_bands_for_all_cells_are_wider_than_intervals_for_one():
    effects = hub.group_time_att(panel_of(units=200), draws=1999)
    table = effects.table
    assert (table["lower"] < table["pointwise_lower"]).all()
    assert (table["upper"] > table["pointwise_upper"]).all()
    path = effects.aggregate("dynamic").path
    ratio = (path["upper"] - path["effect"]) / path["se"]
    assert ratio.between(2.2, 3.6).all()


def test_without_draws_there_are_no_bands():
    effects = hub.group_time_att(panel_of(), draws=0)
    assert "lower" not in effects.table
    assert list(effects.aggregate("dynamic").path) == ["effect", "se"]


def test_bands_at_the_reference_have_no_width():
    effects = hub.group_time_att(panel_of(), base_period="universal", draws=99)
    assert (effects.aggregate("dynamic").path.loc[-1] == 0).all()


# -- the pre-test ---------------------------------------------------------------------


def test_the_pre_test_does_not_depend_on_the_base_with_one_group():
    panel = panel_of(7, start=[5])
    tests = [
        hub.group_time_att(panel, base_period=base, draws=0).pre_test
        for base in ("varying", "universal")
    ]
    pd.testing.assert_series_equal(*tests)
    assert list(tests[0].index) == ["chi2", "df", "p_value"]


def test_the_pre_test_is_absent_where_it_cannot_be_had():
    with pytest.raises(AttributeError, match="seen in two periods before"):
        hub.group_time_att(panel_of(start=[2]), draws=0).pre_test  # noqa: B018
    few = panel_of(units=6, start=[7])
    with pytest.raises(AttributeError, match="too few units"):
        hub.group_time_att(few, draws=0).pre_test  # noqa: B018


# -- imputation -----------------------------------------------------------------------


def by_definition(panel):
    """Theorem 3 with dense weights, one average at a time."""
    y, treated = panel.values, panel.treatment
    n, periods = y.shape
    seen = ~np.isnan(y)
    design = np.hstack(
        [np.kron(np.eye(n), np.ones((periods, 1))), np.tile(np.eye(periods), (n, 1))]
    )
    free, post = (seen & ~treated).ravel(), (seen & treated).ravel()
    y = np.where(seen, y, 0).ravel()
    project = np.linalg.pinv(design[free])
    gap = y - design @ (project @ y[free])
    event = (np.arange(periods) - panel.starts[:, None]).ravel()
    group = np.repeat(panel.starts, periods)

    def average(mask):
        weight = mask / mask.sum()
        v = weight.copy()
        v[free] = -(weight @ design) @ project
        residual = gap.copy()
        for key in {(g, k) for g, k in zip(group[mask], event[mask])}:
            cells = mask & (group == key[0]) & (event == key[1])
            residual[cells] -= np.average(gap[cells], weights=v[cells] ** 2)
        score = (v * residual).reshape(n, periods).sum(axis=1)
        return weight @ gap, np.sqrt(score @ score)

    times = np.unique(event[post])
    return average(post), [average(post & (event == k)) for k in times]


@settings(max_examples=10, deadline=None)
@given(seed=seeds, holes=st.booleans())
def test_imputation_is_its_definition(seed, holes):
    panel = panel_of(seed)
    if holes:
        rng = np.random.default_rng(seed)
        panel = with_holes(panel, np.argwhere(rng.random((24, 8)) < 0.1))
    overall, by_time = by_definition(panel)
    ours = hub.imputation(panel)
    np.testing.assert_allclose((ours.att, ours.se), overall, atol=1e-9)
    np.testing.assert_allclose(ours.path[["effect", "se"]], by_time, atol=1e-9)
    np.testing.assert_allclose(np.sqrt(np.diag(ours.covariance)), ours.path["se"])


def test_leads_are_apart_from_the_estimate():
    panel = panel_of(2)
    plain, tested = hub.imputation(panel), hub.imputation(panel, leads=2)
    assert tested.att == plain.att
    assert list(tested.path.index) == [-2, -1, 0, 1, 2, 3, 4]
    assert list(tested.covariance.index) == [0, 1, 2, 3, 4]


def test_leads_find_a_trend_that_was_there_before():
    panel = panel_of(noise=0.0, effect=0.0)
    since = np.arange(8) - panel.starts[:, None]
    ahead = np.where((panel.starts < 8)[:, None] & (since == -1), 3.0, 0.0)
    path = hub.imputation(rebuilt(panel, panel.values + ahead), leads=1).path
    assert path.loc[-1, "effect"] == pytest.approx(3.0)


# -- with what questions an estimate ---------------------------------------------------


def test_a_randomisation_test_of_imputation_is_that_of_did():
    panel = panel_of(4, start=[5])
    ours, theirs = (
        hub.randomization_test(panel, e, draws=199) for e in (hub.imputation, hub.did)
    )
    assert ours.observed == pytest.approx(theirs.observed)
    np.testing.assert_allclose(ours.distribution, theirs.distribution, atol=1e-9)


def test_imputation_of_many_sets_is_imputation_of_each():
    panel = panel_of(4, start=[5])
    rows = np.array([[1, 5, 9], [0, 2, 20]])
    many = hub.imputation.batch(panel, rows, 4)
    for treated, path in zip(rows, many):
        one = hub.imputation(panel.assign(treated, 4)).path["effect"]
        np.testing.assert_allclose(path[4:], one, atol=1e-9)


def test_staggered_adoption_can_be_dealt_out_at_random():
    panel = panel_of(4, effect=3.0, units=40)

    def estimator(p):
        return hub.group_time_att(p, draws=0).aggregate("simple")

    assert hub.randomization_test(panel, estimator, draws=99).p_value <= 0.02


def test_honest_bounds_want_a_universal_base():
    panel = panel_of(4, units=80)
    paths = [
        hub.group_time_att(panel, base_period=base, draws=0).aggregate("dynamic")
        for base in ("universal", "varying")
    ]
    low, high = hub.honest_bounds(paths[0], m=1).loc[0, ["lower", "upper"]]
    assert low < paths[0].path.loc[0, "effect"] < high
    with pytest.raises(ValueError, match='base_period="universal"'):
        hub.honest_bounds(paths[1])


# -- bad input ------------------------------------------------------------------------


def _treated_only():
    panel = panel_of()
    return panel.drop(panel.donors)


def _untreated():
    return panel_of().treat({})


def _apart():
    panel = panel_of()
    size = pd.DataFrame({"size": (panel.starts < 8) * 9.0}, index=panel.units)
    size["size"] += np.linspace(0, 1, 24)
    return rebuilt(panel, covariates=size)


def _holed_bacon():
    return with_holes(panel_of(), [(3, 2)])


def _never_untreated():
    return with_holes(panel_of(), [(0, t) for t in range(3)])


def _hidden():
    return with_holes(panel_of(), [(i, t) for i in range(12) for t in range(3, 8)])


def _aggregate(kind, balance=None):
    return hub.group_time_att(panel_of(), draws=0).aggregate(kind, balance)


def _effects(**options):
    return hub.group_time_att(panel_of(), **options)


def _given(**traits):
    return hub.group_time_att(with_traits(**traits))


text = ["a", "b"] * 30
gap = [np.nan] + [1.0, 2.0] * 29 + [1.0]
BAD = {
    "control": (lambda: _effects(control="never"), "Did you mean 'never_treated'"),
    "method": (lambda: _effects(method="dr"), "method must be one of doubly_robust"),
    "base": (lambda: _effects(base_period="univ"), "Did you mean 'universal'"),
    "kind": (lambda: _aggregate("event"), "kind must be one of simple, group"),
    "negative draws": (lambda: _effects(draws=-1), "draws must be a whole number"),
    "fractional draws": (lambda: _effects(draws=9.5), "not 9.5"),
    "level": (lambda: _effects(level=95), "between 0 and 1, not 95"),
    "no covariates": (
        lambda: _effects(covariates=["size"]),
        "the panel has no covariates, so no size",
    ),
    "unknown covariate": (
        lambda: hub.group_time_att(with_traits(), covariates="sise"),
        "no covariate 'sise'. Did you mean 'size'",
    ),
    "text covariate": (lambda: _given(kind=text), "'kind' is not a number"),
    "missing covariate": (
        lambda: _given(area=gap),
        "'area' is missing or infinite for u01",
    ),
    "constant covariate": (lambda: _given(area=1.0), "'area' is constant"),
    "collinear covariates": (
        lambda: _given(a=range(60), b=range(1, 61)),
        "covariates a, b are collinear",
    ),
    "no overlap": (
        lambda: hub.group_time_att(_apart()),
        r"group 4 in 2 \(covariates tell .* The covariates are size",
    ),
    "nothing treated": (lambda: hub.group_time_att(_untreated()), "no unit is treated"),
    "nobody never treated": (
        lambda: hub.group_time_att(_treated_only()),
        "control='not_yet_treated'",
    ),
    "balance of groups": (lambda: _aggregate("group", balance=1), "balance is for"),
    "balance too long": (
        lambda: _aggregate("dynamic", balance=9),
        "until event time 9",
    ),
    "imputation, nothing treated": (
        lambda: hub.imputation(_untreated()),
        "no unit is treated",
    ),
    "imputation, no treated cell": (
        lambda: hub.imputation(_hidden()),
        "no treated cell is observed",
    ),
    "imputation, unit": (
        lambda: hub.imputation(_never_untreated()),
        "cannot be imputed for u01 in 4",
    ),
    "imputation, period": (
        lambda: hub.imputation(_treated_only()),
        r"cannot be imputed for u01 in 6.*end the window",
    ),
    "imputation, too many leads": (
        lambda: hub.imputation(panel_of(), leads=5),
        "from 0 to 4",
    ),
    "imputation, negative leads": (
        lambda: hub.imputation(panel_of(), leads=-1),
        "not -1",
    ),
}


@pytest.mark.parametrize(("call", "says"), BAD.values(), ids=BAD)
def test_bad_input_gets_a_sentence_that_helps(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("estimator", [hub.group_time_average, hub.imputation])
def test_many_assignments_at_once_are_the_same_as_one_by_one(estimator):
    panel = hub.simulate_panel(
        units=14, periods=9, treated=5, start=[4, 6, 7], effect=1.0, seed=4
    )
    rng = np.random.default_rng(0)
    starts = np.array([rng.permutation(panel.starts) for _ in range(6)])
    one_by_one = [estimator(panel.treat(_dates(panel, deal))).att for deal in starts]
    assert np.allclose(estimator.deals(panel, starts), one_by_one)


def _dates(panel, starts):
    late = len(panel.periods)
    return {u: panel.periods[s] for u, s in zip(panel.units, starts) if s < late}


def test_the_interval_holds_what_the_test_does_not_reject():
    panel = hub.simulate_panel(
        units=20, periods=8, treated=5, start=[4, 6], effect=2.0, seed=1
    )
    low, high = hub.randomization_test(
        panel, hub.group_time_average, draws=999
    ).interval()
    assert low < 2 < high
    for end, side in ((low, -1), (high, 1)):
        for step, inside in ((0.01, False), (-0.01, True)):
            less = panel.with_frame(panel.frame - (end + side * step) * panel.treatment)
            test = hub.randomization_test(less, hub.group_time_average, draws=999)
            assert (test.p_value > 0.05) == inside


def test_only_a_linear_estimator_gives_an_interval_or_power_by_dealing():
    panel = hub.simulate_panel(units=12, periods=8, treated=3, start=[4, 6], seed=1)

    def own(panel):
        return hub.group_time_average(panel)

    with pytest.raises(AttributeError, match="only group_time_average and imputation"):
        hub.randomization_test(panel, own, draws=99).interval()
    with pytest.raises(ValueError, match="use hub"):
        hub.minimum_detectable_effect(panel, own)


@pytest.mark.parametrize("estimator", [hub.group_time_average, hub.imputation])
def test_an_effect_of_the_detectable_size_is_found_as_often_as_was_said(estimator):
    panel = hub.simulate_panel(units=24, periods=8, treated=6, start=[4, 6], seed=3)
    size = hub.minimum_detectable_effect(panel, estimator, draws=499).mde
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        truth = panel.treat(_dates(panel, rng.permutation(panel.starts)))
        truth = truth.with_frame(truth.frame + size * truth.treatment)
        test = hub.randomization_test(truth, estimator, draws=499, seed=seed)
        found.append(test.p_value <= 0.05)
    assert 0.65 < np.mean(found) < 0.97
