"""Quizzes are read by learning platforms, and every answer has its reason."""

import os
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from hubanalysis.words.refusals import HubError
from tests.tools.book.sources import pretend_executed
from tools.book.chapters import ROOT
from tools.book.editions import EditionError
from tools.book.markdown import Context
from tools.book.notebooks import context_of
from tools.teach import quiz
from tools.teach.bank import FOLDER, asked, check, places, read
from tools.teach.quiz import CANVAS, METADATA, QTI, gift, made, qti, write
from tools.teach.tables import CASES, NEEDS

BANKS = sorted(FOLDER.glob("*.toml"))
NAMES = {"q": QTI}


def questions(path):
    chapter = ROOT / "chapters" / f"{path.stem}.md"
    done = pretend_executed(chapter.read_text("utf8"), chapter)
    return read(path, context_of(done.notebook))


@pytest.fixture(params=BANKS, ids=lambda p: p.stem)
def bank(request):
    return request.param


def test_every_chapter_with_exercises_has_a_quiz():
    lost = set(NEEDS) - {bank.stem for bank in BANKS}
    assert not lost, f"write a quiz in {FOLDER} for {sorted(lost)}"
    assert [bank.stem for bank in BANKS] == sorted(NEEDS)


def test_a_quiz_has_ten_questions_and_a_reason_for_every_answer(bank):
    found = questions(bank)
    assert len(found) == 10
    assert len({question.ask for question in found}) == 10
    for question in found:
        assert len(question.answers) >= 3
        assert sum(answer.is_right for answer in question.answers) == 1
        assert all(len(answer.because) > 20 for answer in question.answers), question
        assert len({answer.text for answer in question.answers}) >= 3


def test_numbers_are_computed_or_of_the_calendar(bank):
    text = re.sub(r"\{glue:text\}`\w+`", "", bank.read_text("utf8"))
    text = re.sub(r"`[^`]+`", "", text)  # what stands in a cell of a table
    for number in re.findall(r"(?<![\w-])\d[\d.,]*", text):
        bare = number.rstrip(".,")
        assert re.fullmatch(r"(19|20)\d\d|[12]?\d|3[01]", bare), bare


def place(question):
    return [answer.is_right for answer in question.answers].index(True)


def test_the_right_answer_stands_at_every_place_as_often(bank):
    found = [place(question) for question in questions(bank)]
    assert sorted(map(found.count, range(3))) == [3, 3, 4]


def test_places_follow_no_pattern_and_the_question_not_its_number(bank):
    found = [place(question) for question in questions(bank)]
    steps = {(b - a) % 3 for a, b in pairwise(found)}
    assert len(steps) > 1
    given = asked(bank)
    assert places(given[::-1]) == found[::-1]


def lengths(question):
    return len(question.answers[place(question)].text), [
        len(answer.text) for answer in question.answers if not answer.is_right
    ]


def test_options_are_of_like_length(bank):
    for question in questions(bank):
        right, wrong = lengths(question)
        alike = 0.65 * min(wrong) < right < 1.4 * max(wrong)
        assert alike, f"{question.name}: make its options of like length"


def test_the_right_answer_is_told_neither_by_being_short_nor_by_being_long(bank):
    found = [lengths(question) for question in questions(bank)]
    shortest = sum(right < min(wrong) for right, wrong in found)
    longest = sum(right > max(wrong) for right, wrong in found)
    assert max(shortest, longest) <= 4, "of four questions at most"


def test_a_case_rules_nothing_out(bank):
    """No card of the five does, so that no right answer may."""
    if bank.stem in CASES:
        for question in questions(bank):
            text = question.answers[place(question)].text
            assert "ruled out" not in text or "nothing is ruled out" in text, text


def test_what_is_held_against_an_interval_is_what_the_question_names():
    held = [words for path in BANKS for words in asked(path) if "interval" in words]
    assert len(held) >= 5
    for words in held:
        text = " ".join([words["ask"], words["right"], words["because"]])
        lies = [*words.get("inside", ()), *words.get("outside", ())]
        assert lies
        assert all(f"`{name}`" in text for name in [*words["interval"], *lies]), text
        told = [w for w in ("is ruled out", "was exceeded") if w in words["right"]]
        assert ("outside" in words) == bool(told)


