"""What Sphinx writes is mended so that a page is read as it is seen."""

import pytest
from bs4 import BeautifulSoup

from tools.book import content


def soup(html):
    return BeautifulSoup(html, "html.parser")


def test_a_solution_becomes_a_fold_that_needs_no_script():
    page = soup(
        '<div class="solution dropdown admonition" id="s"><p class="admonition-title">'
        'Solution to<a href="#e"> Exercise 1</a></p><p>42</p></div>'
    )
    content.fold(page)
    assert page.details["id"] == "s"
    assert page.summary.get_text() == "Solution to Exercise 1"
    assert page.select("summary a") == []


def test_a_fold_without_a_word_keeps_its_name():
    page = soup('<details><summary aria-label="More of it"></summary></details>')
    content.fold(page)
    assert page.summary["aria-label"] == "More of it"


def test_a_fold_is_called_what_is_read_on_it():
    page = soup('<details><summary aria-label="Toggle"><p>code</p></summary></details>')
    content.fold(page)
    assert page.summary.attrs == {}


def test_a_box_is_named_by_its_item_and_can_be_ticked():
    box = '<input class="task-list-item-checkbox" disabled="disabled" type="checkbox">'
    page = soup(f"<ul><li><p>{box} File a <em>plan</em></p><p>Why.</p></li></ul>")
    content.tick(page)
    assert page.label.get_text() == " File a plan"
    assert not page.input.has_attr("disabled")


def test_references_are_a_plain_list():
    page = soup(
        '<div class="citation-list" role="list"><div class="citation" id="id1" '
        'role="doc-biblioentry"><span class="label">[1]</span><p>A work.</p></div>'
        "</div>"
    )
    content.list_works(page)
    assert page.ul.li["id"] == "id1"
    assert page.get_text() == "A work."
    assert page.select("[role]") == []


def test_a_work_in_the_list_names_the_pages_that_cite_it():
    page = soup(
        '<div class="citation-list"><div class="citation" id="id1">'
        '<span class="label">[1]</span><p>Any.</p></div></div>'
    )
    pages = {"Abadie2021": [("methods.html", "Methods"), ("a.html", "A")]}
    content.list_works(page, {"id1": "Abadie2021"}, pages)
    said = page.li.get_text()
    assert said.startswith("Abadie, Alberto. Using synthetic controls")
    assert said.endswith("Cited in Methods, A.")
    assert [link["href"] for link in page.select("small a")] == [
        "methods.html",
        "a.html",
    ]


def test_a_citation_shows_its_work_in_a_note():
    link = '<a class="reference internal" href="references.html#b" title="A.">x</a>'
    page = soup(link * 2)
    assert content.cite(page) == ["b"]
    assert page.a["data-note"] == "A."
    assert page.select("a[title]") == []


def test_a_chapter_lists_what_it_cites_by_name_and_once():
    page = soup('<section id="references"></section>')
    content.list_cited(page, ["Rotnes2017", "Abadie2021", "Rotnes2017"])
    names = [item.b.get_text() for item in page.select("ul.works li")]
    assert names == ["Abadie", "Røtnes"]
    assert page.select_one("ul.works em").get_text() == "Journal of Economic Literature"
    assert all(link["href"].startswith("http") for link in page.select("ul.works a"))


def test_a_term_carries_its_meaning():
    page = soup('<a class="reference" href="glossary.html#term-Lot">lot</a>')
    content.note_terms(page, {"term-Lot": "All ways."})
    assert page.a["data-note"] == "All ways."
    assert "has-note" in page.a["class"]


def test_an_id_is_there_once():
    page = soup('<section id="exercise-content"></section>' * 2)
    content.unrepeat(page)
    assert page.select("[id]") == []


def test_a_table_scrolls_in_one_box():
    page = soup('<table></table><div class="output"><table></table></div>')
    content.open_tables(page)
    assert len(page.select(".table-container")) == 1


def test_a_header_says_something():
    page = soup("<table><tr><th></th><th>a</th></tr></table>")
    content.unhead(page)
    assert [cell.name for cell in page.tr] == ["td", "th"]


CELL = (
    '<div class="cell {}"><details><summary><p class="collapsed">code</p></summary>'
    "</details>{}</div>"
)


@pytest.mark.parametrize(
    ("tag", "output", "words"),
    [
        ("tag_hide-input", '<div class="cell_output">3</div>', "code"),
        ("tag_hide-input", "", "code behind the text"),
        ("tag_hide-input tag_choices", "", "change what is asked here"),
        ("tag_hide-output", '<div class="cell_output">3</div>', "what it prints"),
        ("tag_hide-cell", "3", "code and what it prints"),
        ("tag_hide-cell tag_plan", "3", "the plan's lines for the main analysis"),
        (
            "tag_hide-cell",
            '<div class="cell_output"><table><caption><strong>Who won.</strong>'
            "</caption></table></div>",
            "Who won.",
        ),
    ],
)
def test_a_fold_says_what_it_hides(tag, output, words):
    page = soup(CELL.format(tag, output))
    content.name_folds(page)
    assert page.summary.get_text() == words


def test_a_p_value_stays_on_the_line_of_its_letter():
    page = soup("<p>lot (p = 0.04)</p><pre>p = 0.04</pre>")
    content.hold_p(page)
    assert page.p.text == "lot (p\u00a0=\u00a00.04)"
    assert page.pre.text == "p = 0.04"


def test_a_name_with_a_single_letter_stays_on_one_line_of_the_title():
    page = soup("<h1>The K-Semiconductor Belt<a>#</a></h1><h2>A K-Belt</h2>")
    content.hold_names(page)
    assert page.h1.get_text() == "The K-Semiconductor Belt#"
    assert page.select_one("span.held").get_text() == "K-Semiconductor"
    content.hold_names(soup("<p>K-Belt</p>"))


def test_output_in_columns_keeps_them():
    page = soup(
        '<div class="cell_output"><pre>a    1   # one\nb    2</pre>'
        "<pre>A sentence.  And another.</pre></div>"
    )
    content.keep_columns(page)
    columns, prose = page.select("pre")
    assert columns["class"] == ["columns"]
    assert not prose.has_attr("class")
