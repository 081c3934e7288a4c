"""Numbers reach sentences under the names that the sentences ask for."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.show.book import KEPT


@pytest.fixture
def kept(monkeypatch):
    """What a notebook would keep, by name."""
    said = {}

    def display(data, raw, metadata):
        assert raw
        assert metadata["scrapbook"]["mime_prefix"] == KEPT
        said[metadata["scrapbook"]["name"]] = data[f"{KEPT}text/plain"]

    monkeypatch.setattr("IPython.get_ipython", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    return said


@pytest.fixture(scope="module")
def battery():
    panel = hub.simulate_panel(
        units=30, periods=8, treated=5, start=5, effect=9.0, seed=0
    )
    plan = hub.OutcomePlan(main="did", also=["event_study"])
    return hub.Battery("mine", "y", plan, panel)


def test_a_number_is_kept_as_a_sentence_will_show_it(kept):
    hub.say(rise="10", rank=3)
    assert kept == {"rise": "'10'", "rank": "3"}


def test_a_number_of_numpys_is_kept_as_a_plain_one(kept):
    hub.say(months=np.int64(9), share=np.float64(0.5))
    assert kept == {"months": "9", "share": "0.5"}


def test_a_group_goes_before_each_name(kept):
    hub.say("patents", rise="10")
    assert list(kept) == ["patents_rise"]


def test_a_battery_gives_its_standard_numbers_and_one_may_be_overruled(kept, battery):
    hub.say("jobs", battery, p="tiny")
    assert kept["jobs_p"] == "'tiny'"
    assert kept["jobs_att"] == repr(hub.number_text(battery.main.att))
    assert kept["jobs_event_study_att_1"] == repr(
        hub.number_text(battery.estimates["event_study"].att, 1)
    )
    assert kept["jobs_treated"] == "'5'"


def test_a_battery_without_a_group_is_refused(battery):
    with pytest.raises(ValueError, match="name the group"):
        hub.say("", battery)


def test_a_plain_python_shows_nothing(capsys):
    hub.say(rise="10")
    assert capsys.readouterr().out == ""


def test_the_plan_as_filed_is_not_marked(capsys):
    hub.mark_choices(hub.Case.open("norwegian-tourism-cluster"))
    assert capsys.readouterr().out == ""


def test_every_choice_is_named(capsys):
    case = hub.Case.open("norwegian-tourism-cluster")
    hub.mark_choices(case.change(drop=["Oslo"]).change(main="did"))
    said = capsys.readouterr().out
    assert all(choice in said for choice in ("Oslo left out", "decides"))


def test_an_effect_is_kept_from_the_centre_and_as_computed():
    battery = hub.Case.open("norwegian-tourism-cluster").battery()
    numbers = hub.battery_numbers(battery)
    for name in ("synthetic_control", battery.estimator.name):
        lot = battery.lots[name]
        assert numbers[f"{name}_att_1"] == hub.percent_text(lot.effect, 1)
        assert numbers[f"{name}_computed_1"] == hub.percent_text(lot.observed, 1)
    assert numbers["synthetic_control_att_1"] != numbers["synthetic_control_computed_1"]
    assert int(numbers["rule_mde"]) >= int(numbers["mde"])
