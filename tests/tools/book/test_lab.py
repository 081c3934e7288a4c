"""JupyterLab opens copies: saving them changes nothing else."""

import argparse
import json
import os
import subprocess

import pytest

from tools.book import lab
from tools.book.chapters import ROOT


@pytest.fixture
def edition(tmp_path):
    path = tmp_path / "editions" / "case.ipynb"
    path.parent.mkdir()
    path.write_text("first")
    return path


def test_copies_are_renewed_until_somebody_changes_them(edition, tmp_path):
    copies = tmp_path / "notebooks"
    assert lab.copy([edition], copies) == []
    edition.write_text("second")
    assert lab.copy([edition], copies) == []
    assert (copies / "case.ipynb").read_text() == "second"
    (copies / "case.ipynb").write_text("mine")
    edition.write_text("third")
    assert lab.copy([edition], copies) == [copies / "case.ipynb"]
    assert (copies / "case.ipynb").read_text() == "mine"
    (copies / "case.ipynb").unlink()
    assert lab.copy([edition], copies) == []
    assert (copies / "case.ipynb").read_text() == "third"


def test_a_file_of_that_name_that_was_never_a_copy_is_kept(edition, tmp_path):
    (tmp_path / "case.ipynb").write_text("mine")
    assert lab.copy([edition], tmp_path) == [tmp_path / "case.ipynb"]


def test_git_ignores_the_copies():
    if not (ROOT / ".git").exists():
        pytest.skip("no git here")
    inside = lab.COPIES / "case.ipynb"
    run = subprocess.run(["git", "check-ignore", "-q", str(inside)], cwd=ROOT)
    assert run.returncode == 0


def test_it_shows_the_copies_alone_and_works_as_root(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert f"--ServerApp.root_dir={tmp_path}" in lab.command(tmp_path)
    assert "--allow-root" in lab.command(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in lab.command(tmp_path)


def test_it_takes_a_port(tmp_path):
    assert "--ServerApp.port=8890" in lab.command(tmp_path, lab.port_number("8890"))
    assert not any("--ServerApp.port" in word for word in lab.command(tmp_path))
    for wrong in ("0", "70000", "x", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="PORT=8890"):
            lab.port_number(wrong)


def test_settings_go_into_the_environment_and_open_no_source_as_a_notebook(tmp_path):
    lab.settle(tmp_path)
    [path] = (path for path in tmp_path.rglob("*") if path.is_file())
    assert list(json.loads(path.read_text("utf8"))) == [
        "@jupyterlab/apputils-extension:notification"
    ]
