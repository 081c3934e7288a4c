"""A file of somebody's own as cells of text, whatever wrote it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import HubError, listed

SAVE_AS = "save it as UTF-8 (in a spreadsheet, as 'CSV UTF-8')"
# What each kind of file is read by; a name where that has to be installed.
TEXT = (".csv", ".tsv", ".txt")
READERS = {
    ".xlsx": "openpyxl",
    ".xls": "xlrd",
    ".ods": "odfpy",
    ".parquet": "pyarrow",
    ".dta": "",
}
KINDS = (*TEXT, *READERS)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
# A figure in a cell, alone or between separators that a quotation mark swallowed.
FIGURE = r"(?:^|[,;\t|])[^\w,;|]*\d[\W\d_]*(?:[,;\t|]|$)"
# A figure whose point may stand between thousands.
THREE = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
# Rows that are looked at to find out what separates the columns.
LOOKED_AT = 200
# What a file begins with that is no table of text.
OTHERWISE = {"<": "a web page", "{": "JSON", "[": "JSON"}


@dataclass(frozen=True)
class Fault:
    """Something in a table that cannot be used, or that somebody should look at.

    Attributes
    ----------
    what : str
        What is wrong, and the way out.
    column : str
        In which column; empty where it is about the whole.
    lines : tuple of int
        In which lines of the file.
    found : tuple of str
        What stands there.
    whole : bool
        Whether these lines are of several places together, and of none.
    """

    what: str
    column: str = ""
    lines: tuple[int, ...] = ()
    found: tuple[str, ...] = ()
    whole: bool = False

    def moved(self, lines: np.ndarray) -> Fault:
        """Name lines of the file in place of positions."""
        named = dict.fromkeys(int(lines[at]) for at in self.lines)
        return replace(self, lines=tuple(named))

    def __str__(self) -> str:
        """Name line and column, what stands there, and the way out."""
        where = []
        if self.lines:
            lines = listed(_ranges(self.lines), 8)
            where.append(f"line{'s' * (len(self.lines) > 1)} {lines}")
        told = ", ".join(where)
        if self.found:
            cells = listed(dict.fromkeys(map(repr, self.found)), 3)
            told += f": {self.column!r} is {cells}. "
        elif self.column:
            told += f"{', ' * bool(told)}column {self.column!r}: "
        elif told:
            told += ": "
        return told + self.what


def _ranges(lines: tuple[int, ...]) -> list[str]:
    """Lines, those that follow each other together: 3, 7 to 12."""
    runs: list[list[int]] = []
    for line in sorted(lines):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run))
        for run in runs
    ]


@dataclass(frozen=True)
class Sheet:
    """Cells of a file.

    Attributes
    ----------
    name : str
        Of the file, for sentences.
    cells : pandas.DataFrame
        Texts without spaces around them, empty where nothing stood. The index is the
        line of the file.
    separator : str
        What separates its columns; empty for a file that is no text.
    assumed : list of str
        What was taken for granted in reading it.
    faults : list of Fault
    typed : bool
        Whether figures were numbers before they were text, as in a spreadsheet.
    """

    name: str
    cells: pd.DataFrame
    separator: str = ""
    assumed: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    typed: bool = False


def read_file(path: Path) -> Sheet:
    r"""Read a file as text, cell by cell.

    Parameters
    ----------
    path : pathlib.Path
        CSV, tabs or another text table; Excel, OpenDocument, Parquet, Stata.

    Raises
    ------
    HubError
        If it is missing, empty, of another kind, or its reader is not installed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "figures.csv"
    >>> _ = path.write_text("place;jobs\nA;1,5\n")
    >>> read_file(path).assumed
    ['figures.csv: columns are separated by semicolons']
    """
    kind = path.suffix.lower()
    if not path.is_file():
        there = listed(sorted(f.name for f in path.parent.glob("*.*"))) or "nothing"
        raise HubError(f"there is no file {path}; beside it there is {there}.")
    if kind not in KINDS:
        raise HubError(
            f"{path.name} is of a kind that cannot be read here ({kind or 'no ending'})"
            f". There can be: {', '.join(KINDS)}."
        )
    if kind in TEXT:
        return _read_text(path)
    assumed: list[str] = []
    return _as_sheet(_read_typed(path, kind, assumed), path.name, assumed=assumed)


def of_frame(frame: pd.DataFrame) -> Sheet:
    """Turn a table in memory into cells of text; its rows count from one."""
    return _as_sheet(frame, "the table", first=1)


# -- text -----------------------------------------------------------------------


def _read_text(path: Path) -> Sheet:
    raw, assumed = path.read_bytes(), []
    if raw[:4] == b"PK\x03\x04":
        raise HubError(
            f"{path.name} is a workbook or an archive in spite of its name. Give it "
            "the ending that it had, such as .xlsx."
        )
    text, coding = _decoded(raw, path.name)
    if coding:
        assumed.append(f"{path.name}: its letters are coded as {coding}")
    begins = text.lstrip()[:1]
    if begins and begins in OTHERWISE:
        raise HubError(
            f"{path.name} holds {OTHERWISE[begins]} in spite of its name. Save the "
            "table as CSV UTF-8."
        )
    told = re.match(r"sep=([,;\t|])\r?\n", text)
    if told:
        # A line for spreadsheets, which stays one of the file.
        text = text[told.end() - 1 :]
    separator = told[1] if told else _separator(text, path.suffix.lower())
    if separator != ",":
        assumed.append(f"{path.name}: columns are separated by {SEPARATORS[separator]}")
    rows, lines = _rows(text, separator, path.name)
    if not rows:
        raise HubError(f"{path.name} is empty. It needs a line of names, then rows.")
    names, body = [name.strip() for name in rows[0]], rows[1:]
    usual, alike = Counter(map(_filled, body)).most_common(1)[0] if body else (0, 0)
    if len(names) < usual and alike > len(body) / 2:
        raise HubError(
            f"{path.name}, line {lines[0]}: {len(names)} name(s), where most rows hold "
            f"{usual} cells. The first line must name every column; take titles above "
            "it out, and notes below the table too."
        )
    faults = _ragged(body, lines[1:], len(names))
    width = len(names)
    body = [(row + [""] * width)[:width] for row in body]
    frame = pd.DataFrame(body, columns=names, index=lines[1:], dtype=object)
    sheet = _named(_without_notes(frame, path.name, assumed), path.name, assumed)
    # A note need not have as many cells as the table above it.
    rest = (
        replace(f, lines=tuple(n for n in f.lines if n in sheet.index)) for f in faults
    )
    return Sheet(path.name, sheet, separator, assumed, [f for f in rest if f.lines])


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    """Text of a file, and the name of its coding where that had to be guessed."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as error:
            raise HubError(f"{name} cannot be read as text: {SAVE_AS}.") from error
    if b"\x00" in raw:
        raise HubError(f"{name} is no text table, whatever its name says: {SAVE_AS}.")
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), "Windows-1252 (Latin-1)"
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "Latin-1"


