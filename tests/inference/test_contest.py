"""A contest sees only what was before, treats all alike, and picks who did best."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import hubanalysis as hub
from tests.draws import draw

THREE = [hub.did, hub.synthetic_control, hub.synthetic_did]


def half(panel):
    """Half of what DiD says: an estimator of a reader's own, and a timid one."""
    change = panel.values[:, panel.start :].mean(axis=1)
    change = change - panel.values[:, : panel.start].mean(axis=1)
    treated = panel.treatment.any(axis=1)
    att = change[treated].mean() - change[~treated].mean()
    return hub.Estimate("half", att / 2, panel)


def world(seed=0, **kwargs):
    options = {"units": 14, "periods": 24, "treated": 2, "start": 19, "noise": 0.3}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


@pytest.mark.parametrize("nonsense", [np.nan, np.inf, 1e9, "noise"])
@pytest.mark.parametrize("start", [19, [19, 21]])
def test_nothing_from_the_first_treated_period_on_is_seen(nonsense, start):
    panel = world(start=start, treated=3)
    estimators = [hub.imputation, hub.group_time_average]
    if start == 19:
        estimators = THREE
    values = panel.values.copy()
    if nonsense == "noise":
        nonsense = np.random.default_rng(9).normal(size=values[:, 18:].shape)
    values[:, 18:] = nonsense
    one = hub.contest(panel, estimators, draws=99)
    other = hub.contest(replace(panel, values=values), estimators, draws=99)
    assert one.table.equals(other.table)
    assert one.winner == other.winner


@pytest.mark.parametrize("draws", [30, 1999])
def test_the_order_of_units_changes_nothing(draws):
    panel = world()
    turned = panel.take(np.random.default_rng(4).permutation(14))
    one, other = (hub.contest(p, THREE, draws=draws) for p in (panel, turned))
    assert one.exact == (draws == 1999)
    assert one.table.equals(other.table)


@pytest.mark.parametrize("draws", [30, 1999])
def test_who_was_really_treated_decides_nothing(draws):
    panel = world(selection=3.0)
    others = panel.treat({"u05": 19, "u11": 19})
    one, other = (hub.contest(p, THREE, draws=draws) for p in (panel, others))
    columns = ["rmse", "bias", "wins"]
    np.testing.assert_allclose(one.table[columns], other.table[columns], rtol=1e-9)


def test_the_table_is_every_estimate_run_one_by_one():
    panel = world(units=7, periods=13, start=11)
    found = hub.contest(panel, THREE, redraws=10)
    assert found.starts == {3: [6, 7, 8]}
    assert found.assignments == 21
    for known in map(hub.estimator, THREE):
        atts = [
            known(panel.window(1, s + 2).treat(dict.fromkeys(pair, s))).att
            for s in (6, 7, 8)
            for pair in itertools.combinations(panel.units, 2)
        ]
        row = found.table.loc[known.name]
        assert row["rmse"] == pytest.approx(np.sqrt(np.mean(np.square(atts))))
        assert row["bias"] == pytest.approx(np.mean(atts))


def test_factors_are_followed_by_weights_and_not_by_did():
    for seed in range(5):
        found = hub.contest(world(seed, factors=2, selection=1.0, noise=0.1), THREE)
        assert found.winner.name.startswith("synthetic")
        assert found.decisive
        assert found.table.loc["did", "rmse"] > 1.3 * found.table["rmse"].min()


def test_did_is_not_beaten_badly_where_trends_are_parallel():
    for seed in range(5):
        table = hub.contest(world(seed, factors=0), THREE).table
        assert table.loc["did", "rmse"] < 1.1 * table["rmse"].min()


def test_who_errs_half_as_much_wins_every_redraw():
    found = hub.contest(world(), [hub.did, half])
    assert found.winner.label == "half"
    assert found.decisive
    assert found.contenders == ["half"]
    rmse, wins = found.table["rmse"], found.table["wins"]
    assert rmse["half"] == pytest.approx(rmse["did"] / 2)
    assert wins.to_dict() == {"half": 1.0, "did": 0.0}


