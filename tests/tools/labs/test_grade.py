"""Tables of what was marked, from results as otter gives them."""

import json
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from hubanalysis.panels.homework import make
from labs.marking import LABS
from labs.marking.check import SECRET_FILE, UNKNOWN
from labs.marking.question import OTHER
from tools.labs import grade
from tools.labs.build import Roster
from tools.labs.run import MARKER
from tools.labs.source import LabError
from tools.labs.submission import Submission

LAB = "did-trap"
ANSWERS = {"effect": {"says": [f"STUDENT = 'ida' {UNKNOWN}"]}}
LATE = json.dumps({"error": None, "questions": ANSWERS})


def found(question, failed=(), formed=True, says=()):
    """What otter finds for an answer with these slips."""
    costly = [slip for slip in question.slips if slip.points]
    passed = [formed, *(formed and slip.name not in failed for slip in costly)]
    lost = sum(slip.points for slip in costly if slip.name in failed)
    reasons = [slip.says for slip in costly if slip.name in failed]
    return {
        "points": question.out_of - lost if formed else 0,
        "out_of": question.out_of,
        "passed": passed,
        "says": list(says) or reasons,
    }


def submission(student, **slips):
    one = Submission(f"{student}.ipynb", "{}", LAB, student)
    for question in LABS[LAB]:
        made = slips.get(question.name, ())
        if made == "blank":
            one.questions[question.name] = found(question, formed=False, says=["No."])
        elif made == "other":
            every = [slip.name for slip in question.slips]
            one.questions[question.name] = found(question, every, says=[f"x {OTHER}"])
        else:
            one.questions[question.name] = found(question, made)
    return one


MARKED = [
    submission("ida"),
    submission("olav", effect=("treated_donor", "late_years")),
    submission("kari", effect=("treated_donor",), closure="other"),
    submission("per", effect="blank", closure="blank"),
]
FAULTY = Submission("bad.ipynb", fault="cannot be read.")
ROSTER = Roster(
    ["Name", "id", "note"],
    {
        student: [student.title(), id_, ""]
        for student, id_ in (
            ("ida", "Ida"), ("olav", "0042"), ("kari", "kari"), ("per", "per"),
            ("josé ñ", "José Ñ"),
        )
    },
)  # fmt: skip


def test_each_student_has_a_row_for_each_lab_as_on_the_roster():
    table = grade.students_table([*MARKED, FAULTY], ROSTER)
    assert list(table.columns[:5]) == ["Name", "id", "roster note", "lab", "file"]
    assert table["id"].tolist() == ["Ida", "0042", "kari", "per", "José Ñ", ""]
    absent = table.iloc[4]
    assert (absent["lab"], absent["note"]) == (LAB, "nothing handed in")
    assert pd.isna(absent["points"])
    assert absent["out_of"] == sum(q.out_of for q in LABS[LAB])


def test_a_file_that_cannot_be_marked_stands_with_its_student_if_that_is_known():
    wrong = Submission("x.ipynb", "", LAB, "josé ñ", "otter could not run it.")
    table = grade.students_table([*MARKED, wrong], ROSTER)
    assert table["note"].tolist() == ["", "", "", "", "otter could not run it."]


def test_each_file_has_a_row_and_a_faulty_one_no_points():
    table = grade.students_table([*MARKED, FAULTY], ROSTER).set_index("file")
    out_of = sum(q.out_of for q in LABS[LAB])
    assert table["points"].to_dict()["ida.ipynb"] == out_of
    assert table.loc["olav.ipynb", "points"] == out_of - 2
    assert pd.isna(table.loc["bad.ipynb", "points"])
    assert table.loc["bad.ipynb", "note"] == "cannot be read."


def test_each_question_has_its_share_its_blanks_and_its_mistakes():
    table = grade.questions_table([*MARKED, FAULTY]).set_index("question")
    effect, closure = table.loc["effect"], table.loc["closure"]
    assert (effect["students"], effect["no_answer"], effect["all_points"]) == (4, 1, 1)
    assert effect["mean_share"] == round((7 + 5 + 6 + 0) / 4 / 7, 3)
    assert effect["mistakes"] == "treated_donor 2; late_years 1"
    assert closure["mistakes"] == "other 1"
    assert 0 < effect["tells_apart"] <= 1
    assert pd.isna(table.loc["pretended", "tells_apart"])


def test_feedback_gives_the_reason_for_each_loss_once():
    text = grade.feedback(MARKED[1], {"effect": 0.0834})
    (question,) = (q for q in LABS[LAB] if q.name == "effect")
    _, donor, late, _ = question.slips
    assert text.count(donor.says) == text.count(late.says) == 1
    assert "`effect`: 5 of 7" in text
    assert "planted in your figures: effect 0.083." in text


def rows(built):
    return pd.read_csv(built / "grades" / "students.csv", dtype=str).fillna("")


def test_a_later_run_adds_to_earlier_ones_and_loses_none(built):
    target = grade.write_grades([*MARKED[:3], FAULTY], built, ROSTER)
    assert target == built / "grades"
    assert {p.name for p in target.iterdir()} == {
        "students.csv",
        "questions.csv",
        "marked.json",
        "feedback",
    }
    grade.write_grades([MARKED[3]], built, ROSTER)
    assert rows(built)["file"].tolist() == [
        "ida.ipynb", "olav.ipynb", "kari.ipynb", "per.ipynb", "", "bad.ipynb",
    ]  # fmt: skip
    assert len(list((target / "feedback").iterdir())) == len(MARKED)


