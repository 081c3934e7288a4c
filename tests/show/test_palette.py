"""Figures and pages name the same colours, and words can be read on them."""

import re
from pathlib import Path

import pytest

import hubanalysis as hub
from hubanalysis.show.palette import LETTERS, TOKENS

SHEET = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text("utf8")
PAGE = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--hub-([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", SHEET
    )
}
SEEN = ("ink", "soft", "mute", "teal", "amber", "wine")


def light_of(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    dark, light = sorted(map(light_of, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_palette_is_that_of_the_pages_in_the_light():
    assert {name: PAGE[name][0] for name in TOKENS} == TOKENS


def test_no_two_tokens_share_a_colour():
    assert len(set(TOKENS.values())) == len(TOKENS)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "sunk"])
@pytest.mark.parametrize("token", SEEN)
def test_words_have_the_contrast_that_wcag_asks_for(token, ground, theme):
    assert contrast(PAGE[token][theme], PAGE[ground][theme]) >= 4.5


def test_letters_differ_from_lines_only_where_lines_are_too_faint():
    for name, colour in LETTERS.items():
        if colour != hub.COLOURS[name]:
            assert contrast(hub.COLOURS[name], TOKENS["paper"]) < 4.5
            assert contrast(colour, TOKENS["paper"]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "sunk"])
def test_the_edge_of_what_fits_can_be_seen(ground, theme):
    assert contrast(PAGE["edge"][theme], PAGE[ground][theme]) >= 3
