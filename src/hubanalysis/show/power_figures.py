"""The figures of what a design would find: by size of effect, and by time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from hubanalysis.inference.power import Power
from hubanalysis.show.drawing import DASHED, label_point, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.words.refusals import HubError, check_kind, check_name


def power_plot(
    powers: Mapping[str, Power],
    label: str,
    marks: dict[str, float] | None = None,
    percent: bool = False,
    **words: Any,
) -> Figure:
    """Draw how often each test finds an effect, by its size.

    Parameters
    ----------
    powers : mapping of str to Power
        One curve each, by name.
    label : str
        Horizontal axis, with its unit.
    marks : dict of str to float, optional
        Sizes to point out with a vertical line, in units of the axis: what was
        promised, say, or what would pay for itself.
    percent : bool
        The outcome is in logs; draw sizes in percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0)
    >>> power = hub.minimum_detectable_effect(panel, hub.did)
    >>> fig = hub.power_plot({"DiD": power}, "effect")
    """
    way = 'Name each, as in {"DiD": hub.minimum_detectable_effect(panel, hub.did)}.'
    check_kind(powers, Mapping, "power_plot", way)
    for power in powers.values():
        check_kind(power, Power, "power_plot", way)
    if not powers:
        raise HubError(f"there is no curve to draw. {way}")
    sharpest = min(powers, key=lambda name: powers[name].mde)
    longest = max(power.curve.index[-1] for power in powers.values())
    level = 100 * next(iter(powers.values())).power
    curves = {name: 100 * power.curve["power"] for name, power in powers.items()}
    if percent:
        curves = {
            name: curve.set_axis(100 * np.expm1(curve.index))
            for name, curve in curves.items()
        }

    def draw(ax: Axes) -> None:
        ax.axhline(level, color=COLOURS["mute"], lw=1, ls=(0, (1, 2)))
        for number, (name, curve) in enumerate(curves.items()):
            # Names stand on the free side: left of the first curve if there is room.
            left = name == sharpest and powers[name].mde > 0.4 * longest
            at = int(np.searchsorted(curve.to_numpy(), 45 if left else 65))
            at = min(at, len(curve) - 1)
            colour = "mute" if number else "treated"
            style = DASHED if number else "-"
            ax.plot(curve.index, curve, color=COLOURS[colour], ls=style, lw=2.5)
            label_point(
                ax,
                name,
                (curve.index[at], curve.iloc[at]),
                colour,
                (-8, 0) if left else (8, -4),
                ha="right" if left else "left",
                va="bottom" if left else "top",
                weight="bold",
            )
        ax.set_ylim(0, 108)
        ax.set_xlim(left=0)
        for height, (name, size) in zip((108, 100, 92), (marks or {}).items()):
            ax.vlines(size, 0, height, color=COLOURS["third"], lw=1.5)
            label_point(ax, name, (size, height), "third", (5, 0), va="top")
        ax.set_yticks([0, 20, 40, 60, 80])
        show_percent(ax.yaxis, sign=False)
        if percent:
            show_percent(ax.xaxis)
        ax.set_xlabel(label)

    words = {
        "unit": "Chance of finding an effect, by its true size.",
        "alt": "Curves that rise with the size of the effect: the chance to find it.",
        "data": pd.DataFrame(curves).rename_axis("true effect"),
    } | words
    return Figure(draw, **words)


def horizon_plot(
    table: pd.DataFrame, label: str, percent: bool = False, **words: Any
) -> Figure:
    """Draw how large an effect would be found, by the number of periods after.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `power_by_horizon`; horizons at which no size is enough are left out.
    label : str
        What the height is, with its unit.
    percent : bool
        The outcome is in logs; draw sizes in percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If no size is enough at any horizon.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=1, start=6, seed=0)
    >>> fig = hub.horizon_plot(hub.power_by_horizon(panel, hub.did), "effect")
    """
    way = "Ask power_by_horizon for one."
    check_kind(table, pd.DataFrame, "horizon_plot", way)
    check_name("mde", table.columns, "column")
    found = table["mde"][np.isfinite(table["mde"])]
    if found.empty:
        raise HubError(
            "no size of effect would be found at any horizon, so there is nothing to "
            "draw: there are too few ways to deal out treatment."
        )
    if percent:
        found = 100 * np.expm1(found)

    def draw(ax: Axes) -> None:
        ax.plot(found.index, found, "o-", color=COLOURS["treated"], ms=7)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_ylim(0, 1.1 * found.max() or 1)
        ax.set_xlabel("periods since treatment began")
        if percent:
            show_percent(ax.yaxis)

    words = {
        "unit": f"{label}.",
        "alt": "A line: the smallest effect that would be found, by periods after.",
    } | words
    return Figure(draw, data=found, **words)