def _separator(text: str, kind: str) -> str:
    """Find what separates columns: what cuts most rows alike."""
    sample = "\n".join(text.splitlines()[:LOOKED_AT])
    scores = {}
    for sign in SEPARATORS:
        try:
            rows = [r for r in csv.reader(io.StringIO(sample), delimiter=sign) if r]
        except csv.Error:
            continue
        # Titles above the names may have other lengths.
        width, alike = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        if width > 1:
            scores[sign] = (round(alike / len(rows), 1), width)
    usual = "\t" if kind == ".tsv" else ","
    return max(scores, key=lambda sign: scores[sign], default=usual)


def _rows(text: str, separator: str, name: str) -> tuple[list[list[str]], list[int]]:
    """Rows that hold anything, and the line that each begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, lines, last = [], [], 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                lines.append(last + 1)
            last = reader.line_num
    except csv.Error as error:
        raise HubError(
            f"{name}, line {reader.line_num}: this cannot be read ({error}). Is a "
            "quotation mark left open?"
        ) from error
    return rows, lines


def _filled(row: list[str]) -> int:
    """How many cells there are up to the last that holds anything."""
    return max((j for j, cell in enumerate(row, start=1) if cell), default=0)


def _ragged(rows: list[list[str]], lines: list[int], width: int) -> list[Fault]:
    """Rows that hold more or fewer cells than there are columns."""
    odd: dict[int, list[int]] = {}
    for row, line in zip(rows, lines):
        # Empty cells at the end are often left out, or left over.
        full = max(_filled(row), min(len(row), width))
        if full != width:
            odd.setdefault(full, []).append(line)
    return [
        Fault(
            f"there are {cells} cells where the first line names {width} columns. Put "
            "text that holds the separator between quotation marks.",
            lines=tuple(where),
        )
        for cells, where in odd.items()
    ]


# -- other kinds ----------------------------------------------------------------


def _read_typed(path: Path, kind: str, assumed: list[str]) -> pd.DataFrame:
    needed = READERS[kind]
    try:
        if kind == ".parquet":
            frame = pd.read_parquet(path)
            # An index with names holds columns, as of units and periods.
            named = any(name is not None for name in frame.index.names)
            return frame.reset_index(drop=not named)
        if kind == ".dta":
            return pd.read_stata(path, preserve_dtypes=True)
        sheets = pd.read_excel(
            path, sheet_name=None, dtype=object, keep_default_na=False
        )
    except ImportError as error:
        raise HubError(
            f"{path.name} is read by {needed}, which is not installed here. Install it "
            f"(pip install {needed}), or save the table as CSV UTF-8."
        ) from error
    except Exception as error:  # each reader has its own kinds of error
        raise HubError(
            f"{path.name} cannot be read as {kind[1:]} ({_short(error)}). Save it "
            "again, or as CSV UTF-8."
        ) from error
    chosen = max(sheets, key=lambda name: sheets[name].size)
    others = [repr(name) for name in sheets if len(sheets[name]) and name != chosen]
    if others:
        assumed.append(
            f"{path.name}: the sheet {chosen!r} is read, the largest, and not "
            f"{listed(others)}"
        )
    return sheets[chosen]


def _as_sheet(
    frame: pd.DataFrame, name: str, first: int = 2, assumed: list[str] | None = None
) -> Sheet:
    """Turn typed cells into text."""
    assumed = [] if assumed is None else assumed
    cells = pd.DataFrame(
        {j: [_text(v) for v in frame.iloc[:, j]] for j in range(frame.shape[1])},
        index=range(first, first + len(frame)),
        dtype=object,
    )
    if len(frame):
        cells = cells[(cells != "").any(axis=1)]
    cells.columns = [str(c).strip() for c in frame.columns]
    cells = _without_notes(cells, name, assumed)
    typed = not frame.map(_may_be_thousands).any(axis=None)
    return Sheet(name, _named(cells, name, assumed), assumed=assumed, typed=typed)


def _may_be_thousands(value: object) -> bool:
    return isinstance(value, str) and bool(THREE.fullmatch(value.strip()))


def _without_notes(cells: pd.DataFrame, name: str, assumed: list[str]) -> pd.DataFrame:
    """Leave out notes below a table: last rows that hold words in few cells."""
    filled = (cells != "").sum(axis=1)
    figures = cells.agg(lambda column: column.str.contains(FIGURE)).any(axis=1)
    bare = ((filled <= cells.shape[1] / 2) & ~figures).to_numpy()
    whole = cells.agg(lambda row: "; ".join(filter(None, row)), axis=1)
    last = len(cells)
    while last > 1 and cells.shape[1] > 2 and bare[last - 1]:
        last -= 1
    if last == len(cells) or last < 2:
        return cells
    notes = cells.iloc[last:]
    lines = tuple(map(int, notes.index))
    told = str(Fault("", lines=lines)).removesuffix(": ")
    assumed.append(
        f"{name}, {told}: {listed(map(repr, whole.iloc[last:]), 2)} is taken "
        "for a note below the table, and left out"
    )
    return cells.iloc[:last]


def _text(value: object) -> str:
    """A cell as somebody would type it; whole numbers without a point."""
    if isinstance(value, str):
        return value.strip()
    if value is None or (np.isscalar(value) and pd.isna(value)) or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() else repr(number)
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return str(value)[:10]
    return "" if value is pd.NA else str(value).strip()


# -- names of columns -----------------------------------------------------------


def _named(cells: pd.DataFrame, name: str, assumed: list[str]) -> pd.DataFrame:
    """Refuse columns without a name of their own; leave out those without anything."""
    if not len(cells):
        raise HubError(f"{name} has a line of names and no rows below it.")
    keep = []
    for j, column in enumerate(cells.columns):
        bare = not column or column.startswith("Unnamed:")
        empty = (cells.iloc[:, j] == "").all()
        if bare and not empty and not _counts(cells.iloc[:, j]):
            raise HubError(
                f"{name}: column {j + 1} has no name. The first line must name every "
                "column; take titles above it out."
            )
        if bare and not empty:
            assumed.append(f"{name}: column {j + 1} numbers the rows, and is left out")
        if not bare:
            keep.append(j)
    cells = cells.iloc[:, keep]
    twice = [c for c, n in Counter(cells.columns).items() if n > 1]
    if twice:
        raise HubError(
            f"{name} has more than one column {listed(map(repr, twice))}. Rename or "
            "take out the others."
        )
    return cells


def _counts(column: pd.Series) -> bool:
    """Whether a column does nothing but number the rows."""
    return any(
        column.tolist() == [str(n) for n in range(first, first + len(column))]
        for first in (0, 1)
    )


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
