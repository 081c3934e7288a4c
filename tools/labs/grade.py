"""Mark a folder of notebooks, and say which questions and mistakes cost points.

Run as ``python -m tools.labs.grade folder --roster ids.csv`` where otter-grader is
installed (``make grade SUBMISSIONS=folder ROSTER=ids.csv``), after ``make labs``.
Writes to ``_build/labs/grades``: ``students.csv``, ``questions.csv``, and what each
student may be told in ``feedback/``. What an earlier run marked stays: it is kept in
``marked.json``, and a later file of the same student and lab takes its place.

What students wrote is run on this machine, by this user.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from hubanalysis.panels.homework import SECRET, make
from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from labs.marking import LABS
from labs.marking.check import SECRET_FILE, UNKNOWN
from labs.marking.question import OTHER
from tools.labs.build import OUTPUT, ROOT, Roster, whole_roster
from tools.labs.run import MARKER
from tools.labs.source import LabError
from tools.labs.submission import Submission, submissions

MARKED = "marked.json"
NOTHING = "nothing handed in"
TIMEOUT = 600  # seconds for one notebook


def run_otter(one: Submission, labs: Path, timeout: float = TIMEOUT) -> None:
    """Mark one submission, in a process of its own; note the fault if that fails."""
    autograder = labs.resolve() / one.lab / "autograder.zip"
    if not autograder.is_file():
        raise LabError(f"{autograder} is missing: run make labs first.")
    # What a student wrote must not find the secret in its environment.
    kept = {name: value for name, value in os.environ.items() if name != SECRET}
    kept["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    with tempfile.TemporaryDirectory() as scratch:
        notebook = Path(scratch, f"{one.lab}.ipynb")
        notebook.write_text(one.text, "utf-8")
        command = [sys.executable, "-m", "tools.labs.run", autograder, notebook]
        try:
            run = subprocess.run(
                command,
                cwd=scratch,
                env=kept,
                capture_output=True,
                text=True,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            one.fault = f"ran for more than {timeout:.0f} seconds and was stopped."
            return
    lines = [line for line in run.stdout.splitlines() if line.startswith(MARKER)]
    if run.returncode or not lines:
        last = (run.stderr.strip().splitlines() or ["no message"])[-1]
        one.fault = f"otter could not run it ({last:.120})."
        return
    found = json.loads(lines[-1].removeprefix(MARKER))
    if found["error"] is not None:
        one.fault = f"otter could not run it ({found['error']:.120})."
        return
    said = [says for test in found["questions"].values() for says in test["says"]]
    if any(UNKNOWN in says for says in said):
        one.fault = f"{one.student} joined after make labs was run: run it again."
        return
    one.questions = found["questions"]


def slips_of(one: Submission, name: str) -> list[str]:
    """Name the wrong designs behind an answer, from the tests that failed."""
    (question,) = (q for q in LABS[one.lab] if q.name == name)
    formed, *right = one.questions[name]["passed"]
    if not formed:
        return ["no answer"]
    if any(OTHER in says for says in one.questions[name]["says"]):
        return ["other"]
    costly = [slip for slip in question.slips if slip.points]
    return [slip.name for slip, passed in zip(costly, right) if not passed]


def students_table(marked: list[Submission], roster: Roster) -> pd.DataFrame:
    """Make a row for each student and lab, as on the roster, then those of nobody.

    Labs are those of which a file was handed in. A file that cannot be marked has a row
    too, beside its student's if it is known whose it is.
    """
    labs = [lab for lab in LABS if any(one.lab == lab for one in marked)]
    asked = list(dict.fromkeys(name for one in marked for name in one.questions))
    rows = []
    for student, cells in roster.rows.items():
        for lab in labs:
            own = [o for o in marked if (o.student, o.lab) == (student, lab)]
            files = own or [Submission("", lab=lab, student=student, fault=NOTHING)]
            rows += [[*cells, *_row(one, asked).values()] for one in files]
    nobodys = [one for one in marked if one.student not in roster.rows]
    blank = len(roster.columns) * [""]
    rows += [[*blank, *_row(one, asked).values()] for one in nobodys]
    head = [*_named_apart(roster.columns), *_row(Submission(""), asked)]
    return pd.DataFrame(rows, columns=head)


def _row(one: Submission, asked: list[str]) -> dict[str, object]:
    notes = [one.fault] if one.fault else []
    if one.missing:
        notes.append(f"no cell answers {', '.join(one.missing)}")
    row: dict[str, object] = {"lab": one.lab, "file": one.file}
    row |= {"points": None if one.fault else one.points, "out_of": one.out_of or None}
    row |= {name: one.questions.get(name, {}).get("points") for name in asked}
    return row | {"note": " ".join(notes)}


def _named_apart(columns: list[str]) -> list[str]:
    """Name the roster's columns so that none is one of the grades'."""
    own = _row(Submission(""), [])
    return [f"roster {name}" if name in own else name for name in columns]


def merged(earlier: list[Submission], later: list[Submission]) -> list[Submission]:
    """Put what was marked now to what was marked before.

    A later file of the same student and lab takes the place of an earlier one, unless
    it cannot be marked and the earlier one could. One of which nobody knows whose it is
    gives way to any of its name.
    """

    def replaced_by(old: Submission, new: Submission) -> bool:
        same = (old.student, old.lab) == (new.student, new.lab) and bool(new.student)
        if same:
            return not new.fault or bool(old.fault)
        return old.file == new.file and not old.student

    kept = [old for old in earlier if not any(replaced_by(old, n) for n in later)]
    return [*kept, *later]


def read_marked(labs: Path) -> list[Submission]:
    """Read what earlier runs marked; nothing if there was none."""
    path = labs / "grades" / MARKED
    if not path.is_file():
        return []
    return [Submission(**one) for one in json.loads(path.read_text("utf-8"))]


def questions_table(marked: list[Submission]) -> pd.DataFrame:
    """Analyse each question: how hard, how telling, and which mistakes were made.

    `mean_share` is the mean share of its points that students got; `tells_apart` the
    correlation of a question's points with those of the rest of the lab, missing where
    either does not vary; `mistakes` counts the wrong designs behind the answers.
    """
    rows = []
    for lab, questions in LABS.items():
        done = [one for one in marked if one.lab == lab and one.questions]
        for question in questions if done else ():
            name = question.name
            own = pd.Series([one.questions[name]["points"] for one in done])
            rest = pd.Series([one.points for one in done]) - own
            varies = own.nunique() > 1 and rest.nunique() > 1
            made = Counter(slip for one in done for slip in slips_of(one, name))
            rows.append(
                {
                    "lab": lab,
                    "question": name,
                    "students": len(done),
                    "out_of": question.out_of,
                    "mean_share": round(own.mean() / question.out_of, 3),
                    "all_points": int((own == question.out_of).sum()),
                    "no_answer": made.pop("no answer", 0),
                    "tells_apart": round(own.corr(rest), 2) if varies else None,
                    "mistakes": "; ".join(f"{s} {n}" for s, n in made.most_common()),
                }
            )
    return pd.DataFrame(rows)


def planted(one: Submission, labs: Path) -> dict[str, float]:
    """Work out again what was planted in a student's figures."""
    with zipfile.ZipFile(labs / one.lab / "autograder.zip") as archive:
        secret = archive.read(f"files/{SECRET_FILE}").decode().strip()
    return make(one.student, one.lab, secret).truth


