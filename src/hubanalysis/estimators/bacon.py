"""What a two-way fixed effects estimate is an average of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hubanalysis.panels.panel import Panel, require_panel


def bacon_decomposition(panel: Panel) -> pd.DataFrame:
    r"""Split the two-way estimate into its comparisons of two groups.

    Goodman-Bacon (2021), theorem 1 (equations 7 and 10): with several dates of
    adoption, `did` is the weighted mean of every comparison of one group that starts
    with one that does not, and some of those had started already. With
    :math:`n_k` a group's share of units, :math:`D_k` its share of periods treated,
    :math:`q_{kl} = n_k n_l / (n_k + n_l)^2`, weights are proportional to
    :math:`(n_k + n_U)^2 q_{kU} D_k (1 - D_k)` against the never treated,
    :math:`(n_k + n_l)^2 q_{kl} (D_k - D_l)(1 - D_k)` for the earlier :math:`k` against
    the later :math:`l`, and :math:`(n_k + n_l)^2 q_{kl} D_l (D_k - D_l)` for the
    later against the earlier.

    Parameters
    ----------
    panel : Panel
        Balanced.

    Returns
    -------
    pandas.DataFrame
        One row per comparison: `treated` (first treated period), `control` (first
        treated period, or "never"), `kind` (treated_vs_never, earlier_vs_later,
        later_vs_earlier), `weight` (they sum to 1) and `estimate` in units of the
        outcome. The weighted mean is ``did(panel).att``.

    Raises
    ------
    ValueError
        If nothing is treated, no group is left to compare with, or a cell is missing.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=8, treated=20, start=[4, 6],
    ...                            effect=lambda k: 1.0 + k, noise=0.0, factors=0)
    >>> bacon_decomposition(panel).round(3)
       treated control              kind  weight  estimate
    0        4   never  treated_vs_never   0.357       3.0
    1        4       6  earlier_vs_later   0.143       1.5
    2        6   never  treated_vs_never   0.357       2.0
    3        6       4  later_vs_earlier   0.143      -0.5
    >>> did = hub.did(panel).att
    >>> table = bacon_decomposition(panel)
    >>> bool(abs(did - (table["weight"] * table["estimate"]).sum()) < 1e-10)
    True
    """
    require_panel(panel, "bacon_decomposition")
    panel.require_plain("bacon_decomposition")
    panel.require_treated()
    panel.require_balanced("bacon_decomposition")
    n_periods = len(panel.periods)
    starts, group = np.unique(panel.starts, return_inverse=True)
    units = np.bincount(group)
    path = np.array([panel.values[group == i].mean(axis=0) for i in range(len(starts))])
    dated = np.flatnonzero(starts < n_periods).tolist()

    def effect(treated: int, control: int, before: slice, after: slice) -> float:
        gap = path[treated] - path[control]
        return gap[after].mean() - gap[before].mean()

    rows = []
    for k in dated:
        start = starts[k]
        for l in range(len(starts)):  # noqa: E741
            other = starts[l]
            if other == n_periods:
                kind = "treated_vs_never"
                weight = (n_periods - start) * start
                before, after = slice(None, start), slice(start, None)
            elif start < other:
                kind = "earlier_vs_later"
                weight = (other - start) * start
                before, after = slice(None, start), slice(start, other)
            elif start > other:
                kind = "later_vs_earlier"
                weight = (n_periods - start) * (start - other)
                before, after = slice(other, start), slice(start, None)
            else:
                continue
            label = "never" if other == n_periods else panel.periods[other]
            size = float(units[k] * units[l])
            rows.append(
                (panel.periods[start], label, kind, size * weight,
                 effect(k, l, before, after))
            )  # fmt: skip
    names = ["treated", "control", "kind", "weight", "estimate"]
    table = pd.DataFrame(rows, columns=names)
    order = table["control"].eq("never").to_numpy()
    table["weight"] /= table["weight"].sum()
    table = table.assign(first=~order).sort_values(
        ["treated", "first"], kind="stable", ignore_index=True
    )
    return table.drop(columns="first")
