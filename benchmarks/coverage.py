"""Do 95% intervals cover 95%, do tests at 5% reject 5%, and do they find 80%?

``python benchmarks/coverage.py`` makes up panels, asks each interval that the library
prints whether it holds the truth and each test whether it rejects a true hypothesis,
and writes data/validation/coverage.csv, which the validation chapter shows. Rows "as
assumed" are panels as a method assumes them, rows "small groups" the bootstrap's bands
by the size of groups, rows "kernel standard errors" Driscoll and Kraay's by the length
of the panel and what errors remember, and all others panels of the shape of a case of
the book: its units, its years, its number of treated by date and strata, its first
levels, and changes that remember the one before as those before treatment did; "treated
twice as noisy" are such panels where those that treatment falls on move twice as far;
"the whole rule" asks contest, those that are heard and the alarm together. About an
hour on one core; the same every time. ``python benchmarks/coverage.py Yozma`` asks of
that world alone.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats
from tqdm import tqdm

import hubanalysis as hub
from hubanalysis.datasets.rehash import rehash
from hubanalysis.inference.assignments import deal_some, strata_of
from hubanalysis.inference.power import power_of_lot

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "data" / "validation" / "coverage.csv"
COLUMNS = [
    *("kind", "world", "method", "how", "units", "periods", "treated"),
    *("runs", "share", "lower", "upper"),
]
TRUTH = 1.0
APART = 1_000_000
NORMAL = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class Case:
    """Panels of the shape of one outcome of a case, with treatment dealt out by lot."""

    name: str
    outcome: str
    louder: float = 1.0  # how much more the treated move than others

    @property
    def panel(self):
        return _battery(self.name, self.outcome).panel

    @property
    def strata(self):
        return _battery(self.name, self.outcome).strata

    @property
    def memory(self) -> tuple[float, float]:
        """How far a change before treatment follows the one before, and their sd.

        Of changes from one period to the next, less those of all units.
        """
        panel = self.panel
        change = np.diff(panel.values[:, : panel.starts.min()], axis=1)
        change = change - change.mean(axis=0)
        early, late = change[:, :-1], change[:, 1:]
        memory = 2 * np.sum(early * late) / np.sum(early**2 + late**2)
        return float(memory), float(change.std())

    def draw(self, seed: int):
        """Return a panel without an effect, in standard deviations of a change."""
        panel, (memory, spread) = self.panel, self.memory
        rng = np.random.default_rng(seed)
        steps = rng.normal(size=panel.values.shape)
        steps[:, 0] = panel.values[:, 0] / spread
        for t in range(2, steps.shape[1]):
            steps[:, t] = memory * steps[:, t - 1] + (
                np.sqrt(1 - memory**2) * steps[:, t]
            )
        groups = strata_of(panel, self.strata)
        # Apart from the noise, which the same seed would make of the same numbers.
        dealt = deal_some(panel.starts, groups, 1, APART + seed)[1]
        steps[dealt < steps.shape[1], 1:] *= self.louder
        return replace(panel, values=steps.cumsum(axis=1)).deal(dealt)


@cache
def _battery(name: str, outcome: str):
    return hub.Case.open(name).battery(outcome)


@dataclass(frozen=True)
class Shape:
    """Panels as `hub.simulate_panel` makes them."""

    options: dict = field(hash=False)
    strata = None

    def draw(self, seed: int):
        """Return a panel without an effect."""
        return hub.simulate_panel(effect=0.0, seed=seed, **self.options)


@dataclass(frozen=True)
class Study:
    """Simulated panels of one shape, and what is asked of each.

    `ask` takes a panel without an effect, a seed and strata, and returns the answers by
    (kind, method, how): True or False, a share where one panel answers several times,
    or nothing where the method refuses the panel. Intervals are asked for after
    `affected` has added an effect.
    """

    ask: object
    runs: int
    world: str
    shape: Shape | Case

    def answers(self, seed: int) -> dict:
        return self.ask(self.shape.draw(seed), seed, self.shape.strata)


def affected(panel):
    """The panel with an effect of `TRUTH` in every treated cell."""
    return panel.with_frame(panel.frame + TRUTH * panel.treatment)


def holds(interval, truth=TRUTH):
    return interval[0] <= truth <= interval[1]


def by_t(estimate):
    """Whether the interval that the library refuses of one or two units would hold."""
    half = stats.t.ppf(0.975, estimate.df) * estimate.se
    return holds((estimate.att - half, estimate.att + half))


def pointwise(path, quantile=NORMAL):
    """Share of event times whose own interval holds the truth; reference left out."""
    path = path[path["se"] > 0]
    truth = np.where(path.index >= 0, TRUTH, 0.0)
    return float((np.abs(path["effect"] - truth) <= quantile * path["se"]).mean())


def together(path):
    """Whether a band holds the truth at all event times at once."""
    truth = np.where(path.index >= 0, TRUTH, 0.0)
    return bool(((path["lower"] <= truth) & (truth <= path["upper"])).all())


def clustered(panel, seed, strata):
    panel = affected(panel)
    study = hub.event_study(panel)
    t = stats.t.ppf(0.975, study.df)
    plain = "difference-in-differences"
    return {
        ("coverage", plain, "clustered t"): by_t(hub.did(panel)),
        ("coverage", "detrended DiD", "clustered t"): by_t(hub.detrended_did(panel)),
        ("coverage", "event study", "mean effect, clustered t"): by_t(study),
        ("coverage", "event study", "each event time, clustered t"): pointwise(
            study.path, t
        ),
    }


def two_way(panel, seed, strata):
    """One effect for all dates, so that the regression is of the right thing."""
    how = "two-way fixed effects, clustered t"
    return {
        ("coverage", "difference-in-differences", how): by_t(hub.did(affected(panel)))
    }


def ninety(name):
    """Ask the interval at 90%, which is printed where assignments are few."""
    known = hub.ESTIMATORS[name]

    def ask(panel, seed, strata):
        lot = hub.randomization_test(panel, known, strata, 99, seed)
        key = "coverage at 90%", known.label, "interval by lot at 90%"
        return {key: holds(lot.interval(0.9), 0.0)}

    ask.__name__ = f"{name} at 90%"
    return ask


def staggered(panel, seed, strata):
    name, guess = "group-time ATT", hub.imputation(affected(panel))
    found = hub.group_time_att(affected(panel), draws=0)
    later = hub.group_time_att(affected(panel), control="not_yet_treated", draws=0)
    answers = {
        ("coverage", name, f"{kind} mean, analytic"): holds(
            found.aggregate(kind).interval()
        )
        for kind in ("simple", "group", "dynamic", "calendar")
    }
    path = found.aggregate("dynamic").path
    late = holds(later.aggregate("simple").interval())
    answers |= {
        ("coverage", name, "simple mean, not yet treated"): late,
        ("coverage", name, "each event time, analytic"): pointwise(path),
        ("coverage", "imputation", "mean effect, analytic"): holds(guess.interval()),
        ("coverage", "imputation", "each event time, analytic"): pointwise(guess.path),
    }
    if hasattr(found, "pre_test"):  # refused where there are more effects than units
        answers["size", name, "pre-test, Wald"] = found.pre_test["p_value"] <= 0.05
    return answers


def bands(panel, seed, strata):
    """Bands over event times: by lot, and by the bootstrap where it gives one."""
    panel = affected(panel)
    name, how = "group-time ATT", "all event times, "
    path = hub.randomization_band(panel, strata, draws=199, seed=seed).path
    answers = {("coverage", name, how + "band by lot"): together(path)}
    if min(map(len, panel.cohorts.values())) > 1:
        effects = hub.group_time_att(panel, base_period="universal", seed=seed)
        path = effects.aggregate("dynamic").path
        answers["coverage", name, how + "bootstrap band"] = together(path)
    return answers


def groups_of(size):
    """Ask the bootstrap's band, and the pre-test, with groups of this size."""

    def ask(panel, seed, strata):
        panel, name = affected(panel), "group-time ATT"
        effects = hub.group_time_att(panel, base_period="universal", seed=seed)
        path = effects.aggregate("dynamic").path
        how = f"all event times, bootstrap band, groups of {size}"
        answers = {("coverage", name, how): together(path)}
        if hasattr(effects, "pre_test"):  # refused with more effects than units
            how = f"pre-test, Wald, groups of {size}"
            answers["size", name, how] = effects.pre_test["p_value"] <= 0.05
        return answers

    ask.__name__ = f"groups of {size}"
    return ask


