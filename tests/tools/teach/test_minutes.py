"""Minutes follow from words, figures and exercises."""

from tests.tools.book.sources import HEADER
from tools.book.source import as_notebook
from tools.teach.minutes import sections

TEXT = (
    """
## Look

```{code-cell}
hub.table(frame, "It rises.")
```

```{code-cell}
:tags: [remove-cell]
hub.say(x=hub.table(frame))
```

```{code-cell}
x = 1
```

## Exercises

```{exercise-start}
:label: one
```
**(recall, 7 minutes)** Ask.
```{exercise-end}
```

```{solution-start} one
```
"""
    + 400 * "word "
    + """
```{solution-end}
```
"""
)


def measured():
    return {section.title: section for section in sections(as_notebook(HEADER + TEXT))}


def test_only_what_is_seen_is_looked_at():
    assert measured()["Look"].looks == 1
    assert measured()["Look"].reading == 0.5


def test_exercises_count_as_they_say_and_solutions_do_not_count():
    section = measured()["Exercises"]
    assert (section.exercises, section.words) == (7, 0)