def parse_gift(text):
    """Read GIFT as a platform does: titles, questions, answers with their reasons."""
    plain = r"((?:\\.|[^\\~=#{}:])*)"
    for title, ask, body in re.findall(
        rf"::{plain}::\[markdown\]{plain} \{{\n(.*?)\n\}}", text, re.S
    ):
        yield title, ask, re.findall(rf"^\s+([=~]){plain}#{plain}$", body, re.M)


def test_gift_reads_back_as_what_was_written(bank):
    found = questions(bank)
    back = list(parse_gift(gift(found)))
    assert len(back) == 10
    for question, (title, ask, answers) in zip(found, back, strict=True):
        assert title == question.name
        assert re.sub(r"\\(.)", r"\1", ask) == question.ask
        for answer, (mark, text, because) in zip(
            question.answers, answers, strict=True
        ):
            assert (mark == "=") == answer.is_right
            assert re.sub(r"\\(.)", r"\1", text) == answer.text
            assert re.sub(r"\\(.)", r"\1", because) == answer.because


def test_qti_gives_the_point_to_the_right_answer_and_a_reason_to_each(bank):
    found = questions(bank)
    files = qti(bank.stem, "A title", found)
    manifest = ElementTree.fromstring(files["imsmanifest.xml"].encode())
    file = next(e.get("href") for e in manifest.iter() if e.tag.endswith("}file"))
    root = ElementTree.fromstring(files[file].encode())
    items = root.findall(".//q:item", NAMES)
    for question, item in zip(found, items, strict=True):
        labels = {
            label.get("ident"): label.findtext(".//q:mattext", namespaces=NAMES)
            for label in item.findall(".//q:response_label", NAMES)
        }
        assert list(labels.values()) == [answer.text for answer in question.answers]
        said = {
            feedback.get("ident"): feedback.findtext(".//q:mattext", namespaces=NAMES)
            for feedback in item.findall("q:itemfeedback", NAMES)
        }
        rules = item.findall(".//q:respcondition", NAMES)
        for answer, rule in zip(question.answers, rules, strict=True):
            chosen = rule.findtext(".//q:varequal", namespaces=NAMES)
            assert labels[chosen] == answer.text
            score = rule.findtext("q:setvar", default="0", namespaces=NAMES)
            assert score == ("100" if answer.is_right else "0")
            link = rule.find("q:displayfeedback", NAMES).get("linkrefid")
            assert said[link] == answer.because


def test_canvas_is_told_to_shuffle_and_importers_find_every_file(bank):
    files = qti(bank.stem, "A title", questions(bank))
    manifest = ElementTree.fromstring(files.pop("imsmanifest.xml").encode())
    found = [e.get("href") for e in manifest.iter() if e.tag.endswith("}file")]
    assert sorted(found) == sorted(files)
    ids = {e.get("identifier") for e in manifest.iter()}
    needed = {e.get("identifierref") for e in manifest.iter()} - {None}
    assert needed <= ids
    told = ElementTree.fromstring(files[f"{bank.stem}/assessment_meta.xml"].encode())
    assert told.findtext(f"{{{CANVAS}}}shuffle_answers") == "true"
    assert told.findtext(f"{{{CANVAS}}}points_possible") == "10"
    root = ElementTree.fromstring(files[f"{bank.stem}/{bank.stem}.xml"].encode())
    assert told.get("identifier") == root.find("q:assessment", NAMES).get("ident")


def test_the_title_of_a_package_is_in_the_schema_of_titles():
    [text] = [v for k, v in qti("hubs", "Hubs", []).items() if "manifest" in k]
    path = "".join(f"/{{{METADATA}}}{tag}" for tag in ("lom", "general", "title"))
    manifest = ElementTree.fromstring(text.encode())
    assert manifest.findtext(f"./{path}/{{{METADATA}}}langstring") == "Hubs"


