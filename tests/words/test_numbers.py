"""Numbers as a reader gets them."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.words.numbers import decimals, pair_text


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (np.log(1.5), "log", "+50%"),
        (np.log(0.5), "log", "−50%"),
        (2.5, "none", "+2.5"),
        (np.inf, "log", "no size is enough"),
    ],
)
def test_effects_read_as_percent_on_a_log_scale(value, scale, text):
    assert hub.effect_text(value, scale) == text


@pytest.mark.parametrize(
    ("p_value", "text"),
    [
        (0.00000123, "0.0000012"),
        (0.00004, "0.00004"),
        (0.0001, "0.0001"),
        (0.0049, "0.0049"),
        (0.037, "0.04"),
    ],
)
def test_a_small_p_value_never_reads_as_zero(p_value, text):
    assert hub.p_text(p_value) == text


@pytest.mark.parametrize(
    ("p_value", "text"),
    [
        (0.046, "0.046"),
        (0.05, "0.05"),
        (1 / 20, "0.05"),
        (0.0549, "0.055"),
        (0.06, "0.06"),
    ],
)
def test_a_p_value_near_the_line_shows_on_which_side_it_lies(p_value, text):
    assert hub.p_text(p_value) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.5, 0.00001, np.inf], ["0.5000", "0.0000", "inf"]),
        ([0.0, np.nan], ["0.0000", "nan"]),
        ([-0.00002, 0.000005], ["-0.00002000", "0.00000500"]),
        ([2.5e-9], ["2.500e-09"]),
        ([123456789.123], ["123456789"]),
    ],
)
def test_numbers_of_a_table_show_their_digits_whatever_their_scale(values, texts):
    assert [f"{value:{decimals(*values)}}" for value in values] == texts


def percent(value):
    return np.log1p(value / 100)


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ((6.51, 6.49), ("+6.5%", "+6.5%")),
        ((6.4, 6.6), ("+6.4%", "+6.6%")),
        ((-4.9, -5.1), ("−4.9%", "−5.1%")),
        ((-7.0, -3.6), ("−7.0%", "−3.6%")),
        ((-7.2, -7.4), ("−7%", "−7%")),
        ((10.2, 15.4), ("+10%", "+15%")),
        ((0.05, 12.0), ("+0.05%", "+12.00%")),
    ],
)
def test_rounding_neither_hides_nor_makes_a_difference_in_a_pair(pair, told):
    assert pair_text(*map(percent, pair)) == told
    assert pair_text(*map(percent, pair[::-1])) == told[::-1]


def test_a_pair_without_a_percentage_is_told_as_each_alone():
    assert pair_text(1.5, -2.25, "none") == ("+1.5", "−2.25")
    assert pair_text(np.nan, 0.1) == ("–", "+11%")
