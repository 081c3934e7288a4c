"""Where a refresh may write."""

import shutil
from pathlib import Path

import pytest

from hubanalysis.datasets import catalog


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A function that copies a case's data to where a refresh may write."""

    def copied(case):
        folder = Path(shutil.copytree(catalog.path(case), tmp_path / case))
        monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))
        return folder

    return copied
