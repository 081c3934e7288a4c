"""Time the library beside an earlier commit of itself: see README.md.

``python benchmarks/speed_before.py FOLDER``, where FOLDER holds the earlier one
(``git archive COMMIT | tar -x -C FOLDER``). Each task runs in a process of its own, in
turn, and is timed in seconds of processor time on one thread, so that a busy machine
slows both alike. Where the earlier one would take minutes it runs a part of the task,
and the time is scaled to the whole; the table says which part. Writes
results/speed_before.csv and the table in README.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from readme import fill

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_before.csv"
# Task: what it is, its size, the part that the earlier one runs, the goal.
TASKS = {
    "solve": ("one solve of synthetic control, 3,000 donors x 20", 20, 2, None),
    "solve_ridge": ("one solve of synthetic DiD's units, 3,000 x 20", 20, 2, None),
    "did": ("did, 3,000 x 20", 30, 10, 100),
    "did_small": ("did, 40 x 20", 200, 20, 100),
    "curve": ("100 specifications of did, 40 x 20", 100, 10, 30),
    "sc_places": ("synthetic control, placebos of 3,000 counties x 20", 60, 3, 50),
    "sdid_places": ("synthetic DiD, placebos of 3,000 counties x 20", 40, 2, 50),
    "sc_lots": ("synthetic control, 9,999 lots, 300 units, 30 treated", 2400, 40, 30),
    "sdid_lots": ("synthetic DiD, 9,999 lots, 300 units, 30 treated", 200, 40, None),
}
WHOLE = {"sc_places": 3000, "sdid_places": 3000, "sc_lots": 9999, "sdid_lots": 9999}
# Units, periods, draws: one grows, the others stay.
GROWTH = [
    *((units, 20, 200) for units in (100, 300, 1000)),
    *((300, periods, 200) for periods in (12, 40)),
    *((300, 20, draws) for draws in (50, 800)),
]


def run(task: str, size: int) -> float:
    """Seconds of processor time that `size` pieces of the task take."""
    import numpy as np

    import hubanalysis as hub
    from hubanalysis.estimators.estimator import estimator
    from hubanalysis.estimators.weights import simplex_weights

    def panel(units, treated=1, periods=20):
        return hub.simulate_panel(
            units=units, periods=periods, treated=treated, start=periods * 3 // 4
        )

    def timed(function) -> float:
        begin = time.process_time()
        function()
        return time.process_time() - begin

    if task.startswith("solve"):
        rng = np.random.default_rng(0)
        donors = rng.normal(size=(20, 3000)).cumsum(0) + rng.normal(size=3000)
        ridge = 3.0 if task == "solve_ridge" else 0.0
        targets = rng.normal(size=(size, 20)).cumsum(1)
        return timed(lambda: [simplex_weights(donors, b, ridge) for b in targets])
    if task.startswith(("did", "curve")):
        part = panel(3000, 300) if task == "did" else panel(40, 8)
        return timed(lambda: [hub.did(part) for _ in range(size)])
    name, kind = task.split("_", 1)
    method = hub.synthetic_control if name == "sc" else hub.synthetic_did
    many = estimator(method).many
    if kind == "places":
        whole = panel(3000)
        return timed(lambda: many(whole, np.arange(size)[:, None], whole.start))
    if kind == "lots":
        whole = panel(300, 30)
        draw = np.random.default_rng(0).random((size, 300)).argsort(axis=1)
        return timed(lambda: many(whole, draw[:, :30], whole.start))
    units, periods = (int(k) for k in kind.split("x"))
    whole = panel(units, max(1, units // 10), periods)
    draw = np.random.default_rng(0).random((size, units)).argsort(axis=1)
    sets = draw[:, : max(1, units // 10)]
    return timed(lambda: many(whole, sets, whole.start))


def elsewhere(root: Path, task: str, size: int) -> float:
    """`run` in a process that imports the library of this folder."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    out = subprocess.run(
        [sys.executable, __file__, "--run", task, str(size)],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env=os.environ | one | {"PYTHONPATH": str(root / "src")},
    )
    return float(out.stdout)


def as_markdown(rows: list[dict]) -> str:
    lines = [
        "| what | now | before | part run before | times faster | asked |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        lines.append(
            f"| {row['what']} | {said(row['now'])} | {said(row['before'])} "
            f"| {row['part']} | {row['before'] / row['now']:,.0f} | {row['asked']} |"
        )
    return "\n".join(lines)


def said(seconds: float) -> str:
    if seconds < 1:
        return f"{1e3 * seconds:,.{0 if seconds > 0.01 else 1}f} ms"
    return f"{seconds:,.1f} s" if seconds < 300 else f"{seconds / 60:,.0f} min"


def main(earlier: Path) -> None:
    """Measure, then write the results and the tables."""
    import pandas as pd

    here = HERE.parent
    rows = []
    for task, (what, size, part, asked) in TASKS.items():
        whole = WHOLE.get(task, 100 if task == "curve" else 1)
        now = elsewhere(here, task, size) / size * whole
        before = elsewhere(earlier, task, part) / part * whole
        share = f"{part} of {whole:,}" if whole > 1 else f"mean of {part}"
        rows.append(
            {
                "task": task,
                "what": what,
                "now": now,
                "before": before,
                "part": share,
                "asked": asked or "",
            }
        )
        print(what, now, before, before / now, flush=True)
    growth = []
    for units, periods, draws in GROWTH:
        kind = f"{units}x{periods}"
        growth.append(
            {
                "units": units,
                "periods": periods,
                "assignments": draws,
                "sc": elsewhere(here, f"sc_{kind}", draws),
                "sdid": elsewhere(here, f"sdid_{kind}", min(draws, 200))
                * (draws / min(draws, 200)),
            }
        )
        print(growth[-1], flush=True)
    pd.DataFrame(rows).to_csv(RESULTS, index=False, float_format="%.4g")
    grown = pd.DataFrame(growth)
    grown.to_csv(HERE / "results" / "growth.csv", index=False, float_format="%.4g")
    table = [
        "| units | periods | assignments | synthetic control | synthetic DiD |",
        "|--:|--:|--:|--:|--:|",
        *(
            f"| {g.units:,} | {g.periods} | {g.assignments:,} "
            f"| {said(g.sc)} | {said(g.sdid)} |"
            for g in grown.itertuples()
        ),
    ]
    fill("before", as_markdown(rows) + "\n\n" + "\n".join(table))


if __name__ == "__main__":
    if sys.argv[1] == "--run":
        print(run(sys.argv[2], int(sys.argv[3])))
    else:
        main(Path(sys.argv[1]).resolve())
