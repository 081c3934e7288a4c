"""Answers in words are marked by four levels, and by the mistakes that are common."""

from tools.book.chapters import ROOT
from tools.book.pieces import Exercise, exercises, pieces
from tools.book.source import as_notebook, chapters
from tools.teach.rubric import LEVELS, common_mistake, levels, points


def test_there_are_four_levels_and_a_higher_one_never_gives_less():
    assert len(LEVELS) == 4
    for minutes in range(1, 20):
        given = [points(minutes, level) for level in LEVELS]
        assert given == sorted(given, reverse=True)
        assert (given[0], given[-1]) == (minutes, 0)


def test_levels_hold_every_exercise_and_no_solution():
    text = levels({"case": [Exercise(1, "a", "A", "recall", 5)]})
    assert "| 1 (recall) | 5 | 4 | 2 | 0 |" in text


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
