"""What was handed in is read, and what is wrong with it is said."""

import zipfile

import nbformat
import pytest

from tools.labs.source import LabError
from tools.labs.submission import submissions

STUDENTS = ["ida", "olav"]
ANSWERS = "others_change = effect = pretended = closure = 0.1"


def notebook(student="'ida'", lab="did-trap", answers=ANSWERS):
    code = [f'STUDENT = {student}\nmine = hub.homework(STUDENT, "{lab}")', answers]
    cells = [nbformat.v4.new_code_cell(source) for source in code]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


def read(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.ipynb").write_text(text, "utf-8")
    return submissions(tmp_path, STUDENTS)


def test_a_sound_notebook_has_an_owner_a_lab_and_no_fault(tmp_path):
    (one,) = read(tmp_path, a=notebook("' Ida'"))
    assert (one.student, one.lab, one.fault, one.missing) == ("ida", "did-trap", "", [])


def test_the_lab_is_known_by_what_otter_wrote_too(tmp_path):
    made = nbformat.reads(notebook(lab="of-old"), as_version=4)
    made.metadata["otter"] = {"assignment_name": "power-before"}
    (one,) = read(tmp_path, a=nbformat.writes(made))
    assert one.lab == "power-before"


def test_missing_cells_are_named_and_no_fault(tmp_path):
    (one,) = read(tmp_path, a=notebook(answers="effect = 0.1"))
    assert one.missing == ["others_change", "pretended", "closure"]
    assert not one.fault


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"cells": [', "cannot be read as a notebook"),
        ("{}", "cannot be read as a notebook"),
        (notebook("..."), "STUDENT is not set to an id"),
        (notebook("''"), "STUDENT is not set to an id"),
        (notebook("'olaf'"), "'olaf' is not on the roster. Is it 'olav'?"),
        (notebook(lab="of-old"), "is none of the labs"),
    ],
)
def test_a_faulty_file_is_named_and_the_others_are_read(text, says, tmp_path):
    bad, good = read(tmp_path, a=text, b=notebook("'olav'"))
    assert says in bad.fault
    assert (bad.file, good.fault) == ("a.ipynb", "")


def test_a_cell_of_broken_code_does_not_hide_the_rest(tmp_path):
    (one,) = read(tmp_path, a=notebook(answers="effect = = 1"))
    assert (one.student, one.fault, len(one.missing)) == ("ida", "", 4)


def test_two_files_by_one_student_are_both_held_back(tmp_path):
    first, second = read(tmp_path, a=notebook(), b=notebook("'Ida'"))
    assert "handed in b.ipynb for this lab as well" in first.fault
    assert "handed in a.ipynb for this lab as well" in second.fault


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_zip_file_must_hold_one_notebook(count, tmp_path):
    with zipfile.ZipFile(tmp_path / "ida.zip", "w") as archive:
        archive.writestr("__MACOSX/x.ipynb", "")
        for i in range(count):
            archive.writestr(f"{i}.ipynb", notebook())
    (one,) = submissions(tmp_path, STUDENTS)
    assert one.fault == (
        "" if count == 1 else f"holds {count} notebooks; one is needed."
    )


def test_a_file_that_is_no_zip_is_named(tmp_path):
    (tmp_path / "ida.zip").write_text("no zip")
    (one,) = submissions(tmp_path, STUDENTS)
    assert "cannot be read as a notebook" in one.fault


def test_a_folder_without_anything_to_mark_is_refused(tmp_path):
    with pytest.raises(LabError, match="holds no notebook"):
        submissions(tmp_path, STUDENTS)
    with pytest.raises(LabError, match="there is no folder"):
        submissions(tmp_path / "none", STUDENTS)
