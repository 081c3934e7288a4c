"""The student edition has no solutions."""

import pytest

from tests.tools.book.sources import HEADER, chapter
from tools.book.student import without_solutions, write_student_edition

SOLVED = (
    HEADER
    + """
```{exercise-start}
:label: one
```
Ask.
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

```{solution} two
A secret more.
```

Afterwards.
"""
)


def test_it_has_no_solutions(tmp_path):
    path = chapter(tmp_path, SOLVED.removeprefix(HEADER))
    written = write_student_edition([path], tmp_path / "student")
    assert [file.suffix for file in written] == [".md", ".ipynb"]
    for file in written:
        text = file.read_text()
        assert "secret" not in text
        assert "olution" not in text
        assert "Ask." in text
        assert "Afterwards." in text


@pytest.mark.parametrize("cut", ["````{solution-end}\n````\n"])
def test_a_solution_that_is_not_closed_is_refused(cut):
    with pytest.raises(ValueError, match="no solution-end"):
        without_solutions(SOLVED.replace(cut, ""))


def test_an_end_without_a_start_is_refused():
    with pytest.raises(ValueError, match="line 12: a solution ends that never"):
        without_solutions(HEADER + "\n```{solution-end}\n```\n")


def test_a_directive_that_is_not_closed_is_refused():
    with pytest.raises(ValueError, match="line 12: this directive is never closed"):
        without_solutions(HEADER + "\n````{solution} one\n```\nThe secret.\n")


def test_a_solution_inside_another_directive_is_refused():
    with pytest.raises(ValueError, match="line 12: a solution inside another"):
        without_solutions(
            HEADER + "\n::::{note}\n:::{solution} one\nSecret.\n:::\n::::\n"
        )


def test_a_solution_in_a_list_goes_too():
    text = "- Ask.\n\n  ```{solution} one\n  The secret.\n  ```\n\n- Ask more.\n"
    assert without_solutions(text) == "- Ask.\n\n- Ask more.\n"
