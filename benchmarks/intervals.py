"""Do 95% intervals cover 95%, and do tests at 5% reject 5%?

``python benchmarks/intervals.py`` simulates panels under each method's own
assumptions, asks each printed interval whether it holds the truth and each test
whether it rejects a true hypothesis, and writes data/validation/coverage.csv, which
the validation chapter shows. A few minutes on two cores; the same every time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm import tqdm

import hubanalysis as hub

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "data" / "validation" / "coverage.csv"
TRUTH = 1.0
PANEL = {"units": 40, "periods": 10, "treated": 20, "start": 7, "factors": 0}
STAGGERED = {"units": 200, "periods": 8, "treated": 120, "start": [4, 6], "factors": 0}
ALONE = {"units": 40, "periods": 20, "treated": 1, "start": 16, "factors": 2}


def draw(seed, **options):
    """One panel with a known effect and errors that remember the period before."""
    return hub.simulate_panel(effect=TRUTH, ar=0.5, seed=seed, **options)


def holds(interval, truth=TRUTH):
    """Whether an interval holds the truth."""
    return interval[0] <= truth <= interval[1]


def did(seed):
    return holds(hub.did(draw(seed, **PANEL)).interval())


def detrended_did(seed):
    return holds(hub.detrended_did(draw(seed, **PANEL)).interval())


def event_study_mean(seed):
    return holds(hub.event_study(draw(seed, **PANEL)).interval())


def group_time_simple(seed):
    found = hub.group_time_att(draw(seed, **STAGGERED), draws=0)
    return holds(found.aggregate("simple").interval())


def group_time_band(seed):
    found = hub.group_time_att(draw(seed, **STAGGERED), draws=299, seed=seed)
    path = found.aggregate("dynamic").path
    truth = np.where(path.index >= 0, TRUTH, 0.0)
    return bool(((path["lower"] <= truth) & (truth <= path["upper"])).all())


def imputation(seed):
    return holds(hub.imputation(draw(seed, **STAGGERED)).interval())


def wild_bootstrap(seed):
    panel = draw(seed, **(PANEL | {"units": 24, "treated": 12}))
    return holds(hub.wild_cluster_bootstrap(panel, draws=999, seed=seed).interval)


def sdid_jackknife(seed):
    panel = draw(seed, **(PANEL | {"units": 60, "treated": 20}))
    half = 1.96 * hub.jackknife(panel)
    att = hub.synthetic_did(panel).att
    return holds((att - half, att + half))


def sdid_placebo_interval(seed):
    return holds(
        hub.placebo_in_space(draw(seed, **ALONE), hub.synthetic_did).interval()
    )


def conformal(seed):
    options = {"units": 8, "periods": 40, "treated": 1, "start": 40, "factors": 0}
    table = hub.conformal_interval(
        hub.simulate_panel(effect=TRUTH, seed=seed, **options), intercept=True
    )
    return holds(table[["lower", "upper"]].to_numpy()[0])


def _study(seed, violation):
    """An event study drawn from a known normal distribution."""
    times = [-4, -3, -2, 0, 1]
    covariance = 0.02 * (np.eye(5) + np.ones((5, 5)))
    truth = np.array([violation(k) for k in times]) + np.array([0, 0, 0, TRUTH, TRUTH])
    drawn = np.random.default_rng(seed).multivariate_normal(truth, covariance)
    index = pd.Index(times, name="event_time")
    path = pd.DataFrame(
        {"effect": drawn, "se": np.sqrt(np.diag(covariance))}, index=index
    )
    path.loc[-1] = 0.0
    parts = {
        "path": path.sort_index(),
        "covariance": pd.DataFrame(covariance, index, index),
    }
    panel = hub.simulate_panel(units=4, periods=6, treated=1, start=5, factors=0)
    return hub.Estimate("event_study", float(drawn[3:].mean()), panel, (), parts)


def honest_smoothness(seed):
    study = _study(seed, lambda k: 0.3 * (k + 1))
    row = hub.honest_bounds(study, restriction="smoothness", m=(0.0,)).iloc[0]
    return holds((row["lower"], row["upper"]))


def honest_relative(seed):
    # The worst violation that m = 1 allows: the largest step before, once more.
    study = _study(seed, lambda k: 1.0 if k == 0 else (-1.0 if k < -1 else 1.0))
    row = hub.honest_bounds(study, m=(1.0,)).iloc[0]
    return holds((row["lower"], row["upper"]))


def randomization_rejects(seed):
    panel = draw(seed, units=12, periods=8, treated=3, start=6, factors=2)
    null = panel._with(panel.frame - TRUTH * panel.treatment)
    return hub.randomization_test(null, hub.did).p_value <= 0.05


def placebo_rejects(seed):
    panel = draw(seed, **ALONE)
    null = panel._with(panel.frame - TRUTH * panel.treatment)
    return hub.placebo_in_space(null, hub.synthetic_did).p_value_plus_one <= 0.05


def wild_rejects(seed):
    panel = draw(seed, **(PANEL | {"units": 24, "treated": 12}))
    null = panel._with(panel.frame - TRUTH * panel.treatment)
    return hub.wild_cluster_bootstrap(null, draws=999, seed=seed).p_value <= 0.05


def pre_test_rejects(seed):
    found = hub.group_time_att(draw(seed, **STAGGERED), draws=0)
    return float(found.pre_test["p_value"]) <= 0.05


ROWS = [
    ("difference-in-differences", "clustered t", did, 2000),
    ("detrended DiD", "clustered t", detrended_did, 2000),
    ("event study, mean effect", "clustered t", event_study_mean, 2000),
    ("group-time ATT, simple", "analytic", group_time_simple, 2000),
    ("group-time ATT, dynamic", "simultaneous band", group_time_band, 2000),
    ("imputation", "analytic", imputation, 2000),
    ("difference-in-differences", "wild bootstrap", wild_bootstrap, 1000),
    ("synthetic DiD", "jackknife", sdid_jackknife, 2000),
    ("synthetic DiD, one treated", "placebo", sdid_placebo_interval, 1000),
    ("synthetic control", "conformal", conformal, 1000),
    ("honest bounds, smoothness", "fixed length", honest_smoothness, 2000),
    ("honest bounds, relative", "hybrid", honest_relative, 1000),
]
TESTS = [
    ("randomisation test", "exact", randomization_rejects, 1000),
    ("placebo in space", "(k+1)/(N+1)", placebo_rejects, 1000),
    ("wild bootstrap", "restricted", wild_rejects, 1000),
    ("group-time ATT, pre-test", "Wald", pre_test_rejects, 2000),
]


def rate(function, runs):
    """Share of true answers over seeds, on two cores."""
    tasks = (delayed(function)(seed) for seed in range(runs))
    done = Parallel(n_jobs=2, return_as="generator", batch_size=25)(tasks)
    return float(np.mean(list(tqdm(done, total=runs, desc=function.__name__))))


def main() -> None:
    """Run all simulations and write the table at the end, whole or not at all."""
    table = []
    for kind, rows in (("coverage", ROWS), ("size", TESTS)):
        for method, how, function, runs in rows:
            share = rate(function, runs)
            nominal = 0.95 if kind == "coverage" else 0.05
            error = np.sqrt(nominal * (1 - nominal) / runs)
            table.append((kind, method, how, runs, share, error))
    columns = ["kind", "method", "how", "runs", "share", "monte_carlo_se"]
    frame = pd.DataFrame(table, columns=columns)
    partial = RESULTS.with_suffix(".tmp")
    frame.to_csv(partial, index=False, float_format="%.5f")
    partial.replace(RESULTS)
    hash_data = [sys.executable, "tools/hash_data.py", "data/validation"]
    subprocess.run(hash_data, cwd=ROOT, check=True)
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
