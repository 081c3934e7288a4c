"""The notebook takes the report's steps, and is run where that can be done."""

import builtins

import pytest

import hubanalysis as hub
from hubanalysis.command.notebook import executed, notebook


def test_it_opens_the_folder_and_shows_the_card():
    made = notebook(hub.Case.open("yozma"), "../my programme")
    code = [cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"]
    assert 'hub.Case.from_folder("../my programme")' in code[0]
    assert code[1] == "hub.card(case)"
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.from_dict(made))


def test_without_what_runs_it_it_stays_as_it_is_and_that_is_said(monkeypatch, tmp_path):
    real = builtins.__import__

    def without(name, *rest):
        if name == "nbformat":
            raise ImportError
        return real(name, *rest)

    made = notebook(hub.Case.open("yozma"), "")
    monkeypatch.setattr(builtins, "__import__", without)
    assert executed(made, tmp_path) == (
        made,
        'The notebook beside it has not been run: that takes pip install '
        '"hubanalysis[report]".',
    )  # fmt: skip


def test_a_cell_that_fails_is_said(tmp_path):
    pytest.importorskip("nbclient")
    made = notebook(hub.Case.open("yozma"), "nowhere")
    made["cells"] = made["cells"][:2]
    told = executed(made, tmp_path)[1]
    assert "could not be run" in told
    assert "there is no plan" in told
