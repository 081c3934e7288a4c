"""How an answer is marked: which wrong design gives it, and what that costs.

An answer is compared with the right one and with what each wrong design, and each
several of them together, would have given on the same figures. The fewest that explain
it are what was done wrong, and their points are lost, once in a lab: the same slip
costs nothing in a later question. A question that goes on from earlier answers is also
marked on the student's own. An answer that nothing explains loses all points but those
for being an answer at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from numbers import Real

from hubanalysis.panels.homework import Homework

# Answers may be rounded to three decimals.
ROUNDED = 6e-4
# What is said of an answer that no design explains.
OTHER = (
    "is neither what the right design gives nor what a wrong one that we know gives. "
    "Check which places and years are in it, what is subtracted from what, and in "
    "which unit it is asked for."
)

Value = float | str
# From the figures, the other answers of the student, and the slips that were made.
Answer = Callable[..., Value]


def own(answers: Mapping, name: str, right: float) -> float:
    """Give an earlier answer to go on from, or the right one where there is none."""
    value = answers.get(name)
    number = isinstance(value, Real) and not isinstance(value, bool)
    # Larger ones are no answer, and their squares no numbers.
    return float(value) if number and abs(value) < 1e9 else right


@dataclass(frozen=True)
class Slip:
    """A wrong design: the points it costs, and the sentence that says so.

    Attributes
    ----------
    name : str
    points : int
    says : str
    scale : float
        How much coarser such an answer is rounded: a hundred times for percent.
    """

    name: str
    points: int
    says: str
    scale: float = 1.0


@dataclass(frozen=True)
class Mark:
    """What one answer earns, and why not more.

    Attributes
    ----------
    points, out_of : int
    slips : tuple of str
        Names of the wrong designs that give this answer and were not paid for before.
    reasons : tuple of str
        A sentence for each of them.
    meant : float or str, optional
        What the student's design gives unrounded, where it is known.
    """

    points: int
    out_of: int
    slips: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    meant: Value | None = None


@dataclass(frozen=True)
class Question:
    """One variable that a lab asks for.

    Attributes
    ----------
    name : str
        The variable.
    answer : callable
        ``answer(homework, given, **slips)`` gives the right answer, or what it is when
        slips, which are flags, are true; `given` holds the student's answers.
    slips : tuple of Slip
    choices : tuple of str
        The texts that may be answered; a number is asked for if there are none.
    form : int
        Points for an answer of the right kind, which the student can check.
    rounded : float
        How far an answer may be from the right one.
    goes_on : bool
        Whether it uses answers to earlier questions.
    """

    name: str
    answer: Answer
    slips: tuple[Slip, ...]
    choices: tuple[str, ...] = ()
    form: int = 1
    rounded: float = ROUNDED
    goes_on: bool = False

    @property
    def out_of(self) -> int:
        """Points in all."""
        return self.form + self.hidden

    @property
    def hidden(self) -> int:
        """Points that only hidden tests give."""
        return sum(slip.points for slip in self.slips)

    @cached_property
    def designs(self) -> tuple[tuple[Slip, ...], ...]:
        """Every set of slips, the fewest and cheapest first; none is the right one."""
        sizes = range(len(self.slips) + 1)
        sets = [s for n in sizes for s in combinations(self.slips, n)]
        sets.sort(key=lambda s: (len(s), sum(slip.points for slip in s)))
        return tuple(sets)

    def value(self, homework: Homework, given: Mapping, slips: tuple = ()) -> Value:
        """Work out the answer that these slips, or none, lead to."""
        return self.answer(homework, given, **{slip.name: True for slip in slips})

    def fault(self, value: object) -> str:
        """Say what is wrong with the form of an answer; nothing if it is in order."""
        if value is None or value is ...:
            return f"{self.name} has no answer yet."
        if self.choices:
            if isinstance(value, str) and value.strip().casefold() in self.choices:
                return ""
            return f"{self.name} must be one of: {'; '.join(self.choices)}."
        number = isinstance(value, Real) and not isinstance(value, bool)
        if number and math.isfinite(value):
            return ""
        return f"{self.name} must be one number, not {value!r:.60}."

    def mark(
        self,
        homework: Homework,
        given: Mapping,
        meant: Mapping | None = None,
        paid: Collection[str] = (),
    ) -> Mark:
        """Mark the student's answer to this question among all `given`.

        Parameters
        ----------
        homework : Homework
        given : mapping
            The student's answers, by name.
        meant : mapping, optional
            Those before this one, unrounded where it is known how they came about.
        paid : collection of str
            Slips that were paid for before.
        """
        value = given.get(self.name)
        if fault := self.fault(value):
            return Mark(0, self.out_of, ("no answer",), (fault,))
        # Who rounds an answer goes on from it, or from what it was; who takes the
        # right number from elsewhere is right as well. A word must fit the student's.
        before = ({}, given, meant or {}) if self.goes_on else ({},)
        before = before[1:] if self.choices and self.goes_on else before
        new = {
            design: [s for s in design if s.name not in paid] for design in self.designs
        }
        for design in sorted(self.designs, key=lambda design: len(new[design])):
            near = self.rounded * math.prod(slip.scale for slip in design)
            for answers in before:
                found = self.value(homework, answers, design)
                if not self.same(value, found, near):
                    continue
                return Mark(
                    self.out_of - sum(slip.points for slip in new[design]),
                    self.out_of,
                    tuple(slip.name for slip in new[design]),
                    tuple(slip.says for slip in new[design]),
                    meant=found,
                )
        return Mark(self.form, self.out_of, ("other",), (f"{self.name} {OTHER}",))

    def same(self, value: object, wanted: Value, near: float = ROUNDED) -> bool:
        """Whether an answer in order is the one that is wanted, or as near as that."""
        if isinstance(wanted, str):
            return str(value).strip().casefold() == wanted
        return abs(float(value) - wanted) <= near
