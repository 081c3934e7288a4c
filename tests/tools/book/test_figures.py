"""Figures get captions, links and files from what their code says."""

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document

import hubanalysis as hub
from tools.book.figures import Captions, write_files


def outputs(**words):
    figure = hub.Figure(
        lambda ax: ax.plot([1, 3]),
        **{"title": "It rises & falls", "unit": "Nights.", "alt": "A line."} | words,
        data=hub.simulate_panel(3, 4, 1, 2, seed=0).frame,
    )
    return figure._repr_mimebundle_()


@pytest.fixture
def page():
    def make(html, around=nodes.container):
        document = new_document("page")
        bundle = nodes.container("", nb_element="mime_bundle")
        bundle += nodes.container("", nodes.raw("", html, format="html"))
        document += around("", bundle)
        Captions(document).apply()
        return document

    return make


def test_title_and_unit_become_the_caption_of_the_figure(page):
    document = page(outputs(name="fig-rise")[0]["text/html"])
    figure = next(document.findall(nodes.figure))
    drawings, caption = figure.children
    assert caption.astext() == "It rises & falls. Nights."
    assert caption.children[0].astext() == "It rises & falls."
    assert "hub-heading" not in drawings.astext()
    assert drawings.astext().count("<svg") == 2
    assert document.nameids["fig-rise"] in figure["ids"]


def test_a_caption_that_the_chapter_gives_is_kept_alone(page):
    html = outputs(title="")[0]["text/html"]
    document = page(html, nodes.figure)
    assert len(list(document.findall(nodes.figure))) == 1
    assert "hub-heading" not in document.astext()
    assert "hub-links" not in document.astext()


def test_another_output_is_left_alone(page):
    document = page("<b>x</b>")
    assert document.astext() == "<b>x</b>"
    assert list(document.findall(nodes.figure)) == []


def test_the_links_lead_to_the_files_that_are_written(page, tmp_path):
    data, metadata = outputs(name="fig-rise")
    cells = [nbformat.v4.new_code_cell("figure"), nbformat.v4.new_code_cell("x")]
    cells[0].outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    cells[1].outputs = [nbformat.v4.new_output("display_data", {"text/html": "<b/>"})]
    write_files(nbformat.v4.new_notebook(cells=cells), tmp_path)
    html = page(data["text/html"]).astext()
    for end in ("csv", "svg"):
        assert f'href="../figures/fig-rise.{end}" download' in html
        assert (tmp_path / "figures" / f"fig-rise.{end}").stat().st_size > 50


def test_a_file_that_a_chapter_made_is_linked_and_written(page, tmp_path):
    made = tmp_path / "report.html"
    made.write_text("<p>all of it</p>", "utf8")
    data, metadata = hub.Offer(made, "The report")._repr_mimebundle_()
    link = page(data["text/html"]).astext()
    assert link == '<p><a href="../figures/report.html">The report</a></p>'
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell(outputs=[output])
    write_files(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "site")
    written = tmp_path / "site" / "figures" / "report.html"
    assert written.read_text("utf8") == "<p>all of it</p>"
