"""Build the labs: what students get, and what marks them.

Run as ``python -m tools.labs.build --roster ids.csv`` where otter-grader is installed
(``make labs ROSTER=ids.csv``), with the course's secret in ``HUB_COURSE_SECRET``.
Writes to ``_build/labs``, by lab: ``student.zip``, ``autograder.zip`` (for Gradescope,
and for ``make grade``), ``key.ipynb`` and ``nbgrader/``.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from hubanalysis.panels.homework import FIGURES, SECRET, as_student, file_name, make
from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from labs.marking import LABS
from labs.marking.check import SECRET_FILE
from tools.labs.handout import add_to
from tools.labs.source import FOLDER, LabError, to_nbgrader, to_otter
from tools.release import SOURCE

ROOT = FOLDER.parent
OUTPUT = ROOT / "_build" / "labs"
# What the marking installs; the labs use no more of a student's environment.
REQUIREMENTS = [SOURCE]
SHORTEST_SECRET = 16


def course_secret() -> str:
    """Take the course's secret from the environment, and refuse one easily guessed."""
    secret = os.environ.get(SECRET, "").strip()
    if len(secret) < SHORTEST_SECRET:
        raise LabError(
            f"{SECRET} must hold the course's secret, {SHORTEST_SECRET} characters or "
            "more. Make one with: python -c 'import secrets; "
            "print(secrets.token_hex())', and keep it until the last mark is given."
        )
    return secret


@dataclass(frozen=True)
class Roster:
    """The course's list: its columns as they are, and the ids by which files are known.

    Attributes
    ----------
    columns : list of str
    rows : dict
        By id in the form of `as_student`, the cells as they stand on the list.
    """

    columns: list[str]
    rows: dict[str, list[str]]


def read_roster(path: Path) -> list[str]:
    """Read the students' ids: the first column of a CSV, or its column ``id``.

    Raises
    ------
    LabError
        If there is no such file, no id in it, or one twice.
    """
    return list(whole_roster(path).rows)


def whole_roster(path: Path) -> Roster:
    """Read the course's list with all its columns.

    Raises
    ------
    LabError
        As `read_roster`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(map(str.strip, row))]
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"the roster {path} cannot be read: {error}.") from None
    head = [name.strip().casefold() for name in rows[0]] if rows else []
    column = head.index("id") if "id" in head else 0
    width = max(map(len, rows), default=0)
    names = rows[0] if "id" in head else ["id"]
    names = [*names, *(f"column {n + 1}" for n in range(len(names), width))]
    rows = rows[1:] if "id" in head else rows
    found: dict[str, list[str]] = {}
    for line, row in enumerate(rows, start=2 if "id" in head else 1):
        try:
            known = as_student(row[column] if column < len(row) else "")
        except HubError:
            raise LabError(f"{path}: row {line} has no id.") from None
        if known in found:
            raise LabError(f"{path}: row {line} repeats the id {known!r}.")
        found[known] = [*row, *(width - len(row)) * [""]]
    if not found:
        raise LabError(f"{path} lists no student.")
    return Roster(names, found)


def write_figures(lab: str, students: list[str], secret: str, target: Path) -> None:
    """Write each student's figures, without the truth."""
    target.mkdir(parents=True)
    for student in students:
        text = make(student, lab, secret).to_json()
        (target / file_name(student, lab)).write_text(text, "utf-8")


def build_lab(lab: str, students: list[str], secret: str, target: Path) -> None:
    """Build one lab in a folder of its own.

    The folder takes the place of an earlier one when all is done, and not before.
    """
    with tempfile.TemporaryDirectory() as scratch:
        stage, result = Path(scratch, "stage"), Path(scratch, "result")
        stage.mkdir()
        master = stage / f"{lab}.ipynb"
        nbformat.write(to_otter(lab, students[0], REQUIREMENTS), master)
        write_figures(lab, students, secret, stage / FIGURES)
        (stage / SECRET_FILE).write_text(secret, "utf-8")
        for part in ("__init__.py", "marking"):
            _copy(FOLDER / part, stage / "labs" / part)
        _assign(master, result)
        done = Path(scratch, "done")
        done.mkdir()
        add_to(result / "student", lab)
        shutil.make_archive(str(done / "student"), "zip", result / "student")
        (found,) = (result / "autograder").glob("*autograder*.zip")
        shutil.copy(found, done / "autograder.zip")
        shutil.copy(result / "autograder" / master.name, done / "key.ipynb")
        source = to_nbgrader(lab, students[0])
        write_figures(lab, students, secret, done / "nbgrader" / FIGURES)
        nbformat.write(source, done / "nbgrader" / master.name)
        with replaced(target) as fresh:
            fresh.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(done, fresh)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _assign(master: Path, result: Path) -> None:
    """Run otter assign, which runs the solution and its tests as well."""
    run = subprocess.run(
        [sys.executable, "-m", "otter", "assign", "--no-pdfs", master, result],
        cwd=master.parent,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src")])},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        last = "\n".join((run.stdout + run.stderr).strip().splitlines()[-8:])
        raise LabError(f"otter could not assign {master.stem}:\n{last}")


def main() -> None:
    """Build the labs that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labs", nargs="*", help="all by default")
    parser.add_argument("--roster", type=Path, help="CSV with the students' ids")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    try:
        if given.roster is None:
            raise LabError("name the students: make labs ROSTER=ids.csv")
        if unknown := [lab for lab in given.labs if lab not in LABS]:
            raise LabError(
                f"there is no lab {' or '.join(map(repr, unknown))}. Nothing was "
                f"written. There are: {', '.join(LABS)}."
            )
        if given.output.is_file():
            raise LabError(f"{given.output} is a file; name a folder.")
        secret, students = course_secret(), read_roster(given.roster)
        for lab in given.labs or LABS:
            build_lab(lab, students, secret, given.output / lab)
            print(f"{lab}: {given.output / lab}")
    except (LabError, HubError) as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
