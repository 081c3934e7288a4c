"""The figures that the book draws more than once, each from a result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from scipy import special

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.inference.assignments import at_least_as_far
from hubanalysis.inference.bands import Band
from hubanalysis.inference.lot import Lot
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.panels.reading import as_period
from hubanalysis.show.drawing import (
    draw_band,
    draw_lines,
    draw_spans,
    is_narrow,
    label_point,
    mark_time,
    name_rows,
    show_percent,
    time_axis,
)
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.words.refusals import HubError, check_kind, check_name, check_number


def first_look(
    panel: Panel,
    base: object = None,
    label: str = "treated",
    others: str = "others",
    percent: bool = False,
    begins: str = "",
    **words: Any,
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
    percent : bool
        The outcome is in logs; draw changes in percent.
    begins : str
        What to write at the start.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=12, treated=2, start=9, seed=0)
    >>> hub.first_look(panel).unit
    'outcome, difference from 8.'
    """
    require_panel(panel, "first_look")
    base = panel.periods[panel.start - 1] if base is None else base
    at = as_period(panel.periods, base)
    check_name(at, panel.periods, "period")
    wide = panel.frame.sub(panel.frame[at], axis=0)
    groups = {others: panel.donors, label: panel.treated}
    means = {name: wide.loc[units].mean() for name, units in groups.items()}
    if percent:
        wide = 100 * np.expm1(wide)
        means = {name: 100 * np.expm1(mean) for name, mean in means.items()}

    def draw(ax: Axes) -> None:
        x = time_axis(panel.periods)
        ax.plot(x, wide.loc[panel.donors].T, color=COLOURS["donor"], lw=1)
        ax.axhline(0, color=COLOURS["mute"], lw=1)
        draw_lines(ax, means, {others: "other", label: "treated"}, apart=True, lw=3)
        _mark_start(ax, panel, begins)
        if percent:
            show_percent(ax.yaxis)

    unit = f"{panel.outcome}, {'percent' if percent else 'difference'} from {base}."
    alt = f"Lines over time: every unit, the mean of {label} and of {others}."
    return Figure(draw, data=wide.T, **({"unit": unit, "alt": alt} | words))


def event_plot(
    estimate: Estimate | Band,
    label: str = "",
    first: int | None = None,
    percent: bool = False,
    band: bool = False,
    **words: Any,
) -> Figure:
    """Draw effects by period with their intervals, as from `event_study`.

    With fewer than three treated or untreated units there is no interval worth drawing
    (`Estimate.interval` says why), and the dots stand alone.

    Parameters
    ----------
    estimate : Estimate or Band
        With a path by event time that has `effect` and, for intervals, `se`; or a band,
        as that of `randomization_band`, which is then drawn.
    label : str
        What the height is, with its unit; the outcome's name by default.
    first : int, optional
        First event time to draw; all by default.
    percent : bool
        Draw hundredths of log points, which are about percent.
    band : bool
        Draw the path's own `lower` and `upper`, which hold for all periods at once, in
        place of a 95% interval for each. The bootstrap's of `group_time_att` needs
        large groups.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=8, start=5, seed=0)
    >>> fig = hub.event_plot(hub.event_study(panel))
    """
    check_kind(
        estimate, (Estimate, Band), "event_plot",
        "Ask event_study(panel), group_time_att(panel).aggregate('dynamic') or "
        "randomization_band(panel) for one.",
    )  # fmt: skip
    path = estimate.path
    if band or isinstance(estimate, Band):
        if "lower" not in path:
            raise HubError(
                "there is no band here: none was asked for, or a group is too small. "
                "Draw hub.randomization_band(panel)."
            )
    elif estimate.no_interval or not hasattr(estimate, "se"):
        path = path.assign(lower=path["effect"], upper=path["effect"])
    elif "se" not in path:
        raise HubError(
            f"the path of {estimate.estimator} has no standard errors to draw. Ask "
            "event_study or group_time_att(...).aggregate('dynamic'), or draw it with "
            "counterfactual_plot."
        )
    else:
        half = special.stdtrit(estimate.df, 0.975) * path["se"].fillna(0)
        path = path.assign(lower=path["effect"] - half, upper=path["effect"] + half)
    if percent:
        ends = ["effect", "lower", "upper"]
        path = path.assign(**(100 * path[ends]))
    path = path.loc[first:]
    before = path.index < 0

    def draw(ax: Axes) -> None:
        drawn = path
        if "period" in path:
            _mark_start(ax, estimate.panel)
            drawn = path.set_axis(time_axis(path["period"]))
        else:
            mark_time(ax, -0.5)
            ax.set_xlabel("periods since treatment began")
        draw_band(ax, drawn, {"mute": before, "treated": ~before})

    unit = f"{label or f'gap in {estimate.panel.outcome}'}."
    alt = "Estimates by period with their intervals, before the start and after it."
    return Figure(draw, data=path, **({"unit": unit, "alt": alt} | words))


