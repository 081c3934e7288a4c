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
    """Mark a student's answers, by name of the question."""
    return {q.name: q.mark(homework, given) for q in LABS[homework.lab]}
