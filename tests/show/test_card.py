"""A card says the same in HTML, in Markdown and as text, and hides nothing."""

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest

import hubanalysis as hub
from hubanalysis.show.card import Card, glyph, verdict_sentence
from tests.show.verdicts import ALL, CANNOT_TELL, REFUSED, RULED_OUT, SEEN, TOO_FEW

each = pytest.mark.parametrize("verdict", ALL, ids=lambda v: v.conclusion)


def elements(card):
    return ElementTree.fromstring(card._repr_html_())


def words(element):
    return " ".join(" ".join(element.itertext()).split())


@each
def test_a_card_is_well_formed_and_the_same_twice(verdict):
    assert Card(verdict)._repr_html_() == Card(verdict)._repr_html_()
    elements(Card(verdict))


@each
def test_it_opens_with_state_question_and_sentence(verdict):
    card = Card(verdict)
    state, question, sentence = list(elements(card))[:3]
    assert words(state) == card.state
    assert question.tag == "h2"
    assert words(question) == verdict.question
    assert words(sentence) == card.sentence


@each
def test_every_point_of_the_verdict_is_on_the_card(verdict):
    told = unescape(words(elements(Card(verdict)))).replace("\u00a0", " ")
    plain = " ".join(str(Card(verdict)).split())
    for point, text in Card(verdict).checks.items():
        items = verdict.lists.get(point, (text,))
        assert f"{point} {' '.join(items)}" in told
        assert f"{point} {text}" in plain
    for reason in verdict.cannot_show:
        assert reason in told
        assert reason in plain


@each
def test_all_forms_hold_the_question_the_sentence_and_what_would_matter(verdict):
    card = Card(verdict)
    for form in (str(card), card._repr_markdown_(), unescape(card._repr_html_())):
        assert verdict.question in form
        assert card.sentence in " ".join(form.split())
        for _, reading, title, size in card.yardsticks:
            assert reading in form
            assert title in " ".join(form.split())
            assert size in form


@each
def test_the_line_is_drawn_twice_and_the_narrow_one_waits_for_a_style_sheet(verdict):
    drawn = re.findall(r"<svg[^>]*role=.img[^>]*>", Card(verdict)._repr_html_())
    if verdict is REFUSED:
        assert drawn == []
        return
    wide, narrow = drawn
    assert "hub-wide" in wide
    assert "display" not in wide
    assert "hub-narrow" in narrow
    assert "display:none" in narrow


def test_the_sentence_has_the_interval_first_and_says_what_it_leaves_out():
    assert verdict_sentence(CANNOT_TELL) == "Anything from −18% to +28% fits."
    assert verdict_sentence(RULED_OUT) == (
        "Anything from −1.0% to +2.0% fits. A comparable effect, +22%, does not."
    )
    assert verdict_sentence(SEEN).endswith("fits; zero does not.")
    assert verdict_sentence(TOO_FEW) == (
        "Even the first of 12 places comes first by chance once in 12 times; to tell, "
        "it takes 20 places."
    )
    assert verdict_sentence(REFUSED) == "Nobody can tell from these figures."


def test_a_headline_never_holds_a_detectable_effect():
    for verdict in ALL[:-1]:
        assert verdict.amount(verdict.mde) not in verdict_sentence(verdict)


def test_the_fold_says_the_main_check_before_it_is_opened():
    summary = elements(Card(CANNOT_TELL)).find(".//summary")
    assert words(summary).replace("\u00a0", " ") == (
        "All checks : 17 of 30 lots are as far out (p = 0.57)"
    )


def test_three_figures_stand_large_where_there_is_an_answer():
    assert len(Card(CANNOT_TELL).figures) == 3
    assert Card(REFUSED).figures == []
    assert ("Detectable", "nothing", "12 places; it takes 20 places") in Card(
        TOO_FEW
    ).figures


def test_states_differ_in_shape():
    assert len({glyph(verdict) for verdict in ALL}) == len(ALL)


def test_a_case_and_its_verdict_give_the_same_card():
    case = hub.Case.open("yozma")
    assert str(hub.card(case, "gdp_per_head")) == str(hub.card(case.verdict()))
    assert 'role="img"' in hub.card(case, "venture_capital")._repr_html_()


def test_a_card_of_several_comparisons_says_so_at_the_numbers_they_share():
    several = replace(CANNOT_TELL, heard=("one", "two", "three"))
    found = dict((name, told) for name, _, told in Card(several).figures)["Detectable"]
    assert found.startswith("found four times in five by all 3 that are heard;")
    assert "found by all 3 that are heard" in Card(several).checks["Detectable effect"]
    assert "(coverage at least 95.0%)" in Card(several).checks["Effects that fit"]
    assert "(coverage 95.0%)" in Card(CANNOT_TELL).checks["Effects that fit"]


def test_a_card_with_an_alarm_says_that_no_size_would_have_counted():
    alarmed = replace(CANNOT_TELL, pretended=((2005, 0.1, 0.03), (2001, 0.1, 0.4)))
    told = "with the false alarm in 2005 no size would have counted as seen"
    assert told in Card(alarmed).figures[2][2]
    assert told in Card(alarmed).checks["Detectable effect"]


@pytest.mark.parametrize(
    ("effect", "estimate", "guess", "told"),
    [
        (0.06285, 0.06305, "+6.5%", "synthetic control"),
        (-0.0503, -0.0519, "−4.9%", "synthetic control; −5.1% as computed; with"),
        (0.01, 0.02, "+1.0%", "synthetic control; +2.0% as computed; with"),
    ],
)
def test_the_guess_and_what_is_computed_have_one_precision(
    effect, estimate, guess, told
):
    verdict = replace(CANNOT_TELL, effect=effect, estimate=estimate)
    _, number, said = Card(verdict).figures[0]
    assert number == guess
    assert said.startswith(told)
    assert said.endswith("the treated lie at the centre of the lot") == (";" in told)


def test_several_answers_of_one_check_are_items_and_one_is_none():
    one, two = (
        Card(replace(CANNOT_TELL, rivals=("an oil shock", "a weak krone")[:n]))
        for n in (1, 2)
    )
    assert "<dt>What else happened</dt><dd>an oil shock</dd>" in one.html()
    assert "<dd><ul><li>an oil shock</li><li>a weak krone</li></ul></dd>" in two.html()
