"""Figures get captions, links and files from what their code says."""

import nbformat
import pytest

import hubanalysis as hub
from tools.book.figures import with_captions, write_files


@pytest.fixture
def notebook():
    figure = hub.Figure(
        lambda ax: ax.plot([1, 3]),
        title="It rises",
        unit="Nights.",
        alt="A line.",
        name="fig-rise",
        data=hub.simulate_panel(3, 4, 1, 2, seed=0).frame,
    )
    data, metadata = figure._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("figure", metadata={"tags": ["hide-input"]})
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    return nbformat.v4.new_notebook(cells=[cell])


def test_title_and_unit_become_the_caption_before_the_figure(notebook):
    cell = with_captions(notebook).cells[0]
    assert cell.metadata["mystnb"]["figure"] == {
        "caption": "**It rises.** Nights.",
        "caption_before": True,
        "name": "fig-rise",
    }
    html = cell.outputs[0].data["text/html"]
    assert "It rises" not in html
    assert html.count("<svg") == 2


def test_the_links_lead_to_the_files_that_are_written(notebook, tmp_path):
    html = with_captions(notebook).cells[0].outputs[0].data["text/html"]
    write_files(notebook, tmp_path)
    for end in ("csv", "svg"):
        assert f'href="../figures/fig-rise.{end}" download' in html
        assert (tmp_path / "figures" / f"fig-rise.{end}").stat().st_size > 50


def test_a_picture_of_another_kind_is_left_alone(tmp_path):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": "<b>x</b>"})]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert with_captions(notebook).cells[0].metadata == {}
    write_files(notebook, tmp_path)
    assert not (tmp_path / "figures").exists()