def kernels_of(periods, memory):
    """Ask Driscoll and Kraay's errors, and those by unit, of panels that remember."""

    def ask(panel, seed, strata):
        panel, name = affected(panel), "difference-in-differences"
        of_panel = f"{periods} periods, memory {memory:g}"
        return {
            ("coverage", name, f"{how}, {of_panel}"): holds(
                hub.did(panel, errors=errors).interval()
            )
            for how, errors in KERNELS.items()
        }

    ask.__name__ = f"kernels, {periods} periods, memory {memory:g}"
    return ask


def adjusted(panel, seed, strata):
    """Units differ in a trait that drives both their trend and who is treated."""
    rng = np.random.default_rng(seed)
    treated = panel.starts < len(panel.periods)
    trait = rng.normal(0.5 * treated, 1.0)
    trends = 0.3 * trait[:, None] * np.arange(len(panel.periods))
    panel = affected(panel.with_frame(panel.frame + trends))
    panel = replace(panel, covariates=pd.DataFrame({"trait": trait}, panel.units))
    return {
        ("coverage", "group-time ATT", f"simple mean, {method}".replace("_", " ")): (
            holds(
                hub.group_time_att(panel, method=method, draws=0)
                .aggregate("simple")
                .interval()
            )
        )
        for method in ("doubly_robust", "outcome_regression", "ipw")
    }