def test_estimators_that_are_one_share_the_wins_and_are_both_heard():
    found = hub.contest(world(), [hub.imputation, hub.did, half])
    assert found.equals == ["half"]
    assert found.decisive
    assert found.notes == ()
    found = hub.contest(world(), [hub.imputation, hub.did])
    assert found.winner.name == "imputation"
    assert found.table["wins"].to_dict() == {"imputation": 0.5, "did": 0.5}
    assert not found.decisive
    assert found.equals == found.contenders == ["imputation", "did"]
    (note,) = found.notes
    assert note.startswith("imputation, difference-in-differences have the same errors")
    assert note.endswith("they share their wins, and all are heard")


def last(panel):
    """The gap of the last period, by which nothing is found where nothing moves."""
    gap = panel.frame.loc[panel.treated].mean() - panel.frame.loc[panel.donors].mean()
    return hub.Estimate("last", float(gap.iloc[-1] - gap.iloc[0]), panel)


@pytest.mark.parametrize("level", [0.0, 1 / 3, 1e5 / 7])
@pytest.mark.parametrize("order", [1, -1])
def test_where_nothing_moved_before_no_order_of_the_list_makes_a_winner(level, order):
    panel = world()
    frame = panel.frame.copy()
    frame.loc[:, :18] = level * np.arange(14)[:, None]
    three = [hub.did, last, hub.synthetic_did][::order]
    found = hub.contest(panel.with_frame(frame), three, draws=30)
    assert (found.table[["rmse", "bias"]] == 0).all(axis=None)
    assert found.table["wins"].tolist() == pytest.approx([1 / 3] * 3)
    assert not found.decisive
    assert set(found.contenders) == {"did", "last", "synthetic_did"}
    assert "have no errors before treatment" in found.notes[0]


@pytest.mark.parametrize(("share", "none"), [(1.0, True), (1.001, False)])
def test_errors_are_none_up_to_what_rounding_leaves_of_the_figures(share, none):
    panel = world()
    error = share * 64 * np.finfo(float).eps * np.abs(panel.values[:, :18]).max()
    two = {
        name: lambda p, sign=sign: hub.Estimate("own", sign * error, p)
        for name, sign in (("up", 1.0), ("down", -2.0))
    }
    found = hub.contest(panel, two, draws=20)
    assert found.equals == ["up"]
    assert (found.table.loc["up", "rmse"] == 0) == none


def test_a_contest_that_other_units_would_decide_otherwise_is_close():
    shares = []
    for seed in range(8):
        # Reference years one apart differ by noise alone.
        found = hub.contest(
            world(seed, factors=0, treated=1),
            {str(r): hub.estimator(hub.event_study, reference=r) for r in (-1, -2)},
        )
        shares.append(found.table["wins"].iloc[0])
        assert found.table["wins"].sum() == pytest.approx(1)
        assert found.decisive == (shares[-1] >= 0.75)
        assert len(found.contenders) == 1 + (shares[-1] <= 0.9)
    assert min(shares) < 0.75


def test_a_jump_of_the_really_treated_before_is_a_false_alarm():
    panel = world(1, units=30)
    jump = panel.treatment.any(axis=1)[:, None] * (panel.periods >= 12)
    jumped = panel.with_frame(panel.frame + 9.0 * jump)
    quiet, loud = (
        hub.contest(p, [hub.did, hub.event_study], starts=[12]).table["false_alarms"]
        for p in (panel, jumped)
    )
    assert (quiet == 0).all()
    assert (loud == 1).all()


def test_of_several_horizons_the_longest_decides():
    panel = world(start=15)
    found = hub.contest(panel, THREE, horizon=[5, 1])
    assert found.table.index.names == ["horizon", "estimator"]
    assert found.ranking.equals(hub.contest(panel, THREE, horizon=5).table)
    assert found.winner.name == found.table.loc[5].index[0]


