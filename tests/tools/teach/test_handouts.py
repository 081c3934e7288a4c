"""Whoever teaches from a release gets all of it without a build."""

import re
import zipfile

import pytest

from tests.tools.book.sources import pretend_executed
from tools.book.chapters import ROOT
from tools.book.editions import EditionError
from tools.teach.handouts import ADDRESSES, NAMES, pack

PAGE = (ROOT / "chapters" / "teaching.md").read_text("utf8")
RELEASE = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf8")


@pytest.fixture(scope="module")
def done():
    path = ROOT / "chapters" / "how-to-tell.md"
    return [pretend_executed(path.read_text("utf8"), path)]


@pytest.fixture
def printed(tmp_path):
    folder = tmp_path / "slides"
    folder.mkdir()
    for name in ("how-to-tell.html", "how-to-tell-sheets.pdf"):
        (folder / name).write_text(name)
    return folder


@pytest.fixture
def no_numbers(monkeypatch):
    """Chapters here have not run: their numbers are not those that quizzes rest on."""
    monkeypatch.setattr("tools.teach.quiz.check", lambda path, context: None)


def names_in(path):
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None
        return made.namelist()


@pytest.mark.usefixtures("no_numbers")
def test_there_is_a_zip_of_each_kind_and_two_runs_give_the_same(
    done, printed, tmp_path
):
    once = pack(done, printed, tmp_path / "a")
    assert {path.name for path in once} == set(NAMES)
    found = {path.name: names_in(path) for path in once}
    for edition in ("student", "instructor"):
        assert found[f"{edition}-notebooks.zip"] == ["how-to-tell.ipynb"]
    assert "student/how-to-tell.ipynb" in found["assignments.zip"]
    assert found["quizzes.zip"] == ["how-to-tell-qti.zip", "how-to-tell.gift"]
    assert found["slides.zip"] == ["how-to-tell-sheets.pdf", "how-to-tell.html"]
    twice = pack(done, printed, tmp_path / "b")
    assert [p.read_bytes() for p in once] == [p.read_bytes() for p in twice]


@pytest.mark.usefixtures("no_numbers")
def test_students_notebooks_have_no_solution(done, printed, tmp_path):
    made = {path.name: path for path in pack(done, printed, tmp_path / "a")}
    with zipfile.ZipFile(made["student-notebooks.zip"]) as student:
        assert b"common wrong answer" not in student.read("how-to-tell.ipynb")
    with zipfile.ZipFile(made["instructor-notebooks.zip"]) as instructor:
        assert b"common wrong answer" in instructor.read("how-to-tell.ipynb")


def test_without_printed_slides_nothing_is_written(done, printed, tmp_path):
    (printed / "how-to-tell-sheets.pdf").unlink()
    for folder in (printed, tmp_path / "none"):
        with pytest.raises(EditionError, match="run make pdf first"):
            pack(done, folder, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_the_release_attaches_them_after_they_were_made():
    [attached] = re.findall(r"gh release create (.*)", RELEASE)
    assert "_build/handouts/*.zip" in attached
    assert RELEASE.index("make handouts") < RELEASE.index("gh release create")


def test_the_page_for_instructors_links_every_one_of_this_release():
    linked = re.findall(r"\((https://[^)]*/releases/download/[^)]*)\)", PAGE)
    assert sorted(set(linked)) == sorted(ADDRESSES.values())
