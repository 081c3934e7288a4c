"""Chapters become notebooks for those who open them elsewhere."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import hubanalysis as hub
from tests.tools.book.sources import HEADER
from tools.book.markdown import plain_markdown
from tools.book.notebooks import (
    EDITIONS,
    captions,
    context_of,
    glued,
    publish,
    to_notebook,
)
from tools.book.source import as_notebook

SOLVED = """
See {numref}`fig-b` {cite:p}`Abadie2021`.

```{code-cell}
:tags: [hide-input]
draw
```

## Exercises

```{exercise-start} Count
:label: one
```
**(rerun, 5 minutes)** Ask.
```{exercise-end}
```

````{solution-start} one
:class: dropdown
````
The secret in words.

```{code-cell}
secret = 1
```

```{code-cell}
:tags: [remove-cell]
hub.say(secret=secret)
```

It is {glue:text}`secret`.
````{solution-end}
````

```{exercise-start} Name
:label: two
```
**(recall, 5 minutes)** Ask more.
```{exercise-end}
```

```{solution-start} two
```
A secret more.
```{solution-end}
```

## References

Below.
"""


def figure(label, title):
    html = (
        f'<div class="hub-figure" data-name="{label}" style="">\n'
        f'<p class="hub-heading">{title}.<br>Unit &amp; base.</p>\n<svg></svg></div>'
    )
    return new_output("display_data", {"text/html": html})


@pytest.fixture
def executed():
    notebook = as_notebook(HEADER + SOLVED)
    draw, *_, said = (c for c in notebook.cells if c.cell_type == "code")
    draw.outputs = [figure("fig-a", "It rises"), figure("fig-b", "It falls")]
    kept = {"scrapbook": {"name": "secret"}}
    said.outputs = [new_output("display_data", {"text/plain": "1"}, metadata=kept)]
    return notebook


def notebook_with(source, *tags):
    cell = new_code_cell(source, metadata={"tags": list(tags)})
    return new_notebook(cells=[cell])


def test_every_edition_is_a_notebook_without_outputs_or_myst(executed):
    for edition in EDITIONS:
        notebook = to_notebook(executed, edition, "chapters/case")
        nbformat.validate(notebook)
        assert "google.colab" in notebook.cells[0].source
        assert not any(cell.get("outputs") for cell in notebook.cells)
        text = "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        assert "{" not in text
        assert f"The {edition}'s edition" in text


def test_a_student_gets_cells_for_answers_in_the_place_of_solutions(executed):
    notebook = to_notebook(executed, "student")
    assert "secret" not in str(notebook)
    assert "olution" not in str(notebook)
    answers = [c for c in notebook.cells if "answer" in c.metadata.get("tags", [])]
    assert [c.cell_type for c in answers] == ["code", "markdown", "markdown"]


def test_a_reader_finds_solutions_folded_and_an_instructor_open(executed):
    for edition, is_folded in (("reader", True), ("instructor", False)):
        notebook = to_notebook(executed, edition)
        heads = [c for c in notebook.cells if c.source.startswith("#### Solution")]
        folds = [bool(c.metadata.get("jp-MarkdownHeadingCollapsed")) for c in heads]
        assert folds == [is_folded] * 2
        assert "It is 1." in [c.source for c in notebook.cells]
        colab = notebook.metadata.get("colab", {}).get("collapsed_sections", [])
        assert colab == [c.id for c in heads if is_folded]


def test_folded_solutions_end_where_the_next_exercise_or_part_begins(executed):
    cells = to_notebook(executed, "reader").cells
    heads = [c.source for c in cells if c.source.startswith(("##", "###", "####"))]
    assert [head.split("\n")[0] for head in heads] == [
        "## Exercises",
        "### Exercise 1: Count",
        "#### Solution of exercise 1",
        "### Exercise 2: Name",
        "#### Solution of exercise 2",
        "## References",
    ]


def test_figures_stand_below_their_numbers_and_bring_their_titles(executed):
    assert list(captions(executed)) == ["fig-a", "fig-b"]
    sources = [c.source for c in to_notebook(executed).cells]
    drawn = sources.index("draw")
    assert sources[drawn - 2 : drawn] == ["**Figure 1**", "**Figure 2**"]
    assert "See Figure 2 (Abadie 2021)." in sources[1]


def test_works_that_are_cited_are_listed_at_the_end(executed):
    last = to_notebook(executed).cells[-1].source
    assert last.startswith("## References\n\nBelow.\n\n- Abadie, Alberto.")


def test_folded_code_is_folded_in_jupyter_and_on_colab(executed):
    [cell] = (c for c in to_notebook(executed).cells if c.source == "draw")
    assert cell.metadata["jupyter"] == {"source_hidden": True}
    assert cell.metadata["cellView"] == "form"


def test_what_a_reader_may_choose_stays_open_in_jupyter(executed):
    [cell] = (c for c in executed.cells if c.source == "draw")
    cell.metadata["tags"] = ["hide-input", "choices"]
    [cell] = (c for c in to_notebook(executed).cells if c.source == "draw")
    assert "jupyter" not in cell.metadata


def test_an_edition_that_there_is_not_is_refused(executed):
    with pytest.raises(ValueError, match="no edition 'teacher': reader, student"):
        to_notebook(executed, "teacher")


def test_a_number_that_was_not_said_is_refused():
    with pytest.raises(KeyError, match="no cell says the number 'gone'"):
        to_notebook(new_notebook(cells=[new_markdown_cell("{glue:text}`gone`")]))


def test_numbers_said_by_the_code_are_filled_in(monkeypatch):
    notebook = notebook_with("hub.say(...)", "remove-cell")

    def show(data, raw, metadata):
        output = new_output("display_data", data, metadata=metadata)
        notebook.cells[0].outputs.append(output)

    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr("IPython.display.display", show)
    hub.say("case", rise="3.1", count=12)
    assert set(glued(notebook)) == {"case_rise", "case_count"}
    context = context_of(notebook)
    assert plain_markdown("{glue:text}`case_rise`", context) == "3.1"
    assert plain_markdown("{glue:text}`case_count`", context) == "12"


def test_a_caption_is_found_in_what_a_figure_shows():
    drawn = hub.Figure(
        lambda ax: ax.plot([1, 3]), "It rises", "By year.", name="fig-a",
        data=hub.load("norwegian-tourism-cluster/region_names"),
    )  # fmt: skip
    data, metadata = drawn._repr_mimebundle_()
    cell = new_code_cell("drawn")
    cell.outputs = [new_output("display_data", data, metadata=metadata)]
    assert captions(new_notebook(cells=[cell])) == {"fig-a": "It rises.** By year."}


def test_a_cell_that_only_says_numbers_is_left_out():
    said = notebook_with("hub.say(\n    a=1,\n)\nhub.say('b', battery)", "remove-cell")
    assert len(to_notebook(said).cells) == 1


@pytest.mark.parametrize(
    "source", ["x = 1\nhub.say(x=x)", "print(1)", "%matplotlib inline"]
)
def test_a_hidden_cell_that_does_more_is_kept(source):
    assert to_notebook(notebook_with(source, "remove-cell")).cells[1].source == source


def test_a_cell_that_readers_see_is_kept():
    assert len(to_notebook(notebook_with("hub.say(a=1)")).cells) == 2


def test_the_site_offers_the_readers_edition(executed, tmp_path):
    from pathlib import Path

    publish(Path("chapters/case.md"), executed, tmp_path)
    offered = nbformat.read(tmp_path / "notebooks" / "case.ipynb", 4)
    assert offered == to_notebook(executed, "reader", "chapters/case")
