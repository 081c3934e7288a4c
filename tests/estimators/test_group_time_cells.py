"""One group against its controls, with covariates and holes."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators import group_time_blocks
from tests.estimators.staggered import panel_of, rebuilt, with_holes, with_traits


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("base", ["varying", "universal"])
def test_with_only_a_constant_both_ways_of_computing_agree(control, base, monkeypatch):
    panel = panel_of(5)
    fast = hub.group_time_att(panel, control=control, base_period=base)

    def slow(values, cohort, sizes, where, controls):
        design = pd.DataFrame({"constant": np.ones(len(values))})
        att, influence, _ = group_time_blocks.adjusted_cells(
            panel, cohort, where, controls, design, "doubly_robust"
        )
        members = np.eye(len(sizes))[cohort]
        blocks = [(np.arange(len(cohort)), np.hstack([influence, members]))]
        link = group_time_blocks.sparse.eye_array(
            len(att) + len(sizes), len(att)
        ).tocsc()
        return att, blocks, link, len(att) + np.arange(len(sizes))

    monkeypatch.setattr(group_time_blocks, "plain_cells", slow)
    other = hub.group_time_att(panel, control=control, base_period=base)
    columns = ["att", "se"]
    np.testing.assert_allclose(fast.table[columns], other.table[columns], atol=1e-12)
    np.testing.assert_allclose(fast.influence, other.influence, atol=1e-10)
    for kind in ("simple", "group", "dynamic", "calendar"):
        ours, theirs = fast.aggregate(kind), other.aggregate(kind)
        assert (ours.att, ours.se) == pytest.approx((theirs.att, theirs.se))


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


def test_cells_begin_in_the_first_period_that_has_one_to_be_measured_from():
    varying, universal = (
        hub.group_time_att(panel_of(), base_period=base, draws=0).table["period"].min()
        for base in ("varying", "universal")
    )
    assert (varying, universal) == (2, 1)


def test_a_group_that_starts_in_the_last_period_has_one_effect():
    table = hub.group_time_att(panel_of(start=[8]), draws=0).table
    assert table.query("event_time >= 0")["period"].tolist() == [8]


def test_without_the_never_treated_periods_end_before_the_last_group_may_have_acted():
    panel = panel_of()
    panel = panel.drop(panel.donors)
    effects = hub.group_time_att(
        panel, control="not_yet_treated", anticipation=1, draws=0
    )
    # Those that start in 6 may have acted in 5.
    assert effects.table["period"].max() == 4
    assert "periods from 5 on are left out" in effects.notes[-1]


def alike(treated, controls, change):
    """Two periods and one trait; how the outcome changes is told for each trait."""
    traits = np.array([*treated, *controls], dtype=float)
    wide = pd.DataFrame(np.outer(change(traits), [0.0, 1.0]), columns=[1, 2])
    wide[1] += np.arange(len(wide))
    wide[2] += np.arange(len(wide))
    long = wide.rename_axis("u").reset_index().melt("u", var_name="t", value_name="y")
    long = long.assign(t=long["t"].astype(int), trait=traits[long["u"]])
    first = dict.fromkeys(range(len(treated)), 2)
    return hub.Panel.from_long(long, "u", "t", "y", first, ["trait"])


def test_a_control_all_but_sure_to_be_treated_is_left_out():
    # Odds of one at trait 0 and of nine at 1, so that at 2.7 they are 250 or so.
    made = alike(
        [0] * 500 + [1] * 900, [0] * 500 + [1] * 100 + [2.7], lambda x: 1e6 * (x == 2.7)
    )
    found = hub.group_time_att(made, method="ipw", draws=0)
    assert found.att == pytest.approx([0.0], abs=1e-6)


def test_one_who_has_no_counterpart_leaves_no_effect():
    # At trait 5 the odds are those of one in fifty thousand.
    made = alike([0] * 50 + [1] * 90 + [5], [0] * 50 + [1] * 10, lambda x: x + 1)
    with pytest.raises(hub.HubError, match="no overlap"):
        hub.group_time_att(made, method="ipw", draws=0)
