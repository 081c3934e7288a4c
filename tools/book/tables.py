"""Tables of the built pages: a caption, headers that say what they head, a box.

A table that the library wrote has all that but its number and its box. A plain pandas
table gets them here, with its heading as caption until the chapter says more.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

from hubanalysis.words.markup import cell_text, is_number

WORDY = 110  # letters in a row from which columns on a phone would be too narrow
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
# An interval, as "−19% to +13%": it breaks before its end, if anywhere, and in brackets
# before these.
_RANGE = re.compile(r"([+−]?[\d.,]+%?) to (?=[+−]?[\d.,]+%?$)")
_HYPHEN, _NOTHING = re.compile(r"(?<![\w-])-(?=\d)"), re.compile(r"−0(\.0*)?%?")
_BRACKETS = re.compile(r"\(([^() ]+) to ([^() ]+)\)$")
_TAGS = re.compile(r'<a class="headerlink.*?</a>|<[^>]+>', re.DOTALL)


def lay(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Mend every table of a page."""
    if body := context.get("body"):
        context["body"] = mend_tables(body)


def mend_tables(body: str) -> str:
    """Number the tables of a page, and mend those that are plain.

    Parameters
    ----------
    body : str
        HTML.

    Returns
    -------
    str
        The same, but for its tables.
    """
    count = 0

    def mended(found: re.Match) -> str:
        nonlocal count
        count += 1
        return mend_table(found[0], count, _heading(body[: found.start()]))

    return _TABLE.sub(mended, body)


def mend_table(html: str, number: int, heading: str) -> str:
    """Mend one table, and put it into a box that scrolls by itself.

    Parameters
    ----------
    html : str
        The table.
    number : int
        Its place on the page.
    heading : str
        What it is called where it has no caption.

    Returns
    -------
    str
    """
    soup = BeautifulSoup(html, "html.parser")
    table = soup.table
    if "dataframe" in table.get("class", ()):
        # The theme has looks of its own for the class that pandas gives.
        del table["border"]
        table["class"] = "hub-table"
        _join_heads(table)
        _align(table)
    _hold(table)
    _stack(table)
    _mark_code(soup, table)
    _scope(table)
    _caption(soup, table, number, heading)
    label = f"table-{number}"
    table.caption["id"] = label
    box = (
        '<div class="hub-scroll table-container" role="region" tabindex="0" '
        f'aria-labelledby="{label}">'
    )
    return f"{box}{soup}</div>"


def _join_heads(table: Tag) -> None:
    """Write the names of the index, a second row of pandas, into the first."""
    rows = table.thead.find_all("tr") if table.thead else []
    if len(rows) < 2:
        return
    names = rows[-1].find_all("th")
    above = rows[-2].find_all("th")
    named = [cell for cell in names if cell.get_text(strip=True)]
    index = len(table.tbody.find("tr").find_all("th")) if table.tbody.tr else 0
    if len(names) != len(above) or any(cell in named for cell in names[index:]):
        return
    for name, head in list(zip(names, above))[:index]:
        head.string = name.get_text(strip=True) or head.get_text(strip=True)
    rows[-1].decompose()


def _align(table: Tag) -> None:
    """Write numbers as the book does, and put columns of them to the right."""
    body = table.tbody.find_all("tr") if table.tbody else []
    cells = [row.find_all("td") for row in body]
    for cell in (cell for row in cells for cell in row):
        if cell.string is not None:
            text = str(cell.string)
            cell.string = "–" if text in ("nan", "NaN", "None") else cell_text(text)
    columns = [[c.get_text(strip=True) for c in column] for column in zip(*cells)]
    numeric = [all(map(is_number, column)) for column in columns]
    for row in cells:
        for cell, number in zip(row, numeric):
            cell["class"] = "num" if number else "text"
    for row in table.thead.find_all("tr") if table.thead else []:
        row.attrs.pop("style", None)
        heads = row.find_all("th")
        if len(heads) >= len(numeric):
            for head, number in zip(heads[len(heads) - len(numeric) :], numeric):
                if number:
                    head["class"] = "num"


def _hold(table: Tag) -> None:
    """Keep intervals together, and signs true: no hyphen, and none before zero."""
    for head in table.find_all("th"):
        if head.string is not None:
            head.string = _HYPHEN.sub("−", head.string)
    for cell in table.find_all("td"):
        if cell.string is not None and _NOTHING.fullmatch(cell.string):
            cell.string = cell.string[1:]
        if cell.string is not None and _BRACKETS.search(cell.string):
            cell.string = _BRACKETS.sub("(\\1\u00a0to\u00a0\\2)", cell.string)
        elif cell.string is not None and _RANGE.match(cell.string):
            cell.string = _RANGE.sub("\\1\u00a0to ", cell.string)
            _call(cell, "range")


def _mark_code(soup: BeautifulSoup, table: Tag) -> None:
    """Set what the library's own words have in backticks as code."""
    for cell in table.find_all("td"):
        if cell.string is not None and cell.string.count("`") > 1:
            words = str(cell.string)
            cell.clear()
            for place, part in enumerate(re.split("`([^`]+)`", words)):
                if place % 2:
                    code = soup.new_tag("code")
                    code.string = part
                    cell.append(code)
                elif part:
                    cell.append(part)


def _stack(table: Tag) -> None:
    """Let rows of many words become blocks on a phone, each cell under its header."""
    rows = table.tbody.find_all("tr") if table.tbody else []
    heads = [h.get_text(strip=True) for h in table.select("thead tr:last-child > *")]
    words = sum(len(row.get_text(strip=True)) for row in rows)
    if len(heads) < 3 or words < WORDY * len(rows):
        return
    _call(table, "wordy")
    for row in rows:
        for cell, head in zip(row.find_all(["th", "td"], recursive=False), heads):
            if cell.get_text(strip=True) in ("", "–"):
                _call(cell, "nothing")
            elif cell.name == "td" and head:
                cell["data-head"] = head


def _call(tag: Tag, name: str) -> None:
    """Add a class to those that a tag has."""
    classes = tag.get("class") or []
    tag["class"] = [*([classes] if isinstance(classes, str) else classes), name]


def _scope(table: Tag) -> None:
    """Say of each header what it heads; a corner that says nothing is no header."""
    for head in table.find_all("th"):
        if not head.get_text(strip=True) and not head.find("img"):
            head.name = "td"
            continue
        top = head.find_parent("thead") is not None
        span = "colspan" if top else "rowspan"
        group = "group" if int(head.get(span, 1)) > 1 else ""
        head["scope"] = ("col" if top else "row") + group


def _caption(soup: BeautifulSoup, table: Tag, number: int, heading: str) -> None:
    if table.caption is None:
        caption = soup.new_tag("caption")
        caption.string = heading
        table.insert(0, caption)
    before = soup.new_tag("span", attrs={"class": "hub-number"})
    before.string = f"Table {number}. "
    table.caption.insert(0, before)


def _heading(before: str) -> str:
    """The last heading above, as text."""
    found = _HEADING.findall(before)
    return " ".join(_TAGS.sub("", found[-1]).split()) if found else "Figures"


def setup(app: Sphinx) -> dict:
    """Register the step, before the book's other ones look at the page."""
    app.connect("html-page-context", lay, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
