"""What could be seen, told as it was computed."""

import numpy as np

import hubanalysis as hub
from hubanalysis.cases.history import history
from hubanalysis.command.before import look_ahead
from tests.cases.test_history import case_of
from tests.command.own import rows

ASKED = {"kind": "promised", "value": 0.1, "title": "a tenth", "source": "us"}


def test_it_is_power_before_on_the_history():
    case = case_of(rows(), yardsticks=[ASKED])
    ahead = look_ahead(case, before=2, after=2)
    past = history(case)
    own = hub.power_before(past.panel, past.hubs, past.refused, 2, 2)
    assert ahead.longest.mde == own.mde
    assert ahead.table()["mde"].tolist()[-1] == own.mde
    chance = own.significance(np.log1p(0.1)).chance
    assert ahead.against()[0]["chance"] == chance
    assert f"found {100 * chance:.0f} times in 100" in str(ahead)


def test_it_goes_on_no_further_than_the_history_and_says_that_it_is_late():
    ahead = look_ahead(case_of(rows()))
    assert max(ahead.powers) + ahead.longest.years_before == 5
    assert "comes too late to decide anything by" in str(ahead)


def test_the_plans_own_periods_are_compared_as_far_as_there_is_history():
    ahead = look_ahead(case_of(rows()))
    assert list(ahead.powers) == [1, 2]
    assert ahead.longest.years_before == 3


def test_it_is_said_which_way_one_more_of_each_moves_the_detectable_effect():
    ahead = look_ahead(case_of(rows()), before=2, after=2)
    told = str(ahead).split("does to the detectable effect\n")[1].splitlines()
    for line, saved in zip(told, ahead.longest.bought["buys"], strict=False):
        way = "falls" if saved > 0 else "rises"
        assert f": {way} by {abs(100 * saved):.1f} percentage points" in line
    worse = look_ahead(case_of(rows()), before=2, after=2).longest.bought * -1
    ahead.longest.bought["buys"] = worse["buys"]
    assert "one more treated: rises by" in str(ahead)
