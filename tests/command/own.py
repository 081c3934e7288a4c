"""A small table of somebody's own, and the command to try it with."""

import csv
import io

from click.testing import CliRunner

from hubanalysis.command.main import main

HEAD = ["place", "year", "first", "jobs"]
YEARS = range(2012, 2020)
# Two of eight begin in 2017, and gain.
PLACES = ["Ålesund", "Bergen", "Drammen", "Førde", "Hamar", "Molde", "Oslo", "Tromsø"]
START = 2017


def rows():
    """The table as lists of texts, its names first."""
    made = [HEAD]
    for i, place in enumerate(PLACES):
        for year in YEARS:
            first = str(START) if i < 2 else ""
            jobs = 1200 + 97 * i + 13 * ((7 * i + 5 * year) % 11) + 3.5 * (year - 2012)
            jobs += 90.0 * (i < 2 and year >= START)
            made.append([place, str(year), first, f"{jobs:.1f}"])
    return made


def text(table=None, sign=",", end="\n"):
    """Write rows as a file would hold them."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=sign, lineterminator=end)
    writer.writerows(rows() if table is None else table)
    return target.getvalue()


def changed(function, table=None):
    """Change every row below the names."""
    head, *body = rows() if table is None else table
    return [head, *(function(list(row)) for row in body)]


def one(line, column, cell, table=None):
    """Change the cell of one line of the file."""
    made = [list(row) for row in (rows() if table is None else table)]
    made[line - 1][made[0].index(column)] = cell
    return made


def written(folder, content, name="jobs.csv"):
    """Write a file of text, or of bytes."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def say(*words, code=None):
    """Run the command; nothing but a sentence or a result may come out."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert result.exit_code in (0, 1, 2), result.output
    if code is not None:
        assert result.exit_code == code, result.output
    return result.output
