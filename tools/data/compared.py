"""Write down every number that the tests set beside somebody else's.

Usage: python -m tools.data.compared printed|peers [TEST ...]

``printed`` runs tests/published and writes data/validation/printed.csv, one row for
each printed number; ``peers`` runs tests/oracles, which needs requirements-peers.txt,
and writes data/validation/peers.csv, one row for each test. The numbers come out of the
assertions themselves: while the tests run, `pytest.approx` and the comparisons of NumPy
note what they compare. A test that fails stops it, and nothing is written. Where tests
are named, by file or by file::name, their rows take the place of what the table had of
them, and all other rows stay.
"""

from __future__ import annotations

import contextlib
import csv
import importlib.metadata
import inspect
import math
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from hubanalysis.datasets.rehash import rehash

ROOT = Path(__file__).parents[2]
FOLDERS = {"printed": "tests/published", "peers": "tests/oracles"}
# A peer's package, by the name under which it is imported.
PEERS = {
    "diff_diff": "diff-diff",
    "moderndid": "moderndid",
    "pysyncon": "pysyncon",
    "wildboottest": "wildboottest",
}


class Pair(NamedTuple):
    """Two numbers that a test compared, and by how much they may differ."""

    where: str
    theirs: float
    ours: float
    allowed: float


def pairs(ours, theirs, where: str = "") -> Iterator[tuple[str, float, float]]:
    """Yield the numbers of two values of one shape, each with its place.

    Examples
    --------
    >>> list(pairs({"a": 1.0}, {"a": 1.5}))
    [('a', 1.0, 1.5)]
    >>> list(pairs([1, 2], [1, 3]))
    [('1', 1.0, 1.0), ('2', 2.0, 3.0)]
    """
    if isinstance(theirs, Mapping):
        items = [(key, ours[key], theirs[key]) for key in theirs]
    elif np.ndim(theirs):
        one, other = np.ravel(ours), np.ravel(theirs)
        if len(one) != len(other):
            return
        names = ours.index if isinstance(ours, pd.Series) else range(1, len(other) + 1)
        items = list(zip(names, one, other))
    else:
        with contextlib.suppress(TypeError, ValueError):  # no numbers
            yield where, float(ours), float(theirs)
        return
    for key, left, right in items:
        yield from pairs(left, right, f"{where} {key}".strip())


class Noted:
    """What `pytest.approx` gives, which also notes what it is compared with."""

    __array_ufunc__ = None
    __array_priority__ = 1000

    def __init__(self, real, note, expected, **tolerance) -> None:
        self.inner = real(expected, **tolerance)
        self.expected, self.note, self.tolerance = expected, note, tolerance

    def __eq__(self, actual) -> bool:
        """Note what is compared, and compare it."""
        self.note(actual, self.expected, self.tolerance)
        return self.inner == actual

    def __repr__(self) -> str:
        """Say what was expected, in the words of pytest."""
        return repr(self.inner)

    __hash__ = None


