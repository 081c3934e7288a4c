"""Where SciPy's solver finds no end, ours gives what a newer one gives."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from tools.live.assemble import STATIC

spec = importlib.util.spec_from_file_location("mend", STATIC / "mend.py")
mend = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mend)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9999), st.integers(3, 20), st.integers(2, 30), st.booleans())
def test_the_solution_is_that_of_scipy(seed, rows, columns, twins):
    rng = np.random.default_rng(seed)
    system = rng.normal(size=(rows, columns)) + 0.5
    if twins:
        system[:, -1] = system[:, 0]
    goal = rng.normal(size=rows) + 0.5
    mine, left = mend.active_set(system, goal)
    theirs, least = nnls(system, goal)
    assert (mine >= 0).all()
    assert left == pytest.approx(least, abs=1e-9)
    assert system @ mine == pytest.approx(system @ theirs, abs=1e-8)


def test_ours_is_asked_only_where_theirs_finds_no_end_or_one_beside_the_best():
    def lost(*_, **__):
        raise RuntimeError("Maximum number of iterations reached.")

    system, goal = np.eye(2), np.array([1.0, -1.0])
    assert mend.steady(lost)(system, goal)[0] == pytest.approx([1, 0])
    best = np.array([1.0, 0.0]), 1.0
    assert mend.steady(lambda *_, **__: best)(system, goal) is best
    beside = np.array([0.5, 0.0]), 1.2
    assert mend.steady(lambda *_, **__: beside)(system, goal)[0] == pytest.approx(
        [1, 0]
    )
