"""What is about the whole plan is told once, and what is not named is said too."""

from dataclasses import replace

import hubanalysis as hub
from hubanalysis.command.whole_plan import every_outcome, what_else
from tests.cases.test_history import case_of
from tests.command.own import rows


def test_rivals_that_nobody_names_are_asked_for():
    bare = case_of(rows(), also=[], placebo_periods=[])
    rest = {part.title: part for part in [*every_outcome(bare), *what_else(bare)]}
    assert "names nothing" in rest["What else happened"].words[0]


def test_what_is_refused_is_told_with_its_reasons():
    case = hub.Case.open("yozma")
    told = [part for part in asked_of_all_but_outcomes(case)][-1]
    refused = next(iter(case.plan.refused.values()))
    assert any(refused.because[0] in text for text in told.words)


def asked_of_all_but_outcomes(case):
    first = {case.primary: case.outcomes[case.primary]}
    return [*every_outcome(replace(case, plan=replace(case.plan, outcomes=first), *what_else(replace(case, plan=replace(case.plan, outcomes=first)]))