def test_a_later_file_of_a_student_counts_unless_it_cannot_be_marked(built):
    grade.write_grades(MARKED, built, ROSTER)
    broken = Submission("new.ipynb", "", LAB, "ida", "was stopped.")
    grade.write_grades([broken], built, ROSTER)
    ida = rows(built).query("id == 'Ida'")
    assert ida["file"].tolist() == ["ida.ipynb", "new.ipynb"]
    better = submission("per")
    better.file = "late/per.ipynb"
    grade.write_grades([better], built, ROSTER)
    [per] = rows(built).query("id == 'per'").to_dict("records")
    assert (per["file"], per["points"]) == ("late/per.ipynb", per["out_of"] + ".0")


def test_files_of_one_name_by_two_students_are_two(built):
    for student in ("ida", "per"):
        one = submission(student)
        one.file = "lab.ipynb"
        grade.write_grades([one], built, ROSTER)
    assert (rows(built)["file"] == "lab.ipynb").sum() == 2


def test_spreadsheets_are_told_how_letters_are_coded(built):
    grade.write_grades(MARKED, built, ROSTER)
    text = (built / "grades" / "students.csv").read_bytes()
    assert text.startswith("\ufeffName,id".encode())
    assert "José Ñ".encode() in text
    assert b",0042," in text


def test_with_nothing_marked_there_is_still_a_table_of_faults(tmp_path):
    grade.write_grades([FAULTY], tmp_path, ROSTER)
    table = pd.read_csv(tmp_path / "grades" / "students.csv")
    assert table["note"].tolist() == ["cannot be read."]


@pytest.fixture
def built(tmp_path):
    (tmp_path / LAB).mkdir()
    with zipfile.ZipFile(tmp_path / LAB / "autograder.zip", "w") as archive:
        archive.writestr(f"files/{SECRET_FILE}", "a\n")
    return tmp_path


def test_the_truth_is_worked_out_again_from_the_secret(built):
    assert grade.planted(MARKED[0], built) == make("ida", LAB, "a").truth


def ran(monkeypatch, code=0, out="", err=""):
    def run(command, **how):
        assert grade.SECRET not in how["env"]
        return subprocess.CompletedProcess(command, code, out, err)

    monkeypatch.setenv(grade.SECRET, "a")
    monkeypatch.setattr(grade.subprocess, "run", run)
    one = Submission("a.ipynb", "{}", LAB, "ida")
    return one


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        ({"code": 1, "err": "x\nMemoryError"}, r"could not run it \(MemoryError\)"),
        ({"out": "a notebook that ended its process"}, "could not run it"),
        ({"out": MARKER + '{"error": "bad", "questions": {}}'}, r"run it \(bad\)"),
        ({"out": MARKER + LATE}, "joined after make labs was run"),
    ],
)
def test_a_notebook_that_cannot_be_marked_gets_a_fault(
    result, fault, built, monkeypatch
):
    one = ran(monkeypatch, **result)
    grade.run_otter(one, built)
    assert one.questions == {}
    assert pd.Series([one.fault]).str.contains(fault).all()


def test_what_the_notebook_prints_is_not_taken_for_a_result(built, monkeypatch):
    real = '{"error": null, "questions": {}}'
    one = ran(monkeypatch, out=f"{MARKER}not json\n{MARKER}{real}")
    grade.run_otter(one, built)
    assert one.fault == ""


def test_a_notebook_that_runs_for_ever_is_stopped(built, monkeypatch):
    one = ran(monkeypatch)

    def hangs(command, timeout, **how):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(grade.subprocess, "run", hangs)
    grade.run_otter(one, built, timeout=2)
    assert one.fault == "ran for more than 2 seconds and was stopped."


def test_labs_that_were_not_built_are_asked_for(tmp_path):
    with pytest.raises(LabError, match="run make labs first"):
        grade.run_otter(Submission("a.ipynb", "{}", LAB, "ida"), tmp_path)


def test_a_path_from_here_is_found_from_wherever_a_notebook_runs(built, monkeypatch):
    monkeypatch.chdir(built)
    one = ran(monkeypatch, out=f'{MARKER}{{"error": null, "questions": {{}}}}')
    seen = []

    def run(command, **how):
        seen.extend(command)
        return subprocess.CompletedProcess(
            command, 0, f'{MARKER}{{"error": null, "questions": {{}}}}', ""
        )

    monkeypatch.setattr(grade.subprocess, "run", run)
    grade.run_otter(one, Path())
    assert built / LAB / "autograder.zip" in seen


def test_a_folder_of_broken_files_is_told_file_by_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "broken.ipynb").write_text('{"cells": [')
    (tmp_path / "ids.csv").write_text("ida\n")
    words = [tmp_path / "in", "--roster", tmp_path / "ids.csv", "--labs", tmp_path]
    monkeypatch.setattr("sys.argv", ["grade", *map(str, words)])
    grade.main()
    said = capsys.readouterr().out
    assert "1/1 broken.ipynb: cannot be read as a notebook" in said
    assert "Nothing could be marked." in said
    assert "broken.ipynb" in (tmp_path / "grades" / "students.csv").read_text("utf-8")


@pytest.mark.parametrize("asked", [[], ["nowhere"], ["nowhere", "--roster", "no.csv"]])
def test_a_call_that_lacks_something_says_so_and_writes_nothing(
    asked, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.argv", ["grade", "--labs", str(tmp_path), *asked])
    with pytest.raises(SystemExit, match=r"make grade SUBMISSIONS|cannot be read"):
        grade.main()
    assert list(tmp_path.iterdir()) == []
