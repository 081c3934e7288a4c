"""No two words of a small drawing touch."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubanalysis.show.labels import Label, clash, place

POINT = st.floats(0, 320)


@given(st.lists(st.tuples(POINT, st.integers(1, 16)), min_size=1, max_size=4))
def test_labels_of_any_points_find_a_place_inside_the_drawing(points):
    labels = [Label("n" * letters, x, highest=4) for x, letters in points]
    placed = place(labels, 320, 13)
    assert [label.text for label in placed] == [label.text for label in labels]
    for label in placed:
        assert label.left >= -0.1
        assert label.left + label.width(13) <= 320.1
    assert not any(clash(a, b, 13) for a, b in combinations(placed, 2))


def test_a_label_stands_over_its_point_where_there_is_room():
    (alone,) = place([Label("six of", 100.0, highest=3)], 320, 13)
    assert alone.row == 0
    assert alone.left + alone.width(13) / 2 == pytest.approx(100)


def test_what_has_no_place_is_named():
    with pytest.raises(ValueError, match="no place for a very long word"):
        place([Label("a very long word", 5.0)], 20, 13)
