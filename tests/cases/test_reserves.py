"""What stands beside a verdict, so that it is not taken for more than it is."""

from dataclasses import replace

from hubanalysis.cases.reserves import reserves
from hubanalysis.show.card import Card
from tests.cases.ours import yardstick
from tests.show.verdicts import RULED_OUT, SEEN, measured

PROMISED = replace(
    RULED_OUT,
    conclusion="a promised effect is ruled out",
    measured=(measured("promised", 0.05, "ruled out"),),
)


def test_what_drift_still_allows_is_not_ruled_out_without_a_word():
    held = replace(PROMISED, drift=(-0.07, 0.07))
    told = reserves(held)
    assert "not if they drift as they did before" in told[0]
    assert told[0] in str(Card(held)).replace("\n", " ")
    assert told[0].split(":")[1].strip()[:20] in Card(held).html()
    assert reserves(replace(PROMISED, drift=(-0.01, 0.01))) == ()


def test_an_effect_that_drift_could_make_is_not_told_without_a_word():
    bare = replace(SEEN, measured=())
    told = reserves(replace(bare, drift=(-0.02, 0.2)))
    assert told[0].startswith("That it is not zero holds if the paths would have run")
    assert reserves(replace(bare, drift=(0.02, 0.2))) == ()


def test_a_promise_without_a_date_may_be_of_the_last_year():
    told = reserves(replace(PROMISED, averaged=(2016, 2017, 2018)))
    assert "the mean of 3 periods, 2016 to 2018" in told[0]
    assert "Nobody wrote down by when" in told[0]
    assert reserves(replace(PROMISED, averaged=(2016,))) == ()


def test_a_promise_for_one_period_is_ruled_out_by_no_mean(judged):
    promise = yardstick(50.0)
    verdict, _ = judged((promise,))
    assert verdict.measured[0].reading == "ruled out"
    verdict, _ = judged((replace(promise, by=7),))
    assert verdict.measured[0].reading == "outside"
    assert verdict.conclusion == "cannot tell"
    assert "; promised +50 does not, but is for 7" in verdict.headline
    told = next(text for text in reserves(verdict) if "is for 7, and the" in text)
    assert told.endswith(
        "To judge 7 by itself, put the others into the plan's leave_out_periods."
    )
    verdict, _ = judged((replace(promise, by=70),))
    assert not any("leave_out_periods" in text for text in reserves(verdict))


def test_a_promise_that_was_exceeded_is_not_said_to_be_ruled_out():
    exceeded = replace(
        SEEN,
        interval=(0.06, 0.13),
        measured=(measured("promised", 0.05, "ruled out"),),
        drift=(-0.4, 1.1),
        averaged=(2019, 2020),
    )
    assert not any("ruled out" in t or "rule it out" in t for t in reserves(exceeded))
    told = "Promised +5%: exceeded if the paths would have run alike, and not if they"
    assert sum(t.startswith(told) for t in reserves(exceeded)) == 1
    assert not any("exceeded" in t for t in reserves(replace(exceeded, drift=None)))
