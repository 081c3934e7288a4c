"""The figure of a specification curve: what an answer owes to each choice."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.show.drawing import is_narrow, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.words.refusals import HubError, check_name


def curve_plot(
    curve: pd.DataFrame,
    choices: list[str],
    label: str,
    percent: bool = False,
    **words: Any,
) -> Figure:
    """Draw every estimate of a specification curve once for each choice it made.

    A row for each option, the options of one choice below each other: in it stand the
    estimates of all combinations that took it. Where the rows of a choice lie apart,
    the answer hangs on that choice.

    Parameters
    ----------
    curve : pandas.DataFrame
        `att`, the columns of `choices`, and `planned`, true of the combination that
        was chosen beforehand, which is ringed.
    choices : list of str
        Columns; one in which all rows are alike is left out.
    label : str
        Horizontal axis, with its unit.
    percent : bool
        Estimates are in logs; draw percent.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Figure

    Raises
    ------
    HubError
        If a column is missing, or no combination has an estimate.

    Examples
    --------
    >>> import pandas as pd
    >>> curve = pd.DataFrame({"how": ["a", "b"], "att": [1.0, 2.0],
    ...                       "planned": [True, False]})
    >>> curve_plot(curve, ["how"], "effect").data["att"].tolist()
    [1.0, 2.0]
    """
    for column in [*choices, "att", "planned"]:
        check_name(column, list(curve.columns), "column")
    known = curve[np.isfinite(curve["att"])]
    if not len(known):
        raise HubError("no combination of choices has an estimate to draw.")
    effect = 100 * np.expm1(known["att"]) if percent else known["att"]
    rows = [
        (choice, option)
        for choice in choices
        if known[choice].nunique() > 1
        for option in _options(known, choice)
    ] or [(choices[0], known[choices[0]].iloc[0])]
    # A gap parts one choice from the next.
    gaps = [a[0] != b[0] for a, b in pairwise(rows)]
    heights = -np.arange(len(rows)) - 0.6 * np.cumsum([0, *gaps])

    def draw(ax: Axes) -> None:
        ax.axvline(0, color=COLOURS["ink"], lw=1)
        for (choice, option), y in zip(rows, heights):
            here = known[choice] == option
            at = np.full(here.sum(), y)
            ax.plot(effect[here], at, "o", color=COLOURS["treated"], ms=7, alpha=0.5)
            ours = here & known["planned"]
            at = np.full(ours.sum(), y)
            ax.plot(effect[ours], at, "o", mfc="none", mec=COLOURS["ink"], ms=13)
        names = [str(option) for _, option in rows]
        if is_narrow(ax):  # what stands in brackets explains, and takes room
            names = [name.partition(" (")[0] for name in names]
        ax.set_yticks(heights, names)
        ax.set_ylim(heights[-1] - 0.6, 0.6)
        ax.tick_params(axis="y", length=0, labelcolor=COLOURS["ink"])
        ax.grid(visible=False, axis="y")
        ax.set_xlabel(label)
        if percent:
            show_percent(ax.xaxis)

    words = {
        "alt": f"{len(rows)} rows of dots, one row for each option of a choice.",
        "height": 66 + 26 * (len(rows) + round(0.6 * sum(gaps))),
    } | words
    return Figure(draw, **({"data": curve} | words))


def _options(known: pd.DataFrame, choice: str) -> list:
    """Options of a choice: the planned one, then the others by their mean estimate."""
    means = known.groupby(choice)["att"].mean().sort_values(ascending=False)
    planned = set(known.loc[known["planned"], choice])
    return sorted(means.index, key=lambda option: option not in planned)