def wild(panel, seed, strata):
    # One call answers both: its interval is the effects that the test accepts.
    found = hub.wild_cluster_bootstrap(panel, draws=999, seed=seed)
    name = "wild cluster bootstrap"
    return {
        ("coverage", name, "inverted test"): holds(found.interval, 0.0),
        ("size", name, "restricted"): found.p_value <= 0.05,
    }


def weighted(panel, seed, strata):
    panel = affected(panel)
    try:
        half, att = NORMAL * hub.jackknife(panel), hub.synthetic_did(panel).att
    except ValueError:  # all weight on one donor: refused, and not counted
        return {}
    return {("coverage", "synthetic DiD", "jackknife"): holds((att - half, att + half))}


def by_lot(name, draws=99):
    """Ask the one test of an estimator: its size, its interval, its detectable effect.

    The effect that it says it would find four times in five is planted, upwards and
    downwards in turn; the interval must hold it. Where no size is enough there is none
    to plant, and where the real assignment fails its fit bar, the test refuses to
    reject and promises nothing.
    """
    known = hub.ESTIMATORS[name]
    # Without a standard error, which the test does not ask for.
    quick = replace(
        known, function=lambda panel: hub.Estimate(name, known.att(panel), panel)
    )
    estimator = quick if known.many and not known.deals else known

    def ask(panel, seed, strata):
        lot = hub.randomization_test(panel, estimator, strata, draws, seed)
        size = (-1) ** seed * float(power_of_lot(lot))
        answers = {("size", known.label, "test by lot"): lot.p_value <= 0.05}
        key = "coverage", known.label, "interval by lot"
        if np.isinf(size):
            return answers | {key: holds(lot.interval(), 0.0)}
        planted = panel.with_frame(panel.frame + size * panel.treatment)
        again = hub.randomization_test(planted, estimator, strata, draws, seed)
        answers[key] = holds(again.interval(), size)
        if not lot.barred[0]:
            found = again.p_value <= 0.05
            answers["power", known.label, "detectable effect, planted"] = found
        return answers

    ask.__name__ = f"{name} by lot"
    return ask


def nothing_found(name):
    """Ask the one test of an estimator whether it rejects, and no more."""
    known = hub.ESTIMATORS[name]

    def ask(panel, seed, strata):
        lot = hub.randomization_test(panel, known, strata, 99, seed)
        return {("size", known.label, "test by lot"): lot.p_value <= 0.05}

    ask.__name__ = f"{name} alone"
    return ask


class Contested(hub.Battery):
    """A battery on fewer assignments, so that many can be asked."""

    @cached_property
    def contest(self):
        known = self.estimators
        return hub.contest(self.panel, known, None, None, self.strata, 99, redraws=100)

    @cached_property
    def lots(self):
        return {n: self._lot(self.panel, self.estimators[n]) for n in self.heard}

    def _lot(self, panel, estimator):
        return hub.randomization_test(panel, estimator, self.strata, 99)


