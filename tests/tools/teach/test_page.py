"""What the page for instructors asks for adds up."""

import re

import pytest

from tools.book.chapters import ROOT

PAGE = (ROOT / "chapters" / "teaching.md").read_text("utf8")
WORTH = {"fifty": 50, "twenty": 20, "fifteen": 15, "ten": 10, "five": 5}
TENTHS = {"half": 5, "three tenths": 3, "two tenths": 2}


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def due(title):
    """The last column of the plan of a course, row by row."""
    rows = re.findall(r"^\| \d+ \|.*\| (.*) \|$", section(title), re.M)
    return " / ".join(rows)


def marks(title):
    text = " ".join(section(title).split())
    [said] = re.findall(r"Marks[^:]*: ([^.]*)\.|Marks, as a proposal: ([^.]*)\.", text)
    # What stands in brackets, or after a part as its own share, is of that part.
    said = re.sub(r"\(.*?\)|, half of these.*", "", "".join(said))
    return [part.replace(" of a hundred", "").strip() for part in said.split(",")]


@pytest.mark.parametrize(
    ("title", "scale", "whole"),
    [("Two weeks", TENTHS, 10), ("Ten weeks", WORTH, 100)],
)
def test_marks_add_up_and_each_is_for_something_that_is_due(title, scale, whole):
    given = {}
    for part in marks(title):
        worth = next(w for w in sorted(scale, key=len)[::-1] if part.endswith(w))
        given[part.removesuffix(worth).strip()] = scale[worth]
    assert sum(given.values()) == whole, given
    for name in given:
        thing = name.split(" of ")[0].split()[-1].removesuffix("s")
        assert thing in due(title), (thing, due(title))


def test_as_many_labs_are_due_as_are_marked():
    assert "five labs" in " ".join(section("Ten weeks").split())
    assert len(re.findall(r"\blab \*", due("Ten weeks"))) == 5


def test_polls_that_count_count_right():
    polls = section("Polls")
    assert "Of thirty towns two others" in polls
    assert "one in ten is as extreme" in polls  # three of thirty
    assert "seven published" in polls
    assert "the seventh" not in polls
