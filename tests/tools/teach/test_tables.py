"""Instructors' tables say what the chapters say."""

import re

import pytest

from tools.book.chapters import ROOT
from tools.book.markdown import Context, plain_markdown
from tools.book.source import chapters
from tools.teach.tables import (
    CASES,
    NEEDS,
    chapters_table,
    graph,
    measured,
    sections_table,
    step,
    substitutions,
    title,
)


def opening(name):
    text = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    found = re.search(r"^## Before you start$(.*?)^## ", text, re.M | re.S)
    assert found, f"chapters/{name}.md has exercises and no `## Before you start`"
    return found[1]


@pytest.mark.parametrize("name", NEEDS)
def test_a_chapter_says_what_it_needs(name):
    for need in NEEDS[name]:
        named = f"]({need}.md)" in opening(name)
        assert named or (need in CASES and "one case" in opening(name)), need


@pytest.mark.parametrize("name", NEEDS)
def test_a_chapter_says_the_minutes_of_its_row_in_the_table(name):
    [row] = [line for line in chapters_table().splitlines() if f"({name}.md)" in line]
    read, exercises = (cell.strip() for cell in row.split("|")[-3:-1])
    told = f"About {read} minutes to read and {exercises} for its exercises"
    # As a notebook and the slides have it; a page has it from the same place.
    said = " ".join(plain_markdown(opening(name), Context()).split())
    assert told in said
    assert "{{" not in said
    assert substitutions()[f"takes_{name.replace('-', '_')}"] in told


def test_every_chapter_with_exercises_is_in_the_table():
    asked = {p.stem for p in chapters() if "{exercise-start}" in p.read_text("utf8")}
    lost = asked - set(NEEDS)
    assert not lost, (
        f"say in NEEDS of tools/teach/tables.py what {lost} take for granted"
    )
    assert asked == set(NEEDS)
    for name in asked:
        assert f"]({name}.md)" in chapters_table()


def test_nothing_that_is_needed_stands_later_in_the_table():
    order = list(NEEDS)
    for name, needs in NEEDS.items():
        assert all(order.index(need) < order.index(name) for need in needs)


def test_minutes_of_exercises_are_those_that_the_exercises_state():
    for name in NEEDS:
        text = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
        stated = sum(map(int, re.findall(r"^\*\*\(\w+, (\d+) minutes", text, re.M)))
        assert sum(section.exercises for section in measured(name)) == stated > 0


def test_every_case_has_a_column_and_the_exercises_a_row():
    lines = sections_table().splitlines()
    assert all(line.count("|") == len(CASES) + 2 for line in lines)
    [row] = [line for line in lines if line.startswith("| Exercises |")]
    exercises = [measured(name)[-2].exercises for name in CASES]
    told = [int(cell) for cell in row.split("|")[2:-1]]
    assert all(abs(a - b) <= 1 for a, b in zip(told, exercises))


def test_the_minutes_of_a_case_add_up_to_those_of_the_chapter():
    rows = [line.split("|")[2:-1] for line in sections_table().splitlines()[2:]]
    for number, name in enumerate(CASES):
        told = [row[number].strip() for row in rows]
        minutes = sum(int(cell) for cell in told if cell.isdigit())
        whole = sum(s.reading + s.exercises for s in measured(name))
        # Each row is rounded, and what is under a minute is not counted.
        assert abs(minutes - whole) <= len(rows) / 2, name


def test_the_graph_has_every_chapter_once_and_after_all_that_it_needs():
    lines = graph().splitlines()
    places = {}
    for name in NEEDS:
        [places[name]] = [k for k, line in enumerate(lines) if f"({name}.md)" in line]
    assert sorted(places) == sorted(NEEDS)
    for name, needs in NEEDS.items():
        assert all(step(need) < step(name) for need in needs)
        assert all(places[need] < places[name] for need in needs)
        said = lines[places[name]].partition(" after ")[2]
        # What is not said is needed by what is.
        for need in needs:
            assert title(need) in said or any(need in NEEDS[other] for other in needs)
