"""One estimate for every defensible choice, laid out together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from hubanalysis.panel import Panel
from hubanalysis.placebo import Estimator, _each

__all__ = ["specification_curve"]


def specification_curve(
    panel: Panel,
    estimators: Mapping[str, Estimator],
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
    if not estimators:
        raise ValueError("name at least one estimator, as {'DiD': hub.did}.")
    pools = {"all": panel.donors} if donors is None else dict(donors)
    spans = windows or {"all": (panel.periods[0], panel.periods[-1])}
    pools = {name: [*panel.treated, *pool] for name, pool in pools.items()}
    for pool in pools.values():
        panel.keep(pool)  # refuses a donor that does not exist, before any work

    def run(choice: tuple[str, str, str]) -> dict:
        name, pool, span = choice
        row = {"estimator": name, "donors": pool, "window": span}
        try:
            chosen = panel.keep(pools[pool]).window(*spans[span])
            estimate = estimators[name](chosen)
        except ValueError as error:
            return row | {"att": np.nan, "se": np.nan, "refused": str(error)}
        return row | {
            "att": estimate.att,
            "se": getattr(estimate, "se", np.nan),
            "refused": "",
        }

    choices = list(itertools.product(estimators, pools, spans))
    table = pd.DataFrame(_each(run, choices, "specifications"))
    return table.sort_values("att", kind="stable", ignore_index=True)
