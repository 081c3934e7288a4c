"""Otter itself builds the labs, and marks a key, a blank and each mistake.

Runs where requirements-labs.txt is installed: make test-labs.
"""

import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from hubanalysis.panels.homework import FIGURES, SECRET, make
from labs.marking import LABS, mark
from labs.marking.check import SECRET_FILE
from tools.labs import build, grade
from tools.labs.source import is_answer, read_lab
from tools.labs.submission import submissions

SECRET_OF_COURSE = "a secret of the course that is long"
STUDENTS = ["ida", "olav", "kari", "per"]


@pytest.fixture(scope="module", params=LABS)
def built(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labs")
    lab = request.param
    build.build_lab(lab, STUDENTS, SECRET_OF_COURSE, folder / lab)
    return lab, folder


def handed_in(folder, lab, student, answers=None):
    """Put this student's answers in place of the key's, and write the notebook."""
    notebook = nbformat.read(folder / lab / "key.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = re.sub(r"STUDENT = \S+", f"STUDENT = {student!r}", cell.source)
        # Otter marks an answer as it stands where the notebook checks it.
        for name, value in (answers or {}).items():
            if cell.source == f'grader.check("{name}")':
                cell.source = f"{name} = {value!r}\n{cell.source}"
    (folder / "in").mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "in" / f"{student}.ipynb")


def test_the_student_part_has_no_solution_no_hidden_test_and_no_secret(built):
    lab, folder = built
    with zipfile.ZipFile(folder / lab / "student.zip") as archive:
        text = archive.read(f"{lab}.ipynb").decode()
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names).decode()
    assert "README.txt" in names
    first, then = nbformat.reads(text, as_version=4).cells[:2]
    assert "Run this cell first" in first.source
    assert "import otter" in then.source
    assert sum(name.startswith(f"{FIGURES}/") and "." in name for name in names) == 4
    assert SECRET_OF_COURSE not in everything
    assert not any(SECRET_FILE in name or "marking" in name for name in names)
    assert "labs.marking" not in text
    cells = nbformat.reads(text, as_version=4).cells
    shown = "\n".join(cell.source for cell in cells) + text
    for cell in read_lab(lab).cells:
        if is_answer(cell):
            assert cell.source.splitlines()[-1] not in shown
    for question in LABS[lab]:
        assert not [s for s in question.slips if s.says in shown]
    for student in STUDENTS:
        truth = make(student, lab, SECRET_OF_COURSE).truth
        assert not [t for t in truth.values() if repr(t) in everything]


def test_otter_marks_as_the_marking_does(built, monkeypatch):
    monkeypatch.delenv(SECRET, raising=False)
    lab, folder = built
    questions = LABS[lab]
    first = {}
    handed_in(folder, lab, "ida")
    handed_in(folder, lab, "olav", {q.name: ... for q in questions})
    homework = make("kari", lab, SECRET_OF_COURSE)
    for question in questions:
        slips = question.slips[:1]
        first[question.name] = question.value(homework, first, slips)
    handed_in(folder, lab, "kari", first)
    handed_in(folder, lab, "per", {questions[0].name: 123.456})
    (folder / "in" / "broken.ipynb").write_text('{"cells": [')
    marked = submissions(folder / "in", STUDENTS)
    for one in marked:
        if not one.fault:
            grade.run_otter(one, folder)
    by_file = {one.file: one for one in marked}
    assert "cannot be read" in by_file.pop("broken.ipynb").fault
    assert [one.fault for one in by_file.values()] == [""] * 4
    key, blank, slipped, other = (by_file[f"{s}.ipynb"] for s in STUDENTS)
    out_of = sum(q.out_of for q in questions)
    assert (key.points, blank.points) == (out_of, 0)
    wanted = mark(homework, first)
    assert wanted[questions[0].name].slips == (questions[0].slips[0].name,)
    for name, m in wanted.items():
        result = slipped.questions[name]
        assert result["points"] == m.points
        assert result["says"] == list(m.reasons)
        assert grade.slips_of(slipped, name) == list(m.slips)
        assert grade.slips_of(blank, name) == ["no answer"]
    assert grade.slips_of(other, questions[0].name) == ["other"]
    assert other.questions[questions[0].name]["points"] == questions[0].form
    roster = build.Roster(["id"], {student: [student] for student in STUDENTS})
    grade.write_grades(marked, folder, roster)
    assert len(list((folder / "grades" / "feedback").iterdir())) == 4


def test_what_nbgrader_gets_runs_with_its_tests_and_holds_no_secret(built, tmp_path):
    lab, folder = built
    source = folder / lab / "nbgrader"
    files = [path for path in source.rglob("*") if path.is_file()]
    assert len(files) == 1 + len(STUDENTS)
    assert not [p for p in files if SECRET_OF_COURSE in p.read_text("utf-8")]
    notebook = nbformat.read(source / f"{lab}.ipynb", as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    text = "\n\n".join(code).replace("STUDENT = 'ida'", "STUDENT = 'per'")
    file = tmp_path / "lab.py"
    file.write_text(f"import matplotlib as m\nm.use('Agg')\n{text}")
    known = os.environ | {"PYTHONPATH": str(build.ROOT), SECRET: SECRET_OF_COURSE}
    subprocess.run([sys.executable, file], cwd=source, env=known, check=True)
