"""Mend what Sphinx and its extensions write into the body of a page.

Each step takes the parsed body and changes one thing, so that a page works without a
script and is read aloud as it is seen.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx


def fold(soup: BeautifulSoup) -> None:
    """Make folds of blocks that a script would fold, and let folds name themselves."""
    for summary in soup.select("summary[aria-label]"):
        del summary["aria-label"]
    for block in soup.select("div.admonition.dropdown"):
        block.name = "details"
        title = block.find("p", class_="admonition-title")
        title.name = "summary"
        for link in title.find_all("a"):  # a link in a summary cannot be told from it
            link.unwrap()


def name_folds(soup: BeautifulSoup) -> None:
    """Say of folded code what it is for where it shows nothing, and of a table which."""
    for cell in soup.select("div.cell:is(.tag_hide-input, .tag_hide-cell)"):
        table = cell.select_one(".tag_hide-cell caption > strong")
        for words in cell.select("summary p.collapsed"):
            if "tag_choices" in cell["class"]:
                words.string = "change what is asked here"
            elif table:
                words.string = f"show: {table.get_text()}"
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


def list_works(soup: BeautifulSoup) -> None:
    """Make a plain list of the references: author and year name them in the text."""
    for works in soup.select("div.citation-list"):
        works.name, works["class"] = "ul", ["works"]
        del works["role"]
        for work in works.select("div.citation"):
            work.name = "li"
            del work["role"]
            work.find(class_="label").decompose()


def cite(soup: BeautifulSoup) -> dict[str, str]:
    """Mark citations, whose works a popover shows, and gather the works by address."""
    works = {}
    for link in soup.select('a.reference.internal[title][href*="references.html#"]'):
        works[link["href"]] = link["title"]
        link["class"] = [*link["class"], "has-note"]
        link["data-note"] = link.attrs.pop("title")
    return works


def list_cited(soup: BeautifulSoup, works: dict[str, str]) -> None:
    """End a chapter with the works that it cites."""
    heading = soup.select_one("section#references")
    if not works or heading is None:
        return
    cited = soup.new_tag("ul", attrs={"class": "works"})
    for text in sorted(works.values(), key=_by_name):
        item = soup.new_tag("li")
        before, mark, address = re.split(r"(doi:|URL: |$)", text, maxsplit=1)
        item.append(before)
        if address:
            address = address.rstrip(".")
            start = "https://doi.org/" if mark == "doi:" else ""
            link = soup.new_tag("a", href=start + address)
            link.string = mark.removeprefix("URL: ") + address
            item.append(link)
        cited.append(item)
    heading.append(cited)


def _by_name(work: str) -> tuple[str, str]:
    # A full stop after a single letter is an initial's.
    first = re.split(r", | and |(?<=\w\w)\. ", work, maxsplit=1)[0]
    return first.split()[-1].lower(), work


def note_terms(soup: BeautifulSoup, meanings: dict[str, str]) -> None:
    """Give links into the glossary the meaning that a popover shows."""
    for link in soup.select('a[href*="glossary.html#term-"]'):
        meaning = meanings.get(link["href"].partition("#")[2])
        if meaning:
            link["class"] = [*link["class"], "has-note"]
            link["data-note"] = meaning


def unrepeat(soup: BeautifulSoup) -> None:
    """Make ids unique: every exercise has a section of the same id."""
    for name in ("exercise-content", "solution-content", "proof-content"):
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
    list_works(soup)
    list_cited(soup, cite(soup))
    note_terms(soup, meanings(app))
    open_tables(soup)
    unhead(soup)
    load_late(soup)
    context["body"] = str(soup)
