"""Difference-in-differences and its event study."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.paths import equal_weight_runs, path_frame
from hubanalysis.estimators.regression import few_units_note, two_way_regression
from hubanalysis.estimators.two_way import balanced_two_way
from hubanalysis.panels.panel import Panel

# The scores of two clusters cancel: their sandwich is zero whatever the noise.
TWO_UNITS = "two units leave nothing over for a standard error clustered by unit"


def did_runs(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    """Run `did` on many sets, as `Estimator.many` asks."""
    return equal_weight_runs(panel, sets, np.full(start, 1 / start))


@declare("difference-in-differences", many=did_runs)
def did(panel: Panel) -> Estimate:
    r"""Average effect with unit and period effects, clustered by unit.

    Least squares on :math:`Y_{it} = \alpha_i + \beta_t + \tau D_{it} + e_{it}`.
    With one date of adoption and a balanced panel, :math:`\hat\tau` is the change
    in the treated units' mean less the change in the others' (Card and Krueger
    1994, table 3). With several dates it is a weighted mean of two-group
    comparisons, some of them with units already treated (Goodman-Bacon 2021).

    Parameters
    ----------
    panel : Panel
        Holes are allowed.

    Returns
    -------
    Estimate
        With `se` (t distribution, clusters less one degrees of freedom; none with
        two units, whose clustered error is zero whatever the noise) and, for
        one date of adoption on a balanced panel, `path`: the effect of each period
        measured from the mean gap before treatment.

    Raises
    ------
    ValueError
        If nothing is treated, or no unit is untreated when the others are treated.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=8, start=5,
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> round(hub.did(panel).att, 6)
    2.0
    """
    panel.require_treated()
    dates = len(panel.cohorts)
    if dates == 1:
        panel.require_donors()
    if panel.values.shape == (2, 2) and panel.is_balanced:
        # Four means: nothing is left over to estimate a standard error from.
        row = np.array([[panel.units.get_loc(panel.treated[0])]])
        four_means = float(did_runs(panel, row, 1).paths[0, 1])
        four = {"se": "four means leave nothing over", "path": _path(panel, dates)}
        return Estimate("did", four_means, panel, few_units_note(panel), four)
    effect, covariance = _regress(panel, panel.treatment[None])
    parts = {
        "se": TWO_UNITS if len(panel.units) == 2 else float(np.sqrt(covariance[0, 0])),
        "df": len(panel.units) - 1,
        "path": _path(panel, dates),
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "every period before treatment counts the same",
        "covariance": "ask event_study for effects by period",
    }
    notes = few_units_note(panel)
    if dates > 1:
        notes += (
            "units start at different times: some comparisons use units that were "
            "already treated (see bacon_decomposition)",
        )
    return Estimate("did", float(effect[0]), panel, notes, parts)


def _detrended_runs(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    return did_runs(panel.assign(sets[0], start).detrend(), sets, start)


@declare("detrended DiD", many=_detrended_runs)
def detrended_did(panel: Panel) -> Estimate:
    """Difference-in-differences after each unit's own earlier trend is taken out.

    A straight line is fitted to each unit before the first treatment, carried on,
    and subtracted (`Panel.detrend`). The line is the unit's own, so what its
    estimation adds to the noise is in the clustered standard error.

    Parameters
    ----------
    panel : Panel
        At least three periods before treatment.

    Returns
    -------
    Estimate
        As of `did`, on the detrended panel.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=9, treated=8, start=6,
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> round(hub.detrended_did(panel).att, 6)
    2.0
    """
    plain = did(panel.detrend())
    return Estimate("detrended_did", plain.att, plain.panel, plain.notes, plain.parts)


def _event_runs(
    panel: Panel, sets: np.ndarray, start: int, reference: int = -1
) -> Runs:
    on_reference = (np.arange(start) == start + reference).astype(float)
    return equal_weight_runs(panel, sets, on_reference)


@declare(
    "event study (from the last year before)", many=_event_runs, shared=("reference",)
)
def event_study(panel: Panel, reference: int = -1) -> Estimate:
    r"""Effect by event time, before and after, against one reference period.

    Least squares on :math:`Y_{it} = \alpha_i + \beta_t + \sum_{k \ne r}
    \tau_k 1\{t - g_i = k\} + e_{it}`, clustered by unit. Event time counts the
    panel's periods from the first treated one (0).

    Parameters
    ----------
    panel : Panel
        Needs units that are never treated. Holes are allowed.
    reference : int
        Event time r that the others are measured from; before treatment.

    Returns
    -------
    Estimate
        `path` by event time (0 at the reference), `covariance` of the effects
        without the reference; `att` is the plain mean of the effects from event
        time 0 on. With two units there is no standard error, as in `did`.

    Raises
    ------
    ValueError
        If the reference is not an event time before treatment, or there is no
        never-treated unit.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=6, treated=8, start=4,
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> hub.event_study(panel).path["effect"].round(6).add(0.0).tolist()
    [0.0, 0.0, 0.0, 2.0, 2.0, 2.0]
    """
    panel.require_treated()
    panel.require_donors()
    n_periods = len(panel.periods)
    starts = panel.starts
    event = np.arange(n_periods) - starts[:, None]
    event = np.where(starts[:, None] < n_periods, event, -n_periods - 1)
    seen = ~np.isnan(panel.values) & (event >= -n_periods)
    times = np.unique(event[seen])
    before = [int(k) for k in times if k < 0]
    if reference not in before:
        raise ValueError(
            f"reference {reference} is not an event time before treatment. "
            f"There are: {', '.join(map(str, before))}."
        )
    times = times[times != reference]
    effect, covariance = _regress(panel, event == times[:, None, None])
    index = pd.Index(times, name="event_time")
    se = np.sqrt(np.diag(covariance))
    path = pd.DataFrame({"effect": effect, "se": se}, index=index)
    path.loc[reference] = 0.0
    path = path.sort_index()
    if len(panel.cohorts) == 1 and panel.is_balanced:
        treated = panel.values[starts < n_periods].mean(axis=0)
        path.insert(0, "period", panel.periods)
        path.insert(1, "observed", treated)
        path.insert(2, "counterfactual", treated - path["effect"].to_numpy())
    after = index >= 0
    weight = after / after.sum()
    two = len(panel.units) == 2
    if two:
        path = path.drop(columns="se")
    parts = {
        "se": TWO_UNITS if two else float(np.sqrt(weight @ covariance @ weight)),
        "df": len(panel.units) - 1,
        "path": path,
        "covariance": TWO_UNITS
        if two
        else pd.DataFrame(covariance, index=index, columns=index),
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "one period is the reference",
    }
    notes = few_units_note(panel)
    if len(panel.cohorts) > 1:
        notes += (
            "units start at different times: effects of one event time can leak into "
            "another (see group_time_att)",
        )
    return Estimate("event_study", float(weight @ effect), panel, notes, parts)


def _regress(panel: Panel, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and covariance of these columns, (n_columns, n_units, n_periods)."""
    columns = columns.astype(float)
    if panel.is_balanced:
        return balanced_two_way(panel.values, columns)
    names = [str(k) for k in range(len(columns))]
    flat = columns.reshape(len(columns), -1).T
    effect, covariance = two_way_regression(panel, flat, names)
    return effect.to_numpy(), covariance.to_numpy()


def _path(panel: Panel, dates: int) -> Callable[[], pd.DataFrame] | str:
    """Build the path of a single-date estimate, or say why there is none."""
    if dates > 1:
        return "units start at different times; ask event_study or group_time_att"
    if not panel.is_balanced:
        return "the panel has holes; ask event_study"

    def build() -> pd.DataFrame:
        rows = np.flatnonzero(panel.starts < len(panel.periods))
        runs = did_runs(panel, rows[None, :], panel.start)
        return path_frame(panel, rows, runs.paths[0])

    return build
