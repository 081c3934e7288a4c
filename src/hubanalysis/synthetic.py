"""Synthetic control and synthetic difference-in-differences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.checks import _cells, _some
from hubanalysis.did import path_frame
from hubanalysis.estimate import Estimate, _rms
from hubanalysis.panel import Panel
from hubanalysis.predictors import nested_weights
from hubanalysis.simplex import simplex_weights

__all__ = ["synthetic_control", "synthetic_did"]

# A donor with more than this weight stands in for the whole pool.
ONE_DONOR = 0.9


def synthetic_control(
    panel: Panel, predictors: pd.DataFrame | None = None, intercept: bool = False
) -> Estimate:
    r"""Compare with the mix of donors that moved as the treated unit did before.

    For each treated unit, weights :math:`w \ge 0`, :math:`\sum w = 1` minimise the
    squared gap over all periods before treatment (Abadie, Diamond and Hainmueller
    2010, with every earlier outcome as a predictor and equal importance). The
    quadratic programme is solved exactly.

    Parameters
    ----------
    panel : Panel
        Balanced. Donors are the never-treated units. Several treated units are
        fitted one by one, and their effects averaged by event time.
    predictors : pandas.DataFrame, optional
        Units by variables: match these instead of the earlier outcomes, each as
        important as makes the earlier outcomes fit best (nested choice of V).
    intercept : bool
        Allow a constant gap: match changes rather than levels (Doudchenko and
        Imbens 2016; Ferman and Pinto 2021). Not together with predictors.

    Returns
    -------
    Estimate
        With `path` and `unit_weights`, and with predictors `predictor_weights` and
        `balance`; no standard error.

    Raises
    ------
    ValueError
        If predictors lack a unit, a value or any variation, or are not numbers.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15,
    ...                            effect=3.0, noise=0.1, seed=1)
    >>> round(hub.synthetic_control(panel).att, 1)
    2.8
    """
    panel.require_treated()
    panel.require_donors()
    panel.require_balanced("synthetic_control")
    starts = panel.starts
    pool = np.flatnonzero(starts == len(panel.periods))
    rows = np.flatnonzero(starts < len(panel.periods))
    weights = np.empty((len(pool), len(rows)))
    effects = np.empty((len(rows), len(panel.periods)))
    traits = None if predictors is None else _traits(panel, predictors, intercept)
    importance = []
    for j, i in enumerate(rows):
        if traits is None:
            weights[:, j], effects[j] = _fit(
                panel.values[pool], panel.values[i], starts[i], intercept
            )
            continue
        weights[:, j], v = nested_weights(
            traits[pool].T,
            traits[i],
            panel.values[pool, : starts[i]].T,
            panel.values[i, : starts[i]],
        )
        effects[j] = panel.values[i] - weights[:, j] @ panel.values[pool]
        importance.append(v)
    parts = {
        "path": lambda: _event_path(panel, rows, effects),
        "unit_weights": _labelled(weights, panel.units[pool], panel.units[rows]),
        "se": "judge synthetic control by placebo_in_space",
        "covariance": "synthetic control has no covariance",
        "time_weights": "every period before treatment counts the same",
    }
    if traits is not None:
        names = predictors.columns
        parts["predictor_weights"] = _labelled(
            np.array(importance).T, names, panel.units[rows]
        )
        means = {
            "treated": traits[rows].mean(axis=0),
            "synthetic": (weights.T @ traits[pool]).mean(axis=0),
            "donors": traits[pool].mean(axis=0),
        }
        parts["balance"] = pd.DataFrame(means, index=names)
    notes = []
    for j, i in enumerate(rows):
        before = panel.values[i, : starts[i]]
        if _rms(effects[j, : starts[i]]) > before.std():
            notes.append(
                f"bad fit: before treatment {panel.units[i]} is followed no better "
                "than by a flat line"
            )
        if weights[:, j].max() > ONE_DONOR and len(pool) > 1:
            donor = panel.units[pool[weights[:, j].argmax()]]
            notes.append(f"{panel.units[i]} is compared with {donor} almost alone")
    att = float(np.mean(_post_means(effects, starts[rows])))
    return Estimate("synthetic_control", att, panel, tuple(notes), parts)


def _traits(panel: Panel, predictors: pd.DataFrame, intercept: bool) -> np.ndarray:
    """Predictors in the panel's order of units, or a refusal that names the fault."""
    if intercept:
        raise ValueError("predictors and intercept cannot be asked for together.")
    if not isinstance(predictors, pd.DataFrame) or predictors.empty:
        raise ValueError("predictors must be a frame with units as rows, not empty.")
    twice = predictors.index[predictors.index.duplicated()].unique()
    if len(twice):
        raise ValueError(f"predictors have more than one row for {_some(twice)}.")
    lost = panel.units.difference(predictors.index)
    if len(lost):
        raise ValueError(f"predictors have no row for {_some(lost)}.")
    traits = predictors.loc[panel.units]
    text = [c for c in traits if not pd.api.types.is_numeric_dtype(traits[c])]
    if text:
        raise ValueError(f"predictors must be numbers; {_some(text)} is not.")
    values = traits.to_numpy(dtype=float, na_value=np.nan)
    gaps = ~np.isfinite(values)
    if gaps.any():
        raise ValueError(
            "predictors are missing or infinite: "
            f"{_cells(gaps, panel.units, traits.columns)}. Fill them in or drop them."
        )
    pool = panel.units.isin(panel.donors)
    for i in np.flatnonzero(~pool):
        constant = traits.columns[(values[pool] == values[i]).all(axis=0)]
        if len(constant):
            raise ValueError(
                f"predictor {_some(constant)} is the same for {panel.units[i]} and all "
                "donors, and tells nothing. Leave it out."
            )
    return values


