"""The hand that all figures share: colours, lines, labels, bands and maps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from numpy.typing import ArrayLike

from hubanalysis.datasets.catalog import load
from hubanalysis.show.palette import COLOURS, LETTERS, TOKENS
from hubanalysis.words.refusals import check_kind, check_name

# Round dots, and dashes that cannot be taken for them.
DOTTED = (0, (0.6, 1.6))
DASHED = (0, (4, 2))


def is_narrow(ax: Axes) -> bool:
    """Say whether these axes are drawn for a phone.

    Parameters
    ----------
    ax : matplotlib.axes.Axes

    Returns
    -------
    bool

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.is_narrow(ax)
    False
    """
    return bool(ax.figure.bbox.width / ax.figure.dpi < 7)


def label_point(
    ax: Axes,
    text: str,
    at: tuple,
    colour: str = "ink",
    offset: tuple[float, float] = (6, 0),
    **style: Any,
) -> None:
    """Write beside a point what it is.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    text : str
    at : tuple
        The point, in data.
    colour : str
        A name of `COLOURS`; all but ink, soft and mute are set in bold.
    offset : tuple of float
        From the point, in points.
    **style
        Passed to `matplotlib.axes.Axes.annotate`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.label_point(ax, "here", (0.5, 0.5), "treated")
    """
    usual: dict[str, Any] = {"va": "center", "annotation_clip": False}
    if colour not in ("ink", "soft", "mute"):
        usual["weight"] = "bold"
    ax.annotate(
        text,
        at,
        xytext=offset,
        textcoords="offset points",
        color=LETTERS[colour],
        **(usual | style),
    )


def label_colours(
    ax: Axes, words: Mapping[str, str], at: tuple[float, float] = (0.03, 0.95)
) -> None:
    """Write what each colour stands for, in that colour, one below the other.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    words : mapping of str to str
        What it is -> a name of `COLOURS`.
    at : tuple of float
        Where the first stands, as shares of the axes.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.label_colours(ax, {"winners": "treated", "losers": "other"})
    """
    for row, (text, colour) in enumerate(words.items()):
        offset = (0, -18 * row)
        label_point(ax, text, at, colour, offset, xycoords="axes fraction", va="top")


def draw_lines(
    ax: Axes,
    lines: Mapping[str, pd.Series],
    colours: Mapping[str, str],
    apart: bool = False,
    **style: Any,
) -> None:
    """Draw lines over time, each named at its end; those of "other" are dotted.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    lines : mapping of str to pandas.Series
        By name, over periods; a frame has a column per line.
    colours : mapping of str to str
        Name -> a name of `COLOURS`; only these lines are drawn.
    apart : bool
        Move names apart where they would overlap.
    **style
        Passed to `matplotlib.axes.Axes.plot`.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> paths = pd.DataFrame({"A": [1.0, 2.0], "B": [2.0, 1.0]}, index=[2000, 2001])
    >>> hub.draw_lines(ax, paths, {"A": "treated", "B": "other"})
    """
    ends = []
    for name, colour in colours.items():
        line = lines[name].dropna()
        x = time_axis(line.index)
        usual: dict[str, Any] = {"color": COLOURS[colour], "lw": 2.5}
        if colour == "other":
            usual |= {"ls": DOTTED, "dash_capstyle": "round"}
        ax.plot(x, line, **(usual | style))
        ends.append((line.iloc[-1], x[-1], name, colour))
    ends.sort(key=lambda end: end[0])
    heights = [end[0] for end in ends]
    if apart:
        low, high = ax.get_ylim()
        grid = ax.get_gridspec()
        pixels = 72 * ax.figure.bbox.height / ax.figure.dpi
        pixels /= grid.nrows if grid else 1
        letter = 17 * (high - low) / (pixels - 50)
        heights = _apart(heights, [letter * (1 + end[2].count("\n")) for end in ends])
    for height, (_, x, name, colour) in zip(heights, ends):
        label_point(ax, name, (x, height), colour)


def _apart(wanted: list[float], sizes: list[float]) -> list[float]:
    """Move labels, given from the lowest up, apart as little as is needed."""
    placed = wanted[:1]
    for height, below, size in zip(wanted[1:], sizes, sizes[1:]):
        placed.append(max(height, placed[-1] + (below + size) / 2))
    down = np.mean(placed) - np.mean(wanted) if wanted else 0
    return [float(height - down) for height in placed]


def draw_band(ax: Axes, path: pd.DataFrame, colours: Mapping[str, pd.Series]) -> None:
    """Draw effects as dots, with the ends of their intervals or bands.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    path : pandas.DataFrame
        `effect`, `lower` and `upper`; the index is the horizontal axis.
    colours : mapping of str to pandas.Series
        A name of `COLOURS` -> which rows it is for.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> path = pd.DataFrame({"effect": [0.0, 1], "lower": [-1, 0], "upper": [1, 2]})
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.draw_band(ax, path, {"other": path.index < 1, "treated": path.index >= 1})
    """
    for colour, rows in colours.items():
        part = path[rows]
        ax.errorbar(
            part.index,
            part["effect"],
            # As arrays: of a Series older matplotlib asks what pandas warns of.
            [
                (part["effect"] - part["lower"]).to_numpy(),
                (part["upper"] - part["effect"]).to_numpy(),
            ],
            fmt="o",
            color=COLOURS[colour],
            capsize=0,
            lw=1.6,
        )
    ax.axhline(0, color=COLOURS["ink"], lw=0.8)


def draw_spans(
    ax: Axes,
    rows: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    width: float = 10,
    dashed: bool = False,
) -> None:
    """Draw what fits as bars that lie, each with an edge.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    rows : sequence of float
        Heights at which the bars lie.
    low, high : sequence of float
        Their ends.
    width : float
        How thick they are, in points.
    dashed : bool
        Without ends: nothing is rejected, and the axis alone ends them.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.draw_spans(ax, [0, 1], [-1, -2], [3, 4])
    """
    edge, band = COLOURS["edge"], COLOURS["band"]
    rows, low, high = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (rows, low, high))
    )
    outer: dict[str, Any] = {"lw": width + 2}
    inner: dict[str, Any] = {"lw": width}
    if dashed:  # each dash with an edge of its own: lengths count in line widths
        outer["ls"] = (0, (8 / (width + 2), 5 / (width + 2)))
        inner["ls"] = (-1 / width, (6 / width, 7 / width))
    ax.hlines(rows, low, high, color=edge, capstyle="butt", **outer)
    ax.hlines(rows, low, high, color=band, capstyle="butt", **inner)
    if not dashed:
        ends, twice = np.append(low, high), np.append(rows, rows)
        ax.plot(ends, twice, "|", color=edge, ms=width + 2, mew=1)


def draw_rows(
    ax: Axes,
    values: pd.Series,
    colours: Mapping[str, str] | None = None,
    hollow: Collection[str] = (),
) -> None:
    """Draw a row for each value, with a dot at the end of a line from zero.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    values : pandas.Series
        By name, the lowest row first.
    colours : mapping of str to str, optional
        Name -> a name of `COLOURS`; "mute" where none is given.
    hollow : collection of str
        Names of those that do not count: an empty dot at the end of a pale line.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.draw_rows(ax, pd.Series({"A": -1.0, "B": 2.0}), {"B": "treated"})
    """
    check_kind(values, pd.Series, "draw_rows", "Give a value for each name.")
    for row, (name, value) in enumerate(values.items()):
        colour = COLOURS[(colours or {}).get(name, "mute")]
        face, rod = (
            (TOKENS["paper"], COLOURS["donor"]) if name in hollow else (colour, colour)
        )
        ax.plot([0, value], [row, row], color=rod, lw=1.5)
        ax.plot(value, row, "o", color=colour, mfc=face, ms=7, mew=1.5)
    name_rows(ax, values.index)
    ax.axvline(0, color=COLOURS["ink"], lw=0.8)


def draw_map(
    ax: Axes, places: pd.DataFrame, colour: str, size: float = 26, **style: Any
) -> None:
    """Draw places as dots by their coordinates.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    places : pandas.DataFrame
        `longitude` and `latitude`, in degrees.
    colour : str
        A name of `COLOURS`.
    size : float
        Of a dot, in square points.
    **style
        Passed to `matplotlib.axes.Axes.scatter`.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> oslo = pd.DataFrame({"longitude": [10.75], "latitude": [59.91]})
    >>> hub.draw_map(ax, oslo, "treated")
    """
    for column in ("longitude", "latitude"):
        check_name(column, places.columns, "column")
    ax.scatter(
        places["longitude"],
        places["latitude"],
        s=size,
        color=COLOURS[colour],
        **style,
    )
    _as_map(ax)


def draw_outline(ax: Axes, place: str) -> None:
    """Draw coasts and borders, for dots to lie on.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    place : str
        "norway", "china" or "united-states" (the contiguous states).

    Raises
    ------
    ValueError
        If there is no such outline.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.draw_outline(ax, "norway")
    """
    outlines = load("outlines/outlines")
    check_name(place, outlines["map"].unique(), "outline")
    for _, line in outlines[outlines["map"] == place].groupby("line"):
        shape = line["longitude"], line["latitude"]
        ax.plot(*shape, color=COLOURS["donor"], lw=0.8, zorder=0.5)
    _as_map(ax)


def _as_map(ax: Axes) -> None:
    """No axes, and a degree of longitude shorter than one of latitude."""
    ax.set_aspect(1 / np.cos(np.radians(np.mean(ax.get_ylim()))))
    ax.set_axis_off()


def mark_time(ax: Axes, at: Any, text: str = "", height: float | None = None) -> None:
    """Draw a dotted line at a point in time, and write beside it what happened.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    at : object
        On the horizontal axis.
    text : str
        What happened.
    height : float, optional
        Where the words stand on the vertical axis; at the top if absent.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.mark_time(ax, 2009.5, "the cluster")
    """
    ax.axvline(at, color=COLOURS["mute"], lw=1.2, ls=(0, (1, 2)))
    if not text:
        return
    low, high = ax.get_xlim()
    x = float(ax.convert_xunits(at))
    # On the side where there is more room.
    right = x > (low + high) / 2
    style: dict[str, Any] = {"ha": "right" if right else "left"}
    if height is None:
        style |= {"xycoords": ("data", "axes fraction"), "va": "top"}
    at = (at, 1 if height is None else height)
    label_point(ax, text, at, "soft", (-6 if right else 6, 0), **style)


def show_percent(axis: Axis, sign: bool = True) -> None:
    """Write the ticks of an axis in percent: -25%, 0, +25%.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        ``ax.xaxis`` or ``ax.yaxis``, whose values are in percent.
    sign : bool
        With a plus sign where they are positive.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 6)).subplots()
    >>> hub.show_percent(ax.yaxis)
    >>> ax.yaxis.get_major_formatter()(25)
    '+25%'
    """

    def write(value: float, _: object = None) -> str:
        value = round(value, 10)
        if not value:
            return "0"
        return f"{value:{'+' if sign else ''}g}%".replace("-", "−")

    axis.set_major_formatter(write)


def name_rows(ax: Axes, names: pd.Index) -> None:
    """Name the rows of a figure from the lowest up, without ticks or an axis."""
    ax.set_yticks(np.arange(len(names)), list(names))
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
    ax.grid(visible=False, axis="y")


def time_axis(periods: pd.Index | pd.Series) -> np.ndarray:
    """Periods as matplotlib takes them."""
    index = pd.Index(periods)
    if isinstance(index, pd.PeriodIndex):
        return index.to_timestamp().to_numpy()
    return index.to_numpy()