def counterfactual_plot(
    estimate: Estimate,
    observed: str = "observed",
    without: str = "without it",
    begins: str = "",
    interval: pd.DataFrame | None = None,
    percent: bool = False,
    **words: Any,
) -> Figure:
    """Draw what was observed and what the estimator puts in its place.

    Parameters
    ----------
    estimate : Estimate
        With a path that holds `observed` and `counterfactual`.
    observed, without : str
        What to call the two lines.
    begins : str
        What to write at the start.
    interval : pandas.DataFrame, optional
        `lower` and `upper` ends of the effect by period, as `prediction_interval` and
        `conformal_interval` give them: shaded is where they put what would have been.
    percent : bool
        The outcome is in logs; draw percent of what was observed last before the start.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15, seed=1)
    >>> fig = hub.counterfactual_plot(hub.synthetic_control(panel))
    """
    check_kind(
        estimate, Estimate, "counterfactual_plot",
        "Ask an estimator for one, as hub.synthetic_control(panel).",
    )  # fmt: skip
    path = estimate.path
    if not {"period", "observed", "counterfactual"} <= set(path):
        raise HubError(
            f"the path of {estimate.estimator} is not by calendar period with what "
            "was observed and what would have been: units start at different times, or "
            "effects are averaged. Draw it with event_plot."
        )
    lines = path.set_index("period")[["observed", "counterfactual"]]
    lines = lines.set_axis([observed, without], axis=1)
    shade = pd.DataFrame(columns=["lower", "upper"], dtype=float)
    if interval is not None:
        check_kind(
            interval, pd.DataFrame, "interval of counterfactual_plot",
            "Ask conformal_interval or prediction_interval for one.",
        )  # fmt: skip
        for end in ("lower", "upper"):
            check_name(end, interval.columns, "column")
        ends = interval[["upper", "lower"]].set_axis(["lower", "upper"], axis=1)
        shade = ends.rsub(lines.loc[ends.index, observed], axis=0)
        if not np.isfinite(shade.to_numpy()).all():
            raise HubError("the interval has no end in some periods: draw it without.")
    if percent:
        base = lines[observed].iloc[estimate.panel.start - 1]
        lines, shade = 100 * np.expm1(lines - base), 100 * np.expm1(shade - base)

    def draw(ax: Axes) -> None:
        if len(shade):
            x, (low, high) = time_axis(shade.index), shade.to_numpy().T
            ax.fill_between(
                x, low, high, zorder=0, fc=COLOURS["band"], ec=COLOURS["edge"], lw=1
            )
        draw_lines(ax, lines, {without: "other", observed: "treated"}, apart=True)
        _mark_start(ax, estimate.panel, begins)
        if percent:
            show_percent(ax.yaxis)

    unit = f"{estimate.panel.outcome}."
    alt = f"Two lines over time: {observed} and {without}.".replace("\n", " ")
    if len(shade):
        alt += " From the start on, an interval is shaded around the second."
    data = lines.join(shade) if len(shade) else lines
    return Figure(draw, data=data, **({"unit": unit, "alt": alt} | words))


