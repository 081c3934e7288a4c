"""The one search finds where a condition begins to hold."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubanalysis.inference.search import edge


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-3, 1e6), st.sampled_from([-1, 1]))
def test_the_edge_is_found_to_rounding_in_either_direction(where, side):
    points = [side * 2.0**k for k in range(-10, 25)]
    inside, beyond = edge(lambda x: side * x > where, 0.0, points)
    assert side * inside <= where < side * beyond
    assert side * beyond == pytest.approx(where, rel=1e-9)


def test_an_edge_that_is_never_reached_is_infinite_in_its_direction():
    assert edge(lambda x: False, 1.0, [0.0, -1.0])[1] == -math.inf
    assert edge(lambda x: False, 1.0, [2.0, 3.0])[1] == math.inf


def test_it_stops_at_the_tolerance():
    calls = []
    edge(lambda x: calls.append(x) or x > 1, 0.0, [2.0], tolerance=0.1)
    assert len(calls) < 8


def test_the_last_stride_is_halved_as_often_as_asked_and_else_forty_times():
    assert edge(lambda x: x > 5, 0.0, [8.0], halvings=3) == (5, 6)
    inside, beyond = edge(lambda x: x > 0.3, 0.0, [2.0**40])
    assert (inside, beyond) == (0, 1)


def test_the_tolerance_is_a_share_of_the_value_beyond():
    assert edge(lambda x: x > 5, 0.0, [8.0], tolerance=0.25) == (5, 6)
    assert edge(lambda x: x > 5, 0.0, [8.0], tolerance=0.5) == (4, 8)
    assert edge(lambda x: x < -5, 0.0, [-8.0], tolerance=0.5) == (-4, -8)
