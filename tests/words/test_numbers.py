"""Numbers as a reader gets them."""

import numpy as np
import pytest

import hubanalysis as hub


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
    ("p_value", "text"), [(0.0001, "0.0001"), (0.0049, "0.0049"), (0.037, "0.04")]
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
