"""What may be said, what not, and what it hangs on, in a sentence each."""

from dataclasses import replace

import pytest

import hubanalysis as hub
from hubanalysis.command.first_page import for_readers, in_short, unnamed
from tests.show.verdicts import ALL, REFUSED, SEEN


@pytest.fixture(scope="module")
def case():
    return hub.Case.open("yozma")


@pytest.mark.parametrize("verdict", ALL, ids=lambda v: v.conclusion)
def test_three_sentences_are_there_for_every_verdict(case, verdict):
    may, may_not, hangs = in_short(case, verdict).words[:3]
    assert may.startswith("You may say: ")
    assert may_not.startswith("You may not say: that ")
    assert hangs.startswith("It hangs on ")
    if verdict not in (SEEN, REFUSED):
        assert "no proof of none" in may_not


def test_what_a_plan_does_not_name_is_said(case):
    bare = replace(case.plan, rivals=(), cannot_show=(), yardsticks=())
    assert unnamed(case.plan) == ""
    told = unnamed(bare)
    for words in ("else that happened", "no limit", "no effect that would matter"):
        assert words in told
    words = in_short(replace(case, plan=bare), SEEN).words
    assert words[-1] == told


def test_readers_meet_no_names_of_functions():
    told = for_readers(
        "too small here; judge synthetic control by placebo_in_space; "
        "randomization_test gives an interval; ask event_study for effects"
    )
    assert "_" not in told
    assert "judge synthetic control by the deals of treatment" in told
