"""The book's finished figures: seven by four inches, and no legend to look up."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy import stats

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.inference.assignments import at_least_as_far
from hubanalysis.inference.power import Power
from hubanalysis.panels.panel import Panel
from hubanalysis.show.drawing import (
    COLOURS,
    canvas,
    draw_band,
    draw_lines,
    finish,
    label_point,
    mark_time,
    name_rows,
    time_axis,
)
from hubanalysis.words.refusals import HubError


def first_look(
    panel: Panel, base: object = None, label: str = "treated", others: str = "others"
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
    x = time_axis(panel.periods)
    ax.plot(x, wide.loc[panel.donors].T, color=COLOURS["donor"], lw=0.8)
    means = {others: panel.donors, label: panel.treated}
    means = {name: wide.loc[units].mean() for name, units in means.items()}
    draw_lines(ax, means, {others: "other", label: "treated"}, apart=True, lw=2.5)
    _mark_start(ax, panel)
    ax.axhline(0, color=COLOURS["ink"], lw=0.6)
    ax.set_ylabel(f"{panel.outcome}, difference from {base}")
    return finish(fig)


def event_plot(
    estimate: Estimate,
    label: str = "",
    first: int | None = None,
    percent: bool = False,
    band: bool = False,
) -> Figure:
    """Draw effects by period with their intervals, as from `event_study`.

    Parameters
    ----------
    estimate : Estimate
        With a path by event time that has `effect` and `se`.
    label : str
        Vertical axis, with its unit; the outcome's name by default.
    first : int, optional
        First event time to draw; all by default.
    percent : bool
        Draw hundredths of log points, which are about percent.
    band : bool
        Draw the path's own `lower` and `upper`, which hold for all periods at once, in
        place of a 95% interval for each.

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
    if not band and "se" not in path:
        raise HubError(
            f"the path of {estimate.estimator} has no standard errors to draw. Ask "
            "event_study or group_time_att(...).aggregate('dynamic'), or draw it with "
            "counterfactual_plot."
        )
    if not band:
        t = stats.t.ppf(0.975, estimate.df)
        half = t * path["se"].fillna(0)
        path = path.assign(lower=path["effect"] - half, upper=path["effect"] + half)
    if percent:
        ends = ["effect", "lower", "upper"]
        path = path.assign(**(100 * path[ends]))
    path = path.loc[first:]
    fig, ax = canvas()
    before = path.index < 0
    if "period" in path:
        _mark_start(ax, estimate.panel)
        path = path.set_axis(time_axis(path["period"]))
    else:
        mark_time(ax, -0.5)
        ax.set_xlabel("periods since treatment began")
    draw_band(ax, path, {"other": before, "treated": ~before})
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
    lines = path.set_index("period")[["observed", "counterfactual"]]
    lines = lines.set_axis([observed, without], axis=1)
    draw_lines(ax, lines, {observed: "treated", without: "other"}, apart=True)
    ax.lines[1].set_linestyle("--")
    _mark_start(ax, estimate.panel)
    ax.set_ylabel(estimate.panel.outcome)
    return finish(fig)


def distribution_plot(
    values: pd.Series,
    observed: float,
    label: str,
    name: str = "observed",
    centre: float = 0.0,
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
    centre : float
        Where distance is measured from: zero for placebos, `Lot.centre` for a lot.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> fig = hub.distribution_plot(pd.Series([-1.0, 0.0, 1.0]), 0.5, "effect")
    """
    fig, ax = canvas()
    beyond = at_least_as_far(values - centre, observed - centre)
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
    label_point(ax, name, (observed, top * 1.06), "treated", va="baseline")
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
    name_rows(ax, table.index[::-1])
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
    colours = ["treated", "other", "third"]
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
        ax.plot(curve.index, 100 * curve, color=COLOURS[colour])
        label_point(
            ax,
            name,
            (curve.index[at], 100 * curve.iloc[at]),
            colour,
            (-8, 0) if left else (8, -4),
            ha="right" if left else "left",
            va="bottom" if left else "top",
        )
    level = 100 * next(iter(powers.values())).power
    ax.axhline(level, color=COLOURS["ink"], lw=0.8, ls=":")
    for height, (name, size) in zip((99, 92, 85), (marks or {}).items()):
        ax.axvline(size, color=COLOURS["ink"], lw=1)
        label_point(
            ax,
            name,
            (size, height),
            offset=(5, 0),
            va="top",
            fontsize=10,
            backgroundcolor="white",
        )
    ax.set_ylim(0, 102)
    ax.set_xlim(left=0)
    ax.set_xlabel(label)
    ax.set_ylabel("chance of finding it (%)")
    return finish(fig)


def horizon_plot(table: pd.DataFrame, label: str, percent: bool = False) -> Figure:
    """Draw how large an effect would be found, by the number of periods after.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `power_by_horizon`; horizons at which no size is enough are left out.
    label : str
        Vertical axis, with its unit.
    percent : bool
        The outcome is in logs; draw sizes in percent.

    Returns
    -------
    matplotlib.figure.Figure

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
    found = table["mde"][np.isfinite(table["mde"])]
    if found.empty:
        raise ValueError(
            "no size of effect would be found at any horizon, so there is nothing to "
            "draw: there are too few ways to deal out treatment."
        )
    if percent:
        found = 100 * np.expm1(found)
    fig, ax = canvas()
    ax.plot(found.index, found, "o-", color=COLOURS["treated"], ms=7)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(0, 1.1 * found.max() or 1)
    ax.set_xlabel("periods since treatment began")
    ax.set_ylabel(label)
    return finish(fig)


def _mark_start(ax: Axes, panel: Panel) -> None:
    """Draw a line between the last period before treatment and the first after."""
    if pd.api.types.is_integer_dtype(panel.periods.dtype):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    x = time_axis(panel.periods)
    last, first = x[panel.start - 1], x[panel.start]
    mark_time(ax, last + (first - last) / 2)
