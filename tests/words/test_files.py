"""What cannot be written whole is not written."""

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
