"""Every combination of the choices that a plan leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from hubanalysis.inference.robustness import specification_curve
from hubanalysis.panels.panel import Panel

PLANNED = {"sample": "as planned", "donors": "all donors", "window": "all periods"}
# Fewer donors than this are not halved, and fewer periods before not shortened.
FEW_DONORS, FEW_BEFORE = 8, 6


def every_choice(
    samples: Mapping[str, Panel], estimators: Mapping[str, Callable]
) -> pd.DataFrame:
    """Estimate under every combination of estimator, sample, donors and window.

    Beside the plan's samples: donors, all or the half that was nearest to the treated
    in level before; periods, all, without the earlier third of those before, or without
    the last one. None of these looks at what happened after the start.

    Parameters
    ----------
    samples : mapping of str to Panel
        The panel as planned, by that name, and the plan's variants.
    estimators : mapping of str to Estimator
        By name, the one that decides first.

    Returns
    -------
    pandas.DataFrame
        A row for each combination, smallest `att` first: `estimator`, `sample`,
        `donors`, `window`, `att`, `se`, `refused` as in `specification_curve`, and
        `planned`, true of the one that the plan chose.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=12, treated=4, start=9, seed=0)
    >>> table = every_choice({"as planned": panel}, {"did": hub.did})
    >>> len(table), int(table["planned"].sum())
    (6, 1)
    """
    parts = [
        specification_curve(panel, estimators, donors_of(panel), windows_of(panel))
        .assign(sample=name)
        for name, panel in samples.items()
    ]  # fmt: skip
    table = pd.concat(parts)
    chosen = PLANNED | {"estimator": next(iter(estimators))}
    table["planned"] = (table[list(chosen)] == pd.Series(chosen)).all(axis=1)
    columns = ["estimator", *PLANNED, "att", "se", "refused", "planned"]
    return table[columns].sort_values("att", kind="stable", ignore_index=True)


def donors_of(panel: Panel) -> dict[str, list]:
    """All donors, and the half that was nearest to the treated in level before."""
    pools = {PLANNED["donors"]: panel.donors}
    if len(panel.donors) >= FEW_DONORS:
        before = panel.frame.iloc[:, : int(panel.starts.min())].mean(axis=1)
        apart = (before[panel.donors] - before[panel.treated].mean()).abs()
        half = apart.sort_values(kind="stable").index[: len(apart) // 2]
        pools["the half nearest in level"] = [d for d in panel.donors if d in half]
    return pools


def windows_of(panel: Panel) -> dict[str, tuple]:
    """All periods, fewer before, and one fewer after."""
    periods, starts = panel.periods, panel.starts
    first, last = int(starts.min()), len(periods) - 1
    windows = {PLANNED["window"]: (periods[0], periods[-1])}
    if first >= FEW_BEFORE:
        windows["without the earliest"] = (periods[first // 3], periods[-1])
    # Whoever starts in the last period would become a donor.
    if np.max(starts[starts <= last]) < last:
        windows["without the last"] = (periods[0], periods[-2])
    return windows
