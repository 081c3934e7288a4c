"""Time a report of 300 places by 40 periods, by its parts.

``python benchmarks/speed_report.py``: seconds of processor time on one thread, of what
the verdict rests on, of the page, and of the notebook beside it, which runs in another
process at the same time. Writes results/speed_report.csv and a table in README.md.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TQDM_DISABLE"] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from readme import fill  # noqa: E402

import hubanalysis as hub  # noqa: E402
from hubanalysis.command.report import PARTS  # noqa: E402

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_report.csv"
PLACES, PERIODS, WINNERS, START = 300, 40, 30, 2010
NAMES = {
    "lots": "p and intervals",
    "powers": "detectable effects",
    "in_time": "pretended dates",
    "left_out": "without any one unit",
    "breakdown": "bounds under drift",
    "curve": "every choice",
}


def figures() -> pd.DataFrame:
    """Places that drift, of which some win and gain."""
    rng = np.random.default_rng(0)
    level = 8 + rng.normal(0, 0.5, (PLACES, 1))
    logs = level + np.cumsum(rng.normal(0.01, 0.03, (PLACES, PERIODS)), axis=1)
    years = np.arange(START - 30, START - 30 + PERIODS)
    logs[:WINNERS] += 0.08 * (years >= START)
    table = pd.DataFrame(np.exp(logs).round(1), columns=years)
    table.insert(0, "place", [f"P{i:03d}" for i in range(PLACES)])
    table.insert(1, "first", [START] * WINNERS + [""] * (PLACES - WINNERS))
    return table.melt(["place", "first"], var_name="year", value_name="jobs")


def measure() -> pd.DataFrame:
    """Processor time by part."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        columns = {"outcome": "jobs", "treated": "first"}
        plan = hub.Case.new(where / "ours", figures(), **columns).folder / "plan.toml"
        plan.write_text(plan.read_text("utf8").replace("REPLACE: ", ""), "utf8")
        case = hub.Case.from_folder(where / "ours")
        rows, begin = {}, time.process_time()
        for part in (*PARTS, "curve"):
            before = time.process_time()
            getattr(case.battery(), part)
            rows[NAMES.get(part, "all else")] = (
                rows.get(NAMES.get(part, "all else"), 0) + time.process_time() - before
            )
        before = time.process_time()
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        case.report(where / "r.html")
        rows["the page"] = time.process_time() - before
        rows["all of it"] = time.process_time() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        rows["the notebook, beside it"] = after - children
    return pd.DataFrame(rows.items(), columns=["part", "seconds"])


def as_markdown(found: pd.DataFrame) -> str:
    """The table of the README."""
    lines = ["| part | seconds |", "|---|--:|"]
    lines += [f"| {row.part} | {row.seconds:.1f} |" for row in found.itertuples()]
    return "\n".join(lines)


def main() -> None:
    """Measure, then write the results and the table."""
    found = measure()
    found.to_csv(RESULTS, index=False, float_format="%.3g")
    fill("report", as_markdown(pd.read_csv(RESULTS)))


if __name__ == "__main__":
    main()
