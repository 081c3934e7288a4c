"""Four levels for answers in words, and notes for marking from the solutions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tools.book.markdown import Context, plain_markdown
from tools.book.pieces import Exercise, Piece, exercises

# Of a point, by level; what an answer at that level does, by kind of exercise.
LEVELS = {
    "three": "Answers the question, gives the reason, and says how far it goes or what "
    "would show it wrong.",
    "two": "Answers the question and gives the reason.",
    "one": "Says something true that does not answer, or answers without a reason.",
    "none": "Makes the common mistake, or says nothing.",
}
SHARES = {"three": 1.0, "two": 0.7, "one": 0.4, "none": 0.0}
BY_KIND = {
    "recall": "In the student's own words; a term that is not explained counts as not "
    "said.",
    "rerun": "The number comes from the code; the words say what it does not mean as "
    "well.",
    "extend": "The number comes from the code, a guess written beforehand counts "
    "whichever way it came out.",
    "criticise": "Names the fault in the claim, the way it could be true all the same, "
    "and the figure that would decide.",
}

_SENTENCE = re.compile(r".+?[.!?][\"”]?(?=\s+[\"“*]?[A-Z\d])|.+$", re.DOTALL)
_WRONG = re.compile(r"\b(common wrong|wrong answer|common mistake)", re.IGNORECASE)


def points(minutes: int, level: str) -> int:
    """Give the points of a level of an exercise worth a point a minute.

    Examples
    --------
    >>> [points(10, level) for level in LEVELS]
    [10, 7, 4, 0]
    """
    return round(minutes * SHARES[level])


def levels(asked: Mapping[str, Sequence[Exercise]]) -> str:
    """Write the levels for students, with no word of a solution.

    Parameters
    ----------
    asked : mapping
        Exercises by chapter.
    """
    lines = ["# How answers in words are marked", "", "| level | an answer that |"]
    lines += ["|---|---|", *(f"| {name} | {text} |" for name, text in LEVELS.items())]
    lines += ["", *(f"- *{kind}*: {text}" for kind, text in BY_KIND.items())]
    for name, found in asked.items():
        lines += ["", f"## {name}", "", f"| exercise | {' | '.join(LEVELS)} |"]
        lines.append("|---|---:|---:|---:|---:|")
        for exercise in found:
            worth = exercise.minutes // 2 if exercise.computes else exercise.minutes
            given = " | ".join(str(points(worth, level)) for level in LEVELS)
            lines.append(f"| {exercise.number} ({exercise.kind}) | {given} |")
    return "\n".join(lines) + "\n"


def marking(name: str, parts: Sequence[Piece], context: Context) -> str:
    """Write notes for marking a chapter: what level three says, what level none says.

    Parameters
    ----------
    name : str
        The chapter.
    parts : sequence of Piece
        Of the chapter.
    context : Context
        What its sentences ask for.
    """
    lines = [f"# Marking {name}", ""]
    for exercise in exercises(list(parts)):
        solution = solution_text(exercise, parts, context)
        wrong = common_mistake(solution)
        lines += [
            f"## {exercise.number} {exercise.title}",
            "",
            f"*{exercise.kind}, {exercise.minutes} points*",
            "",
            f"**Level three says:** {_without(solution, wrong)}",
            "",
            f"**Level none says:** {wrong or 'nothing that is known to be common.'}",
            "",
            f"**Look for:** {BY_KIND[exercise.kind]}"
            if exercise.kind in BY_KIND
            else "",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def solution_text(exercise: Exercise, parts: Sequence[Piece], context: Context) -> str:
    """Give the words of a solution, in one paragraph."""
    texts = [
        plain_markdown(part.cell.source, context)
        for part in parts
        if part.exercise == exercise
        and part.solves
        and part.cell.cell_type == "markdown"
    ]
    return " ".join(" ".join(texts).split())


def common_mistake(solution: str) -> str:
    """Find the sentences of a solution that tell a common wrong answer.

    Examples
    --------
    >>> common_mistake('"It is nine." A common wrong answer is 9.5 or ten. So there.')
    'A common wrong answer is 9.5 or ten.'
    """
    sentences = (found.strip() for found in _SENTENCE.findall(solution))
    return " ".join(sentence for sentence in sentences if _WRONG.search(sentence))


def _without(text: str, part: str) -> str:
    return " ".join(text.replace(part, "").split()) if part else text