def whole_rule(panel, seed, strata):
    """Ask the rule of a plan with a contest: who is heard, what fits, what is seen.

    The detectable effect of the rule is planted, upwards and downwards in turn, as in
    `by_lot`; an alarm at the plan's pretended date keeps it from counting, which is
    asked apart.
    """
    plan = _battery(NORWAY.name, NORWAY.outcome).plan
    none = Contested("", "", plan, panel, strata)
    name = "contest, and all that are heard"
    answers = {
        ("size", name, "seen by the whole rule"): none.conclusion == "effect seen",
        ("size", name, "seen by all that are heard, alarm or not"): all_see(none, 1)
        or all_see(none, -1),
        ("size", name, "alarm at the pretended date"): not none.passed,
    }
    size = (-1) ** seed * none.power.mde
    planted = panel.with_frame(panel.frame + size * panel.treatment)
    some = Contested("", "", plan, planted, strata)
    some.contest = none.contest  # which sees nothing of what came later
    answers["coverage", name, "what fits by any that is heard"] = holds(
        some.interval, size
    )
    found = all_see(some, size)
    answers["power", name, "detectable effect of the rule"] = found
    how = "detectable effect of the rule, and no alarm"
    # Nor do the pretended dates.
    answers["power", name, how] = found and none.passed
    return answers


def all_see(battery, size):
    """Whether all that are heard reject on the side of an effect."""
    return all(
        lot.p_value <= 0.05 and lot.effect * size > 0 for lot in battery.heard_lots
    )


def ratios(panel, seed, strata):
    p_value = hub.placebo_in_space(panel, hub.synthetic_control).rmspe_p_value
    how = "placebo rank of RMSPE ratios"
    return {("size", "synthetic control", how): p_value <= 0.05}


def conformal(panel, seed, strata):
    table = hub.conformal_interval(panel, intercept=True)
    row, name = table.iloc[0], "synthetic control"
    return {
        ("coverage", name, "conformal"): holds((row["lower"], row["upper"]), 0.0),
        ("size", name, "conformal"): row["p_value"] <= 0.05,
    }


def predicted(panel, seed, strata):
    """Prediction intervals with an intercept, in the first and the last year after.

    Each year has its own, whatever the others are, so that these are left out.
    """
    kept = panel.frame.drop(columns=panel.periods[panel.start + 1 : -1])
    panel = hub.Panel.from_wide(kept, panel.first_treated, panel.outcome)
    table = hub.prediction_interval(panel, intercept=True, seed=seed)
    rows = dict(zip(("first", "last"), table.itertuples()))
    return {
        ("coverage", "synthetic control", f"prediction interval, {when} year"): holds(
            (row.lower, row.upper), 0.0
        )
        for when, row in rows.items()
    }


def bounded(panel, seed, strata):
    """Bounds as the cases print them; the trends are parallel."""
    panel = affected(panel)
    asked = {"mean effect": "average"}
    if len(panel.cohorts) == 1:
        study = hub.event_study(panel)
    else:
        effects = hub.group_time_att(panel, base_period="universal", draws=0)
        study = effects.aggregate("dynamic")
        asked["first effect"] = 0
    return {
        ("coverage", "honest bounds", f"{what}, relative, M = {row.m:g}"): holds(
            (row.lower, row.upper)
        )
        for what, when in asked.items()
        for row in hub.honest_bounds(study, m=(0, 1), event_time=when).itertuples()
    }


