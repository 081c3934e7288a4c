"""Repeated cross-sections: four groups of people."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.estimators.test_given import panel, table

METHODS = ["doubly_robust", "outcome_regression", "ipw"]


def people(seed=0, n=600):
    rng = np.random.default_rng(seed)
    age = rng.normal(size=n)
    t, first = rng.integers(1, 5, n), rng.choice([np.nan, 3, 4], n)
    age = age + 0.4 * (first == 3)
    y = rng.normal(size=n) + age * t + (t >= first)
    df = table(units=1).iloc[:0].reindex(range(n))
    return df.assign(t=t, first=first, age=age, y=y, people=1.0)


def effects(df, **options):
    sections = hub.CrossSections.from_long(
        df, "t", "y", "first", options.pop("covariates", None), "people"
    )
    return hub.group_time_att(sections, draws=0, **options)


def test_without_covariates_it_is_four_means():
    df = people()
    table = effects(df).table.set_index(["group", "period"])
    mean = df.assign(g=df["first"].fillna(0)).groupby(["g", "t"])["y"].mean()
    by_hand = (mean[3, 4] - mean[3, 2]) - (mean[0, 4] - mean[0, 2])
    assert table.loc[(3, 4), "att"] == pytest.approx(by_hand)


def test_a_panel_read_as_cross_sections_gives_the_same_effects():
    df = table()
    sections = hub.CrossSections.from_long(df, "t", "y", "first")
    ours, theirs = (
        hub.group_time_att(sections, draws=0),
        hub.group_time_att(panel(df), draws=0),
    )
    np.testing.assert_allclose(ours.att, theirs.att, atol=1e-12)
    assert (ours.table["se"] > 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_influence_is_how_an_effect_moves_with_a_row_s_weight(method):
    df, step = people(), 1e-5
    base = effects(df, covariates="age", method=method)
    for row in (0, 11, 222, 333):
        more = df.assign(people=np.where(df.index == row, 1 + step, 1.0))
        slope = (effects(more, covariates="age", method=method).att - base.att) / step
        np.testing.assert_allclose(
            base.influence.iloc[row], slope * len(df), atol=5e-3, rtol=1e-2
        )


@pytest.mark.parametrize("method", METHODS[:2])
def test_covariates_remove_what_they_explain(method):
    df = people(1, 4000)
    plain = effects(df).aggregate().att
    given = effects(df, covariates="age", method=method).aggregate().att
    assert abs(plain - 1) > 0.15
    assert abs(given - 1) < 0.15


def test_weighted_by_odds_it_is_means_of_controls_who_are_as_the_group_is():
    df = people().assign(age=lambda d: (d["age"] > 0) * 1.0).query("t in (2, 3)")
    df = df[df["first"] != 4]
    found = effects(df, covariates="age", method="ipw")
    group = df["first"] == 3
    number = df.groupby(["age", group])["y"].size().unstack()
    odds = df["age"].map(number[True] / number[False])
    means = {
        t: part["y"][group].mean()
        - np.average(part["y"][~group], weights=odds[part.index][~group])
        for t, part in df.groupby("t")
    }
    (att,) = found.att
    assert att == pytest.approx(means[3] - means[2])


def test_an_empty_group_is_named():
    df = people()
    df = df[~((df["first"] == 3) & (df["t"] == 2))]
    found = effects(df)
    assert "nobody in the group is seen in one of both periods" in " ".join(found.notes)
    assert np.isnan(found.table.set_index(["group", "period"]).loc[(3, 4), "att"])


def test_too_few_controls_are_named():
    df = people(n=60).assign(
        **{f"x{k}": np.random.default_rng(k).normal(size=60) for k in range(9)}
    )
    with pytest.raises(hub.HubError, match="cannot tell the covariates apart"):
        effects(df, covariates=[f"x{k}" for k in range(9)])


def test_rows_may_lie_in_clusters():
    df = people()
    clusters = {row: row % 30 for row in range(len(df))}
    wide = effects(df, clusters=clusters).aggregate()
    assert wide.att == pytest.approx(effects(df).aggregate().att)
    assert wide.se != pytest.approx(effects(df).aggregate().se, rel=1e-3)
