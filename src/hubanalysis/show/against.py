"""Published effects against the intervals of the book, in the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.show.drawing import draw_spans, is_narrow, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.show.widget import Widget
from hubanalysis.words.refusals import HubError, check_kind, check_name

_CODE = """
import numpy as np
import hubanalysis as hub

intervals = {
{INTERVALS}
}
effect = np.log1p({effect} / 100)
outside = [n for n, (low, high) in intervals.items() if not low <= effect <= high]
print(outside)
"""


def against(
    spans: pd.DataFrame,
    effects: pd.DataFrame,
    python: Mapping[str, str],
    **words: Any,
) -> Widget:
    """Let a reader set an effect in print beside every interval.

    Parameters
    ----------
    spans : pandas.DataFrame
        `lower`, `upper` and `estimate` in percent, by outcome; ends may be infinite.
    effects : pandas.DataFrame
        `effect` in percent, by work; the outcome that a plan set it `beside` (empty
        where none did), and the `reading` there.
    python : mapping of str to str
        For each outcome what gives its interval in logarithms.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If there is nothing to set beside, or no interval with two ends.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> spans = pd.DataFrame(
    ...     {"lower": [-3.0], "upper": [4.0], "estimate": [1.0]}, index=["jobs"]
    ... )
    >>> effects = pd.DataFrame(
    ...     {"effect": [11.0], "beside": "", "reading": "-"}, index=["Salta"]
    ... )
    >>> hub.against(spans, effects, {"jobs": "(-0.03, 0.04)"}, title="Outside").kind
    'against'
    """
    for given in (spans, effects):
        check_kind(given, pd.DataFrame, "against", "Make one with pandas.DataFrame.")
    for column in ("lower", "upper", "estimate"):
        check_name(column, spans.columns, "column")
    check_name("effect", effects.columns, "column")
    finite = spans[np.isfinite(spans).all(axis=1)]
    if effects.empty or finite.empty:
        raise HubError("give an effect, and an interval with two ends, to be compared.")
    edge = float(np.ceil(1.35 * finite.abs().to_numpy().max()))
    table = spans.rename(columns={"lower": "low", "upper": "high"})
    data = {
        "spans": table.rename_axis("name").reset_index(),
        "effects": effects.round({"effect": 6}).rename_axis("name").reset_index(),
        "edge": edge,
    }
    for name in spans.index:
        check_name(name, python, "line of Python for")
    intervals = "\n".join(f"    {name!r}: {python[name]}," for name in spans.index)
    code = _CODE.replace("{INTERVALS}", intervals)
    figure = _figure(spans, effects["effect"], edge, words)
    return Widget(
        "against", figure, data, code, (320 + 34 * len(spans), 440 + 46 * len(spans))
    )


def _figure(
    spans: pd.DataFrame, effects: pd.Series, edge: float, words: dict
) -> Figure:
    """Draw every interval, and above them every effect."""
    top = len(spans)

    def draw(ax: Axes) -> None:
        rows = np.arange(top)[::-1]
        ends = spans[["lower", "upper"]].clip(-edge, edge)
        draw_spans(ax, rows, ends["lower"], ends["upper"])
        ax.plot(spans["estimate"], rows, "o", color=COLOURS["treated"])
        shown = effects[effects.abs() <= edge]
        ax.plot(shown, np.full(len(shown), top), "D", color=COLOURS["third"], ms=6)
        ax.axvline(0, color=COLOURS["ink"], lw=1)
        after = ":\n" if is_narrow(ax) else ": "
        names = [str(name).replace(": ", after) for name in spans.index]
        ax.set_yticks([top, *rows], ["in print", *names])
        ax.grid(visible=False, axis="y")
        ax.set_xlim(-edge, edge)
        show_percent(ax.xaxis)

    told = {"data": spans, "height": (60 + 40 * top, 60 + 44 * top)}
    return Figure(draw, **(told | words))
