"""The parts of a report that are about the whole plan, and not about one outcome."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hubanalysis.cases.case import Case
from hubanalysis.command.sections import Section, as_table
from hubanalysis.show.tables import outcomes_table, table
from hubanalysis.words.facts import sentence_case


def every_outcome(case: Case) -> Iterator[Section]:
    """All outcomes of a plan beside each other, where it has several."""
    if len(case.outcomes) > 1:
        batteries = {name: case.battery(name) for name in case.outcomes}
        yield Section(
            "Every outcome of the plan",
            [
                "All outcomes that the plan names are here, so that none can be picked "
                "for its result. The primary one decides."
            ],
            [table(outcomes_table(case, batteries), "Every outcome tried.",
                   "Effect, with its exact p value in brackets.")],
        )  # fmt: skip


def what_else(case: Case) -> Iterator[Section]:
    """What cannot be shown, and what else happened."""
    plan = case.plan
    refused = [
        f"{question.question} Not answered: {'; '.join(question.because)}."
        for question in plan.refused.values()
    ]
    cannot = [f"{sentence_case(text.rstrip('.'))}." for text in plan.cannot_show]
    lead = (
        "However the numbers fall, nobody can conclude this from them:"
        if cannot or refused
        else "The plan names nothing that these figures cannot show. It should."
    )
    yield Section("What was refused, and cannot be shown", [lead, *cannot, *refused])
    words = ["Each of these could move the answer, and no method here takes it out."]
    rivals = pd.DataFrame({"which way it pulls": {r.what: r.bias for r in plan.rivals}})
    if not len(rivals):
        words = ["The plan names nothing. Something always happens: write it down."]
    laid = [as_table(rivals, "What else happened.", "what happened")]
    yield Section("What else happened", words, [*laid[: len(rivals)]])
