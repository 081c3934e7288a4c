"""Synthetic difference-in-differences: weighted donors and weighted earlier periods."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.lockstep import weights_beside, weights_following
from hubanalysis.estimators.paths import effect_path, event_path, labelled_weights
from hubanalysis.estimators.weights import ONE_DONOR, simplex_weights
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError


def _many(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    """Run `synthetic_did` on many sets, as `Estimator.many` asks."""
    sets, before = np.asarray(sets), panel.values[:, :start]
    m = sets.shape[1]
    donors = np.ones((len(sets), len(before)))
    np.put_along_axis(donors, sets, 0.0, axis=1)
    changes = np.diff(before, axis=1)
    changes = changes - changes.mean()
    count = (len(before) - m) * changes.shape[1]
    total, squares = donors @ changes.sum(axis=1), donors @ (changes**2).sum(axis=1)
    spread = squares - total**2 / count
    # What is left of the squares by rounding is nothing.
    spread[spread <= 1e-13 * squares] = 0.0
    noise = np.sqrt(spread / (count - 1))
    loads = -weights_following(
        before - before.mean(axis=1, keepdims=True),
        sets,
        _ridge(noise, m, before.shape[1], len(panel.periods) - start),
        np.abs(before).max(axis=1),
    )
    np.put_along_axis(loads, sets, 1 / m, axis=1)
    return Runs(_again(panel, sets, start, loads), loads)


def _again(panel: Panel, sets: np.ndarray, start: int, loads: np.ndarray) -> np.ndarray:
    """Paths with these unit weights, as `Estimator.again` asks."""
    # Levels of periods cancel; taken out first, they cost no digits.
    values = panel.values - panel.values.mean(axis=0)
    goal = values[:, start:].mean(axis=1)
    time_weights = weights_beside(
        values[:, :start] - goal[:, None],
        np.asarray(sets),
        np.full(start, np.abs(panel.values).max()),
    )
    gaps = loads @ values
    return gaps - np.einsum("st,st->s", gaps[:, :start], time_weights)[:, None]


# The time weights look at the donors' later outcomes, and so at an effect on a donor.
@declare("synthetic DiD", many=_many, again=_again)
def synthetic_did(panel: Panel) -> Estimate:
    r"""Difference-in-differences with weighted donors and weighted earlier periods.

    Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), algorithm 1, with its
    default regularisation :math:`\zeta = (N_{tr} T_{post})^{1/4} \hat\sigma`, where
    :math:`\hat\sigma` is the standard deviation of the donors' first differences
    before treatment. Both quadratic programmes are solved exactly. With several
    dates of adoption, each cohort is fitted against the never-treated and the
    effects are averaged over treated cells.

    Parameters
    ----------
    panel : Panel
        Balanced. Donors are the never-treated units; at least two, and two
        periods before treatment.

    Returns
    -------
    Estimate
        With `path`, `unit_weights` and `time_weights`; no standard error.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15,
    ...                            effect=3.0, noise=0.1, seed=1)
    >>> round(hub.synthetic_did(panel).att, 1)
    3.0
    """
    panel.require_treated()
    panel.require_donors()
    panel.require_balanced("synthetic_did")
    n_periods = len(panel.periods)
    starts = panel.starts
    pool = np.flatnonzero(starts == n_periods)
    rows = np.flatnonzero(starts < n_periods)
    if len(pool) < 2 or starts.min() < 2:
        raise HubError(
            "synthetic_did needs at least two donors and two periods before "
            f"treatment; there are {len(pool)} and {starts.min()}."
        )
    cohorts = np.unique(starts[rows])
    effects = np.empty((len(cohorts), n_periods))
    unit_weights = np.empty((len(pool), len(cohorts)))
    time_weights = np.full((int(cohorts.max()), len(cohorts)), np.nan)
    sizes = np.array([np.sum(starts == g) for g in cohorts])
    for c, g in enumerate(cohorts):
        target = panel.values[starts == g].mean(axis=0)
        w, v, effects[c] = _fit(panel.values[pool], target, g, sizes[c])
        unit_weights[:, c], time_weights[:g, c] = w, v
    names = panel.periods[cohorts]
    parts = {
        "path": lambda: event_path(panel, rows, effects, sizes),
        "unit_weights": labelled_weights(unit_weights, panel.units[pool], names),
        "time_weights": labelled_weights(
            time_weights, panel.periods[: cohorts.max()], names
        ),
        "se": "judge by placebo_in_space, whose .sd is its placebo standard error",
        "covariance": "synthetic DiD has no covariance",
    }
    cells = sizes * (n_periods - cohorts)
    post = [effect[g:].mean() for effect, g in zip(effects, cohorts)]
    att = float(np.average(post, weights=cells))
    notes: tuple[str, ...] = ()
    if unit_weights.max() > ONE_DONOR:
        donor = panel.units[pool[unit_weights.max(axis=1).argmax()]]
        notes = (f"the comparison rests on {donor} almost alone",)
    return Estimate("synthetic_did", att, panel, notes, parts)


def _fit(
    pool: np.ndarray, target: np.ndarray, start: int, n_treated: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit weights, time weights and effect path of one cohort."""
    before, after = pool[:, :start], pool[:, start:]
    noise = np.diff(before, axis=1).std(ddof=1)
    unit_weights = simplex_weights(
        before.T - before.mean(axis=1),
        target[:start] - target[:start].mean(),
        _ridge(noise, n_treated, start, after.shape[1]),
        np.maximum(np.abs(before).max(axis=1), np.abs(target[:start]).max()),
    )
    goal = after.mean(axis=1)
    # The authors' tiny ridge makes the time weights unique; so does the least norm,
    # its limit.
    time_weights = simplex_weights(
        before - before.mean(axis=0),
        goal - goal.mean(),
        size=np.full(start, np.abs(pool).max()),
    )
    path = effect_path(target, pool, unit_weights, time_weights)
    return unit_weights, time_weights, path


def _ridge(noise: Any, n_treated: int, n_before: int, n_after: int) -> Any:
    """How strongly unit weights are held together, given the donors' changes."""
    return (n_treated * n_after) ** 0.25 * noise * np.sqrt(n_before)
