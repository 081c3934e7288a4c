"""The questions of a chapter's quiz, with the numbers that the chapter computed.

They stand in ``chapters/quizzes/<chapter>.toml``. A sentence may ask for a number as
the chapter's own do, by MyST's role ``glue:text``. A question whose answer says what
fits names the numbers that it rests on: ``interval`` with both ends, and what lies
``inside`` and ``outside`` of it. One that sets numbers apart names them as well, as
those that ``differ``: they must, as they are printed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tools.book.chapters import ROOT
from tools.book.markdown import Context, plain_markdown

FOLDER = ROOT / "chapters" / "quizzes"


@dataclass(frozen=True)
class Answer:
    """What can be chosen, whether it is right, and why or why not."""

    text: str
    is_right: bool
    because: str


@dataclass(frozen=True)
class Question:
    """A question with one right answer.

    Parameters
    ----------
    name : str
        The chapter's, and a number.
    ask : str
        The question.
    answers : tuple of Answer
        In an order in which the right one has no place of its own.
    """

    name: str
    ask: str
    answers: tuple[Answer, ...]


def read(path: Path, context: Context) -> list[Question]:
    """Read the questions of one chapter.

    Parameters
    ----------
    path : Path
        The file.
    context : Context
        What the chapter's sentences may ask for.

    Raises
    ------
    ValueError
        If a question lacks a part, naming the question; or asks for a number that the
        chapter does not say.
    """
    given = asked(path)
    return [
        _question(_name(path, number), place, words, context)
        for number, (place, words) in enumerate(zip(places(given), given), 1)
    ]


def asked(path: Path) -> list[dict]:
    """Read the questions as they are written."""
    return tomllib.loads(path.read_text("utf8")).get("question", [])


def places(given: Sequence[Mapping]) -> list[int]:
    """Give each right answer a place: every place as often, in an order by hash.

    Examples
    --------
    >>> sorted(places([{"ask": letter, "wrong": "ab"} for letter in "abcdef"]))
    [0, 0, 1, 1, 2, 2]
    """
    mixed = [sha256(str(words.get("ask")).encode()).digest() for words in given]
    order = {number: rank for rank, number in enumerate(sorted(mixed))}
    return [
        order[number] % (len(words.get("wrong", ())) + 1)
        for number, words in zip(mixed, given)
    ]


def check(path: Path, context: Context) -> None:
    """Look whether what questions say of numbers is so by those of the chapter.

    Parameters
    ----------
    path : Path
        The file.
    context : Context
        Of the executed chapter.

    Raises
    ------
    ValueError
        If a number is said to fit and lies outside of the interval, or the other way
        round, or if two that are said to differ are printed alike, naming the question.
    """
    for number, words in enumerate(asked(path), 1):
        told = {name: _number(context, name) for name in words.get("differ", ())}
        if len(set(told.values())) < len(told):
            raise ValueError(
                f"question {_name(path, number)}: {' and '.join(told)} do not differ: "
                f"{', '.join(f'{value:g}' for value in told.values())}"
            )
        if "interval" not in words:
            continue
        low, high = sorted(_number(context, end) for end in words["interval"])
        for where, wanted in (("inside", True), ("outside", False)):
            for name in words.get(where, ()):
                value = _number(context, name)
                if (low <= value <= high) != wanted:
                    raise ValueError(
                        f"question {_name(path, number)}: {name}, {value:g}, is not "
                        f"{where} of {low:g} to {high:g}"
                    )


def _number(context: Context, name: str) -> float:
    text = plain_markdown(f"{{glue:text}}`{name}`", context)
    return float(text.replace("\u2212", "-").replace(",", ""))


def _name(path: Path, number: int) -> str:
    return f"{path.stem} {number:02}"


def _question(name: str, place: int, words: dict, context: Context) -> Question:
    for part in ("ask", "right", "because", "wrong"):
        if part not in words:
            raise ValueError(f"question {name}: {part} is missing")
    if any({"say", "because"} - choice.keys() for choice in words["wrong"]):
        raise ValueError(f"question {name}: a wrong answer lacks say or because")
    if len(words["wrong"]) < 2:
        raise ValueError(f"question {name}: it takes two wrong answers or more")

    def said(text: str) -> str:
        return " ".join(plain_markdown(text, context).split())

    try:
        right = Answer(said(words["right"]), True, said(words["because"]))
        wrong = [
            Answer(said(choice["say"]), False, said(choice["because"]))
            for choice in words["wrong"]
        ]
        ask = said(words["ask"])
    except KeyError as error:
        raise ValueError(f"question {name}: {error.args[0]}") from None
    return Question(name, ask, (*wrong[:place], right, *wrong[place:]))
