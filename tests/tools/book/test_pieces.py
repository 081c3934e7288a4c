"""A chapter is taken apart into what asks, what answers and what tells."""

import pytest

from tests.tools.book.sources import HEADER
from tools.book.pieces import exercises, pieces
from tools.book.source import as_notebook, chapters

CHAPTER = """
```{exercise-start} Count
:label: one
```
**(rerun, 5 minutes; for readers of [a page](a.md))** Ask.
```{exercise-end}
```

````{solution-start} one
:class: dropdown
````
The secret in words.

```{code-cell}
secret = 1
```
````{solution-end}
````

```{exercise} Name
:label: two
**(recall, 3 minutes)** Ask more.
```

```{solution} two
A secret more.
```

Afterwards.
"""


def parts(text):
    return pieces(as_notebook(HEADER + text))


def test_every_cell_knows_whether_it_solves():
    solved = [p.cell.source for p in parts(CHAPTER) if p.solves]
    assert solved == ["The secret in words.", "secret = 1", "A secret more."]
    told = " ".join(p.cell.source for p in parts(CHAPTER) if not p.solves)
    assert "ecret" not in told
    assert "Ask." in told
    assert "Afterwards." in told


def test_exercises_know_their_kind_and_their_minutes():
    first, second = exercises(parts(CHAPTER))
    assert (first.number, first.label, first.title) == (1, "one", "Count")
    assert (first.kind, first.minutes, first.computes) == ("rerun", 5, True)
    assert (second.kind, second.minutes, second.computes) == ("recall", 3, False)


def test_every_exercise_of_the_book_has_a_kind_minutes_and_a_solution():
    for path in chapters():
        found = pieces(as_notebook(path.read_text("utf8"), path))
        for exercise in exercises(found):
            assert exercise.kind in ("recall", "rerun", "extend", "criticise"), exercise
            assert exercise.minutes > 0, exercise
            assert any(p.solves and p.exercise == exercise for p in found), exercise


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (CHAPTER.replace("````{solution-end}\n````\n", ""), "no solution-end before"),
        (CHAPTER.replace("```{exercise-end}\n```\n", ""), "no exercise-end before"),
        ("```{solution-end}\n```\n", "ends but never started"),
        ("```{solution} none\nThe secret.\n```\n", "no such exercise"),
        ("````{solution} one\n```\nThe secret.\n", "never closed"),
        ("::::{note}\n:::{solution} one\nSecret.\n:::\n::::\n", "inside {note}"),
        (CHAPTER.replace("```{solution} two\n", "```{solution-start} two\n```\n"),
         "never closed|no solution-end"),
    ],
)  # fmt: skip
def test_a_solution_that_could_slip_through_is_refused(text, fault):
    with pytest.raises(ValueError, match=fault):
        parts(text)


def test_a_solution_in_a_list_is_a_solution():
    text = (
        CHAPTER + "- Ask.\n\n  ```{solution} one\n  In a list.\n  ```\n\n- Ask more.\n"
    )
    assert "In a list." in [p.cell.source for p in parts(text) if p.solves]
