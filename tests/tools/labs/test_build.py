"""Rosters, secrets and figures, before otter is called."""

import pytest

from hubanalysis.panels import homework
from tools.labs import build
from tools.labs.source import LabError


@pytest.mark.parametrize(
    "text", ["ida\nolav\n", "id\nida\nolav\n", "name,id\nIda H, Ida \n\nO,OLAV\n"]
)
def test_a_roster_is_a_first_column_or_one_called_id(text, tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text(text, "utf-8-sig")
    assert build.read_roster(path) == ["ida", "olav"]


def test_a_roster_keeps_its_columns_and_how_ids_are_written(tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text("Name,id,Group\nIda H, Ida ,A\nO,0042\n", "utf-8-sig")
    roster = build.whole_roster(path)
    assert roster.columns == ["Name", "id", "Group"]
    assert roster.rows == {"ida": ["Ida H", " Ida ", "A"], "0042": ["O", "0042", ""]}
    path.write_text("ida,Ida H\n")
    assert build.whole_roster(path).columns == ["id", "column 2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "lists no student"),
        ("id\n", "lists no student"),
        ("ida\n Ida\n", "row 2 repeats the id 'ida'"),
        ("name,id\nIda\n", "row 2 has no id"),
    ],
)
def test_a_roster_that_is_none_is_refused(text, says, tmp_path):
    path = tmp_path / "ids.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(LabError, match=says):
        build.read_roster(path)


def test_a_roster_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(LabError, match="cannot be read"):
        build.read_roster(tmp_path / "ids.csv")


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_easily_guessed_is_refused(secret, monkeypatch):
    monkeypatch.setenv(homework.SECRET, secret)
    with pytest.raises(LabError, match=r"Make one with: python -c"):
        build.course_secret()


def test_each_student_gets_one_file_that_reads_back(tmp_path, monkeypatch):
    monkeypatch.delenv(homework.SECRET, raising=False)
    build.write_figures("did-trap", ["ida", "olav"], "a", tmp_path / "figures")
    assert len(list((tmp_path / "figures").iterdir())) == 2
    read = homework.homework("olav", "did-trap", tmp_path / "figures")
    assert read.student == "olav"


@pytest.mark.parametrize("asked", [[], ["--roster", "nowhere.csv"]])
def test_a_build_that_cannot_be_leaves_nothing_behind(asked, tmp_path, monkeypatch):
    monkeypatch.setenv(homework.SECRET, "a secret that is long enough")
    target = tmp_path / "labs"
    monkeypatch.setattr("sys.argv", ["build", "--output", str(target), *asked])
    with pytest.raises(SystemExit, match=r"make labs ROSTER|cannot be read"):
        build.main()
    assert not target.exists()


def test_a_lab_that_is_none_is_named_before_any_is_built(tmp_path, monkeypatch):
    monkeypatch.setenv(homework.SECRET, "a secret that is long enough")
    monkeypatch.setattr(build, "_assign", lambda *_: pytest.fail("it builds"))
    (tmp_path / "ids.csv").write_text("ida\n")
    target = tmp_path / "labs"
    words = ["did-trap", "did-trick", "--roster", str(tmp_path / "ids.csv")]
    monkeypatch.setattr("sys.argv", ["build", "--output", str(target), *words])
    with pytest.raises(SystemExit, match=r"no lab 'did-trick'\. Nothing was written"):
        build.main()
    assert not target.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(homework.SECRET, "a secret that is long enough")
    (tmp_path / "ids.csv").write_text("ida\n")
    (tmp_path / "file").write_text("not a folder")
    words = ["--roster", str(tmp_path / "ids.csv"), "--output", str(tmp_path / "file")]
    monkeypatch.setattr("sys.argv", ["build", *words])
    monkeypatch.setattr(build, "_assign", lambda *_: pytest.fail("it builds"))
    with pytest.raises(SystemExit, match="is a file; name a folder"):
        build.main()


def test_an_earlier_build_stays_if_otter_fails(tmp_path, monkeypatch):
    def fails(master, result):
        raise LabError("otter could not assign it")

    monkeypatch.setattr(build, "_assign", fails)
    target = tmp_path / "did-trap"
    target.mkdir()
    (target / "student.zip").write_text("earlier")
    with pytest.raises(LabError):
        build.build_lab("did-trap", ["ida"], "a", target)
    assert [p.name for p in target.iterdir()] == ["student.zip"]
