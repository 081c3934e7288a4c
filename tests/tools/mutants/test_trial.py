"""A changed copy of a module is tried on its tests, and leaves no trace."""

import sys

import pytest

pytest.importorskip("resource", reason="trials fork")

from tools.mutants.change import Mutant
from tools.mutants.trial import prepare

MODULE = """
def older(age):
    return age >= 18


def never_called():
    return 1
"""
TESTS = """
import time
import littlemodule


def test_eighteen_is_of_age():
    assert littlemodule.older(18)


def test_ten_is_not():
    assert not littlemodule.older(10)


def test_that_takes_for_ever():
    while True:
        pass
"""


@pytest.fixture
def trial(tmp_path, monkeypatch):
    module, tests = tmp_path / "littlemodule.py", tmp_path / "test_littlemodule.py"
    module.write_text(MODULE, encoding="utf-8")
    tests.write_text(TESTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("tools.mutants.trial.SLOW", 0.3)
    return prepare("littlemodule", module, [str(tests)])


def changed(line, was, becomes):
    return Mutant(line, was, becomes, MODULE.replace(was, becomes))


def test_a_change_is_noticed_if_a_test_fails_with_it(trial):
    assert len(trial.tests) == 2
    assert trial.slow == 1
    assert trial.notices(changed(3, ">= 18", "> 18"))
    assert not trial.notices(changed(3, ">= 18", ">= 17"))
    assert not trial.notices(changed(7, "return 1", "return 2"))
    assert trial.path.read_text(encoding="utf-8") == MODULE
    assert "littlemodule" not in sys.modules


def test_a_test_that_fails_before_anything_is_changed_is_named(tmp_path, trial):
    tests = tmp_path / "test_littlemodule.py"
    tests.write_text(TESTS.replace("older(18)", "older(17)"), encoding="utf-8")
    with pytest.raises(RuntimeError, match="test_eighteen_is_of_age"):
        prepare("littlemodule", trial.path, [str(tests)])
