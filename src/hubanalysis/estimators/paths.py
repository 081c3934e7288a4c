r"""The one form of DiD, synthetic control and synthetic DiD, and its effect path.

All three set the treated units' mean :math:`Y_t` against donors with weights
:math:`\omega`, and the gap against that of earlier periods with weights
:math:`\lambda` (Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021, section I):

.. math:: \hat\tau_t = (Y_t - \omega' Y_{0t})
          - \sum_{s < t_0} \lambda_s (Y_s - \omega' Y_{0s})

They differ in the weights alone. Difference-in-differences has equal ones of both
kinds, an event study all :math:`\lambda` on the reference period, synthetic control
fits :math:`\omega` and has :math:`\lambda = 0` (equal ones with an intercept), and
synthetic DiD fits both.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimator import Runs
from hubanalysis.panels.panel import Panel


def effect_path(
    target: np.ndarray,
    donors: np.ndarray,
    unit_weights: np.ndarray,
    time_weights: np.ndarray,
) -> np.ndarray:
    """Effect in every period, given both kinds of weights.

    Parameters
    ----------
    target : numpy.ndarray of shape (n_periods,)
        Mean outcome of the treated.
    donors : numpy.ndarray of shape (n_donors, n_periods)
    unit_weights : numpy.ndarray of shape (n_donors,)
    time_weights : numpy.ndarray of shape (start,)
        Of the periods before treatment.

    Returns
    -------
    numpy.ndarray of shape (n_periods,)
    """
    gap = target - unit_weights @ donors
    return gap - time_weights @ gap[: len(time_weights)]


def equal_weight_runs(panel: Panel, sets: np.ndarray, time_weights: np.ndarray) -> Runs:
    """`effect_path` of many sets of treated units at once, all donors counting alike.

    Parameters
    ----------
    panel : Panel
        Balanced; who is treated in it does not matter here.
    sets : numpy.ndarray of shape (n_sets, n_treated)
        Row positions of the treated units of each set; all others are donors.
    time_weights : numpy.ndarray of shape (start,)

    Returns
    -------
    Runs
    """
    sets = np.asarray(sets)
    n, m = len(panel.units), sets.shape[1]
    # Levels cancel in every use; taken out first, they cost no digits.
    values = panel.values - panel.values.mean(axis=1, keepdims=True)
    gap = (values[sets].mean(axis=1) - values.mean(axis=0)) * n / (n - m)
    loads = np.full((len(sets), n), -1 / (n - m))
    np.put_along_axis(loads, sets, 1 / m, axis=1)
    return Runs(gap - gap[:, : len(time_weights)] @ time_weights[:, None], loads)


def path_frame(panel: Panel, rows: np.ndarray, effect: np.ndarray) -> pd.DataFrame:
    """Lay out an effect path of the units in `rows` by event time."""
    observed = np.average(panel.values[rows], axis=0, weights=panel.weight[rows])
    event = np.arange(len(panel.periods)) - panel.start
    return pd.DataFrame(
        {
            "period": panel.periods,
            "observed": observed,
            "counterfactual": observed - effect,
            "effect": effect,
        },
        index=pd.Index(event, name="event_time"),
    )


def event_path(
    panel: Panel, rows: np.ndarray, effects: np.ndarray, sizes: np.ndarray | None = None
) -> pd.DataFrame:
    """Average effect paths, of units or cohorts, by event time.

    Parameters
    ----------
    panel : Panel
    rows : numpy.ndarray of shape (n_treated,)
        Row positions of the treated units.
    effects : numpy.ndarray of shape (n_treated or n_cohorts, n_periods)
    sizes : numpy.ndarray, optional
        Units behind each path; one each by default.

    Returns
    -------
    pandas.DataFrame
        As `path_frame` with one date, which keeps the calendar; otherwise `effect` and
        `units`.
    """
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


def labelled_weights(
    weights: np.ndarray, index: pd.Index, columns: pd.Index
) -> pd.Series | pd.DataFrame:
    """Name weights of shape (n, k); a single column becomes a series."""
    if weights.shape[1] == 1:
        return pd.Series(weights[:, 0], index=index, name="weight")
    return pd.DataFrame(weights, index=index, columns=columns)
