"""Students get a lab with all that it takes to run it."""

import subprocess
import sys
from importlib import util
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.labs.build import REQUIREMENTS
from tools.labs.handout import add_to, first_cell, pinned
from tools.release import SOURCE


@pytest.fixture
def folder(tmp_path):
    cells = [new_code_cell("import otter"), new_markdown_cell("# The trap\n\nText.")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "did-trap.ipynb")
    add_to(tmp_path, "did-trap")
    return tmp_path


def test_the_first_cell_installs_and_stands_before_all_imports(folder):
    notebook = nbformat.read(folder / "did-trap.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].source == first_cell()
    assert notebook.cells[1].source == "import otter"


def test_the_readme_names_the_lab_and_what_to_install(folder):
    text = (folder / "README.txt").read_text("utf8")
    assert text.startswith("The trap\n")
    assert SOURCE in text
    assert pinned("otter-grader") in text
    assert "figures/" in text


def test_what_marks_fetches_the_wheel_and_needs_no_git():
    assert [SOURCE] == REQUIREMENTS
    assert "git+" not in SOURCE
    assert SOURCE.endswith(".whl")


@pytest.fixture
def machine(monkeypatch):
    """A machine that lacks otter, and whose pip a test records."""
    ran = []
    monkeypatch.setattr(
        util, "find_spec", lambda name: None if name == "otter" else object()
    )
    monkeypatch.setattr(
        subprocess, "run", lambda command, check: ran.append(command[-1])
    )
    return SimpleNamespace(ran=ran)


def run():
    exec(compile(first_cell(), "cell", "exec"), {})


def test_on_colab_what_is_missing_is_fetched(machine, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    run()
    assert machine.ran == [pinned("otter-grader")]
    assert "restart" in capsys.readouterr().out


def test_elsewhere_the_line_to_run_is_told(machine):
    with pytest.raises(SystemExit, match=r'%pip install "otter-grader==7'):
        run()
    assert machine.ran == []


def test_where_all_is_there_nothing_happens(machine, monkeypatch, capsys):
    monkeypatch.setattr(util, "find_spec", lambda name: object())
    run()
    assert machine.ran == []
    assert capsys.readouterr().out == ""
