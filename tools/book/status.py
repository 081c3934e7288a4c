"""What the weekly runs found: one with the locked versions, one with the newest.

``python -m tools.book.status note NAME STEP=RESULT ...`` writes down a run as JSON, on
the machine that made it; ``python -m tools.book.status page RUN.json ...`` makes one
page of several. The workflow runs both and puts the page on a branch of its own: a
page of the book may not hang on the day on which it is built.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PASSED = "success"


def note(name: str, steps: dict[str, str], today: datetime.date) -> dict[str, Any]:
    """Put down a run: what passed, on which day, of which commit, with what.

    Parameters
    ----------
    name : str
        What was run, such as "locked".
    steps : dict
        From a step to its result, as the workflow calls it: success, failure, skipped.
    today : datetime.date
    """
    installed = importlib.metadata.distributions()
    versions = {d.name.lower().replace("_", "-"): d.version for d in installed}
    return {
        "name": name,
        "day": today.isoformat(),
        "commit": os.environ.get("GITHUB_SHA", "")[:7],
        "python": platform.python_version(),
        "steps": steps,
        "versions": dict(sorted(versions.items())),
    }


def page(runs: Sequence[dict[str, Any]]) -> str:
    """One page in Markdown: a row for each run, then the versions that differ.

    Examples
    --------
    >>> run = {"name": "locked", "day": "2026-11-30", "commit": "84445b7",
    ...        "python": "3.11.9", "steps": {"tests": "success", "book": "failure"},
    ...        "versions": {"numpy": "2.3.1"}}
    >>> print(page([run]).splitlines()[2])
    **locked: book failed.**
    """
    lines = ["# What the weekly runs found", ""]
    for run in runs:
        failed = [step for step, result in run["steps"].items() if result != PASSED]
        told = f"{', '.join(failed)} failed" if failed else "all is well"
        lines += [f"**{run['name']}: {told}.**", ""]
    steps = list(dict.fromkeys(step for run in runs for step in run["steps"]))
    head = ["run", "day", "commit", "Python", *steps]
    lines += [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for run in runs:
        cells = [run["name"], run["day"], run["commit"] or "–", run["python"]]
        cells += [run["steps"].get(step, "not run") for step in steps]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *_versions(runs)]
    return "\n".join(lines) + "\n"


def _versions(runs: Sequence[dict[str, Any]]) -> list[str]:
    """Packages of which the runs had different versions."""
    names = sorted({name for run in runs for name in run["versions"]})
    rows = []
    for name in names:
        had = [run["versions"].get(name, "–") for run in runs]
        if len(set(had)) > 1:
            rows.append(f"| {' | '.join([name, *had])} |")
    if not rows:
        return ["All runs had the same versions of all packages."]
    head = ["package", *(run["name"] for run in runs)]
    return [
        f"{len(rows)} of {len(names)} packages differ between the runs:",
        "",
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
        *rows,
    ]


def main(arguments: Sequence[str]) -> int:
    """Note a run, or make the page; print it."""
    if len(arguments) < 2 or arguments[0] not in ("note", "page"):
        print(__doc__)
        return 2
    command, first, *rest = arguments
    if command == "note":
        steps = dict(pair.split("=", 1) for pair in rest)
        print(json.dumps(note(first, steps, datetime.date.today())))
    else:
        runs = [json.loads(Path(name).read_text("utf-8")) for name in (first, *rest)]
        print(page(runs), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
