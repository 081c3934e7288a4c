"""Each part says in words what it shows, and what it cannot."""

import pytest

import hubanalysis as hub
from hubanalysis.command.sections import sections_of
from tests.cases.test_history import case_of
from tests.command.own import rows


@pytest.fixture
def bare(few_draws):
    """A plan that names as little as it may."""
    return case_of(rows(), also=[], placebo_periods=[])


def parts(case):
    return {part.title: part for part in sections_of(case, case.primary)}


def test_what_the_plan_does_not_name_is_said_and_not_left_out(bare):
    told = parts(bare)
    assert "No contest was held" in told["Which comparison speaks"].words[0]
    assert "names no earlier date" in told["Dates at which nothing began"].words[0]
    assert "no yardstick" in told["What would matter"].words[0]
    drift, bounds = told["If the paths would have parted anyway"].words
    assert "deals of treatment drift as far" in drift
    assert "no event study" in bounds


def test_a_contest_is_shown_with_its_winner(few_draws):
    case = case_of(rows(), also=["synthetic_did"], contest=True)
    table = parts(case)["Which comparison speaks"].shown[0]
    assert table.cells.index[0] == case.battery().contest.winner.label


def test_numbers_in_words_are_those_of_the_battery(bare):
    lot = bare.battery().lot
    words = parts(bare)["Chance"].words[0]
    assert f"{len(lot.estimates):,} deals" in words
    assert f"{lot.rank} of them" in words


def test_waves_are_drawn_by_time_since_the_start(few_draws):
    table = [[p, y, "2018" if p == "Bergen" else f, j] for p, y, f, j in rows()[1:]]
    head = rows()[0]
    columns = {name: [row[i] for row in table] for i, name in enumerate(head)}
    case = hub.Case.from_table(
        columns, outcome="jobs", treated="first", question="Did it?"
    )
    told = parts(case)
    assert "several dates" in told["A first look"].words[0]
    assert told["What would have been"].shown[0].title.startswith("The gap")


def test_every_choice_is_told_and_drawn(bare):
    section = parts(bare)["Other choices"]
    curve = bare.battery().curve
    assert f"{len(curve)} answers" in section.words[0]
    assert section.shown[0].data["att"].tolist() == curve["att"].tolist()
    assert curve["planned"].sum() == 1
