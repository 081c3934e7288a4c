"""What the variable of an exercise holds in the key, and what it is worth."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from hubanalysis.words.numbers import number_text
from tools.book.pieces import Exercise, Piece, exercises

_NUMBER = re.compile(r"(?:np\.float64\()?(-?\d+(?:\.\d+)?(?:e-?\d+)?)\)?")


@dataclass(frozen=True)
class Key:
    """What a solution computes.

    Attributes
    ----------
    code : str
        What gives it, after the cells of the solution.
    shown : str
        What it is, as the notebook shows it; empty where the chapter has not run.
    """

    code: str
    shown: str = ""


def variable(exercise: Exercise) -> str:
    """Name the variable that holds the answer of an exercise.

    Examples
    --------
    >>> variable(Exercise(1, "norway-pretend", ""))
    'norway_pretend'
    """
    return re.sub(r"\W", "_", exercise.label)


def keys(parts: Sequence[Piece]) -> dict[str, Key]:
    """Find the keys of a chapter by label, of exercises whose solution computes.

    Raises
    ------
    ValueError
        If a solution computes and shows nothing that a variable could hold.
    """
    found = {}
    for exercise in exercises(list(parts)):
        cells = [
            part.cell
            for part in parts
            if part.exercise == exercise
            and part.solves
            and part.cell.cell_type == "code"
            and "remove-cell" not in part.cell.metadata.get("tags", [])
        ]
        if exercise.computes and cells:
            found[exercise.label] = _key(exercise, cells)
    return found


def worth(exercise: Exercise, computed: bool) -> tuple[int, int]:
    """Give the points for what is computed and for words: a point for each minute.

    Examples
    --------
    >>> worth(Exercise(1, "a", "A", "rerun", 5), True)
    (3, 2)
    >>> worth(Exercise(1, "a", "A", "recall", 5), False)
    (0, 5)
    """
    words = exercise.minutes // 2 if computed else exercise.minutes
    return exercise.minutes - words, words


def note(key: Key, words: str, counts: str = "") -> str:
    """Say which numbers count: how near, and in which unit.

    Parameters
    ----------
    key : Key
    words : str
        Of the solution.
    counts : str
        Which others are right, where the author of the exercise says so.

    Examples
    --------
    >>> note(Key("att", "0.1024"), "It is 11 percent.")[:43]
    'In logarithms; 11 percent says the same. Ei'
    """
    if counts:
        return f"This is one of several right answers. {counts}"
    one = _NUMBER.fullmatch(key.shown.strip())
    if one and abs(value := float(one[1])) < 2:
        percent = number_text(100 * math.expm1(value))
        if re.search(rf"(?<![\d.]){re.escape(percent)} percent", words):
            return (
                f"In logarithms; {percent} percent says the same. Either counts if it "
                "agrees to two figures."
            )
    return (
        "A number counts if it agrees to two figures, in the unit that the words of "
        "the solution give it."
        if one
        else "Any of this counts that answers the question, if it agrees to two "
        "figures, in the unit that stands with it or with the words."
    )


def _key(exercise: Exercise, cells: Sequence[NotebookNode]) -> Key:
    """Take what the last cell shows, or what the solution prints."""
    for cell in reversed(cells):
        last = ast.parse(cell.source).body[-1:]
        if not last or not isinstance(last[0], ast.Expr):
            continue
        value = last[0].value
        shown = _text(cell, ("execute_result", "display_data"))
        if _prints(value):
            told = [arg for arg in value.args if not isinstance(arg, ast.Constant)]
            if told:
                code = ", ".join(map(ast.unparse, told))
                code = f"({code})" if len(told) > 1 else code
                return Key(code, _text(cell, ("stream",)))
        elif shown or cell.get("execution_count") is None:
            return Key(ast.unparse(value), shown)
    # Prints on its way; what it leaves behind is nothing.
    printed = "\n".join(filter(None, (_text(cell, ("stream",)) for cell in cells)))
    ran = any(cell.get("execution_count") is not None for cell in cells)
    if ran and not printed:
        raise ValueError(
            f"the solution of {exercise.label!r} ends with nothing that its variable "
            "could hold: let it end with a value"
        )
    return Key(repr(printed.splitlines()), printed)


def _prints(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "print"
    )


def _text(cell: NotebookNode, kinds: Sequence[str]) -> str:
    found = []
    for output in cell.get("outputs", []):
        # Numbers for sentences are an output too, and nobody sees them.
        if output.output_type in kinds and "scrapbook" not in output.get(
            "metadata", {}
        ):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            found.append("".join(text).strip())
    return "\n".join(filter(None, found))
