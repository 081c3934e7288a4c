"""Keep the table of what chapters take in a browser, and show it in the README.

Run as ``python -m tools.live.measured`` after ``make test-live``, for all chapters or
for some: those that were not run keep their rows.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.book.chapters import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "live.csv"
MARKS = ("<!-- took -->", "<!-- end of took -->")
HEAD = (
    "chapter", "cells", "numbers", "not here", "largest difference",
    "cold: ready", "all run", "MB", "warm: ready", "MB", "load",
)  # fmt: skip


def keep(took: Path, results: Path) -> pd.DataFrame:
    """Put fresh rows into the table that is kept, and return it.

    Parameters
    ----------
    took : Path
        What the tests wrote: a list of rows in JSON.
    results : Path
        The table, which need not exist.
    """
    table = pd.read_json(took).set_index("chapter")
    if results.is_file():
        known = pd.read_csv(results, index_col="chapter")
        table = pd.concat([known.drop(table.index, errors="ignore"), table])
    table = table.sort_index()
    table.to_csv(results, float_format="%.6g")
    return table


def as_markdown(table: pd.DataFrame) -> str:
    """Write the table for a page: seconds of the processors, and on the clock."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---" + "|--:" * (len(HEAD) - 1) + "|"]
    for name, row in table.iterrows():
        cells = (
            f"{row.cells:.0f}",
            f"{row.numbers:.0f}",
            f"{row.not_here:.0f}",
            f"{row.difference:.2g}",
            f"{row.cold_ready_cpu:.1f} ({row.cold_ready:.0f})",
            f"{row.cold_done_cpu:.1f} ({row.cold_done:.0f})",
            f"{row.cold_mb:.1f}",
            f"{row.warm_ready_cpu:.1f} ({row.warm_ready:.0f})",
            f"{row.warm_mb:.2f}",
            f"{row.load:.0f}",
        )
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def show(table: pd.DataFrame, page: Path) -> None:
    """Put the table between its marks in a page."""
    head, rest = page.read_text("utf8").split(MARKS[0])
    tail = rest.split(MARKS[1])[1]
    written = f"{head}{MARKS[0]}\n{as_markdown(table)}\n{MARKS[1]}{tail}"
    page.write_text(written, "utf8")


def main() -> None:
    """Keep and show what the last tests took."""
    took = ROOT / "_build" / "html" / "live" / "took.json"
    if not took.is_file():
        raise SystemExit("Nothing was measured: run make test-live first.")
    show(keep(took, RESULTS), Path(__file__).with_name("README.md"))
    print(f"Wrote {RESULTS.name} and the table in tools/live/README.md.")


if __name__ == "__main__":
    main()
