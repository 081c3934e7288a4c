"""A slider in the page: how often an effect would be found if it were true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.inference.lot import Lot
from hubanalysis.inference.power import sizes_needed, smallest_found
from hubanalysis.show.drawing import draw_spans, label_point, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.show.widget import Widget
from hubanalysis.words.numbers import number_text
from hubanalysis.words.refusals import HubError, check_kind

STEP = 0.1

_CODE = """
import numpy as np
import hubanalysis as hub
from hubanalysis.inference.power import sizes_needed

{lot}
effect = np.log1p({effect} / 100)
# Sizes from which a loss and a gain are found, under other ways to deal.
needed = sizes_needed(lot)
chance = (needed <= effect).mean(axis=1).min()
low, high = 100 * np.expm1(lot.interval())
estimate = 100 * np.expm1(lot.effect)
print(f"found {100 * chance:.0f} times in 100; {low:.1f} to {high:.1f} percent fits")
"""


def true_effect(
    lots: Mapping[tuple[str, ...], Lot],
    choices: Sequence[str],
    python: Mapping[tuple[str, ...], str],
    true: str,
    **words: Any,
) -> Widget:
    """Let a reader suppose an effect and see how often the test would find it.

    Parameters
    ----------
    lots : mapping of tuple to Lot
        By a name for each of the choices; outcomes in logarithms. The first is shown
        first.
    choices : sequence of str
        What is chosen, as "Compared with".
    python : mapping of tuple to str
        For each lot the lines that make `lot`.
    true : str
        What would be true, as "the programme had raised output by".
    **words
        Whatever `Figure` takes, in place of title, unit and alternative text as they
        are made here.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If a lot is too small to find anything.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=6, treated=2, start=4, noise=0.01,
    ...                            factors=0, seed=0)
    >>> lot = hub.randomization_test(panel, hub.did)
    >>> hub.true_effect(
    ...     {("all",): lot}, ["Places"], {("all",): "lot = ..."}, "it were"
    ... ).kind
    'effect'
    """
    check_kind(lots, Mapping, "true_effect", "Give a lot for each choice, by name.")
    if not lots:
        raise HubError("give a lot for at least one choice.")
    rows, needed = [], []
    for names, lot in lots.items():
        needed.append(sizes_needed(lot))
        mde, _ = smallest_found(needed[-1], 0.8)
        if not np.isfinite(mde):
            raise HubError(
                f"no effect would be found with {names}: leave that lot out."
            )
        told = 100 * np.expm1([*lot.interval(), lot.effect, mde])
        rows.append(
            dict(zip(choices, names))
            | dict(zip(("low", "high", "estimate", "mde"), told))
            | {"python": python[names].strip()}
        )
    first = rows[0]
    most = float(np.ceil(1.5 * max(row["mde"] for row in rows)))
    start = float(np.round(first["mde"], 1))
    # At each size that the slider can take.
    grid = STEP * np.arange(round(most / STEP) + 1)
    for row, sizes in zip(rows, needed):
        row["chances"] = [round(chance_of(sizes, effect), 8) for effect in grid]
    data = {
        "rows": rows,
        "choices": {c: list(dict.fromkeys(row[c] for row in rows)) for c in choices},
        "most": most,
        "step": STEP,
        "start": start,
        "words": {"true": true, "suppose": "Suppose that the true effect were"},
    }
    figure = _figure(first, needed[0], most, words)
    return Widget("effect", figure, data, _CODE, (605, 700))


def chance_of(needed: np.ndarray, effect: float) -> float:
    """Share of truths under which an effect in percent is found, of the worse side."""
    return float((needed <= np.log1p(effect / 100)).mean(axis=1).min())


def _figure(row: dict, needed: np.ndarray, most: float, words: dict) -> Figure:
    """Draw the chance by size of the effect, with what fits below it."""
    grid = np.linspace(0, most, 121)
    curve = pd.Series([chance_of(needed, e) for e in grid], grid)

    def draw(ax: Axes) -> None:
        ax.plot(100 * curve, color=COLOURS["treated"])
        ax.axhline(80, color=COLOURS["mute"], lw=1, ls=":")
        ax.plot(row["mde"], 80, "o", color=COLOURS["treated"])
        draw_spans(ax, [-14], [row["low"]], [row["high"]])
        label_point(ax, "fits", (row["high"], -14), "soft", (8, 0))
        ax.set_yticks([0, 20, 40, 60, 80, 100])
        ax.set_ylim(-24, 104)
        show_percent(ax.xaxis)
        show_percent(ax.yaxis, sign=False)

    chance = 100 * chance_of(needed, row["high"])
    told = {
        "title": f"The largest effect that fits, {_text(row['high'])}, would have been "
        f"found {number_text(chance)} times in a hundred",
        "unit": "Chance that the exact test finds an effect, by its size; dot: four "
        "times in five. Band: the effects that fit.",
        "alt": f"A rising curve that passes eighty percent at {_text(row['mde'])}; the "
        f"effects that fit run from {_text(row['low'])} to {_text(row['high'])}.",
        "data": (100 * curve).rename("found in 100").rename_axis("effect, percent"),
    }
    return Figure(draw, **(told | words))


def _text(percent: float) -> str:
    return f"{number_text(percent, 1, sign=True)}%"
