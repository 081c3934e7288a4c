"""Panels whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral

import numpy as np
import pandas as pd

from hubanalysis.panels.panel import Panel
from hubanalysis.panels.reading import as_list
from hubanalysis.words.refusals import (
    HubError,
    check_count,
    check_draws,
    check_number,
    check_seed,
)


def simulate_panel(
    units: int = 40,
    periods: int = 20,
    treated: int = 1,
    start: int | Sequence[int] | None = None,
    effect: float | Callable = 0.0,
    factors: int = 2,
    ar: float = 0.0,
    noise: float = 1.0,
    selection: float = 0.0,
    seed: int = 0,
) -> Panel:
    r"""Make a panel whose truth is known.

    :math:`Y_{it} = \alpha_i + \beta_t + \sum_f \lambda_{if} F_{tf} + e_{it} +
    \tau(t - g_i) 1\{t \ge g_i\}` with normal unit effects (sd 2) and period effects
    (sd 1), random-walk factors, normal loadings and AR(1) errors.

    Parameters
    ----------
    units, periods : int
        Size; units are called "u01", ..., periods 1, 2, ....
    treated : int
        Number of treated units, the first ones.
    start : int or sequence of int
        First treated period; several are dealt out to the treated in turn. By default
        the 15th, or three quarters through a shorter panel.
    effect : float or callable
        Effect in treated cells; a callable gets event time (0 from the start).
    factors : int
        Number of common factors; 0 makes trends parallel.
    ar : float
        Autocorrelation of the errors, from -1 to 1.
    noise : float
        Standard deviation of the errors.
    selection : float
        Added to the treated units' loadings: they follow the factors differently,
        so that trends are not parallel.
    seed : int

    Returns
    -------
    Panel

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.simulate_panel(units=4, periods=5, treated=1, start=4, seed=1)
    Panel of outcome: 4 units x 5 periods (1 to 5)
      treated  u01 from 4
      donors   3 never treated
    """
    check_draws(units, "units")
    if check_count("periods", periods) < 2:
        raise HubError(f"periods must be at least 2, not {periods}.")
    treated, factors = check_count("treated", treated), check_count("factors", factors)
    check_number(noise=noise, ar=ar, selection=selection)
    check_seed(seed)
    if not callable(effect):
        check_number(effect=effect)
    if start is None:
        start = 15 if periods >= 15 else max(2, 3 * periods // 4)
    starts = as_list(start)
    if not starts or not all(isinstance(s, Integral) for s in starts):
        raise HubError(
            f"start must be a period from 2 to {periods}, or several, not {start!r}."
        )
    if noise < 0:
        raise HubError(f"noise must not be negative; it is {noise}.")
    if not 0 <= treated < units:
        raise HubError(
            f"treated must be between 0 and {units - 1} (units less one), "
            f"not {treated}."
        )
    if any(not 2 <= s <= periods for s in starts):
        raise HubError(
            f"start must lie between 2 and {periods} (periods), not {start}."
        )
    if not -1 < ar < 1:
        raise HubError(f"ar must lie between -1 and 1, not {ar}.")
    rng = np.random.default_rng(seed)
    alpha = rng.normal(0, 2, (units, 1))
    beta = rng.normal(0, 1, periods)
    walk = rng.normal(0, 1, (periods, factors)).cumsum(axis=0) / np.sqrt(periods)
    loadings = rng.normal(0, 1, (units, factors))
    loadings[:treated] += selection
    shocks = rng.normal(0, noise, (units, periods))
    errors = shocks.copy()
    for t in range(1, periods):
        errors[:, t] = ar * errors[:, t - 1] + np.sqrt(1 - ar**2) * shocks[:, t]
    first = np.full(units, periods + 1)
    first[:treated] = [starts[i % len(starts)] for i in range(treated)]
    event = np.arange(1, periods + 1) - first[:, None]
    size = effect(event) if callable(effect) else effect
    try:
        added = np.where(event >= 0, np.asarray(size, dtype=float), 0.0)
    except (TypeError, ValueError) as error:
        raise HubError(
            "effect must be a number, or a function that makes numbers of event times: "
            f"{error}."
        ) from error
    values = alpha + beta + loadings @ walk.T + errors + added

    width = max(2, len(str(units)))
    names = pd.Index([f"u{i:0{width}d}" for i in range(1, units + 1)], name="unit")
    wide = pd.DataFrame(values, index=names, columns=pd.RangeIndex(1, periods + 1))
    wide.columns = pd.Index(np.arange(1, periods + 1), name="period")
    treated_from = {names[i]: int(first[i]) for i in range(treated)}
    return Panel.from_wide(wide, treated_from, "outcome")
