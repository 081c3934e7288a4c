"""Synthetic control: the mix of donors that moved as the treated unit did before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate, rms
from hubanalysis.estimators.estimator import Runs, declare, estimator
from hubanalysis.estimators.exact_fits import many_mixes_note
from hubanalysis.estimators.lockstep import weights_without
from hubanalysis.estimators.paths import effect_path, event_path, labelled_weights
from hubanalysis.estimators.predictor_weights import nested_weights, weights_given
from hubanalysis.estimators.weights import ONE_DONOR, simplex_weights
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_flag, listed, listed_cells

# A predictor that counts for less than this share of the most important is idle.
IDLE = 1e-3


def _many(panel: Panel, sets: np.ndarray, start: int, intercept: bool = False) -> Runs:
    """Run `synthetic_control` on many sets, as `Estimator.many` asks."""
    n, n_periods = panel.values.shape
    m = np.shape(sets)[1]
    level = _level(start, intercept)
    # Levels of periods cancel; taken out first, they cost no digits.
    values = panel.values - panel.values.mean(axis=0)
    before = values[:, :start] - (values[:, :start] @ level)[:, None]
    size = _size(panel.values[:, :start])
    treated = np.zeros((len(sets), n), dtype=bool)
    np.put_along_axis(treated, np.asarray(sets), True, axis=1)
    paths, loads = np.zeros((len(sets), n_periods)), np.zeros((len(sets), n))
    for unit in np.flatnonzero(treated.any(axis=0)):
        hit = np.flatnonzero(treated[:, unit])
        others = np.arange(n) != unit
        weights = weights_without(
            before[others].T,
            before[unit],
            treated[np.ix_(hit, others)],
            np.maximum(size[others], size[unit]),
        )
        gap = values[unit] - weights @ values[others]
        paths[hit] += (gap - (gap[:, :start] @ level)[:, None]) / m
        loads[np.ix_(hit, others)] -= weights / m
        loads[hit, unit] += 1 / m
    return Runs(paths, loads)


@declare(
    "synthetic control", many=_many, shared=("intercept",), moves=False, levels=True
)
def synthetic_control(
    panel: Panel,
    predictors: pd.DataFrame | None = None,
    intercept: bool = False,
    importance: pd.Series | None = None,
) -> Estimate:
    r"""Compare with the mix of donors that moved as the treated unit did before.

    For each treated unit, weights :math:`w \ge 0`, :math:`\sum w = 1` minimise the
    squared gap over all periods before treatment (Abadie, Diamond and Hainmueller
    2010, with every earlier outcome as a predictor and equal importance). The
    quadratic programme is solved exactly. Where several mixes fit equally well, the one
    whose squared weights add up to least is taken: the most even one. With more donors
    than periods many can fit *exactly*, which tells nothing of what follows: a note
    then says so, and from where to where the answers of all of them go.

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
    importance : pandas.Series, optional
        Predictor -> importance, once each is divided by its standard deviation: used
        as it is instead of the nested choice. The `predictor_weights` of another
        estimate will do, so that importances can be chosen on other years than they
        are used on (cross-validation, Abadie, Diamond and Hainmueller 2015).

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
    check_flag(intercept=intercept)
    panel.require_donors()
    panel.require_balanced("synthetic_control")
    starts = panel.starts
    pool = np.flatnonzero(starts == len(panel.periods))
    rows = np.flatnonzero(starts < len(panel.periods))
    weights = np.empty((len(pool), len(rows)))
    effects = np.empty((len(rows), len(panel.periods)))
    traits = None if predictors is None else _traits(panel, predictors, intercept)
    given = None if importance is None else _given(importance, predictors)
    importance_of = []
    for j, i in enumerate(rows):
        if traits is None:
            weights[:, j], effects[j] = _fit(
                panel.values[pool], panel.values[i], starts[i], intercept
            )
            continue
        problem = (
            traits[pool].T,
            traits[i],
            panel.values[pool, : starts[i]].T,
            panel.values[i, : starts[i]],
        )
        if given is None:
            weights[:, j], v = nested_weights(*problem)
        else:
            weights[:, j], v = weights_given(given, *problem), given
        effects[j] = panel.values[i] - weights[:, j] @ panel.values[pool]
        importance_of.append(v)
    parts = {
        "path": lambda: event_path(panel, rows, effects),
        "unit_weights": labelled_weights(weights, panel.units[pool], panel.units[rows]),
        "se": "judge synthetic control by placebo_in_space",
        "covariance": "synthetic control has no covariance",
        "time_weights": "every period before treatment counts the same",
    }
    if traits is not None and predictors is not None:
        names = predictors.columns
        parts["predictor_weights"] = labelled_weights(
            np.array(importance_of).T, names, panel.units[rows]
        )
        balance = {
            "treated": traits[rows].mean(axis=0),
            "synthetic": (weights.T @ traits[pool]).mean(axis=0),
            "donors": traits[pool].mean(axis=0),
        }
        parts["balance"] = pd.DataFrame(balance, index=names)
    notes = []
    for j, i in enumerate(rows):
        before = panel.values[i, : starts[i]]
        if rms(effects[j, : starts[i]]) > before.std():
            notes.append(
                f"bad fit: before treatment {panel.units[i]} is followed no better "
                "than by a flat line"
            )
        if weights[:, j].max() > ONE_DONOR and len(pool) > 1:
            donor = panel.units[pool[weights[:, j].argmax()]]
            notes.append(f"{panel.units[i]} is compared with {donor} almost alone")
    if predictors is not None and given is None:
        for v, i in zip(importance_of, rows):
            idle = list(predictors.columns[v < IDLE * v.max()])
            if idle:
                notes.append(
                    f"{listed(idle)} got no importance for {panel.units[i]}: its "
                    "donors are chosen by the other predictors alone"
                )
    means = np.array([e[s:].mean() for e, s in zip(effects, starts[rows])])
    if predictors is None:
        notes += many_mixes_note(panel, weights, means, intercept)
    att = float(means.mean())
    return Estimate("synthetic_control", att, panel, tuple(notes), parts)


