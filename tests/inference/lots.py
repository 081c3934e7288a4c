"""Lots small enough to be run over and over, for the tests of this folder."""

from dataclasses import replace

import numpy as np

import hubanalysis as hub
from hubanalysis.estimators.estimator import estimator
from hubanalysis.inference.lot import Lot


def mean_gap(panel):
    """A reader's own: the treated's mean change less the others'."""
    treated, start = panel.starts < len(panel.periods), panel.starts.min()
    gap = panel.values[treated].mean(axis=0) - panel.values[~treated].mean(axis=0)
    return hub.Estimate("gap", float(gap[start:].mean() - gap[:start].mean()), panel)


def median_gap(panel):
    """A reader's own that bends with an effect: medians instead of means."""
    treated, start = panel.starts < len(panel.periods), panel.starts.min()
    gap = np.median(panel.values[treated], axis=0)
    gap = gap - np.median(panel.values[~treated], axis=0)
    return hub.Estimate(
        "medians", float(gap[start:].mean() - gap[:start].mean()), panel
    )


def quick(chosen):
    """The same estimator without a standard error, which no lot asks for."""
    known = estimator(chosen)
    bare = lambda panel: hub.Estimate(known.name, known.att(panel), panel)  # noqa: E731
    return known if known.many is None else replace(known, function=bare)


ONE_DATE = {
    "did": quick(hub.did),
    "detrended_did": quick(hub.detrended_did),
    "event_study": quick(hub.event_study),
    "synthetic_control": quick(hub.synthetic_control),
    "augmented_synthetic_control": quick(hub.augmented_synthetic_control),
    "with_intercept": quick(hub.estimator(hub.synthetic_control, intercept=True)),
    "synthetic_did": quick(hub.synthetic_did),
    "mean_gap": estimator(mean_gap),
    "median_gap": estimator(median_gap),
}
TWO_DATES = {
    "imputation": estimator(hub.imputation),
    "group_time_average": estimator(hub.group_time_average),
}
ALL = ONE_DATE | TWO_DATES


def small(name, seed, units=8, treated=2, effect=0.0, **more):
    """A panel of 8 periods, with the dates that this estimator is for."""
    start = [5, 7] if name in TWO_DATES else 6
    treated = max(treated, 2) if name in TWO_DATES else treated
    return hub.simulate_panel(
        units, 8, treated, start=start, effect=effect, seed=seed, **more
    )


def lot_of(name, panel, **options):
    return hub.randomization_test(panel, ALL[name], **options)


def planted(panel, effect):
    """The same panel with an effect in all its treated cells."""
    return panel.with_frame(panel.frame + effect * panel.treatment)


def is_monotone(lot):
    """Whether no other assignment moves faster with an effect than the real one."""
    pull = np.abs(lot.pull - lot.pull.mean())
    return bool(pull.max() <= pull[0] * (1 + 1e-6))


def by_hand(estimates, pull=None, barred=(), exact=True, loads=None):
    """A lot of these estimates: units take turns, the first is really treated."""
    n = len(estimates)
    panel = hub.simulate_panel(
        units=min(max(n, 3), 40), periods=4, treated=1, start=3, seed=0
    )
    marks = np.isin(np.arange(n), barred)
    pull = np.eye(n)[0] if pull is None else np.array(pull, dtype=float)
    starts = np.where(np.eye(n, len(panel.units), dtype=bool), 2, 4)
    values = np.array(estimates, dtype=float)
    return Lot(panel, hub.estimator(hub.did), starts, exact, values, pull, marks, loads)
