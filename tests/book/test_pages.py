"""What every built page must be, read from its HTML."""

import copy
import json
import re
from functools import cache
from urllib.parse import unquote, urldefrag, urlparse

import nbformat
from bs4 import BeautifulSoup

from tools.release import RELEASE

LOADING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
LOADING_RELATIONS = {
    "stylesheet", "preconnect", "dns-prefetch", "preload", "prefetch", "icon",
    "modulepreload", "manifest", "apple-touch-icon",
}  # fmt: skip
ELSEWHERE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
CSS_ADDRESS = re.compile(
    r"""(?:@import\s+|url\(\s*)["']?((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE
)


def _loaded_from_elsewhere(html):
    for tag, attributes in LOADING.items():
        for element in html.find_all(tag):
            for attribute in attributes:
                if ELSEWHERE.match(element.get(attribute, "")):
                    yield element[attribute]
    for link in html.find_all("link", href=True):
        relations = {word.lower() for word in link.get("rel", [])}
        if relations & LOADING_RELATIONS and ELSEWHERE.match(link["href"]):
            yield link["href"]
    for style in html.find_all("style"):
        yield from CSS_ADDRESS.findall(style.text)
    for element in html.find_all(style=True):
        yield from CSS_ADDRESS.findall(element["style"])


def test_no_file_of_the_site_loads_anything_from_another_host(site):
    for path in site.rglob("*.html"):
        html = BeautifulSoup(path.read_text("utf8"), "html.parser")
        assert list(_loaded_from_elsewhere(html)) == [], path
    for path in site.rglob("*.css"):
        assert CSS_ADDRESS.findall(path.read_text("utf8")) == [], path


def test_every_image_has_words_for_those_who_cannot_see_it(page):
    silent = [i for i in page.content.find_all("img") if not _words(i)]
    assert silent == []


def _words(image):
    text = (image.get("alt") or "").strip()
    # A file's name, which Sphinx puts where there is no text, says nothing.
    is_name = re.search(r"\.(png|svg|jpe?g)$|^_images/|^(image|figure)$", text)
    return text and not is_name


def test_no_page_shows_an_error_or_a_dead_reference(page):
    assert page.html.select(".stderr, .output.traceback, .system-message") == []
    text = page.content.get_text(" ")
    for mark in ("Traceback (most recent call last)", "Warning:", "??", "[?]"):
        assert mark not in text
    # A role or a directive that was not understood stays as it was written.
    prose = _prose(page)
    assert not re.search(r"\{[a-z:]+\}`|:::\{|\{\{ ?\w", prose)
    if page.is_notebook:  # where numbers in the prose come from the code
        assert not re.search(r"\bnan\b", prose)


def _prose(page):
    """The words of a page without its code, its output and its signatures."""
    content = copy.copy(page.content)
    for code in content.select("pre, code, .sig, .cell_output, .math"):
        code.decompose()
    return content.get_text(" ")


def test_the_reference_tells_no_words_for_a_type_and_offers_nothing_private(page):
    properties = page.content.select("dl.py.property")
    assert [p for p in properties if "Type:" in p.get_text()] == []
    signatures = [name.get_text() for name in page.content.select(".sig-param")]
    assert [name for name in signatures if name.startswith("_")] == []


@cache
def _anchors(path):
    return set(re.findall(r'\s(?:id|name)="([^"]+)"', path.read_text("utf8")))


def test_every_link_inside_the_book_arrives(page, site):
    here = site / page.address
    for link in page.html.find_all(["a", "link"], href=True):
        href = link["href"]
        if urlparse(href).scheme or href.startswith("//") or href == "#":
            continue
        path, anchor = urldefrag(href)
        path = path.partition("?")[0]
        target = (here.parent / unquote(path)).resolve() if path else here
        assert target.is_file(), f"{href}: no such file"
        if anchor and target.suffix == ".html":
            assert unquote(anchor) in _anchors(target), href


def test_the_links_lead_to_the_repository_and_to_the_notebook(page, site):
    links = {a["href"] for a in page.html.find_all("a", href=True)}
    repository = "https://github.com/hubanalysis/hubanalysis"
    assert repository in links
    if page.address == "index.html":  # its doors are the author's
        return
    assert f"{repository}/edit/main/{page.name}.md" in links
    if page.is_notebook:
        notebook = f"notebooks/{page.name.rpartition('/')[2]}.ipynb"
        assert (site / notebook).is_file()
        assert f"../{notebook}" in links
        colab = "https://colab.research.google.com/github/hubanalysis/hubanalysis"
        assert f"{colab}/blob/gh-pages/{notebook}" in links
        binder = f"https://mybinder.org/v2/gh/hubanalysis/hubanalysis/{RELEASE}"
        assert (
            f"{binder}?urlpath=lab/tree/notebooks/{page.name.rpartition('/')[2]}.ipynb"
            in links
        )


def test_a_page_has_one_title_and_a_language(page):
    assert len(page.html.find_all("h1")) == 1
    assert page.html.find("html")["lang"] == "en"
    assert page.html.title.text.strip()


def test_formulas_need_no_script(page):
    for formula in page.content.select(".math"):
        assert formula.math is not None
        assert not re.search(r"\\\\[a-z]+", formula.get_text())


def test_published_notebooks_are_valid_and_without_outputs(site):
    found = list((site / "notebooks").glob("*.ipynb"))
    assert found
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells)
        prose = "\n".join(c.source for c in notebook.cells if c.cell_type != "code")
        assert not re.search(r"\{[a-z:]+\}`", prose), path.name


def test_the_search_index_knows_every_page(site, page):
    text = (site / "searchindex.js").read_text("utf8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert page.name in index["docnames"]
