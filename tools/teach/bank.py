"""The questions of a chapter's quiz, with the numbers that the chapter computed.

They stand in ``chapters/quizzes/<chapter>.toml``. A sentence may ask for a number as
the chapter's own do, by MyST's role ``glue:text``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
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
    given = tomllib.loads(path.read_text("utf8")).get("question", [])
    return [
        _question(f"{path.stem} {number:02}", number, words, context)
        for number, words in enumerate(given, 1)
    ]


def _question(name: str, number: int, words: dict, context: Context) -> Question:
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
    place = (number * 2) % (len(wrong) + 1)
    return Question(name, ask, (*wrong[:place], right, *wrong[place:]))
