"""Effects by group and period."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from tests.estimators.staggered import panel_of, rebuilt, with_holes, with_traits

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


def test_a_group_of_one_unit_is_pointed_out():
    panel = panel_of()
    first = dict(list(panel.first_treated.items())[:7])
    first = dict.fromkeys(first, 4) | {next(iter(first)): 6}
    for estimate in (ESTIMATORS["never treated"], hub.imputation):
        assert any(
            "one unit starts in 6" in n for n in estimate(panel.treat(first)).notes
        )


def test_a_cell_by_itself_is_off_by_as_many_errors_as_the_level_says():
    table = hub.group_time_att(panel_of(), draws=0, level=0.9).table
    np.testing.assert_allclose(
        table["pointwise_lower"], table.eval("att - 1.644854 * se"), rtol=1e-5
    )
    np.testing.assert_allclose(
        table["pointwise_upper"], table.eval("att + 1.644854 * se"), rtol=1e-5
    )


def test_a_group_of_one_unit_leaves_no_band():
    panel = panel_of()
    first = dict.fromkeys(list(panel.units[:7]), 4)
    assert "lower" in hub.group_time_att(panel.treat(first), draws=9).table
    alone = panel.treat(first | {panel.units[0]: 6})
    assert "lower" not in hub.group_time_att(alone, draws=9).table


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


def test_without_draws_there_are_no_bands():
    effects = hub.group_time_att(panel_of(), draws=0)
    assert "lower" not in effects.table
    assert list(effects.aggregate("dynamic").path) == ["effect", "se"]


def test_bands_at_the_reference_have_no_width():
    effects = hub.group_time_att(panel_of(), base_period="universal", draws=99)
    assert (effects.aggregate("dynamic").path.loc[-1] == 0).all()


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
    "true for a balance": (
        lambda: _aggregate("dynamic", balance=True),
        "balance must be a whole number, 0 or more, not True",
    ),
    "half a balance": (
        lambda: _aggregate("dynamic", balance=1.5),
        "balance must be a whole number",
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


@pytest.mark.parametrize("clusters", [None, {"u01": 1, "u02": 1, "u03": 2, "u04": 2}])
def test_one_unit_or_cluster_a_side_leaves_no_standard_error(clusters):
    two = 2 if clusters else 1
    panel = hub.simulate_panel(units=2 * two, periods=6, treated=two, start=4, seed=0)
    found = hub.group_time_att(panel, clusters=clusters)
    assert found.table["se"].isna().all()
    assert "no standard error" in repr(found)
    for kind in ("simple", "dynamic"):
        average = found.aggregate(kind)
        with pytest.raises(AttributeError, match="nothing over"):
            average.se  # noqa: B018
    more = hub.simulate_panel(
        units=2 * two + 1, periods=6, treated=two, start=4, seed=0
    )
    assert hub.group_time_att(more).aggregate().se > 0


def test_draws_too_few_for_a_band_are_noted():
    panel = hub.simulate_panel(units=40, periods=5, treated=20, start=4, seed=0)
    few, enough = (hub.group_time_att(panel, draws=n).notes for n in (10, 20))
    assert any("10 draws are too few for a band at 95%: ask for 20" in n for n in few)
    assert not any("too few for a band" in n for n in enough)


def test_a_table_has_intervals_only_where_there_are_units_enough_for_them():
    few = hub.simulate_panel(units=20, periods=4, treated=2, start=3, seed=0)
    table = hub.group_time_att(few, draws=0).to_frame()
    assert table["estimate"].notna().all()
    assert (table["p_value"].isna() & table["lower"].isna()).all()
    enough = hub.simulate_panel(units=20, periods=4, treated=8, start=3, seed=0)
    table = hub.group_time_att(enough, draws=0).to_frame()
    half = 1.959964 * table["std_error"]
    assert table["lower"].to_numpy() == pytest.approx(table["estimate"] - half)
    assert table["upper"].to_numpy() == pytest.approx(table["estimate"] + half)
