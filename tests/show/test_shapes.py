"""Parts of small drawings are well formed and take their colours from the page."""

from xml.etree import ElementTree

import pytest

from hubanalysis.show.labels import Label
from hubanalysis.show.shapes import COLOUR, line, shape, svg, symbol, word

KINDS = {"promised", "claimed", "comparable", "break-even"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_yardstick_has_a_shape_of_its_own(kind):
    assert all(symbol(kind, 5, 5) != symbol(other, 5, 5) for other in KINDS - {kind})
    ElementTree.fromstring(symbol(kind, 5, 5))


def test_a_drawing_without_a_label_is_decoration():
    assert 'aria-hidden="true"' in svg([], 10, 10)
    assert 'role="img" aria-label="a &lt; b"' in svg([], 10, 10, "a < b")


def test_every_colour_has_a_fallback_where_there_is_no_page():
    assert all(c.startswith("var(--hub-") and "," in c for c in COLOUR.values())


def test_a_word_is_anchored_on_the_side_of_its_point():
    beside = Label("here", 10.0, left=14.0)
    assert 'text-anchor="start"' in word(beside, 20)
    over = Label("here", 40.0, left=20.0)
    assert 'text-anchor="middle"' in word(over, 20)
    ElementTree.fromstring(word(over, 20))


def test_lines_and_shapes_are_elements():
    for drawn in (
        line(0, 0, 1, 1, "ink", dash="2 2"),
        shape("M0 0h1v1Z", "wine", True),
    ):
        ElementTree.fromstring(drawn)
