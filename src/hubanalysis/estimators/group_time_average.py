"""The group-time average as one number, for everything that questions an estimate."""

from __future__ import annotations

import numpy as np

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import declare
from hubanalysis.estimators.group_time import group_time_att
from hubanalysis.estimators.weighed import group_time_weighed
from hubanalysis.panels.panel import Panel


def _deals(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """`group_time_average` under many assignments of the same dates.

    As `Estimator.deals` asks. A unit adds its mean change since its own base period, so
    each date costs one matrix product.
    """
    never = (starts == values.shape[1]).astype(float)
    total, cells = np.zeros((len(starts), *values.shape[2:])), 0
    for g in np.unique(starts[0][never[0] == 0]):
        after = values.shape[1] - g
        change = values[:, g:].sum(axis=1) - after * values[:, g - 1]
        chosen = (starts == g).astype(float)
        size = chosen[0].sum()
        total += chosen @ change - size * (never @ change) / never[0].sum()
        cells += size * after
    return total / cells


@declare(
    "group-time average",
    deals=_deals,
    moves=False,
    fitted=False,
    weighed=group_time_weighed,
    takes=("covariates", "weights"),
)
def group_time_average(panel: Panel) -> Estimate:
    """Average of `group_time_att` over all treated cells, as one number.

    The *simple* aggregate against never-treated units, given the panel's covariates
    and weights, without bootstrap, in the form that placebos, randomisation tests and
    power ask for.

    Parameters
    ----------
    panel : Panel
        With never-treated units.

    Returns
    -------
    Estimate
        With `se`; it has no path (``group_time_att(...).aggregate("dynamic")`` has).

    Raises
    ------
    ValueError
        As `group_time_att`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=8, treated=12, start=[4, 6],
    ...                            effect=2.0, noise=0.0, factors=0, seed=0)
    >>> round(hub.group_time_average(panel).att, 6)
    2.0
    """
    return group_time_att(panel, draws=0).aggregate("simple")