def test_several_dates_keep_their_spacing_where_it_fits():
    panel = world(treated=3, start=[19, 21])
    both = [hub.imputation, hub.group_time_average]
    kept = hub.contest(panel, both, horizon=4, starts=[12], draws=40)
    assert kept.notes == ()
    apart = kept.table["rmse"]
    assert apart["imputation"] != pytest.approx(apart["group_time_average"])
    tight = hub.contest(panel, both, horizon=2, starts=[12])
    assert "start together" in tight.notes[0]
    assert tight.assignments == 364
    together = hub.contest(world(treated=3), [hub.did, half], horizon=2, starts=[12])
    assert tight.table["rmse"]["imputation"] == pytest.approx(
        together.table["rmse"]["did"]
    )


def test_treatment_is_pretended_within_strata():
    panel = world()
    strata = {unit: i % 7 for i, unit in enumerate(panel.units)}
    assert hub.contest(panel, THREE, strata=strata).assignments == 4
    assert hub.contest(panel, THREE).assignments == 91


def test_a_test_of_the_winner_keeps_its_level():
    p_values = []
    for seed in range(150):
        panel = hub.simulate_panel(units=10, periods=9, treated=1, start=7, seed=seed)
        lot = np.random.default_rng(seed).permutation(10)[:1]
        panel = panel.assign(lot, 6)
        winner = hub.contest(panel, THREE[1:], redraws=9).winner
        p_values.append(hub.randomization_test(panel, winner, bar=False).p_value)
    share = np.mean(np.array(p_values) <= 0.2)
    assert abs(share - 0.2) <= 2.6 * np.sqrt(0.2 * 0.8 / 150)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimators": [hub.did]}, r"at least two estimators.*got did"),
        ({"estimators": []}, "got none"),
        ({"estimators": [hub.did, hub.did]}, "a name of its own; it got did, did"),
        ({"estimators": hub.did}, r"must be a list, as in \[hub"),
        ({"estimators": "did"}, "must be a list"),
        ({"estimators": ["did", "half"]}, "must be a function that takes a panel"),
        ({"starts": [2]}, "no pretended start with two periods before 2"),
        ({"starts": [19]}, "no pretended start with two periods before 19"),
        ({"starts": ["May"]}, "'May' is not a period of this panel"),
        ({"horizon": 10}, r"horizon 10 does not fit: from 10 on there are 9"),
        ({"horizon": 0}, "horizon must be a whole number of at least 1, not 0"),
        ({"horizon": []}, "horizon must be a whole number"),
        ({"starts": [18], "horizon": 2}, "horizon 2 does not fit: from 18 on"),
        ({"draws": 0}, "draws must be a whole number"),
        ({"redraws": 1.5}, "redraws must be a whole number"),
        ({"strata": {"u01": 1}}, "no stratum is given for u02"),
        ({"strata": {f"u{i:02}": i < 3 for i in range(1, 15)}}, "only one way"),
    ],
)
def test_bad_input_is_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        hub.contest(world(), **({"estimators": THREE} | change))


def test_too_little_before_treatment_is_refused():
    with pytest.raises(ValueError, match=r"three periods before.*before 3 there are 2"):
        hub.contest(world(start=3), THREE)
    with pytest.raises(ValueError, match="no unit is treated"):
        hub.contest(world(treated=0), THREE)
    panel = world()
    values = panel.values.copy()
    values[3, 5] = np.nan
    with pytest.raises(ValueError, match=r"contest.*needs every cell.*u04"):
        hub.contest(replace(panel, values=values), THREE)


def test_an_estimator_that_cannot_run_is_named_with_the_date():
    with pytest.raises(
        ValueError, match=r"detrended_did cannot take part.*in 3: a straight line"
    ):
        hub.contest(draw(0, start=5), [hub.did, hub.detrended_did])

    def lost(panel):
        return hub.Estimate("lost", np.nan, panel)

    with pytest.raises(ValueError, match=r"lost cannot take part.*finite"):
        hub.contest(world(), [hub.did, lost])


def test_a_contest_prints_as_a_short_table():
    told = repr(hub.contest(world(), [hub.did, half]))
    assert "wins 100%" in told
    assert "assignments (all)" in told
    assert "decisive" in told
