"""Newer figures are taken once they are hashed again."""

import shutil
import sys

import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog, rehash

NAME = "norwegian-tourism-cluster"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of one dataset that may be changed."""
    folder = tmp_path / NAME
    shutil.copytree(catalog.path(NAME), folder)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))
    return folder


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["rehash", *map(str, arguments)])
    return rehash.main()


def test_newer_figures_are_taken_once_hashed_again(copy, monkeypatch, capsys):
    file = copy / "hotel_nights.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(hub.DataError):
        hub.load(f"{NAME}/hotel_nights")
    assert run(monkeypatch, copy) == 0
    assert "hotel_nights" in capsys.readouterr().out
    assert len(hub.load(f"{NAME}/hotel_nights")) == len(lines) - 2


def test_what_did_not_change_is_left_alone(copy, monkeypatch, capsys):
    before = (copy / "datapackage.json").read_bytes()
    assert run(monkeypatch, copy) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert (copy / "datapackage.json").read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, tmp_path / "nowhere") == 1
    assert "nowhere" in capsys.readouterr().err
    assert run(monkeypatch) == 2
