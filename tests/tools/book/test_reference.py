"""Docstrings come to a page as they were meant."""

import pytest
from bs4 import BeautifulSoup
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring

from tools.book.reference import hide_private, read_whole, tell_fields


def read(lines, what="property"):
    lines = list(lines)
    read_whole(None, what, "one", None, None, lines)
    return str(NumpyDocstring(lines, Config(), None, what, "one"))


def test_a_colon_in_the_first_line_of_a_property_makes_no_type_of_it():
    said = read(["Ranking: of the longest horizon.", "", "More.", ""])
    assert ":type:" not in said
    assert "Ranking: of the longest horizon.\n\nMore." in said


def test_what_a_property_raises_is_told_apart():
    said = read(["Ranking.", "", "Raises", "------", "ValueError", "    If none."])
    assert ":raises ValueError: If none." in said


def test_attributes_that_share_a_line_stay_together():
    lines = ["One.", "", "Attributes", "----------", "first, last : int", "    Both."]
    read_whole(None, "class", "one", None, None, lines)
    assert lines[4] == "first,last : int"


def test_other_docstrings_stay_as_they_are():
    lines = ["Rank: all."]
    read_whole(None, "method", "one", None, None, lines)
    assert lines == ["Rank: all."]


@pytest.mark.parametrize(
    ("signature", "public"),
    [
        ("(plan, tables=<factory>, _seen=<factory>)", "(plan, tables=<factory>)"),
        ("(panel, level, _where, _mass)", "(panel, level)"),
        ("(_where, level=(0, 1))", "(level=(0, 1))"),
        ("(first_award, by_start)", "(first_award, by_start)"),
    ],
)
def test_a_signature_names_what_can_be_passed(signature, public):
    shown = hide_private(None, "class", "one", None, None, signature, None)
    assert shown == (public, None)
    assert hide_private(None, "class", "one", None, None, None, None) is None


def test_attributes_are_called_so():
    page = BeautifulSoup(
        '<dl class="py class"><dd><dl class="field-list"><dt>Variables<span>:</span>'
        "</dt><dd><strong>first,last</strong></dd></dl></dd></dl>",
        "html.parser",
    )
    tell_fields(page)
    assert page.get_text() == "Attributes:first, last"