synthetic_control_with_intercept = estimator(
    synthetic_control,
    name="synthetic_control_with_intercept",
    label="synthetic control with intercept",
    intercept=True,
)


def _fit(
    donors: np.ndarray, target: np.ndarray, start: int, intercept: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Unit weights and effect path of one treated unit."""
    level = _level(start, intercept)
    before, goal = donors[:, :start].T, target[:start]
    unit_weights = simplex_weights(
        before - level @ before,
        goal - level @ goal,
        size=np.maximum(_size(before.T), _size(goal)),
    )
    return unit_weights, effect_path(target, donors, unit_weights, level)


def _size(before: np.ndarray) -> np.ndarray:
    """How large the figures of each unit are, of which rounding leaves a share."""
    return np.abs(before).max(axis=-1)


def _level(start: int, intercept: bool) -> np.ndarray:
    """Weights of earlier periods whose mean gap is taken out, if any is."""
    return np.full(start, 1 / start if intercept else 0.0)


def _given(importance: pd.Series, predictors: pd.DataFrame | None) -> np.ndarray:
    """Importances in the order of the predictors, or a refusal."""
    if predictors is None:
        raise HubError("importance is of predictors; give these too.")
    if not isinstance(importance, pd.Series) or importance.index.has_duplicates:
        raise HubError("importance must be a series, one number for each predictor.")
    lost = predictors.columns.difference(importance.index)
    if len(lost):
        raise HubError(
            f"importance has nothing for {listed(lost)}. Give 0 to leave it out."
        )
    v = importance.loc[predictors.columns].to_numpy(dtype=float, na_value=np.nan)
    if not (np.isfinite(v).all() and v.min() >= 0 and v.max() > 0):
        raise HubError("importance must be finite, not negative, and not all zero.")
    return v / v.sum()


def _traits(panel: Panel, predictors: pd.DataFrame, intercept: bool) -> np.ndarray:
    """Predictors in the panel's order of units, or a refusal that names the fault."""
    if intercept:
        raise HubError("predictors and intercept cannot be asked for together: choose.")
    if not isinstance(predictors, pd.DataFrame) or predictors.empty:
        raise HubError("predictors must be a frame with units as rows, not empty.")
    twice = predictors.index[predictors.index.duplicated()].unique()
    if len(twice):
        raise HubError(
            f"predictors have more than one row for {listed(twice)}. Keep one."
        )
    lost = panel.units.difference(predictors.index)
    if len(lost):
        raise HubError(
            f"predictors have no row for {listed(lost)}. Add it, or drop these units."
        )
    traits = predictors.loc[panel.units]
    text = [c for c in traits if not pd.api.types.is_numeric_dtype(traits[c])]
    if text:
        raise HubError(
            f"predictors must be numbers; {listed(text)} is not. Turn it into numbers, "
            "or leave it out."
        )
    values = traits.to_numpy(dtype=float, na_value=np.nan)
    gaps = ~np.isfinite(values)
    if gaps.any():
        cells = listed_cells(gaps, panel.units, traits.columns)
        raise HubError(
            f"predictors are missing or infinite: {cells}. Fill them in or drop them."
        )
    pool = panel.units.isin(panel.donors)
    for i in np.flatnonzero(~pool):
        constant = traits.columns[(values[pool] == values[i]).all(axis=0)]
        if len(constant):
            raise HubError(
                f"predictor {listed(constant)} is the same for {panel.units[i]} and "
                "all donors, and tells nothing. Leave it out."
            )
    return values
