"""Time the estimators beside other people's: ``make bench``.

Medians in one process, two threads; the ratio is the peer's time over ours, the median
over pairs run in turn. Writes results/speed.csv and the table in README.md. The slow
peers run once.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "2"
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import speed_staggered  # noqa: E402
from readme import fill  # noqa: E402
from speed_staggered import median_seconds, side_by_side  # noqa: E402

import hubanalysis as hub  # noqa: E402

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed.csv"
LAGS = list(range(1970, 1989))
# What the library is held to, by the beginning of a row's name.
ASKED = {
    "group-time ATTs, 1000 draws, 500 x 5": 1,
    "group-time ATTs, 1000 draws, 10,000 x 20": 2,
    "synthetic control": 5,
    "synthetic DiD": 5,
    "nested V": 1,
    "honest bounds": 25,
    "wild cluster bootstrap": 1,
}


def california() -> tuple[pd.DataFrame, hub.Panel]:
    table = hub.load("validation/prop99")
    on = table["state"].eq("California") & (table["year"] >= 1989)
    table = table.assign(treated=on.astype(int))
    panel = hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )
    return table, panel


def synthetic_control_with_placebos():
    from diff_diff import SyntheticControl

    table, panel = california()

    def theirs():
        fit = SyntheticControl(v_method="custom", custom_v=np.ones(19)).fit(
            table,
            "packs_per_head",
            "treated",
            "state",
            "year",
            post_periods=list(range(1989, 2001)),
            pre_period_outcomes="all",
        )
        fit.in_space_placebo()

    return (
        lambda: hub.placebo_in_space(panel, hub.synthetic_control),
        theirs,
        3,
    )


def synthetic_did_with_placebos():
    from diff_diff import SyntheticDiD

    table, panel = california()

    def theirs():
        SyntheticDiD(variance_method="placebo", n_bootstrap=200, seed=0).fit(
            table.assign(treated=table["state"].eq("California").astype(int)),
            "packs_per_head",
            "treated",
            "state",
            "year",
            post_periods=list(range(1989, 2001)),
        )

    return lambda: hub.placebo_in_space(panel, hub.synthetic_did), theirs, 3


def nested_california():
    _, panel = california()
    return nested(panel, panel.frame[[1975, 1980, 1988]], panel.frame[LAGS])


def nested_basque():
    table = hub.load("validation/basque").query("region_number != 1 and year >= 1960")
    own = "Basque Country (Pais Vasco)"
    panel = hub.Panel.from_long(table, "region", "year", "gdp_per_head", {own: 1970})
    traits = ["gdp_per_head", "share_industry", "share_agriculture", "investment_share"]
    means = table[table["year"] < 1970].groupby("region")[traits].mean()
    return nested(panel, means, panel.frame[list(range(1960, 1970))])


def nested_basque_whole():
    """With the predictors of the Synth package."""
    table = hub.load("validation/basque").query("region_number != 1 and year >= 1960")
    own = "Basque Country (Pais Vasco)"
    panel = hub.Panel.from_long(table, "region", "year", "gdp_per_head", {own: 1970})
    before = table[table["year"] < 1970]
    school = ["illiterate", "primary_school", "some_high_school", "high_school"]
    shares = [c for c in table if c.startswith("share_")]
    traits = [*school, "investment_share", "gdp_per_head", *shares]
    means = before.groupby("region")[[*traits, "population_density"]].mean()
    return nested(panel, means, panel.frame[list(range(1960, 1970))])


def nested(panel: hub.Panel, traits: pd.DataFrame, before: pd.DataFrame):
    """Importances of these traits, that fit the outcomes before treatment."""
    from pysyncon import Synth

    own = panel.treated[0]

    def theirs():
        Synth().fit(
            X0=traits.drop(index=own).T,
            X1=traits.loc[own],
            Z0=before.drop(index=own).T,
            Z1=before.loc[own],
            optim_method="Nelder-Mead",
        )

    return lambda: hub.synthetic_control(panel, predictors=traits), theirs, 0


def honest_bounds():
    from moderndid.didhonest.delta.rm.rm import compute_conditional_cs_rm

    panel = hub.simulate_panel(
        units=40, periods=8, treated=16, start=7, factors=0, effect=2.0, seed=0
    )
    study = hub.event_study(panel)
    beta = study.path["effect"].drop(-1).to_numpy()
    sigma = study.covariance.to_numpy()

    def theirs():
        for m in (0.5, 1.0, 1.5, 2.0):
            compute_conditional_cs_rm(
                beta, sigma, 5, 2, l_vec=np.array([[1.0], [0.0]]), m_bar=m
            )

    return lambda: hub.honest_bounds(study), theirs, 0


def wild_bootstrap():
    from diff_diff.utils import wild_bootstrap_se

    panel = hub.simulate_panel(
        units=40, periods=10, treated=16, start=6, effect=1.0, seed=0
    )
    n, t = panel.values.shape
    unit = np.repeat(np.arange(n), t)
    period = np.tile(np.arange(t), n)
    x = np.column_stack(
        [
            panel.treatment.ravel().astype(float),
            np.eye(n)[unit],
            np.eye(t)[period][:, 1:],
        ]
    )
    y = panel.values.ravel()
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]

    def theirs():
        wild_bootstrap_se(x, y, residuals, unit, 0, n_bootstrap=9999, seed=0)

    return lambda: hub.wild_cluster_bootstrap(panel), theirs, 3


ROWS = {
    "synthetic control and 38 placebos, Proposition 99": (
        synthetic_control_with_placebos,
        "diff-diff",
    ),
    "synthetic DiD, all 38 placebos (peer: 200 draws)": (
        synthetic_did_with_placebos,
        "diff-diff",
    ),
    "nested V, three lags, Proposition 99": (nested_california, "pysyncon"),
    "nested V, four traits, Basque Country": (nested_basque, "pysyncon"),
    "nested V, thirteen traits, Basque Country": (nested_basque_whole, "pysyncon"),
    "honest bounds, 5 + 2 periods, four values of M": (honest_bounds, "moderndid"),
    "wild cluster bootstrap, 40 units, 9999 draws": (wild_bootstrap, "diff-diff"),
}


def measure() -> pd.DataFrame:
    """Seconds of ours and theirs, row by row; what a peer refused stands in `note`."""
    found = []
    for row in speed_staggered.speed_beside_peer().itertuples():
        label = (
            f"group-time ATTs, 1000 draws, {row.units:,} x {row.periods}, "
            f"{row.groups} groups, {row.control.replace('_', ' ')}"
        )
        found.append((label, "diff-diff", row.ours, row.peer, row.ratio, ""))
        print(*found[-1], flush=True)
    for label, (prepare, peer) in ROWS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.append((label, peer, *one_row(prepare)))
        print(*found[-1], flush=True)
    columns = ["what", "peer", "ours_s", "peer_s", "ratio", "note"]
    table = pd.DataFrame(found, columns=columns)
    asked = [
        next(least for start, least in ASKED.items() if what.startswith(start))
        for what in table["what"]
    ]
    table.insert(5, "asked", asked)
    return table


def one_row(prepare) -> tuple:
    """Seconds of ours and theirs, the ratio, and why there is none."""
    try:
        ours, theirs, repeat = prepare()
    except ImportError as error:
        return np.nan, np.nan, np.nan, f"not measured: {error}"
    if repeat:
        return *side_by_side(ours, theirs, repeat), ""
    mine, other = median_seconds(ours), once(theirs)
    return mine, other, other / mine, ""


def once(function) -> float:
    """One run, for a peer that takes a minute or more."""
    import time

    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def as_markdown(table: pd.DataFrame) -> str:
    lines = [
        "| what | peer | ours (ms) | peer (ms) | ratio | asked |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for row in table.itertuples():
        if row.note:
            lines.append(f"| {row.what} | {row.peer} | | | {row.note} | {row.asked} |")
            continue
        lines.append(
            f"| {row.what} | {row.peer} | {1e3 * row.ours_s:,.1f} "
            f"| {1e3 * row.peer_s:,.0f} | {row.ratio:,.1f} | {row.asked} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, then write the table and the page, whole or not at all."""
    table = measure()
    RESULTS.parent.mkdir(exist_ok=True)
    table.to_csv(RESULTS, index=False, float_format="%.6g")
    fill("speed", as_markdown(table))
    print(f"Wrote {RESULTS.name} and its table.")


if __name__ == "__main__":
    main()
