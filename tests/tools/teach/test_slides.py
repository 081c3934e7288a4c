"""Slides show each figure with its finding, and nothing of a solution."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

import hubanalysis as hub
from hubanalysis.show.widget import KINDS, Widget
from tests.tools.book.sources import HEADER, pretend_executed
from tools.book.editions import EditionError
from tools.teach import slides as module
from tools.teach.slides import main, page, slides, write

TEXT = """
**In brief.** It rises by {glue:text}`rise` percent.

```{code-cell}
drawn
```

The line goes up.

## Later

Look at {numref}`fig-rise` once more.

## Key ideas

- Look first.

## Exercises

```{exercise-start} Count
:label: one
```
**(rerun, 5 minutes)** Ask.
```{exercise-end}
```

````{solution-start} one
````

```{code-cell}
secret
```

The secret.
````{solution-end}
````
"""


def output_of(figure):
    data, metadata = figure._repr_mimebundle_()
    return new_output("display_data", data, metadata=metadata)


@pytest.fixture
def chapter():
    done = pretend_executed(HEADER + TEXT)
    drawn, secret = (c for c in done.notebook.cells if c.cell_type == "code")
    names = [o for o in drawn.outputs if "scrapbook" in o.get("metadata", {})]
    words = {"source": "an office", "data": hub.load("evidence/programmes")}
    for cell, title, name in (
        (drawn, "It rises & stays", "fig-rise"),
        (secret, "The secret", "fig-secret"),
    ):
        figure = hub.Figure(lambda ax: ax.plot([1, 3]), title, "By year.", "A line.",
                            name, **words)  # fmt: skip
        cell.outputs = [output_of(figure)]
    drawn.outputs += names
    return done


def test_there_is_a_slide_for_each_figure_between_title_and_key_ideas(chapter):
    shown = slides(chapter)
    assert [slide.title for slide in shown] == [
        "Title",
        "It rises & stays.",
        "Key ideas",
    ]
    assert "By year." in shown[1].body
    assert "Source: an office" in shown[1].body
    assert shown[1].body.count("<svg") == 1
    assert shown[1].notes == (
        "<p>The line goes up.</p>\n<p>Look at Figure 1 once more.</p>"
    )
    assert "It rises by 7 percent" in shown[0].notes


def test_the_text_before_a_figure_is_its_notes_where_a_heading_follows(chapter):
    text, cells = "The line goes up.", chapter.notebook.cells
    for cell in cells:
        cell.source = cell.source.replace(text, "").strip()
    assert "It rises by 7 percent" in slides(chapter)[1].notes


def test_a_thing_to_try_is_shown_as_it_stands_still(chapter):
    [cell, _] = (c for c in chapter.notebook.cells if c.cell_type == "code")
    words = {"source": "Made up", "data": pd.DataFrame({"town": [1.0, 2.0]})}
    figure = hub.Figure(lambda ax: ax.plot([1, 3]), "It can be moved", "By year.",
                        "A line.", "fig-moved", **words)  # fmt: skip
    widget = Widget(KINDS[0], figure, {"years": [1, 2]})
    cell.outputs += [output_of(figure), output_of(widget)]
    shown = slides(chapter)
    assert [slide.title for slide in shown[2:4]] == 2 * ["It can be moved."]
    assert shown[2].body == shown[3].body


def test_nothing_of_a_solution_is_shown(chapter):
    assert "secret" not in page("T", slides(chapter)).casefold()


def test_a_page_is_sound_and_asks_no_host(chapter):
    text = page("T", slides(chapter))
    soup = BeautifulSoup(text, "html.parser")
    assert len(soup.find_all("section")) == 3
    assert len(soup.find_all("h1")) == 1
    assert not soup.find_all(["script", "link", "img", "iframe"])
    assert not re.search(r"url\((?!#)|@import", text)
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert [svg["role"] for svg in soup.find_all("svg")] == ["img"]


def test_the_command_refuses_a_chapter_that_is_none_in_a_sentence(
    tmp_path, monkeypatch
):
    words = ["no-chapter", "--output", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["slides", *words])
    with pytest.raises(SystemExit, match="There is no chapter 'no-chapter'"):
        main()
    assert list(tmp_path.iterdir()) == []


def no_chromium():
    raise FileNotFoundError("Chromium is needed: apt-get install chromium")


def test_without_chromium_there_are_slides_and_a_sentence(
    chapter, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(module, "named", lambda names: names)
    monkeypatch.setattr(module, "executed", lambda paths: [chapter])
    monkeypatch.setattr(module, "chromium", no_chromium)
    monkeypatch.setattr(
        "sys.argv", ["slides", "case", "--output", str(tmp_path / "out")]
    )
    main()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["case.html"]
    assert "no PDF beside the slides. Chromium is needed" in capsys.readouterr().out


def test_all_are_written_or_none(chapter, tmp_path):
    [once] = write([chapter], tmp_path / "out")
    [twice] = write([chapter], tmp_path / "again")
    assert once.read_bytes() == twice.read_bytes()
    plain = pretend_executed(HEADER + "```{code-cell}\n1\n```\n")
    with pytest.raises(EditionError, match="'case' has no figures"):
        write([plain], tmp_path / "out")
    assert once.is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"out", "again"}
