"""Newer figures are taken once they are hashed again."""

import shutil
import subprocess
import sys

import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog

NAME = "norwegian-tourism-cluster"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of one dataset that may be damaged."""
    folder = tmp_path / NAME
    shutil.copytree(catalog.path(NAME), folder)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))
    return folder


def test_newer_figures_are_taken_once_hashed_again(copy):
    file = copy / "hotel_nights.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    command = [sys.executable, "-m", "hubanalysis.datasets.rehash", str(copy)]
    subprocess.run(command, check=True)
    assert len(hub.load(f"{NAME}/hotel_nights")) == len(lines) - 2
