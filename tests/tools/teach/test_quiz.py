"""Quizzes are read by learning platforms, and every answer has its reason."""

import os
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest

from hubanalysis.words.refusals import HubError
from tests.tools.book.sources import pretend_executed
from tools.book.chapters import ROOT
from tools.book.markdown import Context
from tools.book.notebooks import context_of
from tools.teach.bank import FOLDER, read
from tools.teach.quiz import QTI, gift, qti, write
from tools.teach.tables import NEEDS

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


def test_the_right_answer_has_no_place_of_its_own(bank):
    places = [
        [answer.is_right for answer in question.answers].index(True)
        for question in questions(bank)
    ]
    assert len(set(places)) == 3
    assert max(map(places.count, places)) <= 5


def test_the_right_answer_is_not_told_by_its_length(bank):
    longest = sum(
        max(question.answers, key=lambda a: len(a.text)).is_right
        for question in questions(bank)
    )
    assert longest <= 7


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
    [file] = [e.get("href") for e in manifest.iter() if e.tag.endswith("}file")]
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


def test_a_chapter_without_a_quiz_is_refused_in_a_sentence(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tools.teach.quiz", "--output", str(tmp_path / "q"),
         "glossary"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "There is no quiz for 'glossary'" in run.stderr
    assert not list(tmp_path.iterdir())
