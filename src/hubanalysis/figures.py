"""The book's figures: seven by four inches, direct labels, colours all can tell."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hubanalysis.estimate import Estimate
from hubanalysis.panel import Panel
from hubanalysis.power import Power

__all__ = [
    "COLOURS",
    "canvas",
    "counterfactual_plot",
    "distribution_plot",
    "event_plot",
    "finish",
    "first_look",
    "forest_plot",
    "power_plot",
]

# Okabe and Ito's palette, told apart with every common kind of colour blindness.
COLOURS = {
    "treated": "#D55E00",
    "other": "#0072B2",
    "third": "#009E73",
    "donor": "#B5B5B5",
    "ink": "#333333",
}
STYLE = {
    "figure.figsize": (7, 4),
    "figure.dpi": 160,
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": COLOURS["ink"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.grid": False,
    "lines.linewidth": 2,
    "figure.constrained_layout.use": True,
}


def canvas(rows: int = 1, columns: int = 1, height: float = 4, **kwargs):
    """Make an empty figure in the book's style.

    Parameters
    ----------
    rows, columns : int
        Panels.
    height : float
        Inches; the width is seven.
    **kwargs
        Passed to `matplotlib.pyplot.subplots`.

    Returns
    -------
    tuple
        Figure and axes, as from `matplotlib.pyplot.subplots`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> fig, ax = hub.canvas()
    >>> hub.finish(fig).get_size_inches().tolist()
    [7.0, 4.0]
    """
    with plt.rc_context(STYLE):
        return plt.subplots(rows, columns, figsize=(7, height), **kwargs)


def finish(fig: Figure) -> Figure:
    """Close a figure for pyplot, so that a notebook shows it once, as its value.

    Parameters
    ----------
    fig : matplotlib.figure.Figure

    Returns
    -------
    matplotlib.figure.Figure
        The same.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> fig, ax = hub.canvas()
    >>> hub.finish(fig) is fig
    True
    """
    plt.close(fig)
    return fig


def first_look(
    panel: Panel, base=None, label: str = "treated", others: str = "others"
) -> Figure:
    """Draw every unit against its own level in one period, and the two means.

    Parameters
    ----------
    panel : Panel
        One date of adoption.
    base : optional
        Period in which every line is zero; the last before treatment by default.
    label, others : str
        What to call the treated and the donors.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=12, treated=2, start=9, seed=0)
    >>> hub.first_look(panel).axes[0].get_ylabel()
    'outcome, difference from 8'
    """
    base = panel.periods[panel.start - 1] if base is None else base
    wide = panel.frame.sub(panel.frame[base], axis=0)
    fig, ax = canvas()
    x = _x(panel.periods)
    ax.plot(x, wide.loc[panel.donors].T, color=COLOURS["donor"], lw=0.8)
    ends = []
    for units, name, colour in (
        (panel.donors, others, "other"),
        (panel.treated, label, "treated"),
    ):
        mean = wide.loc[units].mean()
        ax.plot(x, mean, color=COLOURS[colour], lw=2.5)
        ends.append((mean.iloc[-1], name, COLOURS[colour]))
    _spread_labels(ax, x[-1], ends)
    _mark_start(ax, panel)
    ax.axhline(0, color=COLOURS["ink"], lw=0.6)
    ax.set_ylabel(f"{panel.outcome}, difference from {base}")
    return finish(fig)


def event_plot(estimate: Estimate, label: str = "") -> Figure:
    """Draw effects by period with 95% intervals, as from `event_study`.

    Parameters
    ----------
    estimate : Estimate
        With a path by event time that has `effect` and `se`.
    label : str
        Vertical axis, with its unit; the outcome's name by default.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=8, start=5, seed=0)
    >>> fig = hub.event_plot(hub.event_study(panel))
    """
    path = estimate.path
    half = 1.96 * path["se"].fillna(0)
    if np.isfinite(estimate.df):
        half = half / 1.96 * _t(estimate.df)
    fig, ax = canvas()
    x = _x(path["period"]) if "period" in path else path.index.to_numpy()
    before = path.index < 0
    for rows, colour in ((before, "other"), (~before, "treated")):
        ax.errorbar(
            x[rows],
            path["effect"][rows],
            half[rows],
            fmt="o",
            color=COLOURS[colour],
            capsize=0,
            lw=1.6,
        )
    ax.axhline(0, color=COLOURS["ink"], lw=0.8)
    if "period" in path:
        _mark_start(ax, estimate.panel)
    else:
        ax.axvline(-0.5, color=COLOURS["ink"], lw=0.8, ls=":")
        ax.set_xlabel("periods since treatment began")
    ax.set_ylabel(label or f"gap in {estimate.panel.outcome}")
    return finish(fig)


def counterfactual_plot(
    estimate: Estimate, observed: str = "observed", without: str = "without it"
) -> Figure:
    """Draw what was observed and what the estimator puts in its place.

    Parameters
    ----------
    estimate : Estimate
        With a path that holds `observed` and `counterfactual`.
    observed, without : str
        What to call the two lines.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15, seed=1)
    >>> fig = hub.counterfactual_plot(hub.synthetic_control(panel))
    """
    path = estimate.path
    fig, ax = canvas()
    x = _x(path["period"])
    ends = []
    for column, name, colour, style in (
        ("observed", observed, "treated", "-"),
        ("counterfactual", without, "other", "--"),
    ):
        ax.plot(x, path[column], style, color=COLOURS[colour])
        ends.append((path[column].iloc[-1], name, COLOURS[colour]))
    _spread_labels(ax, x[-1], ends)
    _mark_start(ax, estimate.panel)
    ax.set_ylabel(estimate.panel.outcome)
    return finish(fig)


def distribution_plot(
    values: pd.Series, observed: float, label: str, name: str = "observed"
) -> Figure:
    """Draw where an estimate lies among placebo or reassigned estimates.

    Parameters
    ----------
    values : pandas.Series
        Estimates where nothing happened, or under other assignments.
    observed : float
        The estimate itself.
    label : str
        Horizontal axis, with its unit.
    name : str
        What to call the estimate.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> fig = hub.distribution_plot(pd.Series([-1.0, 0.0, 1.0]), 0.5, "effect")
    """
    fig, ax = canvas()
    beyond = np.abs(values) >= abs(observed) * (1 - 1e-9)
    edges = np.histogram_bin_edges(values, bins=min(60, max(8, len(values) // 3)))
    ax.hist(
        [values[~beyond], values[beyond]],
        bins=edges,
        stacked=True,
        color=[COLOURS["donor"], COLOURS["other"]],
    )
    ax.axvline(observed, color=COLOURS["treated"], lw=2.5)
    top = ax.get_ylim()[1]
    ax.set_ylim(0, top * 1.12)
    ax.annotate(
        name,
        (observed, top * 1.06),
        xytext=(6, 0),
        textcoords="offset points",
        color=COLOURS["treated"],
        weight="bold",
    )
    ax.set_xlabel(label)
    ax.set_ylabel("number of assignments")
    return finish(fig)


def forest_plot(table: pd.DataFrame, label: str, zero: float = 0.0) -> Figure:
    """Draw estimates with their ranges, one row each, the first on top.

    Parameters
    ----------
    table : pandas.DataFrame
        Index the row's name; columns `estimate` and, if there are ranges, `lower`
        and `upper` (missing ones are not drawn).
    label : str
        Horizontal axis, with its unit.
    zero : float
        Where to draw the line of no effect.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> rows = pd.DataFrame({"estimate": [1.0, 2.0]}, index=["one", "two"])
    >>> fig = hub.forest_plot(rows, "effect")
    """
    fig, ax = canvas(height=max(2.4, 0.8 + 0.36 * len(table)))
    y = np.arange(len(table))[::-1]
    if "lower" in table:
        ax.hlines(y, table["lower"], table["upper"], color=COLOURS["other"], lw=1.6)
    ax.plot(table["estimate"], y, "o", color=COLOURS["treated"], ms=7)
    ax.axvline(zero, color=COLOURS["ink"], lw=0.8)
    ax.set_yticks(y, table.index)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(label)
    return finish(fig)


def power_plot(
    powers: dict[str, Power],
    label: str,
    marks: dict[str, float] | None = None,
    percent: bool = False,
) -> Figure:
    """Draw how often each test finds an effect, by its size.

    Parameters
    ----------
    powers : dict of str to Power
        One curve each, by name.
    label : str
        Horizontal axis, with its unit.
    marks : dict of str to float, optional
        Sizes to point out with a vertical line, in units of the axis.
    percent : bool
        The outcome is in logs; draw sizes in percent.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0)
    >>> power = hub.minimum_detectable_effect(panel, hub.did)
    >>> fig = hub.power_plot({"DiD": power}, "effect")
    """
    fig, ax = canvas()
    colours = [COLOURS["treated"], COLOURS["other"], COLOURS["third"]]
    sharpest = min(powers, key=lambda name: powers[name].mde)
    longest = max(power.curve.index[-1] for power in powers.values())
    for (name, power), colour in zip(powers.items(), colours * len(powers)):
        curve = power.curve["power"]
        # Names stand on the free side: left of the first curve if there is room.
        left = name == sharpest and power.mde > 0.4 * longest
        at = int(np.searchsorted(curve.to_numpy(), 0.45 if left else 0.65))
        at = min(at, len(curve) - 1)
        if percent:
            curve = curve.set_axis(100 * np.expm1(curve.index))
        ax.plot(curve.index, 100 * curve, color=colour)
        ax.annotate(
            name,
            (curve.index[at], 100 * curve.iloc[at]),
            xytext=(-8, 0) if left else (8, -4),
            ha="right" if left else "left",
            va="bottom" if left else "top",
            textcoords="offset points",
            color=colour,
            weight="bold",
        )
    level = 100 * next(iter(powers.values())).power
    ax.axhline(level, color=COLOURS["ink"], lw=0.8, ls=":")
    for height, (name, size) in zip((99, 92, 85), (marks or {}).items()):
        ax.axvline(size, color=COLOURS["ink"], lw=1)
        ax.annotate(
            name,
            (size, height),
            xytext=(5, 0),
            textcoords="offset points",
            va="top",
            fontsize=10,
            backgroundcolor="white",
        )
    ax.set_ylim(0, 102)
    ax.set_xlim(left=0)
    ax.set_xlabel(label)
    ax.set_ylabel("chance of finding it (%)")
    return finish(fig)


def _x(periods) -> np.ndarray:
    index = pd.Index(periods)
    if isinstance(index, pd.PeriodIndex):
        return index.to_timestamp().to_numpy()
    return index.to_numpy()


def _t(df: float) -> float:
    from scipy import stats

    return float(stats.t.ppf(0.975, df))


def _mark_start(ax: Axes, panel: Panel) -> None:
    """Draw a line between the last period before treatment and the first after."""
    if pd.api.types.is_integer_dtype(panel.periods.dtype):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    x = _x(panel.periods)
    last, first = x[panel.start - 1], x[panel.start]
    ax.axvline(last + (first - last) / 2, color=COLOURS["ink"], lw=1, ls=":")


def _end_label(ax: Axes, x, y, text: str, colour: str) -> None:
    ax.annotate(
        text,
        (x, y),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        weight="bold",
        annotation_clip=False,
    )


def _spread_labels(ax: Axes, x, ends) -> None:
    """Label line ends, moved apart where they would overlap."""
    low, high = ax.get_ylim()
    gap = 0.1 * (high - low)
    placed = None
    for y, name, colour in sorted(ends):
        y = y if placed is None else max(y, placed + gap)
        _end_label(ax, x, y, name, colour)
        placed = y