def control_paths(
    panel: Panel, sets: np.ndarray, start: int, intercept: bool = False
) -> np.ndarray:
    """Effect paths of `synthetic_control` for many sets of treated units.

    Shapes as in `did_paths`; the units outside a set are its donors.
    """
    # Leaving out a donor without weight changes nothing, so a fit serves every set
    # that spares its donors. Sets of units are bits of an integer.
    fits: dict[tuple[int, int], tuple[int, np.ndarray]] = {}

    def path(unit: int, treated: int) -> np.ndarray:
        left_out = 1 << unit
        while True:
            if (unit, left_out) not in fits:
                pool = [j for j in range(len(panel.units)) if not left_out >> j & 1]
                weights, effect = _fit(
                    panel.values[pool], panel.values[unit], start, intercept
                )
                used = sum(1 << pool[j] for j in np.flatnonzero(weights))
                fits[unit, left_out] = used, effect
            used, effect = fits[unit, left_out]
            if not used & treated:
                return effect
            left_out |= used & treated

    masks = [sum(1 << int(i) for i in treated) for treated in sets]
    return np.array(
        [
            np.mean([path(int(i), mask) for i in treated], axis=0)
            for treated, mask in zip(sets, masks)
        ]
    )


synthetic_control.batch = control_paths


def _fit(pool, target, start, intercept):
    """Weights and effect path of one treated unit."""
    before_pool, before = pool[:, :start].T, target[:start]
    if intercept:
        before_pool = before_pool - before_pool.mean(axis=0)
        before = before - before.mean()
    weights = simplex_weights(before_pool, before)
    effect = target - weights @ pool
    if intercept:
        effect = effect - effect[:start].mean()
    return weights, effect


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
        raise ValueError(
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
        w, v, effects[c] = _fit_did(panel.values[pool], target, g, sizes[c])
        unit_weights[:, c], time_weights[:g, c] = w, v
    names = panel.periods[cohorts]
    parts = {
        "path": lambda: _event_path(panel, rows, effects, sizes),
        "unit_weights": _labelled(unit_weights, panel.units[pool], names),
        "time_weights": _labelled(time_weights, panel.periods[: cohorts.max()], names),
        "se": "judge by placebo_in_space, whose .sd is its placebo standard error",
        "covariance": "synthetic DiD has no covariance",
    }
    cells = sizes * (n_periods - cohorts)
    att = float(np.average(_post_means(effects, cohorts), weights=cells))
    notes = ()
    if unit_weights.max() > ONE_DONOR:
        donor = panel.units[pool[unit_weights.max(axis=1).argmax()]]
        notes = (f"the comparison rests on {donor} almost alone",)
    return Estimate("synthetic_did", att, panel, notes, parts)


def synthetic_did_paths(panel: Panel, sets: np.ndarray, start: int) -> np.ndarray:
    """Effect paths of `synthetic_did` for many sets; shapes as in `did_paths`."""
    sets = np.asarray(sets)
    paths = np.empty((len(sets), len(panel.periods)))
    everyone = np.ones(len(panel.units), dtype=bool)
    for s, treated in enumerate(sets):
        everyone[treated] = False
        target = panel.values[treated].mean(axis=0)
        paths[s] = _fit_did(panel.values[everyone], target, start, len(treated))[2]
        everyone[treated] = True
    return paths


synthetic_did.batch = synthetic_did_paths


def _fit_did(pool, target, start, n_treated):
    """Unit weights, time weights and effect path of one cohort."""
    before, after = pool[:, :start], pool[:, start:]
    noise = np.diff(before, axis=1).std(ddof=1)
    ridge = (n_treated * after.shape[1]) ** 0.25 * noise * np.sqrt(start)
    unit_weights = simplex_weights(
        before.T - before.mean(axis=1),
        target[:start] - target[:start].mean(),
        ridge,
    )
    goal = after.mean(axis=1)
    # The authors' tiny ridge makes the time weights unique.
    time_weights = simplex_weights(
        before - before.mean(axis=0),
        goal - goal.mean(),
        1e-6 * noise * np.sqrt(len(pool)),
    )
    gap = target - unit_weights @ pool
    return unit_weights, time_weights, gap - time_weights @ gap[:start]


def _post_means(effects, starts):
    return [effect[s:].mean() for effect, s in zip(effects, starts)]


def _labelled(weights, index, columns):
    if weights.shape[1] == 1:
        return pd.Series(weights[:, 0], index=index, name="weight")
    return pd.DataFrame(weights, index=index, columns=columns)


def _event_path(panel, rows, effects, sizes=None) -> pd.DataFrame:
    """Average effect paths by event time; one date keeps the calendar."""
    sizes = np.ones(len(effects)) if sizes is None else sizes
    if len(panel.cohorts) == 1:
        return path_frame(panel, rows, np.average(effects, axis=0, weights=sizes))
    starts = panel.starts[rows]
    if len(effects) != len(rows):
        starts = np.unique(starts)
    n = len(panel.periods)
    long = pd.DataFrame(
        {
            "event_time": (np.arange(n) - starts[:, None]).ravel(),
            "effect": effects.ravel(),
            "units": np.repeat(sizes, n),
        }
    )
    long["effect"] *= long["units"]
    total = long.groupby("event_time").sum()
    total["effect"] /= total["units"]
    return total.astype({"units": int})
