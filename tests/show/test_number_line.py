"""What a number line shows, and that nothing on it hides anything else."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubanalysis.cases.reserves import reading_of
from hubanalysis.show.labels import clash
from hubanalysis.show.number_line import NARROW, WIDE, NumberLine
from hubanalysis.show.shapes import SIZE
from tests.show.verdicts import CANNOT_TELL, PLAIN, RULED_OUT, SEEN, TOO_FEW, measured

EFFECT = st.floats(-0.9, 0.9).map(lambda x: round(x, 4))
KIND = st.sampled_from(["promised", "claimed", "comparable", "break-even"])


@st.composite
def any_verdict(draw):
    low, guess, high = sorted(draw(st.tuples(EFFECT, EFFECT, EFFECT)))
    ends = (low, high)
    if draw(st.booleans()):
        ends = draw(
            st.sampled_from([(-np.inf, np.inf), (low, np.inf), (-np.inf, high)])
        )
    sticks = draw(st.lists(st.tuples(KIND, EFFECT), max_size=3))
    mde = draw(st.one_of(st.just(np.inf), st.floats(0.001, 0.9)))
    return replace(
        PLAIN,
        interval=ends,
        effect=guess,
        mde=mde,
        measured=tuple(measured(*stick) for stick in sticks),
        scale=draw(st.sampled_from(["log", "none"])),
    )


@given(any_verdict(), st.sampled_from([WIDE, NARROW]))
def test_no_words_touch_or_leave_the_drawing_and_no_line_runs_through_one(
    verdict, length
):
    drawn = NumberLine(verdict, length)
    for words in (drawn.above, drawn.below):
        assert not any(clash(a, b, SIZE) for a, b in combinations(words, 2))
        for label in words:
            assert label.left >= -0.1
            assert label.left + label.width(SIZE) <= length + 0.1


@given(any_verdict())
def test_no_mark_hides_the_disc_or_another_mark(verdict):
    drawn = NumberLine(verdict, NARROW)
    spots = [(mark.x, mark.level) for mark in drawn.marks]
    spots.append((drawn.at(drawn.guess), 0))
    for (x, level), (other, above) in combinations(spots, 2):
        assert level != above or abs(x - other) >= 13


@given(any_verdict(), st.sampled_from([WIDE, NARROW]))
def test_every_number_on_the_axis_stands_where_it_belongs(verdict, length):
    drawn = NumberLine(verdict, length)
    low, high = drawn.limits
    assert low < 0 < high
    for effect, end in zip(verdict.interval, drawn.ends):
        if np.isfinite(effect):
            assert low < end < high
    for mark, m in zip(drawn.marks, sorted(verdict.measured, key=lambda m: m.effect)):
        inside = low <= drawn.value(m.effect) <= high
        assert (mark.off == 0) == inside


@pytest.mark.parametrize("verdict", [SEEN, RULED_OUT, CANNOT_TELL, TOO_FEW])
def test_a_drawing_is_well_formed_labelled_and_the_same_twice(verdict):
    drawn = NumberLine(verdict).svg()
    assert drawn == NumberLine(verdict).svg()
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-label") == NumberLine(verdict).sentence
    colours = re.findall(r"(?:fill|stroke):(?!none)([^;\"]+)", drawn)
    assert all(c.startswith("var(--hub-") for c in colours)


def test_both_ends_of_an_interval_and_the_best_guess_are_written():
    words = [label.text for label in NumberLine(CANNOT_TELL).below]
    assert words[:2] == ["−18%", "+28%"]
    assert NumberLine(CANNOT_TELL).above[0].text == "+1.0%"


def test_a_line_without_an_interval_is_dashed_with_arrows_and_a_hollow_disc():
    drawn = NumberLine(TOO_FEW).svg()
    assert "stroke-dasharray:6 4" in drawn
    assert 'r="6" style="fill:var(--hub-panel' in drawn
    assert [label.kind for label in NumberLine(TOO_FEW).below] == ["zero"]


def test_a_yardstick_far_away_is_an_arrow_at_the_edge_with_its_value():
    (mark,) = NumberLine(RULED_OUT).marks
    assert mark.off == 1
    assert mark.x > WIDE - 10
    assert mark.text == "comparable +22%"


def test_the_detectable_effect_is_not_written_where_it_lies_on_an_end():
    on_the_end = replace(CANNOT_TELL, mde=CANNOT_TELL.interval[1])
    kinds = [label.kind for label in NumberLine(on_the_end).below]
    assert kinds == ["end", "end", "zero"]


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (SEEN, "exceeded"),
        (RULED_OUT, "ruled out"),
        (CANNOT_TELL, "fits"),
        (TOO_FEW, "cannot be judged"),
    ],
)
def test_a_yardstick_is_read_in_five_ways(verdict, says):
    assert reading_of(verdict, verdict.measured[0]) == says


def test_a_loss_smaller_than_all_that_fits_is_exceeded_too():
    loss = replace(PLAIN, interval=(-0.3, -0.2), measured=(measured("promised", -0.1),))
    assert reading_of(loss, loss.measured[0]) == "exceeded"


@given(any_verdict())
def test_the_line_in_letters_has_zero_and_the_disc(verdict):
    drawn = NumberLine(verdict).text()
    line, _, numbers = drawn.partition("\n")
    # As many as a phone shows in a row.
    assert len(line) == 33
    assert len(numbers) <= 33
    assert "●" in line or "○" in line
    assert numbers.strip()
