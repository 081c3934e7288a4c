"""Difference-in-differences and its event study, through linearmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.estimate import Estimate
from hubanalysis.panel import Panel

__all__ = ["detrended_did", "did", "event_study"]

# Below this many treated (or untreated) units a clustered standard error is too
# small: MacKinnon and Webb (2017, 2018).
FEW_UNITS = 6
# The scores of two clusters cancel: their sandwich is zero whatever the noise.
TWO_UNITS = "two units leave nothing over for a standard error clustered by unit"


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
    if len(panel.cohorts) == 1:
        panel.require_donors()
    if panel.values.shape == (2, 2) and panel.is_balanced:
        # Four means: nothing is left over to estimate a standard error from.
        row = [[panel.units.get_loc(panel.treated[0])]]
        effect = float(did_paths(panel, row, 1)[0, 1])
        parts = {"se": "four means leave nothing over", "path": _path(panel, did_paths)}
        return Estimate("did", effect, panel, _few(panel), parts)
    treatment = panel.treatment.ravel()[:, None].astype(float)
    effect, covariance = _two_way(panel, treatment, ["treated"])
    parts = {
        "se": TWO_UNITS
        if len(panel.units) == 2
        else float(np.sqrt(covariance.iloc[0, 0])),
        "df": len(panel.units) - 1,
        "path": _path(panel, did_paths),
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "every period before treatment counts the same",
        "covariance": "ask event_study for effects by period",
    }
    notes = _few(panel)
    if len(panel.cohorts) > 1:
        notes += (
            "units start at different times: some comparisons use units that were "
            "already treated (see bacon_decomposition)",
        )
    return Estimate("did", float(effect["treated"]), panel, notes, parts)


def did_paths(panel: Panel, sets: np.ndarray, start: int) -> np.ndarray:
    """Effect paths of `did` for many sets of treated units at once.

    Parameters
    ----------
    panel : Panel
        Balanced; who is treated in it does not matter here.
    sets : numpy.ndarray of shape (n_sets, n_treated)
        Row positions of the treated units of each set; all others are donors.
    start : int
        Position of the first treated period.

    Returns
    -------
    numpy.ndarray of shape (n_sets, n_periods)
        Gap between the means less its mean before `start`. The mean from `start`
        on is the estimate.
    """
    gap = _gaps(panel, sets)
    return gap - gap[:, :start].mean(axis=1, keepdims=True)


did.batch = did_paths


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
    return Estimate("detrended_did", plain.att, plain.panel, plain.notes, plain._parts)


def _detrended_paths(panel: Panel, sets: np.ndarray, start: int) -> np.ndarray:
    detrended = panel._assign(sets[0], start).detrend()
    return did_paths(detrended, sets, start)


detrended_did.batch = _detrended_paths


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
    dummies = (event.ravel()[:, None] == times).astype(float)
    effect, covariance = _two_way(panel, dummies, [str(k) for k in times])
    index = pd.Index(times, name="event_time")
    covariance = covariance.set_axis(index, axis=0).set_axis(index, axis=1)
    effect = effect.set_axis(index)
    se = pd.Series(np.sqrt(np.diag(covariance)), index=index)

    path = pd.DataFrame({"effect": effect, "se": se})
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
        "se": TWO_UNITS
        if two
        else float(np.sqrt(weight @ covariance.to_numpy() @ weight)),
        "df": len(panel.units) - 1,
        "path": path,
        "covariance": TWO_UNITS if two else covariance,
        "unit_weights": "every untreated unit counts the same",
        "time_weights": "one period is the reference",
    }
    notes = _few(panel)
    if len(panel.cohorts) > 1:
        notes += (
            "units start at different times: effects of one event time can leak into "
            "another (see group_time_att)",
        )
    return Estimate("event_study", float(weight @ effect), panel, notes, parts)


def _event_paths(
    panel: Panel, sets: np.ndarray, start: int, reference: int = -1
) -> np.ndarray:
    gap = _gaps(panel, sets)
    return gap - gap[:, [start + reference]]


event_study.batch = _event_paths


def _gaps(panel: Panel, sets: np.ndarray) -> np.ndarray:
    """Mean of each set less the mean of all other units, period by period."""
    sets = np.asarray(sets)
    n, m = len(panel.units), sets.shape[1]
    # Levels cancel in every use; taken out first, they cost no digits.
    values = panel.values - panel.values.mean(axis=1, keepdims=True)
    return (values[sets].mean(axis=1) - values.mean(axis=0)) * n / (n - m)


def _path(panel: Panel, paths):
    """Build the path of a single-date estimate from its batch function."""
    if len(panel.cohorts) > 1:
        return "units start at different times; ask event_study or group_time_att"
    if not panel.is_balanced:
        return "the panel has holes; ask event_study"

    def build() -> pd.DataFrame:
        rows = np.flatnonzero(panel.starts < len(panel.periods))
        return path_frame(panel, rows, paths(panel, rows[None, :], panel.start)[0])

    return build


def path_frame(panel: Panel, rows: np.ndarray, effect: np.ndarray) -> pd.DataFrame:
    """Lay out an effect path of the units in `rows` by event time."""
    observed = panel.values[rows].mean(axis=0)
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


def _few(panel: Panel) -> tuple[str, ...]:
    treated, donors = len(panel.treated), len(panel.donors)
    if min(treated, donors or FEW_UNITS) >= FEW_UNITS:
        return ()
    return (
        f"{treated} treated and {donors} untreated units: a clustered standard error "
        "is too small here; judge by placebo_in_space or randomization_test",
    )


def _two_way(panel: Panel, regressors: np.ndarray, names: list[str]):
    """Regress on unit and period effects; coefficients, covariance by unit."""
    from linearmodels.panel import PanelOLS  # not available in a browser's Python

    index = pd.MultiIndex.from_product(
        [range(len(panel.units)), range(len(panel.periods))], names=["unit", "period"]
    )
    # Unit effects absorb the levels; taken out first, these cost no digits.
    values = panel.frame.sub(panel.frame.mean(axis=1), axis=0).to_numpy()
    outcome = pd.Series(values.ravel(), index=index, name="outcome")
    observed = outcome.notna().to_numpy()
    regressors = pd.DataFrame(regressors, index=index, columns=names)
    model = PanelOLS(
        outcome[observed],
        regressors[observed],
        entity_effects=True,
        time_effects=True,
    )
    fit = model.fit(
        cov_type="clustered",
        cluster_entity=True,
        debiased=True,
        group_debias=True,
        auto_df=False,
        count_effects=False,
    )
    # Unit effects are nested in the clusters and cost no degrees of freedom; the
    # period effects do (Cameron, Gelbach and Miller 2008; the rule of R's fixest).
    spare = fit.nobs - regressors.shape[1]
    return fit.params, fit.cov * spare / (spare - len(panel.periods))
