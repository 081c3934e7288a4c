"""Tables of the built pages: a caption, headers that say what they head, a box.

A table that the library wrote has all that but its number and its box. A plain pandas
table gets them here, with its heading as caption, or the exercise's title, until the
chapter says more; where several have the same, each says which of them it is.
"""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

from hubanalysis.words.markup import cell_text, is_number

WORDY = 110  # letters in a row from which columns on a phone would be too narrow
SHORT = 50  # the same, where four columns or more are of words
MANY = 9  # columns that hang out into the margin of a wide page
LONG = 20  # rows of words from which a phone shows their beginnings
NAME = 40  # letters from which a name wants more than a first column's width
# What a row of a long table answers, which a phone shows before the row is opened.
ANSWERS = {
    "found",
    "sign",
    "size",
    "our panels",
    "verdict",
    "same",
    "keeps its promise",
}
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HEADING = re.compile(
    r"<h[1-6][^>]*>(.*?)</h[1-6]>"
    r'|<span class="caption-number">Exercise[^<]*</span>\s*\((.*?)\)</p>',
    re.DOTALL,
)
# An interval, as "−19% to +13%": it breaks before its end, if anywhere, and in brackets
# before these.
_RANGE = re.compile(r"([+−]?[\d.,]+%?) to (?=[+−]?[\d.,]+%?$)")
_HYPHEN, _NOTHING = re.compile(r"(?<![\w-])-(?=\d)"), re.compile(r"−0(\.0*)?%?")
_BRACKETS = re.compile(r"\(([^() ]+) to ([^() ]+)\)$")
# A day, or a count out of another: short enough to stay on its line.
_HELD = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|\d[\d,]* of \d[\d,]*")
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
    tables = list(_TABLE.finditer(body))
    names = [
        "" if "<caption" in found[0] else _heading(body[: found.start()])
        for found in tables
    ]
    several, said = Counter(names), Counter[str]()
    parts, end = [], 0
    for number, (found, name) in enumerate(zip(tables, names), 1):
        said[name] += 1
        if several[name] > 1:
            name = f"{name}, {said[name]} of {several[name]}"
        parts += [body[end : found.start()], mend_table(found[0], number, name)]
        end = found.end()
    return "".join([*parts, body[end:]])


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
    _size(table)
    _stack(soup, table)
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
        elif cell.string is not None and _HELD.fullmatch(cell.string):
            cell.string = cell.string.replace(" ", "\u00a0")


def _size(table: Tag) -> None:
    """Say of a table of few columns that there is room."""
    rows = _rows(table)
    columns = max((len(_cells(row)) for row in rows), default=0)
    if 0 < columns < 5:
        _call(table, "few")
    names = [_cells(row)[0].get_text(strip=True) for row in rows if _cells(row)]
    if columns == 2 and max(map(len, names)) > NAME:
        _call(table, "pair")


def _rows(table: Tag) -> list[Tag]:
    return table.tbody.find_all("tr") if table.tbody else []


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["th", "td"], recursive=False)


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


def _stack(soup: BeautifulSoup, table: Tag) -> None:
    """Let rows of many words become blocks on a phone, each cell under its header."""
    rows = _rows(table)
    heads = [h.get_text(strip=True) for h in table.select("thead tr:last-child > *")]
    words = sum(len(row.get_text(strip=True)) for row in rows)
    if len(heads) < 3 or not _is_wordy(rows, len(heads), words):
        return
    _call(table, "wordy")
    if len(heads) >= MANY:
        _call(table, "many")
    _repeat(soup, rows)
    names = [_cells(row)[0].get_text(strip=True) for row in rows]
    # Where first cells repeat themselves, it is the second that names a row.
    grouped = len(set(names)) < 0.7 * len(names)
    if grouped:
        _call(table, "grouped")
    for row in rows:
        cells = _cells(row)
        cells[0].name = "th"
        for cell, head in zip(cells, heads):
            if cell.get_text(strip=True) in ("", "–"):
                _call(cell, "nothing")
            elif cell.name == "td" and head:
                cell["data-head"] = head
            if head in ANSWERS:
                _call(cell, "told")
        if grouped:
            _call(cells[1], "name")
        if len(rows) >= LONG and len(heads) >= 5:
            what = ": ".join(cell.get_text(" ", strip=True) for cell in cells[:2])
            cells[1 if grouped else 0].append(_more(soup, what))


def _is_wordy(rows: list[Tag], columns: int, words: int) -> bool:
    """Tell whether a table is one of words more than of numbers."""
    if words >= WORDY * len(rows):
        return True
    texts = [[c.get_text(strip=True) for c in _cells(row)] for row in rows]
    joined = map("".join, zip(*(row for row in texts if len(row) == columns)))
    worded = [sum(map(str.isalpha, c)) > 0.6 * len(c) > 0 for c in joined]
    return sum(worded) >= 4 and words >= SHORT * len(rows)


def _repeat(soup: BeautifulSoup, rows: list[Tag]) -> None:
    """Give each row of a group the group's name, which only a stacked row shows."""
    for place, row in enumerate(rows):
        head = row.find("th", rowspan=True)
        if head is None:
            continue
        for other in rows[place + 1 : place + int(head["rowspan"])]:
            again = soup.new_tag("th", attrs={"class": "again"})
            again.append(soup.new_tag("span", string=head.get_text(strip=True)))
            other.insert(0, again)
        del head["rowspan"]


def _more(soup: BeautifulSoup, what: str) -> Tag:
    """Make a fold without content: a style sheet hides cells while it is closed.

    Its word is the style sheet's, so that the text of the cell stays what it was.
    """
    fold = soup.new_tag("details", attrs={"class": "more"})
    fold.append(soup.new_tag("summary", attrs={"aria-label": f"More of {what}"}))
    return fold


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
        # The heading is seen above already.
        words = soup.new_tag("span", attrs={"class": "only-read"}, string=heading)
        caption.append(words)
        table.insert(0, caption)
    before = soup.new_tag("span", attrs={"class": "hub-number"})
    before.string = f"Table {number}. "
    table.caption.insert(0, before)


def _heading(before: str) -> str:
    """The last heading above, or the title of the exercise, as text."""
    found = _HEADING.findall(before)
    return " ".join(_TAGS.sub("", "".join(found[-1])).split()) if found else "Figures"


def setup(app: Sphinx) -> dict:
    """Register the step, before the book's other ones look at the page."""
    app.connect("html-page-context", lay, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
