"""Chapters become notebooks for readers who open them elsewhere."""

import tomllib

import nbformat
import pytest

import hubanalysis as hub
from tools.book.chapters import ROOT
from tools.book.notebooks import COLAB_CELL, glued, plain_markdown, to_notebook


def notebook_with(source, *tags):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
    return nbformat.v4.new_notebook(cells=[cell])


def test_directives_and_roles_become_plain_markdown():
    text = (
        "(label)=\n# Title\n\n:::{admonition} In brief\n:class: verdict-card\n\n"
        "It is {glue:text}`att:.1f` {math}`x`.\n:::\n\n"
        "```{math}\n:label: sum\na + b\n```\n[there](other.md)\n"
    )
    plain = plain_markdown(text, {"att": "1.234"}, "chapters/case")
    assert "> **In brief**" in plain
    assert "> It is 1.2 $x$." in plain
    assert "$$\na + b\n$$" in plain
    assert "/chapters/other.html)" in plain
    assert "{" not in plain
    assert "(label)=" not in plain


def test_they_start_by_fetching_the_library_on_colab_and_hold_no_outputs():
    notebook = to_notebook(notebook_with("1"))
    nbformat.validate(notebook)
    assert "google.colab" in notebook.cells[0].source
    assert not any(cell.outputs for cell in notebook.cells)


def test_the_library_on_colab_is_the_one_the_notebook_was_made_with():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert f'/hubanalysis@v{project["version"]}"' in COLAB_CELL
    assert "myst" not in COLAB_CELL


def test_numbers_said_by_the_code_are_filled_in(monkeypatch):
    notebook = notebook_with("hub.say(...)", "remove-cell")

    def show(data, raw, metadata):
        output = nbformat.v4.new_output("display_data", data, metadata=metadata)
        notebook.cells[0].outputs.append(output)

    monkeypatch.setattr("IPython.get_ipython", object)
    monkeypatch.setattr("IPython.display.display", show)
    hub.say("case", rise="3.1", count=12)
    values = glued(notebook)
    assert plain_markdown("{glue:text}`case_rise`", values) == "3.1"
    assert plain_markdown("{glue:text}`case_count:.1f`", values) == "12.0"


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


def test_directives_in_directives_are_quoted_twice_and_code_stays_as_it_is():
    text = (
        "::::{exercise} Count\nHow many?\n\n:::{tip}\nFew.\n:::\n::::\n\n"
        "````{solution-start} count\n:class: dropdown\n````\nTwo.\n\n"
        "```python\n{term}`a`\n```\n\n````{solution-end}\n````\n"
    )
    assert plain_markdown(text) == (
        "> **Exercise: Count**\n>\n> How many?\n>\n> > **Tip**\n> >\n> > Few.\n\n"
        "**Solution**\n\nTwo.\n\n```python\n{term}`a`\n```"
    )


def test_a_role_may_run_over_the_end_of_a_line():
    assert plain_markdown("the {term}`donor\npool <Donor pool>`") == "the donor\npool"
