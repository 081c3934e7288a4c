"""Every number once, as it was computed."""

import pytest

from hubanalysis.command.numbers import every_number
from tests.cases.test_history import case_of
from tests.command.own import rows


def test_the_verdicts_numbers_are_those_of_the_verdict(few_draws):
    case = case_of(rows(), also=["event_study"])
    table = every_number(case)
    verdict = case.verdict()
    own = table[table["part"] == "verdict"].set_index("what")["value"]
    assert own["estimate"] == verdict.estimate
    assert (own["interval, low"], own["interval, high"]) == verdict.interval
    assert own["treated"] == 2
    assert own["drift a period before the start"] == verdict.lead.slope
    assert own["p value of that drift"] == verdict.lead.rank / verdict.lead.lots
    assert not table.duplicated(["outcome", "part", "item", "what"]).any()
    event = table[(table["part"] == "estimator") & (table["item"] == "event_study")]
    assert event.set_index("what").loc["att", "value"] == pytest.approx(
        case.battery().estimates["event_study"].att
    )


def test_waves_have_the_path_of_their_event_study(few_draws):
    table = [[p, y, "2018" if p == "Bergen" else f, j] for p, y, f, j in rows()[1:]]
    case = case_of([rows()[0], *table], main="group_time_average")
    path = every_number(case).query("part == 'path' and what == 'effect'")
    assert "0" in set(path["item"])
