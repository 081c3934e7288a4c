"""All pages in one, fit for paper."""

from bs4 import BeautifulSoup

from tools.book.identity import Identity
from tools.book.print import Printed, link, one_page

BUILD = Identity("1.0", "abc", "2026-01-02", False)


def page(address, body):
    head = '<link rel="stylesheet" href="_static/book.css">'
    html = f'<head>{head}</head><article class="bd-article">{body}</article>'
    return Printed(address, BeautifulSoup(html, "html.parser"))


BOOK = [
    page(
        "index.html", '<h1>One<a href="#">#</a></h1><a href="chapters/two.html#a">x</a>'
    ),
    page(
        "chapters/two.html",
        '<h1>Two</h1><p id="a"><a href="#a">here</a><a href="../index.html">up</a>'
        '<a href="../notebooks/two.ipynb">file</a></p><img src="../_images/f.png">',
    ),
]


def test_links_between_chapters_become_links_within_the_book():
    html = BeautifulSoup(one_page(BOOK, {}, BUILD), "html.parser")
    links = [a["href"] for a in html.select("article a")]
    assert "#two--a" in links
    assert "#index" in links
    assert any(href.endswith("/notebooks/two.ipynb") for href in links)
    anchors = {e["id"] for e in html.select("[id]")}
    assert {href[1:] for href in links if href.startswith("#") and href != "#"} <= {
        *anchors, "index--",
    }  # fmt: skip
    assert html.img["src"] == "../_images/f.png"


def test_folds_are_open_where_no_script_opens_them():
    folded = page("three.html", "<h1>Three</h1><details><p>in it</p></details>")
    html = BeautifulSoup(one_page([folded], {}, BUILD), "html.parser")
    assert html.details.has_attr("open")


def test_the_contents_say_on_which_page_a_chapter_begins():
    html = BeautifulSoup(one_page(BOOK, {"two": 7}, BUILD), "html.parser")
    second = html.select(".paper-contents li")[1]
    assert second.a.get_text() == "Two"
    assert second.span.get_text() == "7"


def test_a_page_links_what_was_printed_once(tmp_path):
    path = tmp_path / "two.html"
    path.write_text("<ul><!-- pdf --></ul>")
    link(path, BOOK[1])
    link(path, BOOK[1])
    links = BeautifulSoup(path.read_text(), "html.parser").select("a")
    assert [a["href"] for a in links] == ["../pdf/two.pdf", "../pdf/hubanalysis.pdf"]
    link(path, BOOK[1], {"two"})
    links = BeautifulSoup(path.read_text(), "html.parser").select("a")
    assert [a["href"] for a in links[2:]] == [
        "../slides/two.pdf", "../slides/two-notes.pdf",
    ]  # fmt: skip
    link(path, BOOK[1], {"two", "two-sheets"})
    links = BeautifulSoup(path.read_text(), "html.parser").select("a")
    assert links[-1]["href"] == "../slides/two-sheets.pdf"
