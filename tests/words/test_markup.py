"""Cells are written as a reader expects, and headers say what they head."""

import numpy as np
import pandas as pd
import pytest

from hubanalysis.words.markup import cell_text, is_number, table_html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2009, "2009"),
        (-12097, "\u221212,097"),
        (0.0, "0"),
        (-0.0, "0"),
        (1234.5, "1,234"),
        (0.000123, "0.000123"),
        (np.float64(-2.0), "\u22122"),
        (float("inf"), "\u221e"),
        (None, "\u2013"),
        (np.bool_(False), "no"),
        ("from -3 to 2010-13", "from \u22123 to 2010-13"),
    ],
)
def test_a_value_is_written_for_a_reader(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(
    "text",
    [
        "\u221214%",
        "+10% (0.33)",
        "12,097",
        "0.0004",
        "1.2e\u22125",
        "\u2013",
        "\u221e",
        "",
    ],
)
def test_numbers_are_told_from_words(text):
    assert is_number(text)
    assert not is_number(f"{text} firms")


def test_a_table_escapes_what_it_is_given_and_scopes_every_header():
    frame = pd.DataFrame({"a & b": ["<1"]}, index=pd.Index(["x"], name="who"))
    html = table_html(frame, "caption")
    assert '<th scope="col">who</th>' in html
    assert "a &amp; b" in html
    assert "&lt;1" in html
    assert '<th scope="row">x</th>' in html
    assert "<thead>" not in table_html(frame, header=False)
