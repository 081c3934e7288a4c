"""Time p, interval and detectable effect of one lot.

``python benchmarks/speed_lot.py``: seconds of processor time on one thread, in three
parts: the estimates of all assignments, p and interval from them, the detectable
effect. First on the book's own panels, beside what was asked; then as units, periods
and assignments grow; last the first page's five verdicts together. Writes
results/speed_lot.csv and a table in README.md. ``python benchmarks/speed_lot.py page``
measures the last row alone and keeps the others.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import pandas as pd  # noqa: E402
from readme import fill  # noqa: E402

import hubanalysis as hub  # noqa: E402

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_lot.csv"
METHODS = {
    "DiD": hub.did,
    "synthetic control": hub.synthetic_control,
    "synthetic DiD": hub.synthetic_did,
}
# A case, assignments, and the seconds given to each estimator for all three parts.
CASES = [
    (
        "norwegian-tourism-cluster",
        "Western Norway, 18 counties x 31",
        9_999,
        {"DiD": 1, "synthetic control": 1, "synthetic DiD": 5},
    ),
    (
        "hangzhou-pilot-zone",
        "AI zones, 293 cities x 14",
        10_000,
        {"DiD": 3, "group-time average": 3},
    ),
]
# The five cases of the first page, and the seconds given to all their verdicts.
PAGE = (
    "norwegian-tourism-cluster",
    "yozma",
    "k-semiconductor-belt",
    "hangzhou-pilot-zone",
    "build-back-better",
)
ASKED_OF_PAGE = 10
# Units, periods, assignments: one grows, the others stay.
GROWTH = [
    (50, 20, 1000),
    (200, 20, 1000),
    (800, 20, 1000),
    (200, 10, 1000),
    (200, 40, 1000),
    (200, 20, 250),
    (200, 20, 4000),
]


def timed(function):
    """What a function returns, and the processor time it took."""
    begin = time.process_time()
    result = function()
    return result, time.process_time() - begin


def parts(panel: hub.Panel, name: str, draws: int) -> dict:
    """Processor seconds of the three parts, and how many assignments there were."""
    method = METHODS.get(name, hub.group_time_average)
    lot, estimates = timed(lambda: hub.randomization_test(panel, method, draws=draws))
    _, answer = timed(lambda: (lot.p_value, lot.interval()))
    _, power = timed(lambda: hub.power_of_lot(lot))
    return {
        "estimator": name,
        "assignments": len(lot.estimates),
        "estimates": estimates,
        "p_and_interval": answer,
        "detectable": power,
        "all": estimates + answer + power,
    }


def measure() -> pd.DataFrame:
    """The book's lots, then the three that grow."""
    rows = []
    for case, what, draws, asked in CASES:
        panel = hub.Case.open(case).panel()
        for name, goal in asked.items():
            rows.append({"what": what} | parts(panel, name, draws) | {"asked": goal})
            print(rows[-1], flush=True)
    for units, periods, draws in GROWTH:
        panel = hub.simulate_panel(
            units=units, periods=periods, treated=units // 10, start=periods * 3 // 4
        )
        for name in METHODS:
            what = f"simulated, {units} x {periods}"
            rows.append({"what": what} | parts(panel, name, draws))
            print(rows[-1], flush=True)
    return pd.DataFrame([*rows, page()])


def page() -> dict:
    """Processor seconds of all verdicts of the first page, and how busy the machine."""
    load = os.getloadavg()[0]
    _, seconds = timed(lambda: hub.landing([hub.Case.open(name) for name in PAGE]))
    return {
        "what": f"the first page's {len(PAGE)} verdicts, at a load of {load:.1f}",
        "estimator": "those that decide",
        "all": seconds,
        "asked": ASKED_OF_PAGE,
    }


def as_markdown(found: pd.DataFrame) -> str:
    """The table of the README, seconds with three decimals."""
    lines = [
        "| what | estimator | assignments | estimates (s) | p and interval (s) "
        "| detectable effect (s) | all (s) | asked (s) |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]

    def cell(value: float, form: str) -> str:
        return "" if pd.isna(value) else format(value, form)

    for row in found.itertuples():
        parts = (row.estimates, row.p_and_interval, row.detectable)
        cells = [row.what, row.estimator, cell(row.assignments, ",.0f")]
        cells += [cell(seconds, ".3f") for seconds in parts]
        cells += [f"{row.all:.2f}", cell(row.asked, "g")]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, then write the results and the table."""
    if sys.argv[1:] == ["page"]:
        rest = pd.read_csv(RESULTS)
        rest = rest[rest["estimator"] != "those that decide"]
        found = pd.concat([rest, pd.DataFrame([page()])], ignore_index=True)
    else:
        found = measure()
    # The first page has several lots, so that no one number stands there.
    found["assignments"] = found["assignments"].astype("Int64")
    found.to_csv(RESULTS, index=False, float_format="%.4g")
    fill("lots", as_markdown(pd.read_csv(RESULTS)))


if __name__ == "__main__":
    main()
