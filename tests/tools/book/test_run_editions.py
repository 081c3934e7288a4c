"""Notebooks are run where only the library is, and faults are told."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools.book.run_editions import run, run_all


def notebook(folder, source, name="case"):
    path = folder / f"{name}.ipynb"
    spec = {"name": "python3", "display_name": "Python 3"}
    cells = [new_code_cell(source)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
    return path


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import os; assert not os.listdir()", ""),
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print('oh', file=sys.stderr)", "writes to stderr: oh"),
        ("open('left', 'w').close()", "leaves files behind: left"),
    ],
)
def test_what_goes_wrong_is_told(tmp_path, source, fault):
    said = run(notebook(tmp_path, source))
    assert fault in said
    assert bool(said) == bool(fault)


def test_those_that_failed_are_returned(tmp_path):
    paths = [notebook(tmp_path, "1", "good"), notebook(tmp_path, "1 / 0", "bad")]
    assert run_all(paths) == paths[1:]
