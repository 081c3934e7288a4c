"""Mend what Sphinx and its extensions write into the body of a page.

Each step takes the parsed body and changes one thing, so that a page works without a
script and is read aloud as it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx

from tools.book import works
from tools.book.reference import tell_fields


def fold(soup: BeautifulSoup) -> None:
    """Make folds of blocks that a script would fold, and let folds name themselves."""
    for summary in soup.select("summary[aria-label]"):
        if summary.get_text(strip=True):
            del summary["aria-label"]
    for block in soup.select("div.admonition.dropdown"):
        block.name = "details"
        title = block.find("p", class_="admonition-title")
        title.name = "summary"
        for link in title.find_all("a"):  # a link in a summary cannot be told from it
            link.unwrap()


def name_folds(soup: BeautifulSoup) -> None:
    """Say of a fold that is not just the code of what is seen what it holds."""
    hidden = ":is(.tag_hide-input, .tag_hide-cell, .tag_hide-output)"
    for cell in soup.select(f"div.cell{hidden}"):
        classes = cell["class"]
        table = cell.select_one(".tag_hide-cell caption > strong")
        for words in cell.select("summary p.collapsed"):
            if "tag_choices" in classes:
                words.string = "change what is asked here"
            elif "tag_plan" in classes:
                words.string = "the plan's lines for the main analysis"
            elif table:
                words.string = table.get_text()
            elif "tag_hide-output" in classes:
                words.string = "what it prints"
            elif "tag_hide-cell" in classes:
                words.string = "code and what it prints"
            elif not cell.select_one(".cell_output"):
                words.string = "code behind the text"


def hold_p(soup: BeautifulSoup) -> None:
    """Keep a p value on the line of its letter."""
    for text in soup.find_all(string=re.compile(r"\bp = ")):
        if not text.find_parent(["pre", "code", "script", "style"]):
            text.replace_with(text.replace("p = ", "p\u00a0=\u00a0"))


def tick(soup: BeautifulSoup) -> None:
    """Let the boxes of a list be ticked, each named by its item."""
    for box in soup.select("input.task-list-item-checkbox"):
        del box["disabled"]
        label = soup.new_tag("label")
        box.wrap(label)
        for following in list(label.next_siblings):
            if isinstance(following, Tag) and following.name in ("ul", "ol", "p"):
                break
            label.append(following)


def list_works(
    soup: BeautifulSoup,
    keys: Mapping[str, str] = MappingProxyType({}),
    citing: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({}),
) -> None:
    """Make a plain list of the references: author and year name them in the text.

    Each is written as at the end of a chapter, with the chapters that cite it.
    """
    written = works.listed_html(keys.values())
    for found in soup.select("div.citation-list"):
        found.name, found["class"] = "ul", ["works"]
        del found["role"]
        for work in found.select("div.citation"):
            work.name = "li"
            del work["role"]
            work.find(class_="label").decompose()
            if key := keys.get(work["id"]):
                work.clear()
                work.append(BeautifulSoup(written[key], "html.parser"))
                work.append(_cited_in(soup, citing.get(key, ())))


def _cited_in(soup: BeautifulSoup, pages: Sequence[tuple[str, str]]) -> Tag:
    said = soup.new_tag("small")
    for place, (address, title) in enumerate(pages):
        said.append(", " if place else " Cited in ")
        said.append(soup.new_tag("a", href=address, string=title))
    if pages:
        said.append(".")
    return said


def cite(soup: BeautifulSoup) -> list[str]:
    """Mark citations, whose works a popover shows, and gather the ids of these."""
    cited = {}
    for link in soup.select('a.reference.internal[title][href*="references.html#"]'):
        cited[link["href"].partition("#")[2]] = True
        link["class"] = [*link["class"], "has-note"]
        link["data-note"] = link.attrs.pop("title")
    return list(cited)


def list_cited(soup: BeautifulSoup, keys: Iterable[str]) -> None:
    """End a chapter with the works that it cites."""
    heading = soup.select_one("section#references")
    if not (keys := list(keys)) or heading is None:
        return
    cited = soup.new_tag("ul", attrs={"class": "works"})
    for text in works.listed_html(keys).values():
        item = soup.new_tag("li")
        item.append(BeautifulSoup(text, "html.parser"))
        cited.append(item)
    heading.append(cited)


def note_terms(soup: BeautifulSoup, meanings: dict[str, str]) -> None:
    """Give links into the glossary the meaning that a popover shows."""
    for link in soup.select('a[href*="glossary.html#term-"]'):
        meaning = meanings.get(link["href"].partition("#")[2])
        if meaning:
            link["class"] = [*link["class"], "has-note"]
            link["data-note"] = meaning


def unrepeat(soup: BeautifulSoup) -> None:
    """Make ids unique: every exercise has a section of the same id."""
    for name in ("exercise-content", "solution-content"):
        for section in soup.select(f"section#{name}"):
            section.name = "div"
            del section["id"]


def open_tables(soup: BeautifulSoup) -> None:
    """Let tables that Markdown made scroll in a box of their own on a narrow page."""
    for table in soup.select("table"):
        if not table.find_parent(class_=re.compile("output|table-container")):
            table.wrap(soup.new_tag("div", attrs={"class": "table-container"}))


def unhead(soup: BeautifulSoup) -> None:
    """Make a plain cell of a header that says nothing: pandas heads its index so."""
    for header in soup.select("table th:empty"):
        header.name = "td"


def hold_names(soup: BeautifulSoup) -> None:
    """Keep a name such as K-Semiconductor on one line of a heading."""
    for text in soup.select_one("h1").find_all(string=True) if soup.h1 else ():
        before, name, after = re.split(r"(\b[A-Z]-\w+|$)", text, maxsplit=1)
        if name:
            held = soup.new_tag("span", attrs={"class": "held"}, string=name)
            text.replace_with(before, held, after)


def keep_columns(soup: BeautifulSoup) -> None:
    """Mark output whose columns would be lost if its lines were to wrap."""
    for output in soup.select(".cell_output pre"):
        if len(re.findall(r"\S {3,}\S", output.get_text())) > 1:
            output["class"] = [*output.get("class", ()), "columns"]


def load_late(soup: BeautifulSoup) -> None:
    """Let pictures below the first wait until they are near."""
    for image in soup.select("img")[1:]:
        image["loading"] = "lazy"


def meanings(app: Sphinx) -> dict[str, str]:
    """Read the meaning of each term of the glossary, by its anchor."""
    if not hasattr(app.env, "book_meanings"):
        found = {}
        for name in app.env.found_docs:
            if name.endswith("/glossary"):
                for item in app.env.get_doctree(name).findall(
                    nodes.definition_list_item
                ):
                    definition = " ".join(item.children[-1].astext().split())
                    for term in item.findall(nodes.term):
                        found.update(dict.fromkeys(term["ids"], definition))
        app.env.book_meanings = found
    return app.env.book_meanings


def works_of(app: Sphinx) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Give the key of each work by its anchor, and the pages that cite each by key."""
    domain = app.env.get_domain("cite")
    pages: dict[str, list[str]] = {}
    for citing in domain.citation_refs:
        for key in (target.key for target in citing.targets):
            if citing.docname not in pages.setdefault(key, []):
                pages[key].append(citing.docname)
    order = list(app.config.external_site_map)
    for names in pages.values():
        names.sort(key=order.index)
    return {one.citation_id: one.key for one in domain.citations}, pages


def mend(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Take all the steps over the body of a page."""
    if not context.get("body"):
        return
    soup = BeautifulSoup(context["body"], "html.parser")
    unrepeat(soup)
    fold(soup)
    name_folds(soup)
    hold_p(soup)
    tick(soup)
    keys, pages = works_of(app)
    uri, title = app.builder.get_relative_uri, app.env.titles
    citing = {
        key: [(uri(pagename, name), title[name].astext()) for name in names]
        for key, names in pages.items()
    }
    list_works(soup, keys, citing)
    list_cited(soup, [keys[name] for name in cite(soup)])
    note_terms(soup, meanings(app))
    open_tables(soup)
    unhead(soup)
    load_late(soup)
    tell_fields(soup)
    hold_names(soup)
    keep_columns(soup)
    context["body"] = str(soup)