def drifting(panel, seed, strata):
    """Trends that part in just the way, and as far, as the bounds allow."""
    study = hub.event_study(affected(panel))

    def interval(drift, restriction, m):
        # Measured from the reference period. The estimates move one for one with it.
        path = study.path.copy()
        path["effect"] += drift(path.index.to_numpy() + 1)
        moved = replace(study, parts=study.parts | {"path": path})
        row = hub.honest_bounds(moved, restriction, m=m).iloc[0]
        return row["lower"], row["upper"]

    straight = interval(lambda t: 0.4 * t, "smoothness", 0.0)
    bent = interval(lambda t: 0.1 * t * np.abs(t), "smoothness", 0.2)
    # The largest step before treatment, once more at the start.
    steps = interval(lambda t: 1.0 * (t >= 1) - 1.0 * (t < 0), "relative_magnitudes", 1)
    none = interval(lambda t: 0.0 * t, "relative_magnitudes", 1)
    name = "honest bounds"
    return {
        ("coverage", name, "smoothness, M = 0, straight drift"): holds(straight),
        ("coverage", name, "smoothness, M = 0.2, bending drift"): holds(bent),
        ("coverage", name, "relative, M = 1, same step again"): holds(steps),
        ("coverage", name, "relative, M = 1, no drift"): holds(none),
    }


def shape(units, periods, treated, start, factors=0, ar=0.5):
    return Shape(
        {"units": units, "periods": periods, "treated": treated}
        | {"start": start, "factors": factors, "ar": ar}
    )


AS_ASSUMED, SMALL, NOISY = "as assumed", "small groups", "treated twice as noisy"
SIZES = (2, 4, 8, 15, 30)
KERNEL = "kernel standard errors"
KERNELS = {"Driscoll-Kraay": "driscoll_kraay", "clustered by unit": "clustered"}
LENGTHS, MEMORIES = (24, 48, 96), (0, 0.5, 0.9)
# Studies of each question on panels of the shape of a case.
RUNS, SLOW = 1000, 200
NORWAY = Case("norwegian-tourism-cluster", "total_nights")
YOZMA = Case("yozma", "gdp_per_head")
KOREA = Case("k-semiconductor-belt", "chips")
CITIES = Case("hangzhou-pilot-zone", "real_output")
PROVINCES = Case("hangzhou-pilot-zone", "invention_grants")
CHALLENGE = Case("build-back-better", "applications")
ONE_DATE = {
    "Western Norway": NORWAY,
    "Yozma": YOZMA,
    "Korea": KOREA,
    "Build Back Better": CHALLENGE,
}
LOUDER = 2.0
RULE = "Western Norway, the whole rule"
DATES = {"Hangzhou: cities": CITIES, "Hangzhou: provinces": PROVINCES}


def of_cases():
    """What is asked of panels of the shape of the cases."""
    for world, case in ONE_DATE.items():
        yield Study(by_lot("did"), RUNS, world, case)
        slow = case is CHALLENGE  # half of many units are treated
        yield Study(
            by_lot("synthetic_control", 39), SLOW if slow else RUNS, world, case
        )
        yield Study(by_lot("synthetic_did", 39), RUNS, world, case)
        yield Study(by_lot("detrended_did"), RUNS, world, case)
        yield Study(by_lot("event_study"), RUNS, world, case)
        yield Study(
            by_lot("synthetic_control_with_intercept", 39),
            SLOW if slow else RUNS,
            world,
            case,
        )
        if not slow:  # there, one lot with its cross-validations takes a minute
            # The first two hundred there rejected nine in a hundred: more were asked.
            runs = 3 * SLOW if case is NORWAY else SLOW
            yield Study(by_lot("augmented_synthetic_control", 39), runs, world, case)
        yield Study(clustered, RUNS, world, case)
        alone = len(case.panel.treated) == 1
        if not alone:  # there are no bounds of one
            yield Study(bounded, SLOW, world, case)
        yield Study(wild, RUNS, world, case)
        yield Study(conformal if alone else weighted, RUNS, world, case)
        if alone:
            yield Study(ninety("did"), RUNS, world, case)
            yield Study(ninety("synthetic_control"), RUNS, world, case)
        if case is YOZMA:  # Korea has too few years before, the others more treated
            yield Study(predicted, SLOW, world, case)
        if case is not KOREA:  # twelve assignments allow no band at 95%
            yield Study(bands, RUNS, world, case)
    for world in ("Western Norway", "Yozma", "Build Back Better"):
        louder = replace(ONE_DATE[world], louder=LOUDER)
        for name in ("did", "synthetic_did"):
            yield Study(nothing_found(name), RUNS, f"{world}, {NOISY}", louder)
    yield Study(whole_rule, 2 * SLOW, RULE, NORWAY)
    for world, case in DATES.items():
        yield Study(by_lot("group_time_average"), RUNS, world, case)
        yield Study(by_lot("imputation"), RUNS, world, case)
        yield Study(staggered, RUNS, world, case)
        yield Study(two_way, RUNS, world, case)
        yield Study(bounded, SLOW, world, case)
        yield Study(bands, RUNS, world, case)


