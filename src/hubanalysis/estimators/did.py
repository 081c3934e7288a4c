"""Difference-in-differences and its event study."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from hubanalysis.estimators.adjusted import did_adjusted
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Runs, declare
from hubanalysis.estimators.given import chosen_covariates, given_notes
from hubanalysis.estimators.paths import effect_path, equal_weight_runs, path_frame
from hubanalysis.estimators.regression import (
    TwoWay,
    few_units_note,
    no_noise,
    short_memory_note,
    too_few_clusters,
    two_way_regression,
)
from hubanalysis.estimators.two_way import net_of_means
from hubanalysis.estimators.weighed import did_weighed, event_study_weighed
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, is_label

BOTH = ("covariates", "weights")
# The scores of two clusters cancel: their sandwich is zero whatever the noise.
TWO_UNITS = "two units leave nothing over for a standard error clustered by unit"
TWO_PERIODS = "two periods leave nothing over for a standard error by period"
NEGATIVE = "clustered two ways, the variance comes out negative; cluster one way"


def did_runs(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    """Run `did` on many sets, as `Estimator.many` asks."""
    return equal_weight_runs(panel, sets, np.full(start, 1 / start))


def _deals(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """`did` under many assignments of the same dates, as `Estimator.deals` asks.

    Net of unit and period effects, treatment has the same sum of squares however the
    dates fall, and a unit adds the sum of its own net outcomes from its date on.
    """
    dates = np.arange(values.shape[1])
    net = net_of_means(values)
    total = np.zeros((len(starts), *values.shape[2:]))
    for g in np.unique(starts[0][starts[0] < len(dates)]):
        total += (starts == g) @ net[:, g:].sum(axis=1)
    return total / np.square(net_of_means(dates >= starts[0][:, None])).sum()


def _without(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """`did` without each unit in turn, as `Estimator.without` asks.

    Net of unit and period effects, a unit takes its own products with it, and with the
    mean that it leaves one in n - 1 of them more.
    """
    treated = net_of_means(np.arange(values.shape[1]) >= starts[:, None])
    own = np.sum(treated * [net_of_means(values), treated], axis=2)
    left = own.sum(axis=1, keepdims=True) - own * len(values) / (len(values) - 1)
    # Nothing is left without the only treated unit, or the only donor.
    with np.errstate(divide="ignore", invalid="ignore"):
        return left[0] / left[1]


@declare(
    "difference-in-differences",
    many=did_runs,
    deals=_deals,
    moves=False,
    fitted=False,
    weighed=did_weighed,
    adjusted=did_adjusted,
    without=_without,
    takes=BOTH,
)
def did(
    panel: Panel,
    covariates: list[str] | None = None,
    errors: str = "clustered",
    clusters: Mapping | None = None,
) -> Estimate:
    r"""Average effect with unit and period effects, clustered by unit.

    Least squares on :math:`Y_{it} = \alpha_i + \beta_t + \tau D_{it} + e_{it}`.
    With one date of adoption and a balanced panel, :math:`\hat\tau` is the change
    in the treated units' mean less the change in the others' (Card and Krueger
    1994, table 3). With several dates it is a weighted mean of two-group
    comparisons, some of them with units already treated (Goodman-Bacon 2021).

    Covariates that vary enter with one slope each, and fixed ones times every period
    effect: then paths need be parallel only among units alike in them. Slopes are
    fitted to treated cells too, and so assume one effect for all; `group_time_att`
    and `imputation` do not. Covariates must not themselves answer to treatment. On a
    balanced panel without weights a whole lot costs as little with covariates as
    without; other estimators, and `did` with holes or weights as well, are then run
    once for each assignment: ask for fewer ``draws``.
    With weights it is the effect on the average of what units are weighted by, and a
    note says how many units of equal weight they are worth, where that is few.

    Parameters
    ----------
    panel : Panel
        Holes are allowed.
    covariates : list of str, optional
        Of the panel's; all of them by default, [] for none.
    errors : {"clustered", "two_way", "driscoll_kraay"}
        What may hang together: a unit's own periods; these and all that happens in one
        period; or all units, within and across neighbouring periods (Driscoll and
        Kraay 1998, by a Bartlett kernel over ``floor(4 * (periods / 100) ** (2 / 9))``
        periods, with t of periods less one). The last is for long panels whose shocks
        fade within these few periods: where they last longer it holds less often than
        it says, and a note says so. Clustered, the sandwich is multiplied by
        :math:`\frac{G}{G - 1} \frac{N - 1}{N - K}` for G clusters and N cells; K counts
        periods and slopes and no units, as these are nested in clusters (R's fixest).
    clusters : mapping, optional
        Unit -> cluster (county -> state), to cluster by in place of the unit.

    Returns
    -------
    Estimate
        With `se` (t distribution, clusters less one degrees of freedom; none with
        two units, whose clustered error is zero whatever the noise, and none where
        outcomes have no noise) and, for
        one date of adoption on a balanced panel, `path`: the effect of each period
        measured from the mean gap before treatment.

    Raises
    ------
    ValueError
        If nothing is treated, no unit is untreated when the others are treated, or
        covariates or holes leave nothing to compare.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=8, start=5,
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> round(hub.did(panel).att, 6)
    2.0
    """
    panel.require_treated()
    if len(panel.cohorts) == 1:
        panel.require_donors()
    plain = not any(chosen_covariates(panel, covariates))
    if panel.values.shape == (2, 2) and panel.is_balanced and plain:
        # Four means: nothing is left over to estimate a standard error from.
        row = np.array([[panel.units.get_loc(panel.treated[0])]])
        effect = float(did_runs(panel, row, 1).paths[0, 1])
        four = {
            "se": "four means leave nothing over",
            "path": _path(panel, panel.values),
        }
        return Estimate("did", effect, panel, few_units_note(panel), four)
    fit = _regress(
        panel, panel.treatment[None], ["treated"], covariates, errors, clusters
    )
    variance = fit.covariance.to_numpy()[0, 0]
    still = "" if fit.df == 1 else no_noise(np.sqrt(abs(variance)), panel)
    parts = {
        "se": still or _error(variance, fit.df, panel, errors),
        "interval": too_few_clusters(panel, clusters) or still,
        "df": fit.df,
        "path": _path(panel, fit.adjusted),
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "every period before treatment counts the same",
        "covariance": "ask event_study for effects by period",
    }
    notes = few_units_note(panel, clusters) + short_memory_note(panel, errors)
    notes += given_notes(panel, covariates) + ((still,) if still else ())
    if len(panel.cohorts) > 1:
        notes += (
            "units start at different times: some comparisons use units that were "
            "already treated (see bacon_decomposition)",
        )
    return Estimate("did", float(fit.effect["treated"]), panel, notes, parts)


def _error(variance: float, df: int, panel: Panel, errors: str) -> float | str:
    """Root of a variance, or why there is none."""
    if df == 1:
        return _two(panel, errors)
    return float(np.sqrt(variance)) if variance >= 0 else NEGATIVE


def _two(panel: Panel, errors: str) -> str:
    """Which two it is that leave nothing over."""
    by_period = errors != "clustered" and len(panel.periods) == 2
    return TWO_PERIODS if by_period else TWO_UNITS


def _detrended_runs(panel: Panel, sets: np.ndarray, start: int) -> Runs:
    return did_runs(panel.assign(sets[0], start).detrend(), sets, start)


@declare("detrended DiD", many=_detrended_runs, moves=False, fitted=False, takes=BOTH)
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
    notes, parts = plain.notes, plain.parts
    # What rounding leaves of figures, it leaves of their lines.
    if still := no_noise(getattr(plain, "se", np.inf), panel):
        notes += (still,)
        parts = parts | {"se": still, "interval": plain.no_interval or still}
    return Estimate("detrended_did", plain.att, plain.panel, notes, parts)


def _event_runs(
    panel: Panel, sets: np.ndarray, start: int, reference: int = -1
) -> Runs:
    on_reference = (np.arange(start) == start + reference).astype(float)
    return equal_weight_runs(panel, sets, on_reference)


@declare(
    "event study (from the last year before)",
    many=_event_runs,
    shared=("reference",),
    moves=False,
    fitted=False,
    weighed=event_study_weighed,
    takes=BOTH,
)
def event_study(
    panel: Panel,
    reference: int = -1,
    covariates: list[str] | None = None,
    errors: str = "clustered",
    clusters: Mapping | None = None,
) -> Estimate:
    r"""Effect by event time, before and after, against one reference period.

    Least squares on :math:`Y_{it} = \alpha_i + \beta_t + \sum_{k \ne r}
    \tau_k 1\{t - g_i = k\} + e_{it}`, clustered by unit. Event time counts the
    panel's periods from the first treated one (0).

    Parameters
    ----------
    panel : Panel
        Needs units that are never treated. Holes are allowed.
    reference : int
        Event time r that the others are measured from; before treatment. If units may
        have acted k periods ahead of it, -1 - k: those periods then have effects of
        their own.
    covariates, errors, clusters
        As of `did`.

    Returns
    -------
    Estimate
        `path` by event time (0 at the reference), `covariance` of the effects
        without the reference; `att` is the plain mean of the effects from event
        time 0 on. With two units or no noise there is no standard error, as in `did`.

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
    if not (is_label(reference) and reference in before):
        raise HubError(
            f"reference {reference} is not an event time before treatment. "
            f"There are: {', '.join(map(str, before))}."
        )
    times = times[times != reference]
    dummies, names = event == times[:, None, None], [str(k) for k in times]
    fit = _regress(panel, dummies, names, covariates, errors, clusters)
    index = pd.Index(times, name="event_time")
    covariance = fit.covariance.set_axis(index, axis=0).set_axis(index, axis=1)
    effect = fit.effect.set_axis(index)
    variances = np.diag(covariance)
    se = pd.Series(np.sqrt(np.where(variances < 0, np.nan, variances)), index=index)

    path = pd.DataFrame({"effect": effect, "se": se})
    path.loc[reference] = 0.0
    path = path.sort_index()
    if len(panel.cohorts) == 1 and panel.is_balanced:
        dated = starts < n_periods
        treated = np.average(panel.values[dated], axis=0, weights=panel.weight[dated])
        path.insert(0, "period", panel.periods)
        path.insert(1, "observed", treated)
        path.insert(2, "counterfactual", treated - path["effect"].to_numpy())
    after = index >= 0
    weight = after / after.sum()
    still = "" if fit.df == 1 else no_noise(np.sqrt(np.abs(variances)), panel)
    none = _two(panel, errors) if fit.df == 1 else still
    if none:
        path = path.drop(columns="se")
    error = _error(weight @ covariance.to_numpy() @ weight, fit.df, panel, errors)
    parts = {
        "se": none or error,
        "interval": too_few_clusters(panel, clusters) or still,
        "df": fit.df,
        "path": path,
        "covariance": none or covariance,
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "one period is the reference",
    }
    notes = few_units_note(panel, clusters) + short_memory_note(panel, errors)
    notes += given_notes(panel, covariates) + ((still,) if still else ())
    if len(panel.cohorts) > 1:
        notes += (
            "units start at different times: effects of one event time can leak into "
            "another (see group_time_att)",
        )
    return Estimate("event_study", float(weight @ effect), panel, notes, parts)


def _regress(
    panel: Panel,
    columns: np.ndarray,
    names: list[str],
    covariates: list[str] | None,
    errors: str,
    clusters: Mapping | None,
) -> TwoWay:
    """Regress on columns (n_columns, n_units, n_periods)."""
    flat = columns.reshape(len(columns), -1).T.astype(float)
    return two_way_regression(panel, flat, names, covariates, errors, clusters)


def _path(panel: Panel, values: np.ndarray) -> Callable[[], pd.DataFrame] | str:
    """Build the path of a single-date estimate, or say why there is none.

    `values` are the outcomes, less what covariates explain.
    """
    if len(panel.cohorts) > 1:
        return "units start at different times; ask event_study or group_time_att"
    if not panel.is_balanced:
        return "the panel has holes; ask event_study"

    def build() -> pd.DataFrame:
        rows = np.flatnonzero(panel.starts < len(panel.periods))
        others = np.delete(np.arange(len(values)), rows)
        weight, equal = panel.weight, np.full(panel.start, 1 / panel.start)
        effect = effect_path(
            np.average(values[rows], axis=0, weights=weight[rows]),
            values[others],
            weight[others] / weight[others].sum(),
            equal,
        )
        return path_frame(panel, rows, effect)

    return build
