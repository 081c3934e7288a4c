"""Contests whose scores can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

THREE = [hub.did, hub.synthetic_control, hub.synthetic_did]


def told(wins, horizons=(2,), rmse=(1.0, 2.0, 3.0)):
    """A contest's result, put together by hand."""
    names = ["did", "synthetic_control", "synthetic_did"]
    known = {one.name: one for one in (hub.estimator(e) for e in THREE)}
    table = pd.DataFrame({"rmse": rmse, "wins": wins}, pd.Index(names))
    tables = {
        after: table.iloc[:: -1 if after < max(horizons) else 1] for after in horizons
    }
    table = pd.concat(tables) if len(horizons) > 1 else table
    return hub.Contest(table, known, {after: [5] for after in horizons}, 20, True)


@pytest.mark.parametrize(("wins", "decisive"), [(0.75, True), (0.749, False)])
def test_three_redraws_in_four_are_decisive(wins, decisive):
    found = told([wins, 1 - wins, 0])
    assert found.decisive == decisive
    assert found.summary().loc["decisive", "value"] == ("yes" if decisive else "no")


@pytest.mark.parametrize(("wins", "heard"), [(0.1, True), (0.099, False)])
def test_who_wins_one_redraw_in_ten_is_heard(wins, heard):
    found = told([0.6, 0.4 - wins, wins])
    assert found.contenders == ["did", "synthetic_control", *["synthetic_did"] * heard]


def test_the_longest_horizon_decides():
    assert told([0.6, 0.4, 0.0], (2, 4, 3)).winner.name == "did"
    assert told([0.6, 0.4, 0.0], (4, 2)).winner.name == "did"


def says(numbers, name):
    """An estimator that says a number of each unit, whatever the figures."""
    return hub.estimator(
        lambda p: hub.Estimate(name, numbers.get(p.treated[0], 0.0), p), name=name
    )


@pytest.mark.parametrize(
    ("units", "loud", "share"),
    [
        (20, {"u01": 3.0}, 1.0),
        (19, {"u01": 3.0}, 0.0),
        (40, {"u01": 3.0, "u02": -4.0}, 1.0),
        (39, {"u01": 3.0, "u02": -4.0}, 0.0),
    ],
)
def test_a_false_alarm_is_a_p_of_five_per_cent_and_no_more(units, loud, share):
    panel = hub.simulate_panel(units=units, periods=7, treated=1, start=6, seed=0)
    found = hub.contest(panel, [says(loud, "loud"), says({}, "mute")], redraws=20)
    assert found.table.index.tolist() == ["mute", "loud"]
    assert found.table.loc["loud", "false_alarms"] == share
    assert found.table.loc["mute", "false_alarms"] == 0
    errors = np.append(list(loud.values()), np.zeros(units - len(loud)))
    assert found.table.loc["loud", "rmse"] == pytest.approx(np.sqrt((errors**2).mean()))
    assert found.table.loc["loud", "bias"] == pytest.approx(errors.mean())


def test_contestants_need_names_of_their_own():
    panel = hub.simulate_panel(units=6, periods=8, treated=1, start=6, seed=0)
    for given in ([hub.did], [hub.did, hub.did], []):
        with pytest.raises(hub.HubError, match="at least two estimators"):
            hub.contest(panel, given)
    for given in ("did", 3):
        with pytest.raises(hub.HubError, match="must be a list"):
            hub.contest(panel, given)


def test_wins_are_counted_redraw_by_redraw_and_equals_share_them():
    panel = hub.simulate_panel(units=8, periods=7, treated=1, start=6, seed=0)
    one, other = (
        says({"u01": 3.0, "u02": -3.0}, "one"),
        says({"u03": 3.0, "u04": -3.0}, "b"),
    )
    table = hub.contest(panel, [one, other], redraws=50, seed=5).table
    times = np.random.default_rng(5).multinomial(8, np.full(8, 1 / 8), 50)
    gap = times[:, 0] + times[:, 1] - times[:, 2] - times[:, 3]
    assert (gap == 0).any()
    loses = np.mean((gap > 0) + (gap == 0) / 2)
    assert 0 < loses < 1
    assert table["wins"].to_dict() == pytest.approx({"one": 1 - loses, "b": loses})


@pytest.mark.parametrize(("apart", "equal"), [(0.9e-9, True), (1.1e-9, False)])
def test_equals_are_so_to_a_billionth(apart, equal):
    found = told([0.9, 0.1, 0.0], rmse=(1.0, 1.0 + apart, 2.0))
    assert found.equals == ["did", "synthetic_control"][: 1 + equal]
    assert found.decisive != equal


@pytest.mark.parametrize(("wins", "heard"), [(0.05, True), (0.049, False)])
def test_equals_are_heard_by_what_they_win_together(wins, heard):
    found = told([1 - 2 * wins, wins, wins], rmse=(1.0, 2.0, 2.0))
    others = ["synthetic_control", "synthetic_did"]
    assert found.contenders == ["did", *others * heard]


def test_the_equals_of_a_winner_are_heard_whatever_they_win():
    found = told([0.06, 0.06, 0.88], rmse=(1.0, 1.0, 2.0))
    assert found.contenders == ["did", "synthetic_control", "synthetic_did"]
    found = told([0.01, 0.01, 0.02], rmse=(1.0, 1.0, 2.0))
    assert found.contenders == ["did", "synthetic_control"]