STUDIES = [
    Study(clustered, 1000, AS_ASSUMED, shape(40, 10, 20, 7)),
    Study(staggered, 2000, AS_ASSUMED, shape(400, 8, 240, [4, 6])),
    Study(adjusted, 1000, AS_ASSUMED, shape(400, 8, 200, [4, 6])),
    Study(bands, 200, AS_ASSUMED, shape(400, 8, 240, [4, 6])),
    Study(wild, 1000, AS_ASSUMED, shape(24, 10, 12, 7)),
    Study(weighted, 2000, AS_ASSUMED, shape(60, 10, 20, 7)),
    Study(conformal, 2000, AS_ASSUMED, shape(8, 40, 1, 40, ar=0.0)),
    Study(predicted, 200, AS_ASSUMED, shape(8, 40, 1, 40, ar=0.0)),
    Study(drifting, 1000, AS_ASSUMED, shape(100, 7, 50, 6)),
    Study(ratios, 1000, AS_ASSUMED, shape(20, 12, 1, 9, factors=2)),
    *(
        Study(groups_of(size), 400, SMALL, shape(5 * size, 8, 2 * size, [4, 6]))
        for size in SIZES
    ),
    *(
        Study(kernels_of(n, ar), 400, KERNEL, shape(40, n, 20, n // 2 + 1, ar=ar))
        for n in LENGTHS
        for ar in MEMORIES
    ),
    *of_cases(),
]


def rows_of(study: Study, runs: int, jobs: int = 1) -> list[dict]:
    """Ask `runs` panels, and sum up the answers."""
    tasks = (delayed(study.answers)(seed) for seed in range(runs))
    work = Parallel(n_jobs=jobs, return_as="generator", batch_size=10)(tasks)
    label = f"{study.ask.__name__}, {study.world}"
    return summed(study, list(tqdm(work, total=runs, desc=label)))


def summed(study: Study, answers: list[dict]) -> list[dict]:
    """Share of each answer, and its chance error."""
    answers = pd.DataFrame(answers).astype(float)
    rows, panel = [], study.shape.draw(0)
    for (kind, method, how), given in answers.items():
        given = given.dropna()
        share, error = given.mean(), given.sem()
        bounds = share - NORMAL * error, share + NORMAL * error
        if given.isin([0, 1]).all():
            bounds = stats.binomtest(int(given.sum()), len(given)).proportion_ci()
        size = dict(zip(("units", "periods"), panel.values.shape))
        size["treated"] = len(panel.treated)
        rows.append(
            {"kind": kind, "world": study.world, "method": method, "how": how}
            | size
            | {
                "runs": len(given),
                "share": share,
                "lower": bounds[0],
                "upper": bounds[1],
            }
        )
    return rows


def table(
    runs: int | None = None, jobs: int = 1, worlds: list[str] | None = None
) -> pd.DataFrame:
    """All rows, each study with its own number of runs unless one is given."""
    studies = [s for s in STUDIES if s.world in (worlds or [s.world])]
    rows = [row for s in studies for row in rows_of(s, runs or s.runs, jobs)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values(["kind", "world"], kind="stable", ignore_index=True)


def main(worlds: list[str]) -> None:
    """Run all simulations, or those of some worlds, and write the table at the end.

    Rows of other worlds stay as they are.
    """
    unknown = set(worlds) - {study.world for study in STUDIES}
    if unknown:
        raise SystemExit(f"There are no studies of {', '.join(sorted(unknown))}.")
    frame = table(worlds=worlds)
    if worlds:
        known = pd.read_csv(RESULTS)
        frame = pd.concat([known[~known["world"].isin(worlds)], frame])
        frame = frame.sort_values(["kind", "world"], kind="stable", ignore_index=True)
    partial = RESULTS.with_suffix(".tmp")
    frame.to_csv(partial, index=False, float_format="%.5f", lineterminator="\n")
    partial.replace(RESULTS)
    rehash(ROOT / "data" / "validation")
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1:])
