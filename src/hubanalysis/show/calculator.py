"""A calculator in the page: what a design could see, and what would pay."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.show.drawing import draw_lines, is_narrow, label_point, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.show.widget import Widget
from hubanalysis.words.numbers import number_text
from hubanalysis.words.refusals import HubError, check_kind, check_name

# Standard errors that an effect needs to be found four times in five at 5%.
SPREAD = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
FEWEST, MOST = 3, {"hubs": 100, "refused": 300}

_CODE = """
from math import sqrt

# {outcome}: years after {years}, years before {before}
price = {price}  # percent, times the root
hubs, refused = {hubs}, {refused}
effect = price * sqrt(1 / hubs + 1 / refused)  # found four times in five
one_more_refused = effect - price * sqrt(1 / hubs + 1 / (refused + 1))
one_more_hub = effect - price * sqrt(1 / (hubs + 1) + 1 / refused)

cost, paid, output = {cost}e6, {paid}, {output}e9  # dollars, years, dollars a year
pays = 100 * cost / paid / output  # percent of output that repays a year
claimed = 100 * {jobs} * {job} / output  # percent of output in the jobs claimed
worth = cost * one_more_refused / one_more_hub  # dollars
print(f"{effect:.3g}% is found, {pays:.3g}% would pay, {claimed:.3g}% is claimed")
"""


def detectable(price: float, hubs: Any, refused: Any) -> Any:
    """Smallest effect found four times in five, by the rule of thumb.

    Parameters
    ----------
    price : float
        What the root is multiplied by, in the unit of the result: for an outcome of
        one's own `SPREAD` standard deviations of its change among places.
    hubs, refused : float or array

    Examples
    --------
    >>> round(float(detectable(30, 12, 18)), 1)
    11.2
    """
    return price * np.sqrt(1 / hubs + 1 / refused)


def calculator(
    prices: pd.Series,
    start: Mapping[str, Any],
    place: Mapping[str, float],
    sizes: Mapping[str, float | None],
    presets: Mapping[str, Mapping[str, float]],
    **words: Any,
) -> Widget:
    """Let a reader size a programme's evaluation before it starts.

    Parameters
    ----------
    prices : pandas.Series
        Percent, by `outcome`, years `before` and `years` after: the smallest effect
        found four times in five over the root of 1/hubs + 1/refused.
    start : mapping
        The state that is shown first: `outcome`, `before`, `years`, `hubs`, `refused`.
    place : mapping
        A hub and its place: `cost` of the hub and yearly `output` of the place in
        dollars, years over which it is `paid`, dollars of output to a `job`.
    sizes : mapping of str to float or None
        Yearly size of each outcome in the median hub; None if it is the `output`.
    presets : mapping of str to mapping
        Programmes to start from: what is to be set for each, as `hubs` or `jobs`; money
        as in `place`.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If `start` is not among the prices.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> names = ["outcome", "before", "years"]
    >>> index = pd.MultiIndex.from_tuples([("output", 3, 3)], names=names)
    >>> start = {"outcome": "output", "before": 3, "years": 3}
    >>> tried = hub.calculator(
    ...     pd.Series([15.0], index), start | {"hubs": 12, "refused": 18},
    ...     {"cost": 40e6, "output": 65e9, "paid": 5, "job": 1.5e5},
    ...     {"output": None}, {}, title="Follow the refused",
    ... )
    >>> tried.kind
    'calculator'
    """
    check_kind(prices, pd.Series, "calculator", "Give prices by design.")
    check_kind(start, Mapping, "calculator", "Say what is shown first, by name.")
    for key in ("outcome", "before", "years", "hubs", "refused"):
        check_name(key, start, "key of start")
    design = tuple(start[key] for key in ("outcome", "before", "years"))
    if design not in prices.index:
        raise HubError(f"no price is given for {design}: start from one that is.")
    price = float(prices[design])
    table = prices.rename("price").rename_axis(["outcome", "before", "years"])
    money = {key: place[key] for key in ("cost", "paid", "output")}
    state = dict(start) | _scaled(money | {"jobs": 0})
    state["sd"] = float(f"{price / SPREAD:.3g}")
    data = {
        "prices": table.reset_index(),
        "start": state,
        "presets": {name: _scaled(design) for name, design in presets.items()},
        "sizes": dict(sizes),
        "job": place["job"],
        "all": int(table.index.get_level_values("before").max()),
        "spread": SPREAD,
        "most": MOST,
    }
    figure = _figure(price, start["hubs"], start["refused"], words)
    return Widget("calculator", figure, data, _CODE, (1145, 1760))


def _scaled(design: Mapping[str, float]) -> dict[str, float]:
    """Write money as the fields of the page ask for it: in millions and billions."""
    by = {"cost": 1e6, "output": 1e9}
    # To four digits, as a field shows them.
    return {k: float(f"{v / by[k]:.4g}") if k in by else v for k, v in design.items()}


def _figure(price: float, hubs: int, refused: int, words: dict) -> Figure:
    """Draw what the design sees by the number of refused applicants."""
    grid = np.geomspace(FEWEST, MOST["refused"], 40)
    half = max(FEWEST, round(hubs / 2))
    lines = {
        k: pd.Series(detectable(price, k, grid), grid) for k in (half, hubs, 2 * hubs)
    }

    def draw(ax: Axes) -> None:
        colours = {f"{k} hubs": "treated" if k == hubs else "donor" for k in lines}
        draw_lines(ax, {f"{k} hubs": line for k, line in lines.items()}, colours)
        here = refused, detectable(price, hubs, refused)
        ax.plot(*here, "o", color=COLOURS["treated"], ms=9)
        said = f"this design, {number_text(here[1], 0 if here[1] >= 10 else 1)}%"
        below = refused, detectable(price, 2 * hubs, refused)
        label_point(ax, said, below, "ink", (0, -14), ha="center", weight="bold")
        ax.set_xscale("log")
        ticks = [3, 10, 30, 100] + [MOST["refused"]] * (not is_narrow(ax))
        ax.set_xticks(ticks, [str(tick) for tick in ticks])
        ax.minorticks_off()
        ax.set_ylim(0, 1.05 * lines[half].iloc[0])
        ax.set_xlabel("refused applicants followed")
        show_percent(ax.yaxis)

    words = {"data": pd.DataFrame(lines).rename_axis("refused")} | words
    return Figure(draw, **words)
