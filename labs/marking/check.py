"""What a hidden test calls, where a notebook that was handed in has been run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hubanalysis.panels.homework import FIGURES, SECRET, as_student, file_name, make
from hubanalysis.words.refusals import HubError
from labs.marking import LABS, mark

# Lies in the zip file that marks, never in the one that students get.
SECRET_FILE = "course-secret.txt"
UNKNOWN = "is not on the course's list."


def check(
    lab: str, name: str, slip: str, env: Mapping, folder: str | Path = "."
) -> None:
    """Fail with the reason if this slip, or no known design, explains the answer.

    A slip that was paid for in an earlier question costs nothing here.

    Parameters
    ----------
    lab, name, slip : str
        The lab, the question and the wrong design that the test looks for.
    env : mapping
        Variables of the student's notebook.
    folder : str or Path
        Where the figures of those on the course's list lie, and the secret; without
        it the environment is asked, since nbgrader hands out all that lies there.

    Raises
    ------
    AssertionError
        With the sentence that says why points are lost.
    """
    folder = Path(folder)
    try:
        student = as_student(env.get("STUDENT"))
    except HubError as error:
        raise AssertionError(str(error)) from None
    if not (folder / FIGURES / file_name(student, lab)).is_file():
        raise AssertionError(f"STUDENT = {student!r} {UNKNOWN}")
    homework = make(student, lab, _secret(folder))
    given = {question.name: env.get(question.name) for question in LABS[lab]}
    marked = mark(homework, given)[name]
    for found, reason in zip(marked.slips, marked.reasons):
        if found in (slip, "other", "no answer"):
            raise AssertionError(reason)


def _secret(folder: Path) -> str:
    file = folder / SECRET_FILE
    found = file.read_text("utf-8") if file.is_file() else os.environ.get(SECRET, "")
    assert found.strip(), f"No mark without the course's secret in {SECRET}."
    return found.strip()
