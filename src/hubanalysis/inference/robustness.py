"""The same question under other defensible choices: donors, windows, estimators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import each
from hubanalysis.panels.panel import Panel, require_panel


def leave_one_out(panel: Panel, estimator: Callable[[Panel], Estimate]) -> pd.DataFrame:
    """Estimate again without each donor in turn.

    Parameters
    ----------
    panel : Panel
        At least two donors.
    estimator : callable
        Takes a Panel, returns an Estimate.

    Returns
    -------
    pandas.DataFrame
        By donor left out, largest change first: `att` without it, `change` from
        the full estimate, and its `weight` there (averaged over treated units or
        cohorts; missing where the estimator gives no weights).

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=12, treated=1, start=9, seed=0)
    >>> table = hub.leave_one_out(panel, hub.synthetic_did)
    >>> len(table)
    7
    """
    require_panel(panel, "leave_one_out")
    panel.require_donors()
    if len(panel.donors) < 2:
        raise ValueError("leaving out the only donor leaves none to compare with.")
    chosen = named(estimator)
    full = chosen(panel)
    weights = getattr(full, "unit_weights", None)
    if isinstance(weights, pd.DataFrame):
        weights = weights.mean(axis=1)
    atts = each(lambda d: chosen.att(panel.drop([d])), panel.donors, "donors")
    table = pd.DataFrame({"att": atts}, index=pd.Index(panel.donors, name="left_out"))
    table["change"] = table["att"] - full.att
    table["weight"] = np.nan if weights is None else weights.reindex(table.index)
    return table.sort_values("change", key=abs, ascending=False, kind="stable")


def specification_curve(
    panel: Panel,
    estimators: Mapping[str, Callable[[Panel], Estimate]],
    donors: Mapping[str, Iterable] | None = None,
    windows: Mapping[str, tuple] | None = None,
) -> pd.DataFrame:
    """Estimate under every combination of estimator, donor pool and window.

    Simonsohn, Simmons and Nelson (2020): what a result owes to choices shows when
    all reasonable ones are made. `joblib.parallel_config` spreads the work over
    cores, or with a Dask backend over machines.

    Parameters
    ----------
    panel : Panel
    estimators : mapping of str to callable
        Each takes a Panel and returns an Estimate.
    donors : mapping of str to iterable, optional
        Untreated units to keep; all by default.
    windows : mapping of str to (first, last), optional
        Periods to keep; all by default.

    Returns
    -------
    pandas.DataFrame
        One row per specification, smallest `att` first: `estimator`, `donors`,
        `window`, `att`, `se` (missing where there is none) and `refused`, the
        reason where an estimator would not have the panel (empty otherwise).

    Raises
    ------
    ValueError
        If there is no estimator, or a donor does not exist.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=12, treated=1, start=9, seed=0)
    >>> table = hub.specification_curve(
    ...     panel,
    ...     {"DiD": hub.did, "SC": hub.synthetic_control},
    ...     windows={"all": (1, 12), "late": (4, 12)},
    ... )
    >>> len(table), table["att"].is_monotonic_increasing
    (4, True)
    """
    require_panel(panel, "specification_curve")
    if not estimators:
        raise ValueError("name at least one estimator, as {'DiD': hub.did}.")
    chosen = {name: named(function) for name, function in estimators.items()}
    pools = {"all": panel.donors} if donors is None else dict(donors)
    spans = windows or {"all": (panel.periods[0], panel.periods[-1])}
    pools = {name: [*panel.treated, *pool] for name, pool in pools.items()}
    for pool in pools.values():
        panel.keep(pool)  # refuses a donor that does not exist, before any work

    def run(choice: tuple[str, str, str]) -> dict:
        name, pool, span = choice
        row = {"estimator": name, "donors": pool, "window": span}
        try:
            estimate = chosen[name](panel.keep(pools[pool]).window(*spans[span]))
        except ValueError as error:
            return row | {"att": np.nan, "se": np.nan, "refused": str(error)}
        return row | {
            "att": estimate.att,
            "se": getattr(estimate, "se", np.nan),
            "refused": "",
        }

    choices = list(itertools.product(estimators, pools, spans))
    table = pd.DataFrame(each(run, choices, "specifications"))
    return table.sort_values("att", kind="stable", ignore_index=True)
