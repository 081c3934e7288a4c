"""Time many places one at a time, on outcomes spread over a cluster's workers.

``python benchmarks/speed_cluster.py``: `one_at_a_time` on panels of 3,000 places by 20
periods, each made by the worker that asks about it. First the processor time of one
outcome by estimator, and what that makes of 10,000 outcomes; then outcomes on one, two
and four workers: the processor time that the busiest of them spends on outcomes, which
is what the clock shows where each has a core to itself. Needs dask and distributed (the
peers extra). Writes results/speed_cluster.csv and two tables in README.md.
"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TQDM_DISABLE"] = "1"

import joblib  # noqa: E402
import pandas as pd  # noqa: E402
from readme import fill  # noqa: E402

import hubanalysis as hub  # noqa: E402

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_cluster.csv"
PLACES, PERIODS, START = 3000, 20, 15
# What is asked for, and outcomes on which a cluster is timed.
WANTED, TRIED = 10_000, 48
METHODS = {
    "DiD": hub.did,
    "event study": hub.event_study,
    "synthetic DiD": hub.synthetic_did,
}
HOURS = 3600


def made(seed: int) -> hub.Panel:
    """An outcome of all places; a cluster would read it from a file."""
    return hub.simulate_panel(
        units=PLACES, periods=PERIODS, treated=1, start=START, seed=seed
    )


def asked(outcomes: int, method: str) -> pd.DataFrame:
    """All places one at a time, on this many outcomes."""
    given = {seed: partial(made, seed) for seed in range(outcomes)}
    return hub.one_at_a_time(given, METHODS[method], START)


def one_outcome() -> list[dict]:
    """Processor time of one outcome in this process, by estimator."""
    rows = []
    asked(1, "DiD")  # what a first call costs alone
    for method in METHODS:
        begin = time.process_time()
        asked(1, method)
        took = time.process_time() - begin
        rows.append({"method": method, "workers": 0, "outcomes": 1, "cpu": took})
        print(rows[-1], flush=True)
    return rows


def _timed(seed: int, method: str) -> tuple[int, float]:
    """Ask about one outcome; who did, and the processor time of it."""
    begin = time.thread_time()
    # Here and in this thread, whose time is taken.
    with joblib.parallel_config("sequential"):
        hub.one_at_a_time({seed: made(seed)}, METHODS[method], START)
    return os.getpid(), time.thread_time() - begin


def on_workers(workers: int, method: str) -> dict:
    """Processor time on `TRIED` outcomes, of the busiest worker and of all."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster),
        joblib.parallel_config("dask"),
    ):
        task = joblib.delayed(_timed)
        # Once before, so that no import is timed.
        joblib.Parallel()(task(seed, method) for seed in range(8 * workers))
        found = joblib.Parallel()(task(seed, method) for seed in range(TRIED))
        done = pd.DataFrame(found, columns=["worker", "seconds"])
    spent = done.groupby("worker")["seconds"].sum()
    row = {"method": method, "workers": workers, "outcomes": TRIED}
    return row | {"cpu": spent.sum(), "busiest": spent.max()}


def measure() -> pd.DataFrame:
    """Time all of it; a table with a row per measurement."""
    rows = one_outcome()
    for workers in (1, 2, 4):
        rows.append(on_workers(workers, "DiD"))
        print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def as_markdown(found: pd.DataFrame) -> str:
    """Two tables of the README."""
    one = found[found["workers"] == 0].set_index("method")["cpu"]
    lines = [
        f"| estimator | one outcome, {PLACES:,} places (s) | {WANTED:,} outcomes, one "
        "core (h) | 16 cores (h) | 64 cores (h) |",
        "|---|--:|--:|--:|--:|",
    ]
    for method, seconds in one.items():
        hours = WANTED * seconds / HOURS
        cells = (f"{hours / cores:,.2f}" for cores in (1, 16, 64))
        lines.append(f"| {method} | {seconds:.2f} | {' | '.join(cells)} |")
    many = found[found["workers"] > 0]
    first = many["busiest"].iloc[0]
    lines += [
        "",
        f"| workers, {TRIED} outcomes, DiD | busiest worker (s) | faster by "
        "| all workers (s) |",
        "|--:|--:|--:|--:|",
    ]
    for row in many.itertuples():
        lines.append(
            f"| {row.workers} | {row.busiest:.2f} | {first / row.busiest:.2f} "
            f"| {row.cpu:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, then write the results and the tables."""
    found = measure()
    found.to_csv(RESULTS, index=False, float_format="%.4g")
    fill("cluster", as_markdown(pd.read_csv(RESULTS)))


if __name__ == "__main__":
    main()
