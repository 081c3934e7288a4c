"""Group-time effects: speed beside diff-diff, growth, and memory.

Run by itself it prints the growth, at sizes up to a million rows (a minute). Times are
medians in one process, in seconds, with the peer given the table it asks for. Ours is
timed twice: on a `Panel`, and with the time it takes to build it from the same table.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd

import hubanalysis as hub

DRAWS = 1000
# Units, periods, first treated periods.
SIZES = [
    (500, 5, range(3, 5)),
    (10_000, 20, range(5, 20, 5)),
    (10_000, 20, range(2, 21)),
]
GROWTH = [
    (1_000, 20, range(4, 20, 2)),
    (10_000, 20, range(4, 20, 2)),
    (50_000, 20, range(4, 20, 2)),
    (200_000, 5, range(2, 6)),
    (10_000, 100, range(10, 100, 10)),
    (10_000, 100, range(2, 101)),
]


def staggered_table(units: int, periods: int, groups, seed: int = 0) -> pd.DataFrame:
    """Long table: unit, period, outcome, first_treated (0 = never)."""
    rng = np.random.default_rng(seed)
    start = rng.choice([0, *groups], units)
    period = np.arange(1, periods + 1)
    treated = (start[:, None] > 0) & (period >= start[:, None])
    outcome = rng.normal(size=(units, 1)) + rng.normal(size=(units, periods)) + treated
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(period, units),
            "outcome": outcome.ravel(),
            "first_treated": np.repeat(start, periods),
        }
    )


def panel_of(table: pd.DataFrame) -> hub.Panel:
    return hub.Panel.from_long(
        table,
        unit="unit",
        period="period",
        outcome="outcome",
        first_treated="first_treated",
    )


def ours(panel: hub.Panel, control: str = "never_treated") -> None:
    """All cells and the event study, with standard errors and simultaneous bands."""
    effects = hub.group_time_att(panel, control=control, draws=DRAWS)
    effects.table, effects.aggregate("dynamic").path


def peer(table: pd.DataFrame, control: str = "never_treated") -> None:
    from diff_diff import CallawaySantAnna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        CallawaySantAnna(control_group=control, n_bootstrap=DRAWS, seed=0).fit(
            table,
            outcome="outcome",
            unit="unit",
            time="period",
            first_treat="first_treated",
            aggregate="event_study",
        )


def median_seconds(function, repeat: int = 5) -> float:
    function()
    seconds = []
    for _ in range(repeat):
        begin = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def side_by_side(mine, theirs, repeat: int = 7) -> tuple[float, float, float]:
    """Median seconds of both, and the median ratio (theirs / mine) of pairs.

    They take turns, so that a machine that slows down slows both.
    """
    mine(), theirs()
    pairs = []
    for _ in range(repeat):
        seconds = []
        for function in (mine, theirs):
            begin = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - begin)
        pairs.append(seconds)
    own, other = zip(*pairs)
    ratio = statistics.median(b / a for a, b in pairs)
    return statistics.median(own), statistics.median(other), ratio


def speed_beside_peer() -> pd.DataFrame:
    """Seconds and ratios (peer / ours) for each size and control group."""
    rows = []
    for units, periods, groups in SIZES:
        table = staggered_table(units, periods, groups)
        panel = panel_of(table)
        build = median_seconds(lambda table=table: panel_of(table))
        for control in ("never_treated", "not_yet_treated"):
            mine, theirs, ratio = side_by_side(
                lambda p=panel, c=control: ours(p, c),
                lambda t=table, c=control: peer(t, c),
            )
            rows.append(
                {
                    "units": units,
                    "periods": periods,
                    "groups": len(groups),
                    "control": control,
                    "ours": mine,
                    "peer": theirs,
                    "ratio": ratio,
                    "ratio_with_panel": theirs / (mine + build),
                }
            )
    return pd.DataFrame(rows)


def growth() -> pd.DataFrame:
    """Seconds and peak memory up to 1,000,000 rows, each size in a fresh process."""
    rows = []
    for units, periods, groups in GROWTH:
        job = [units, periods, groups.start, groups.stop, groups.step]
        out = subprocess.run(
            [sys.executable, __file__, *map(str, job)],
            capture_output=True,
            text=True,
            check=True,
        )
        build, effects, megabytes = map(float, out.stdout.split())
        rows.append(
            {
                "units": units,
                "periods": periods,
                "groups": len(groups),
                "rows": units * periods,
                "panel": build,
                "effects": effects,
                "microseconds_per_row": 1e6 * effects / (units * periods),
                "peak_megabytes": megabytes,
            }
        )
    return pd.DataFrame(rows)


def one_size(units: int, periods: int, first: int, last: int, step: int) -> None:
    """Print seconds for the panel and the effects, and this process's peak memory."""
    table = staggered_table(units, periods, range(first, last, step))
    begin = time.perf_counter()
    panel = panel_of(table)
    middle = time.perf_counter()
    ours(panel)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(middle - begin, end - middle, peak)


if __name__ == "__main__":
    if sizes := [int(given) for given in sys.argv[1:]]:
        one_size(*sizes)
    else:
        print(growth().round(3).to_string(index=False))
