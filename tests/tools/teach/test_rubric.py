"""Answers in words are marked by four levels, and by the mistakes that are common."""

import re

from tests.tools.book.sources import pretend_executed
from tools.book.chapters import ROOT
from tools.book.notebooks import context_of
from tools.book.pieces import Exercise, exercises, pieces
from tools.book.source import as_notebook, chapters
from tools.teach.keys import Key, keys, note
from tools.teach.rubric import (
    DECIDES,
    LEVELS,
    MEANS,
    PART,
    PLAIN,
    REASON,
    REWRITTEN,
    TOO_MUCH,
    TRUE,
    common_mistake,
    levels,
    look_for,
    marking,
    points,
    said,
)


def test_there_are_four_levels_and_a_higher_one_never_gives_less():
    assert len(LEVELS) == 4
    for minutes in range(1, 20):
        given = [points(minutes, level) for level in LEVELS]
        assert given == sorted(given, reverse=True)
        assert (given[0], given[-1]) == (minutes, 0)


def test_levels_hold_every_exercise_and_no_solution():
    asked = [Exercise(1, "a", "A", "recall", 5), Exercise(2, "b", "B", "rerun", 5)]
    text = levels({"case": asked}, {"b": Key("1 + 1")})
    assert "| 1 (recall) | 5 | 4 | 2 | 0 |" in text
    assert "| 2 (rerun) | 2 | 1 | 1 | 0 |" in text
    assert TOO_MUCH in text


def test_each_level_is_told_in_the_notes_for_marking():
    path = ROOT / "chapters" / "hubs.md"
    chapter = pretend_executed(path.read_text("utf8"), path)
    text = marking("hubs", pieces(chapter.notebook), context_of(chapter.notebook))
    for part in text.split("\n## ")[1:]:
        assert "**Level three adds:** how far it goes" in part
        assert "**Level two says:** " in part
        assert "**Level one says:** " in part
        assert "**Level none says:** " in part


OWN = re.compile(r"default_rng|[Pp]ropose|you know\b")


def test_where_the_numbers_are_the_student_s_own_the_notes_say_which_count():
    told, known = said(), set()
    for path in chapters(ROOT):
        parts = pieces(as_notebook(path.read_text("utf8"), path))
        with_key = keys(parts)
        for exercise in exercises(parts):
            known.add(exercise.label)
            own = [p.cell.source for p in parts if p.exercise == exercise]
            if exercise.label in with_key and OWN.search("\n".join(own)):
                assert "counts" in told.get(exercise.label, {}), exercise.label
    assert told.keys() <= known, told.keys() - known
    for words in told.values():
        assert words
        assert words.keys() <= {"counts", "one"}
        assert all(w[0].isupper() and w[-1] in ".)" for w in words.values())


def test_a_number_of_the_student_s_own_need_not_agree_with_the_key():
    key = Key("att", "0.1024")
    assert "agrees to two figures" in note(key, "It is 11 percent.")
    free = note(key, "It is 11 percent.", "Any counts.")
    assert free == "This is one of several right answers. Any counts."


def test_a_level_is_told_in_the_author_s_words_or_as_a_part_of_the_solution():
    path = ROOT / "chapters" / "designing-evaluations.md"
    chapter = pretend_executed(path.read_text("utf8"), path)
    parts, context = pieces(chapter.notebook), context_of(chapter.notebook)
    text = marking("designing-evaluations", parts, context)
    ones = re.findall(r"\*\*Level one says:\*\* (.*)", text)
    told = said()
    for exercise, one in zip(exercises(parts), ones, strict=True):
        assert one == told.get(exercise.label, {}).get("one", PART)
    assert "**Level two says, of the key:** Five hubs and thirty refused" in text


def test_only_what_an_exercise_asks_for_is_looked_for():
    clause = "Rewrite the evaluation clause so that it can be carried out."
    assert look_for(clause) == [REWRITTEN]
    claim = "Name two reasons why members could grow, and the figure you would ask for."
    assert look_for(claim) == [REASON, DECIDES]
    assert look_for("Give two ways in which this can be true and useless.") == [TRUE]
    start = "What does the answer tell you? Write a sentence that a mayor understands."
    assert look_for(start) == [PLAIN, MEANS]
    assert look_for("Compute the quotient for 1988.") == []


def test_every_solution_in_the_book_tells_a_common_mistake():
    silent = []
    for path in chapters(ROOT):
        parts = pieces(as_notebook(path.read_text("utf8"), path))
        for exercise in exercises(parts):
            words = " ".join(
                part.cell.source
                for part in parts
                if part.exercise == exercise and part.solves
                and part.cell.cell_type == "markdown"
            )  # fmt: skip
            if not common_mistake(" ".join(words.split())):
                silent.append(exercise.label)
    assert silent == []
