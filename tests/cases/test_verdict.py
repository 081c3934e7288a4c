"""A verdict answers the same points for every case."""

import hubanalysis as hub
from hubanalysis.cases.verdict import Verdict
from tests.cases.norway import NAME


def test_one_verdict_answers_all_points(case):
    verdict = case.verdict()
    battery = case.battery()
    assert verdict.estimate == battery.main.att
    assert verdict.mde == battery.powers["synthetic_control"].mde
    assert verdict.rank[1] == 3060
    assert verdict.p_value == verdict.rank[0] / verdict.rank[1]
    assert verdict.breakdown == 0
    points = verdict.table().index
    for point in ("Question", "Main estimate", "Exact rank", "Cannot be shown"):
        assert point in points
    assert (
        verdict.headline == f"no effect larger than {verdict.amount(verdict.mde)} seen"
    )


def test_a_refused_question_has_reasons_and_no_number(case):
    verdict = case.verdict("closure")
    assert verdict.conclusion == "not identified"
    assert verdict.estimate is None
    assert len(verdict.cannot_show) == 3
    assert "Main estimate" not in verdict.table().index


def test_a_verdict_prints_the_same_every_time(case):
    assert repr(case.verdict()) == repr(hub.Case.open(NAME).verdict())
    assert isinstance(case.verdict(), Verdict)


def test_the_card_names_the_dates_that_forbid_a_finding():
    osceola = hub.Case.open("build-back-better").verdict("osceola").table()["answer"]
    assert "2015 gives +46%" in osceola["Pretended dates"]
    assert osceola["Pretended dates"].endswith("so no effect counts as seen")
