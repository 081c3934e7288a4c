"""What became of changes is counted, and survivors need a name."""

from types import SimpleNamespace

import pytest

from tools.mutants import run as room
from tools.mutants.change import Mutant

SOURCE = "a = 1\nb = 2\nc = 3\n"


@pytest.fixture
def trial(tmp_path, monkeypatch):
    path = tmp_path / "m.py"
    path.write_text(SOURCE, encoding="utf-8")
    made = [Mutant(1, "a = 1", "a = 2", ""), Mutant(2, "b = 2", "b = 3", "")]
    made.append(Mutant(3, "c = 3", "c = 4", ""))
    monkeypatch.setattr(room, "mutants", lambda source, most: (made, 9))
    return SimpleNamespace(path=path, notices=lambda mutant: mutant.line == 1)


def test_a_survivor_is_left_unless_it_is_named(trial):
    count = room.try_all("m", trial, 40, {("b = 2", "b = 3")})
    assert (count.made, count.tried, count.killed, count.equivalent) == (9, 3, 1, 1)
    assert [m.was for m in count.left] == ["c = 3"]
    assert not count.stale


def test_a_line_can_be_named_whatever_it_becomes(trial):
    count = room.try_all("m", trial, 40, {("b = 2", None), ("c = 3", None)})
    assert (count.killed, count.equivalent, count.left) == (1, 2, [])


def test_a_name_for_what_is_noticed_or_gone_is_told(trial):
    count = room.try_all("m", trial, 40, {("a = 1", "a = 2"), ("d = 4", None)})
    assert count.stale == ["d = 4", "a = 1 -> a = 2"]


def test_every_module_of_inference_and_estimators_is_tried_on_tests_that_exist():
    modules, equal = room.read("modules.toml"), room.read("equivalent.toml")
    library = room.ROOT / "src/hubanalysis"
    for folder in ("inference", "estimators"):
        there = {
            f"{folder}/{path.stem}" for path in library.glob(f"{folder}/[a-z]*.py")
        }
        assert there <= set(modules)
    assert set(equal) <= set(modules)
    files = {test.split("::")[0] for tests in modules.values() for test in tests}
    assert all((room.ROOT / file).is_file() for file in files)
    assert all(
        entry["why"].endswith(".") for found in equal.values() for entry in found
    )