def feedback(one: Submission, truth: Mapping[str, float]) -> str:
    """Write what a student may be told: points, why not more, and the truth."""
    lines = [f"# {one.lab}, {one.student}: {one.points:g} of {one.out_of}", ""]
    for name, value in truth.items():
        lines += [f"What was planted in your figures: {name} {value:.3f}.", ""]
    for name, found in one.questions.items():
        lines.append(f"- `{name}`: {found['points']:g} of {found['out_of']:g}")
        lines += [f"  - {says}" for says in dict.fromkeys(found["says"])]
    return "\n".join(lines) + "\n"


def write_grades(marked: list[Submission], labs: Path, roster: Roster) -> Path:
    """Write all tables at once to ``grades/``, with what earlier runs marked."""
    target = labs / "grades"
    marked = merged(read_marked(labs), marked)
    with replaced(target) as done:
        (done / "feedback").mkdir(parents=True)
        # With a mark at its start, by which spreadsheets know how letters are coded.
        students = students_table(marked, roster)
        students.to_csv(done / "students.csv", index=False, encoding="utf-8-sig")
        questions = questions_table(marked)
        questions.to_csv(done / "questions.csv", index=False, encoding="utf-8-sig")
        kept = [asdict(one) | {"text": ""} for one in marked]
        (done / MARKED).write_text(json.dumps(kept, indent=1), "utf-8")
        for number, one in enumerate(o for o in marked if o.questions):
            # An id may hold what a file name may not.
            safe = "".join(c if c.isalnum() else "-" for c in one.student)
            path = done / "feedback" / f"{one.lab}-{safe}-{number}.md"
            path.write_text(feedback(one, planted(one, labs)), "utf-8")
    return target


def main() -> None:
    """Mark the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("submissions", type=Path, nargs="?")
    parser.add_argument("--roster", type=Path, help="CSV with the students' ids")
    parser.add_argument(
        "--labs", type=Path, default=OUTPUT, help="what make labs built"
    )
    given = parser.parse_args()
    try:
        if given.submissions is None or given.roster is None:
            raise LabError(
                "name what to mark: make grade SUBMISSIONS=folder ROSTER=ids.csv"
            )
        roster = whole_roster(given.roster)
        # Marking happens in folders of its own.
        labs = given.labs.resolve()
        marked = submissions(given.submissions.resolve(), list(roster.rows))
        for number, one in enumerate(marked, start=1):
            if not one.fault:
                run_otter(one, labs)
            said = one.fault or f"{one.points:g} of {one.out_of}"
            print(f"{number}/{len(marked)} {one.file}: {said}", flush=True)
        written = write_grades(marked, labs, roster)
    except (LabError, HubError) as error:
        raise SystemExit(str(error)) from None
    table = questions_table(marked)
    said = "Nothing could be marked." if table.empty else table.to_string(index=False)
    print(f"\n{said}")
    print(f"\nBy student: {written / 'students.csv'}")


if __name__ == "__main__":
    main()
