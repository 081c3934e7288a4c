"""Four levels for answers in words, and notes for marking from the solutions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.book.chapters import ROOT
from tools.book.markdown import Context, plain_markdown
from tools.book.pieces import Exercise, Piece, exercises
from tools.teach.keys import Key, keys, note, variable, worth

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
    "rerun": "The number comes from the code; the words say what is asked of it.",
    "extend": "The number comes from the code; a guess, where one is asked for, counts "
    "if it was written beforehand, whichever way it came out.",
    "criticise": "Names the fault in the claim, and whatever else is asked.",
}
TOO_MUCH = (
    "A sentence that claims more than its reason carries, such as “so the programme "
    "did nothing”, is a level lower."
)
SOLUTIONS = (
    "A solution is the anchor of level two, and is a three only if it says how far it "
    "goes."
)
# What authors say of marking beside their solutions.
SAID = ROOT / "chapters" / "marking.toml"
PART = "a part of this, or this without its reason."
# What to look for, by words of the exercise that ask for it.
PLAIN = "Plain words; a term that is not explained counts as not said."
GUESS = "A guess, which counts whichever way it came out."
MEANS = "What the number does not mean, as well as what it does."
REASON = "The reason, or as many as are asked for."
TRUE = "The way it could be true all the same."
DECIDES = "The figure that would decide."
REWRITTEN = "The text, rewritten, claims and promises no more than can be shown."
ASKED = {
    r"own words|jargon|understand|mayor": PLAIN,
    r"[Gg]uess|[Bb]efore you (compute|run|look)": GUESS,
    r"not mean|tell you|what does (it|that|this) (say|mean)": MEANS,
    r"reasons?\b|[Ww]hy|wrong|fault": REASON,
    r"true all the same|[Cc]ould (it|this|that) (still )?be true|true and": TRUE,
    r"figure you would|ask for|would you (need|want)|would decide": DECIDES,
    r"[Rr]ewrite": REWRITTEN,
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


def levels(asked: Mapping[str, Sequence[Exercise]], computed: Mapping[str, Key]) -> str:
    """Write the levels for students, with no word of a solution.

    Parameters
    ----------
    asked : mapping
        Exercises by chapter.
    computed : mapping
        Keys of those whose answer is computed as well, by label.
    """
    lines = ["# How answers in words are marked", "", "| level | an answer that |"]
    lines += ["|---|---|", *(f"| {name} | {text} |" for name, text in LEVELS.items())]
    lines += ["", TOO_MUCH, ""]
    lines += [f"- *{kind}*: {text}" for kind, text in BY_KIND.items()]
    for name, found in asked.items():
        lines += ["", f"## {name}", "", f"| exercise | {' | '.join(LEVELS)} |"]
        lines.append("|---|---:|---:|---:|---:|")
        for exercise in found:
            _, words = worth(exercise, exercise.label in computed)
            given = " | ".join(str(points(words, level)) for level in LEVELS)
            lines.append(f"| {exercise.number} ({exercise.kind}) | {given} |")
    return "\n".join(lines) + "\n"


def marking(name: str, parts: Sequence[Piece], context: Context) -> str:
    """Write notes for marking a chapter: what each level says, and which numbers count.

    Parameters
    ----------
    name : str
        The chapter.
    parts : sequence of Piece
        Of the chapter.
    context : Context
        What its sentences ask for.
    """
    lines, computed = (
        [f"# Marking {name}", "", SOLUTIONS, "", TOO_MUCH, ""],
        keys(parts),
    )
    told = said()
    for exercise in exercises(list(parts)):
        own = told.get(exercise.label, {})
        counts = own.get("counts", "")
        solution = solution_text(exercise, parts, context)
        wrong = common_mistake(solution)
        right = _without(solution, wrong)
        key = computed.get(exercise.label)
        number, words = worth(exercise, key is not None)
        split = f": {number} for the code, {words} for words" if key else ", in words"
        lines += [
            f"## {exercise.number} {exercise.title}",
            "",
            f"*{exercise.kind}, {exercise.minutes} points{split}*",
            "",
        ]
        if key:
            shown = key.shown or "what the key shows"
            lines += [f"**The code:** `{variable(exercise)}` holds", ""]
            lines += ["```", shown, "```", "", note(key, solution, counts), ""]
        lines += [
            "**Level three adds:** how far it goes, or what would show it wrong.",
            "",
            f"**Level two says{', of the key' if counts else ''}:** {right}",
            "",
            f"**Level one says:** {own.get('one', PART)}",
            "",
            f"**Level none says:** {wrong or 'nothing that is known to be common.'}",
            "",
        ]
        wanted = look_for(asked_text(exercise, parts, context))
        lines += [f"**Look for:** {' '.join(wanted)}", ""] if wanted else []
    return "\n".join(lines).rstrip() + "\n"


def said(path: Path = SAID) -> dict[str, dict[str, str]]:
    """Read what authors say of marking, by the label of the exercise."""
    return tomllib.loads(path.read_text("utf8"))


def look_for(text: str) -> list[str]:
    """Say what an exercise asks for, and nothing that it does not.

    Examples
    --------
    >>> look_for("Rewrite the clause.")
    ['The text, rewritten, claims and promises no more than can be shown.']
    """
    return [says for words, says in ASKED.items() if re.search(words, text)]


def asked_text(exercise: Exercise, parts: Sequence[Piece], context: Context) -> str:
    """Give the words of an exercise, in one paragraph."""
    return _text(exercise, parts, context, solves=False)


def solution_text(exercise: Exercise, parts: Sequence[Piece], context: Context) -> str:
    """Give the words of a solution, in one paragraph."""
    return _text(exercise, parts, context, solves=True)


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


def _text(
    exercise: Exercise, parts: Sequence[Piece], context: Context, solves: bool
) -> str:
    texts = [
        plain_markdown(part.cell.source, context)
        for part in parts
        if part.exercise == exercise
        and part.solves is solves
        and part.cell.cell_type == "markdown"
    ]
    return " ".join(" ".join(texts).split())
