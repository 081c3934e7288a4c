"""What is about the whole plan is told once, and what is not named is said too."""

import hubanalysis as hub
from hubanalysis.command.whole_plan import every_outcome, what_else
from tests.cases.test_history import case_of
from tests.command.own import rows


def test_rivals_that_nobody_names_are_asked_for():
    bare = case_of(rows(), also=[], placebo_periods=[])
    rest = {part.title: part for part in what_else(bare)}
    assert "names nothing" in rest["What else happened"].words[0]


def test_one_outcome_is_set_beside_no_other():
    assert [*every_outcome(case_of(rows(), also=[], placebo_periods=[]))] == []


def test_what_is_refused_is_told_with_its_reasons():
    case = hub.Case.open("yozma")
    told = next(what_else(case))
    refused = next(iter(case.plan.refused.values()))
    assert any(refused.because[0] in text for text in told.words)
