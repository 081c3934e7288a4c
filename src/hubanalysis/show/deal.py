"""Lots to be dealt in the page, after a guess how often chance does as well."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.inference.lot import Lot
from hubanalysis.show.drawing import draw_rows, is_narrow
from hubanalysis.show.figure import Figure
from hubanalysis.show.widget import Widget
from hubanalysis.words.numbers import effect_text, number_text
from hubanalysis.words.refusals import check_kind

# Lots with more treated units are dealt without names.
MOST_NAMES, FIRST = 6, 10
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_CODE = """
import numpy as np
import hubanalysis as hub

{PYTHON}
# Lots in the order in which the page deals them.
order = np.random.default_rng(0).permutation(len(lot.estimates))
dealt = order[: {dealt}]
up = 1 if lot.observed >= 0 else -1
gaps, far = up * (lot.estimates[dealt] - lot.centre), up * (lot.observed - lot.centre)
counted = ~lot.barred[dealt]  # the rest count as not as far out
own = np.mean(counted & (gaps >= far - 1e-9))
other = np.mean(counted & (gaps <= 1e-9 - far)) if far > 0 else 0.0
print(f"{100 * own:.0f} in 100 as much, {100 * other:.0f} as far on the other side")
"""


def deal(
    lot: Lot,
    python: str,
    real: str,
    dealt: str,
    they: str = "they",
    axis: str = "gain on the others",
    figure: Figure | None = None,
    percent: bool = True,
    **words: Any,
) -> Widget:
    """Let a reader guess how often chance does as well, and then deal the lots.

    Parameters
    ----------
    lot : Lot
    python : str
        What makes `lot`, for those who want to run it: lines of Python.
    real : str
        What the real assignment is called.
    dealt : str
        A sentence that says what is dealt.
    they : str
        What those that are drawn are called.
    axis : str
        Horizontal axis, in words.
    figure : Figure, optional
        What is shown without a script; by default the first lots, row by row.
    percent : bool
        Estimates are in logs and shown in percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes, if it is made
        here.

    Returns
    -------
    Widget

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=6, treated=2, start=4, seed=0)
    >>> lot = hub.randomization_test(panel, hub.did)
    >>> tried = hub.deal(lot, "lot = ...", "the real two", "Two of eight are drawn.")
    >>> len(tried.data["estimates"])
    28
    """
    check_kind(lot, Lot, "deal", "Make one with hub.randomization_test.")
    order = np.random.default_rng(0).permutation(len(lot.estimates))
    units = [str(unit) for unit in lot.panel.units]
    sets = [np.flatnonzero(row < row.max()) for row in lot.starts[order]]
    named = len(sets[0]) <= MOST_NAMES and len(units) <= len(_DIGITS)
    data = {
        "estimates": [round(float(one), 8) for one in lot.estimates[order]],
        "observed": lot.observed,
        "centre": lot.centre,
        "barred": np.flatnonzero(lot.barred[order]),
        "percent": percent,
        "words": {"real": real, "dealt": dealt, "they": they, "axis": axis},
    }
    if named:
        data["names"] = units
        data["sets"] = ["".join(_DIGITS[i] for i in one) for one in sets]
    if figure is None:
        figure = _first(lot, order, sets, units, real, percent, words)
    code = _CODE.replace("{PYTHON}", python.strip())
    return Widget("deal", figure, data, code, (560, 675))


def _first(
    lot: Lot,
    order: np.ndarray,
    sets: list,
    units: list[str],
    real: str,
    percent: bool,
    words: dict,
) -> Figure:
    """Draw the real assignment and the first that are dealt, a row each."""
    scale = (lambda v: 100 * np.expm1(v)) if percent else (lambda v: v)
    values = scale(lot.estimates[order[:FIRST]])
    named = [", ".join(units[i] for i in one) for one in sets[:FIRST]]
    table = pd.Series([scale(lot.observed), *values], [real, *named])

    def draw(ax: Axes) -> None:
        shown = table.copy()
        if is_narrow(ax):
            shown.index = [real, *(f"lot {i + 1}" for i in range(len(values)))]
        draw_rows(ax, shown[::-1], {real: "treated"})

    as_much = int(np.sum(lot.estimates[order[:FIRST]] >= lot.observed))
    gain = "gains" if as_much == 1 else "gain"
    told = {
        "title": f"Of the first {FIRST} lots {as_much} {gain} as much as {real}",
        "alt": f"Rows of {real}, {effect_text(lot.observed)}, and of {FIRST} lots, "
        f"from {number_text(values.min())} to {number_text(values.max())} percent.",
        "data": table.rename("estimate").rename_axis("treated"),
    }
    return Figure(draw, **(told | words))
