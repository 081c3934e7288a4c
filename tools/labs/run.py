"""Mark one notebook with otter, and print the result as one line of JSON.

Run as ``python -m tools.labs.run autograder.zip notebook.ipynb``, in a process of its
own: what the notebook does to its process ends with it.
"""

from __future__ import annotations

import json
import sys

# Before the result, so that what a notebook prints is not taken for it.
MARKER = "marked-by-otter:"


def main(autograder: str, notebook: str) -> None:
    """Mark it and print points and failed tests by question."""
    from otter.api import grade_submission

    results = grade_submission(notebook, autograder, quiet=True)
    error = results.catastrophic_error
    found: dict = {"error": None if error is None else str(error), "questions": {}}
    for name, test in results.results.items() if error is None else ():
        found["questions"][name] = {
            "points": test.score,
            "out_of": test.possible,
            "passed": [bool(case.passed) for case in test.test_case_results],
            "says": [
                case.message.rpartition("AssertionError: ")[2].strip()
                for case in test.test_case_results
                if not case.passed
            ],
        }
    print(MARKER + json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
