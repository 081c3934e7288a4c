"""The key of every lab, and the designs that earn less."""

from __future__ import annotations

from collections.abc import Mapping

from hubanalysis.panels.homework import Homework
from labs.marking import (
    counting_chance,
    did_trap,
    mix_of_donors,
    power_before,
    staggered_dates,
)
from labs.marking.question import Mark, Question

LABS: dict[str, tuple[Question, ...]] = {
    "did-trap": did_trap.QUESTIONS,
    "counting-chance": counting_chance.QUESTIONS,
    "mix-of-donors": mix_of_donors.QUESTIONS,
    "staggered-dates": staggered_dates.QUESTIONS,
    "power-before": power_before.QUESTIONS,
}


def key(homework: Homework) -> dict[str, float | str]:
    """Work out the right answer to each question."""
    right: dict[str, float | str] = {}
    for question in LABS[homework.lab]:
        right[question.name] = question.value(homework, right)
    return right


def mark(homework: Homework, given: Mapping) -> dict[str, Mark]:
    """Mark a student's answers, by name of the question; a slip is paid for once."""
    marks: dict[str, Mark] = {}
    meant: dict[str, object] = {}
    paid: set[str] = set()
    for question in LABS[homework.lab]:
        found = question.mark(homework, given, meant, paid)
        known = found.meant is not None
        meant[question.name] = found.meant if known else given.get(question.name)
        paid |= {s.name for s in question.slips if s.points and s.name in found.slips}
        marks[question.name] = found
    return marks