class Notes:
    """A plugin of pytest that gathers the pairs by test."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, str], list[Pair]] = {}
        self.here: tuple[str, str, str] | None = None
        self.docs: dict[tuple[str, str], str] = {}
        self.sources: dict[tuple[str, str], str] = {}

    def note(self, ours, theirs, tolerance: dict) -> None:
        """Keep two compared values with the difference that is allowed."""
        relative = tolerance.get("rel")
        absolute = tolerance.get("abs")
        if relative is None and absolute is None:
            relative, absolute = 1e-6, 1e-12
        for where, left, right in pairs(ours, theirs):
            allowed = max(absolute or 0.0, (relative or 0.0) * abs(right))
            self.found[self.here].append(Pair(where, right, left, allowed))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        """While a test runs, comparisons are noted."""
        name = item.originalname
        settings = item.callspec.id if hasattr(item, "callspec") else ""
        self.here = (item.path.stem.removeprefix("test_"), name, settings)
        self.found[self.here] = []
        self.sources[self.here[:2]] = inspect.getsource(item.function)
        self.docs[self.here[:2]] = " ".join((item.function.__doc__ or "").split())
        real = pytest.approx, np.testing.assert_allclose, np.allclose

        def close(function):
            def compare(ours, theirs, rtol=None, atol=None, **more):
                usual = 1e-5 if function is real[2] else 1e-7
                least = 1e-8 if function is real[2] else 0
                rtol = usual if rtol is None else rtol
                atol = least if atol is None else atol
                # The library compares arrays of its own, which is none of our business.
                if "tests" in Path(sys._getframe(1).f_code.co_filename).parts:
                    self.note(ours, theirs, {"rel": rtol, "abs": atol})
                return function(ours, theirs, rtol=rtol, atol=atol, **more)

            return compare

        pytest.approx = lambda expected, rel=None, abs=None, **more: Noted(
            real[0], self.note, expected, rel=rel, abs=abs, **more
        )
        np.testing.assert_allclose, np.allclose = close(real[1]), close(real[2])
        yield
        pytest.approx, np.testing.assert_allclose, np.allclose = real


def sentence(name: str) -> str:
    """The name of a test as the sentence that it is.

    Examples
    --------
    >>> sentence("test_time_weights")
    'time weights'
    """
    return name.removeprefix("test_").replace("_", " ")


def digits(number: float) -> str:
    """A number as a table keeps it."""
    return f"{number:.10g}"


def printed_rows(notes: Notes) -> Iterator[dict[str, str]]:
    """Yield one row for each printed number."""
    for (file, test, settings), found in notes.found.items():
        for number, pair in enumerate(found, 1):
            yield {
                "paper": file,
                "test": sentence(test),
                "settings": settings or "once",
                "number": str(number),
                "place": pair.where,
                "printed": digits(pair.theirs),
                "ours": digits(pair.ours),
                "difference": digits(pair.ours - pair.theirs),
                "allowed": digits(pair.allowed),
            }


def peer_rows(notes: Notes) -> Iterator[dict[str, str]]:
    """Yield one row for each test, with the largest difference over its settings."""
    tests = dict.fromkeys((file, test) for file, test, _ in notes.found)
    for file, test in tests:
        runs = [v for k, v in notes.found.items() if k[:2] == (file, test)]
        both = [p for run in runs for p in run if math.isfinite(p.ours - p.theirs)]
        worst = max(both, key=lambda p: abs(p.ours - p.theirs), default=None)
        text = (ROOT / FOLDERS["peers"] / f"test_{file}.py").read_text("utf-8")
        # Those that the test itself names, or else all that its file imports.
        own = f"{test} {notes.sources[file, test]}"
        named = [n for n in PEERS if n in own.replace("-", "_")]
        named = named or [n for n in PEERS if re.search(rf"\b{n}\b", text)]
        yield {
            "file": file,
            "test": sentence(test),
            "peers": "; ".join(
                f"{PEERS[n]} {importlib.metadata.version(PEERS[n])}" for n in named
            )
            or "none",
            "settings": str(len(runs)),
            "numbers": str(len(both)),
            "difference": digits(abs(worst.ours - worst.theirs)) if worst else "",
            "allowed": digits(worst.allowed) if worst else "",
            "value": digits(worst.theirs) if worst else "",
            "why": notes.docs[file, test],
        }


ROWS = {"printed": printed_rows, "peers": peer_rows}


def gather(kind: str, tests: list[str] | None = None) -> list[dict[str, str]]:
    """Run the tests and return the rows.

    Raises
    ------
    RuntimeError
        If a test fails or is skipped: a table with holes would look like one without.
    """
    notes = Notes()
    # No doctests, no cache: nothing but the tests that are named.
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:doctest",
        "--import-mode=importlib",
    ]
    paths = tests or [str(ROOT / FOLDERS[kind])]
    code = pytest.main([*options, "-o", "addopts=", *paths], plugins=[notes])
    if code != 0:
        raise RuntimeError(
            f"the tests of {FOLDERS[kind]} did not all pass; nothing is written"
        )
    return list(ROWS[kind](notes))


def together(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Put rows of tests that ran again among those of tests that did not.

    Examples
    --------
    >>> old = [{"file": "a", "test": "x", "numbers": "1"},
    ...        {"file": "b", "test": "y", "numbers": "2"}]
    >>> new = [{"file": "a", "test": "x", "numbers": "3"}]
    >>> [row["numbers"] for row in together(old, new)]
    ['3', '2']
    """
    file = next(iter(new[0]))
    again = {(row[file], row["test"]) for row in new}
    kept = [row for row in old if (row[file], row["test"]) not in again]
    # Files in the order of their names, as a whole run has them; a test that is new
    # comes behind the others of its file.
    order = list(dict.fromkeys((row[file], row["test"]) for row in [*old, *new]))
    place = {test: number for number, test in enumerate(order)}
    return sorted(
        [*kept, *new], key=lambda row: (row[file], place[row[file], row["test"]])
    )


def main(arguments: list[str]) -> int:
    """Run one kind of tests and write its table."""
    if not arguments or arguments[0] not in FOLDERS:
        print(__doc__)
        return 2
    kind, *tests = arguments
    folder = ROOT / "data" / "validation"
    path = folder / f"{kind}.csv"
    rows = gather(kind, tests)
    if tests:
        with path.open(encoding="utf-8", newline="") as source:
            rows = together(list(csv.DictReader(source)), rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    changed = ", ".join(rehash(folder)) or "nothing"
    print(
        f"{path.name}: {len(rows)} rows; rehashed {changed}. Run python -m "
        "tools.data.metadata now, and name a new paper in PAPERS of "
        "chapters/validation-board.md."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
