"""Many assignments at once given covariates: what these explain is taken out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from hubanalysis.estimators.given import cell_covariates
from hubanalysis.estimators.two_way import NOTHING
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError


def did_adjusted(panel: Panel) -> Callable[..., np.ndarray] | None:
    """`did` given the panel's covariates, as `Estimator.deals` asks.

    By the theorem of Frisch, Waugh and Lovell the effect is that of treatment, net of
    unit and period effects and covariates, on an outcome that is net of them too; and
    these are the same whoever is treated.

    Parameters
    ----------
    panel : Panel
        Balanced, without weights.

    Returns
    -------
    callable or None
        None where `did` itself has to say what is wrong with the covariates.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> from dataclasses import replace
    >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4, seed=0)
    >>> size = pd.DataFrame({"size": [3.0, 1, 4, 1, 5, 9, 2, 6]}, index=panel.units)
    >>> given = replace(panel, covariates=size)
    >>> deals = did_adjusted(given)
    >>> alone = hub.did(given).att
    >>> bool(abs(deals(given.values, given.starts[None])[0] - alone) < 1e-9)
    True
    """
    columns, labels = cell_covariates(panel, None)
    n, n_periods = panel.values.shape
    if not labels or n * n_periods - 1 - len(labels) - n - n_periods < 0:
        return None
    net = _net(columns.reshape(n, n_periods, -1)).reshape(n * n_periods, -1)
    basis, sizes, _ = np.linalg.svd(net, full_matrices=False)
    if sizes[-1] <= NOTHING * np.linalg.norm(columns, axis=0).max():
        return None
    return partial(_deals, basis=basis.reshape(n, n_periods, -1))


def _deals(values: np.ndarray, starts: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Estimates under many assignments; `basis` spans the covariates, effects out."""
    dates = np.arange(values.shape[1])
    net = _net(values.reshape(*values.shape[:2], -1))
    explained = np.einsum("itk,itl->kl", basis, net)
    net = net - np.einsum("itk,kl->itl", basis, explained)
    above = np.zeros((len(starts), net.shape[2]))
    lever = np.zeros((len(starts), basis.shape[2]))
    for g in np.unique(starts[0][starts[0] < len(dates)]):
        chosen = (starts == g).astype(float)
        above += chosen @ net[:, g:].sum(axis=1)
        lever += chosen @ basis[:, g:].sum(axis=1)
    # Net of unit and period effects alone, treatment has one size however it falls.
    whole = np.square(_net((dates >= starts[0][:, None]).astype(float))).sum()
    below = whole - np.square(lever).sum(axis=1)
    if (below <= NOTHING * whole).any():
        raise HubError(
            "in some of the ways in which treatment could have fallen covariates tell "
            "who is treated, so that there is nothing to compare. Leave out covariates."
        )
    return (above / below[:, None]).reshape(len(starts), *values.shape[2:])


def _net(values: np.ndarray) -> np.ndarray:
    """Take out unit and period effects."""
    values = values - values.mean(axis=1, keepdims=True)
    return values - values.mean(axis=0)
