"""What cannot be written whole is not written."""

import os
from pathlib import Path

import pytest

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError


def test_what_fails_half_way_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")

    def fail():
        with replaced(path) as beside:
            beside.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_below_a_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with (
        pytest.raises(HubError, match="cannot be written"),
        replaced(tmp_path / "file" / "ours") as beside,
    ):
        beside.mkdir(parents=True)


def test_a_folder_that_fails_half_way_is_not_there(tmp_path):
    def fail():
        with replaced(tmp_path / "ours") as beside:
            beside.mkdir()
            (beside / "plan.toml").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path):
    (tmp_path / "taken").mkdir()
    with (
        pytest.raises(HubError, match="cannot be written"),
        replaced(tmp_path / "taken") as beside,
    ):
        beside.write_text("x")


def test_a_folder_takes_the_place_of_another_with_all_that_was_in_it(tmp_path):
    path = tmp_path / "slides"
    path.mkdir()
    (path / "old.html").write_text("old")
    with replaced(path) as beside:
        beside.mkdir()
        (beside / "new.html").write_text("new")
    assert [file.name for file in path.iterdir()] == ["new.html"]
    assert list(tmp_path.iterdir()) == [path]


def test_an_old_folder_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path, monkeypatch
):
    path = tmp_path / "slides"
    path.mkdir()
    (path / "old.html").write_text("old")
    really = os.replace

    def refuse(source, target):
        if Path(target) == path and Path(source).suffix != ".old":
            raise PermissionError(13, "Permission denied")
        really(source, target)

    monkeypatch.setattr("hubanalysis.words.files.os.replace", refuse)
    with pytest.raises(HubError, match="cannot be written"), replaced(path) as beside:
        beside.mkdir()
    assert [file.name for file in path.iterdir()] == ["old.html"]
    assert list(tmp_path.iterdir()) == [path]
