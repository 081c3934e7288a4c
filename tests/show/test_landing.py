"""The first page is made of the cases' own verdicts."""

import re
from dataclasses import replace
from html import escape
from xml.etree import ElementTree

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.show.landing import (
    Landing,
    Tile,
    deciding_alone,
    largest,
    on_one_axis,
)
from tests.show.verdicts import CANNOT_TELL, RULED_OUT, SEEN, TOO_FEW


@pytest.fixture(scope="module")
def yozma():
    return hub.Case.open("yozma")


@pytest.fixture(scope="module")
def tile(yozma):
    return Tile(yozma, yozma.verdict("gdp_per_head"))


def test_the_deciding_estimator_alone_gives_the_same_verdict(yozma):
    alone, whole = deciding_alone(yozma).verdict(), yozma.verdict()
    assert alone.headline == whole.headline
    assert (alone.p_value, alone.mde) == (whole.p_value, whole.mde)


def test_yardsticks_of_other_outcomes_stay_with_a_case_that_decides_alone():
    case = hub.Case.open("build-back-better")
    alone = deciding_alone(case)
    assert alone.plan.yardsticks_of(alone.primary) == case.plan.yardsticks_of(
        case.primary
    )


def test_a_tile_draws_what_happened_and_what_would_have(tile):
    panel = tile.case.panel()
    np.testing.assert_allclose(tile.lines["observed"], panel.frame.loc["Israel"])
    drawn = ElementTree.fromstring(tile.chart())
    assert len([e for e in drawn if e.tag.endswith("polyline")]) == 2
    assert drawn.get("aria-label").startswith("Output per head, 1975 to 2000")


def test_a_case_without_such_a_path_is_set_against_the_others_at_the_same_level():
    case = hub.Case.open("hangzhou-pilot-zone")
    lines = Tile(case, CANNOT_TELL).lines
    before = lines[lines.index < min(case.panel().cohorts)].mean()
    assert before["observed"] == pytest.approx(before["counterfactual"])


def test_a_page_is_well_formed_links_every_case_and_is_the_same_twice(tile):
    page = Landing((tile, tile), "chapters/", "together")
    html = page._repr_html_()
    assert html == page._repr_html_()
    ElementTree.fromstring(html)
    links = re.findall(r'href="([^"]+)"', html)
    assert links == ["chapters/yozma.html"] * 2 + ["chapters/together.html"]
    assert tile.said in str(page)


@pytest.mark.parametrize(
    ("verdicts", "summary"),
    [
        (
            [CANNOT_TELL],
            "No effect can be told from chance. "
            "That does not mean that there was none.",
        ),
        ([SEEN, TOO_FEW], "One effect is seen. One question stays open."),
        ([SEEN, SEEN], "Two effects are seen."),
        (
            [RULED_OUT, TOO_FEW, CANNOT_TELL],
            "In none of the three can an effect be told from chance. That does not "
            "mean that there was none. One larger effect is ruled out.",
        ),
    ],
)
def test_verdicts_are_counted_in_words(yozma, verdicts, summary):
    assert Landing(tuple(Tile(yozma, v) for v in verdicts)).summary == summary


def test_a_tile_has_a_sentence_that_needs_no_heading(yozma):
    assert Tile(yozma, TOO_FEW).said.startswith("Too few places to tell: even the")
    assert Tile(yozma, CANNOT_TELL).said.endswith("fits: these figures cannot tell.")
    assert "No size of effect" in Tile(yozma, TOO_FEW).told
    assert "from +35% on" in Tile(yozma, CANNOT_TELL).told


def test_all_verdicts_share_an_axis_that_holds_every_number(yozma):
    assert largest([CANNOT_TELL, RULED_OUT]) == largest([CANNOT_TELL])
    assert largest([TOO_FEW]) > 0
    tiles = [Tile(yozma, verdict) for verdict in (CANNOT_TELL, TOO_FEW)]
    drawn = ElementTree.fromstring(on_one_axis(tiles, 50))
    assert len([e for e in drawn if e.tag.endswith("circle")]) == 2
    far = Tile(yozma, replace(CANNOT_TELL, effect=5.0))
    ElementTree.fromstring(on_one_axis([far], 50))


@pytest.mark.parametrize("narrow", [False, True])
def test_each_answer_on_the_axis_stands_beside_its_name(yozma, narrow):
    drawn = ElementTree.fromstring(on_one_axis([Tile(yozma, CANNOT_TELL)], 50, narrow))
    words = [e.text for e in drawn if e.tag.endswith("text")]
    assert "Yozma and Israel's venture capital" in words
    assert ("−18% to +28%" in words) != narrow
    assert "anything from −18% to +28% fits" in drawn.get("aria-label")


def test_a_bar_that_several_comparisons_make_is_marked_and_said_to_be(yozma, tile):
    assert Landing((tile,)).heard == ""
    assert tile.marked == tile.title
    several = Tile(yozma, replace(CANNOT_TELL, heard=("one", "two", "three")))
    assert several.marked == f"{several.title} *"
    page = Landing((tile, several))
    assert "any of three comparisons leaves open" in page.heard
    assert page._repr_html_().count(page.heard) == 1
    marked = escape(several.marked)
    assert marked in on_one_axis(page.tiles, 30.0)
    assert marked not in on_one_axis((tile,), 30.0)


def test_a_tile_says_that_an_alarm_would_have_silenced_any_size(yozma):
    alarmed = replace(CANNOT_TELL, pretended=((2005, 0.1, 0.03),))
    assert Tile(yozma, alarmed).told.endswith(
        "on, but with the false alarm in 2005 no size would have counted as seen."
    )
    assert "alarm" not in Tile(yozma, CANNOT_TELL).told
