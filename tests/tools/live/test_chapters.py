"""A page is described as it was built, or not at all."""

import pytest
from bs4 import BeautifulSoup

from tools.book.source import read
from tools.live.chapters import describe
from tools.live.fetch import LiveError

SOURCE = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A chapter

It rose by {glue:text}`rise` percent of {glue:text}`all`, and {glue:text}`rise` again.

```{code-cell}
rise = 3
```

```{code-cell}
:tags: [remove-cell]

hub.say(rise=rise)
```
"""
PAGE = """
<article class="bd-article">
<p>It rose by <span class="pasted-text">3</span> percent of
<span class="pasted-text">9</span>, and <span class="pasted-text">3</span> again.</p>
<div class="cell"><div class="cell_input"><pre>rise = 3
</pre></div></div>
</article>
"""


@pytest.fixture
def chapter(tmp_path):
    path = tmp_path / "chapter.md"
    path.write_text(SOURCE)
    return read(path)


def page(text=PAGE):
    return BeautifulSoup(text, "html.parser")


def test_cells_that_the_page_hides_are_known_too(chapter):
    assert describe(chapter, page())["cells"] == [
        {"source": "rise = 3", "shown": True},
        {"source": "hub.say(rise=rise)", "shown": False},
    ]


def test_each_gap_of_a_sentence_has_the_name_of_its_number(chapter):
    assert describe(chapter, page())["numbers"] == ["rise", "all", "rise"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rise = 3", "rise = 4", "another cell 1"),
        ('<div class="cell">', "<div>", "0 cells instead of 1"),
        ('<span class="pasted-text">9</span>', "9", "2 numbers in its text, not 3"),
        (">3</span> again", ">4</span> again", "two values of rise"),
    ],
)
def test_a_page_of_another_version_is_refused(chapter, old, new, said):
    assert old in PAGE
    with pytest.raises(LiveError, match=f"{said}.*make book first"):
        describe(chapter, page(PAGE.replace(old, new)))