def distribution_plot(
    values: pd.Series,
    observed: float,
    label: str,
    who: str = "observed",
    centre: float = 0.0,
    percent: bool = False,
    **words: Any,
) -> Figure:
    """Draw where an estimate lies among placebo or reassigned estimates.

    Those at least as far out as it lie beyond its line and, as far on the other side
    of the centre, beyond a dotted one; beside each stands how many in a hundred they
    are, or how many of all where there are fewer than a hundred.

    Parameters
    ----------
    values : pandas.Series
        Estimates where nothing happened, or under other assignments.
    observed : float
        The estimate itself.
    label : str
        Horizontal axis, with its unit.
    who : str
        What to call the estimate.
    centre : float
        Where distance is measured from: zero for placebos, `Lot.centre` for a lot.
    percent : bool
        Values are in percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> fig = hub.distribution_plot(pd.Series([-1.0, 0.0, 1.0]), 0.5, "effect")
    """
    if isinstance(values, Lot):
        raise HubError(
            "distribution_plot takes the estimates of a lot: pass lot.distribution, "
            "lot.observed and centre=lot.centre."
        )
    check_kind(
        values, pd.Series, "distribution_plot",
        "Take the estimates of a result: lot.distribution or placebos.estimates.",
    )  # fmt: skip
    check_number(observed=observed, centre=centre)
    if values.empty or not np.isfinite(values).all():
        raise HubError("there must be estimates to draw, and all of them numbers.")
    beyond = at_least_as_far(values - centre, observed - centre)
    own = np.sign(values - centre) == np.sign(observed - centre)
    # The line of the estimate is the border of a bar, so that none has two meanings.
    low, high = min(values.min(), observed), max(values.max(), observed)
    width = (high - low) / min(40, max(8, len(values) // 3)) or 1.0
    first, last = np.floor((low - observed) / width), np.ceil((high - observed) / width)
    edges = observed + width * np.arange(first - 1, last + 2)
    parts = {"donor": ~beyond, "mute": beyond & ~own, "treated": beyond & own}

    def draw(ax: Axes) -> None:
        heights = np.zeros(len(edges) - 1)
        for colour, rows in parts.items():
            counts = np.histogram(values[rows], edges)[0]
            ax.bar(
                edges[:-1],
                counts,
                0.92 * np.diff(edges),
                heights,
                align="edge",
                color=COLOURS[colour],
            )
            heights += counts
        # The words stand above the highest bar.
        top = 1.3 * heights.max()
        ax.set_ylim(0, top)
        ax.set_yticks([])
        ax.vlines(observed, 0, 0.94 * top, color=COLOURS["ink"], lw=1.5)
        right = observed >= centre
        label_point(
            ax,
            who,
            (observed, 0.94 * top),
            offset=(-6 if right else 6, 0),
            ha="right" if right else "left",
            weight="bold",
        )
        low, high = ax.get_xlim()
        mirror = 2 * centre - observed
        for colour, at in (("treated", observed), ("mute", mirror)):
            rows = parts[colour]
            shown = f"{100 * rows.mean():.0f} in 100"
            if len(rows) < 100:
                shown = f"{rows.sum()} of {len(rows)}"
            outside = at >= centre if at != centre else right == (colour == "treated")
            if low < at < high:
                if at == mirror != observed:
                    mute = COLOURS["mute"]
                    ax.vlines(at, 0, 0.86 * top, mute, (0, (1, 2)), lw=1.5)
                label_point(
                    ax,
                    shown + ("" if is_narrow(ax) else " as far out"),
                    (at, 0.84 * top),
                    colour,
                    (6 if outside else -6, 0),
                    ha="left" if outside else "right",
                    weight="bold",
                )
        ax.set_xlabel(label)
        if percent:
            show_percent(ax.xaxis)

    words = {
        "unit": f"{len(values)} assignments, by their estimates.",
        "alt": f"A histogram of estimates, with a line where {who} lies.",
    } | words
    return Figure(draw, data=values.rename("estimate"), **words)


def forest_plot(
    table: pd.DataFrame,
    label: str,
    percent: bool = False,
    **words: Any,
) -> Figure:
    """Draw estimates with their ranges, one row each, the first on top.

    Parameters
    ----------
    table : pandas.DataFrame
        Index the row's name; columns `estimate` and, if there are ranges, `lower`
        and `upper` (missing ones are not drawn).
    label : str
        Horizontal axis, with its unit.
    percent : bool
        Values are in percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> rows = pd.DataFrame({"estimate": [1.0, 2.0]}, index=["one", "two"])
    >>> fig = hub.forest_plot(rows, "effect")
    """
    check_kind(
        table, pd.DataFrame, "forest_plot", "Give a row for each, with its estimate."
    )
    check_name("estimate", table.columns, "column")

    def draw(ax: Axes) -> None:
        y = np.arange(len(table))[::-1]
        ax.axvline(0, color=COLOURS["ink"], lw=1)
        if "lower" in table:
            draw_spans(ax, y, table["lower"], table["upper"])
        ax.plot(table["estimate"], y, "o", color=COLOURS["treated"], ms=8)
        name_rows(ax, table.index[::-1])
        ax.set_xlabel(label)
        if percent:
            show_percent(ax.xaxis)

    words = {
        "alt": f"{len(table)} rows, each with a dot for its estimate.",
        "height": 62 + 28 * len(table),
    } | words
    return Figure(draw, **({"data": table} | words))


def _mark_start(ax: Axes, panel: Panel, begins: str = "") -> None:
    """Draw a line between the last period before treatment and the first after."""
    x = time_axis(panel.periods)
    if pd.api.types.is_integer_dtype(panel.periods.dtype):
        most = 4 if is_narrow(ax) else 7
        ax.xaxis.set_major_locator(MaxNLocator(most, integer=True))
    last, first = x[panel.start - 1], x[panel.start]
    mark_time(ax, last + (first - last) / 2, begins)