def test_files_are_written_whole_and_twice_alike(tmp_path):
    quizzes = {path.stem: (path.stem, questions(path)) for path in BANKS[:1]}
    once, twice = (write(quizzes, tmp_path / name) for name in ("a", "b"))
    assert [p.suffix for p in once] == [".zip", ".gift"]
    assert [p.read_bytes() for p in once] == [p.read_bytes() for p in twice]
    with zipfile.ZipFile(once[0]) as package:
        assert package.testzip() is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(HubError, match="cannot be written"):
        write({}, tmp_path / "file" / "quizzes")


GOOD = """
[[question]]
ask = "Why?"
right = "So."
because = "Because."
wrong = [{ say = "a", because = "no" }, { say = "b", because = "no" }]
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace('right = "So."', ""), "right is missing"),
        (GOOD.replace(', { say = "b", because = "no" }', ""), "two wrong answers"),
        (GOOD.replace("Why?", "{glue:text}`gone`"), "no cell says the number 'gone'"),
        (GOOD.replace('say = "a", ', ""), "a wrong answer lacks say or because"),
    ],
)
def test_a_question_that_is_not_whole_is_refused_by_name(tmp_path, text, fault):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"question bad 01: .*{fault}"):
        read(path, Context())


INTERVAL = GOOD + 'interval = ["low", "high"]\ninside = ["a"]\noutside = ["b"]\n'
NUMBERS = {"low": "'\u221220'", "high": "'+1,000'", "a": "'0'", "b": "'-21'"}


def test_numbers_that_fit_and_do_not_pass(tmp_path):
    path = tmp_path / "good.toml"
    path.write_text(INTERVAL)
    assert check(path, Context(NUMBERS)) is None


@pytest.mark.parametrize(
    ("moved", "fault"),
    [
        ({"a": "'1001'"}, "a, 1001, is not inside"),
        ({"b": "'-20'"}, "not outside of -20"),
    ],
)
def test_an_answer_that_the_interval_belies_is_refused(tmp_path, moved, fault):
    path = tmp_path / "bad.toml"
    path.write_text(INTERVAL)
    with pytest.raises(ValueError, match=f"question bad 01: .*{fault}"):
        check(path, Context(NUMBERS | moved))


SET_APART = GOOD + 'differ = ["a", "b"]\n'


def test_numbers_that_a_question_sets_apart_are_printed_apart(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(SET_APART)
    assert check(path, Context({"a": "'\u22120.1'", "b": "'0.1'"})) is None
    for a, b in (("'6'", "'6'"), ("'0'", "'\u22120'"), ("'6.0'", "'6'")):
        with pytest.raises(ValueError, match="question bad 01: a and b do not differ"):
            check(path, Context({"a": a, "b": b}))


def test_a_question_that_sets_two_numbers_apart_names_them():
    apart = re.compile(r"\bdiffer\b|from another|with lines|the truth is|greater")
    held = 0
    for path in BANKS:
        for words in asked(path):
            said = re.findall(r"`(\w+)`", words["ask"])
            if len(said) == 2 and apart.search(words["ask"]):
                assert sorted(words["differ"]) == sorted(said), words["ask"]
                held += 1
    assert held >= 6


def test_a_book_whose_numbers_belie_a_question_is_refused(monkeypatch, tmp_path):
    chapter = ROOT / "chapters" / "how-to-tell.md"
    done = pretend_executed(chapter.read_text("utf8"), chapter)
    (tmp_path / "how-to-tell.toml").write_text(SET_APART)
    monkeypatch.setattr(quiz, "FOLDER", tmp_path)
    monkeypatch.setattr(quiz, "context_of", lambda _: Context({"a": "'6'", "b": "'6'"}))
    with pytest.raises(EditionError, match="a and b do not differ: 6, 6"):
        made([done])


def test_a_chapter_without_a_quiz_is_refused_in_a_sentence(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tools.teach.quiz", "--output", str(tmp_path / "q"),
         "glossary"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "There is no quiz for 'glossary'" in run.stderr
    assert not list(tmp_path.iterdir())
