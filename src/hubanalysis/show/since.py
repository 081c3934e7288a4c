"""Growth since a base that a reader chooses in the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from hubanalysis.show.drawing import draw_lines, show_percent
from hubanalysis.show.figure import Figure
from hubanalysis.show.palette import COLOURS
from hubanalysis.show.widget import Widget
from hubanalysis.words.refusals import HubError, check_kind, listed

_COLOURS = ("treated", "mute", "ink")


def growth_since(
    table: pd.DataFrame, base: object, end: Sequence, against: Sequence[str] = ()
) -> pd.Series:
    """Growth of each column from `base` to the mean of `end`, percent.

    Parameters
    ----------
    table : pandas.DataFrame
        Periods by series, above zero.
    base : label
        A row.
    end : sequence of labels
        Rows, over which the mean is taken in logarithms.
    against : (str, str), optional
        Add a `difference`: how much the first has gained on the second.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 1.0]}, index=[2000, 2001])
    >>> growth_since(table, 2000, [2001], ("a", "b")).round(6).tolist()
    [100.0, 0.0, 100.0]
    """
    growth = np.log(table.loc[list(end)]).mean() - np.log(table.loc[base])
    if against:
        growth["difference"] = growth[against[0]] - growth[against[1]]
    return 100 * np.expm1(growth)


def since(
    table: pd.DataFrame,
    base: object,
    end: Sequence,
    python: str,
    bases: Sequence | None = None,
    against: Sequence[str] = (),
    **words: Any,
) -> Widget:
    """Let a reader choose the base of a comparison.

    Parameters
    ----------
    table : pandas.DataFrame
        Two or three series, above zero; periods are years or a `PeriodIndex`.
    base : label
        The base that is shown first.
    end : sequence of labels
        With `against` the rows over whose mean it is compared; otherwise the ends that
        may be chosen, the last of them first.
    python : str
        Lines that give `growth`, with ``{base}`` and ``{end}`` for what is chosen.
    bases : sequence of labels, optional
        Those that may be chosen; by default all before the last end.
    against : (str, str), optional
        The series that is compared, and with which.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If a value is missing or not above zero, or the base is not among the bases.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> table = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 1.0]}, index=[2000, 2001])
    >>> hub.since(table, 2000, [2001], "", against=("a", "b"), title="It depends").kind
    'since'
    """
    check_kind(table, pd.DataFrame, "since", "Make one with pandas.DataFrame.")
    text = [c for c in table if not pd.api.types.is_numeric_dtype(table[c])]
    if text:
        raise HubError(f"{listed(text)} holds no numbers: leave out such columns.")
    if not (table > 0).all(axis=None):
        raise HubError(
            "growth since a base needs values above zero: fill or drop rows."
        )
    known = table.index
    bases = [one for one in known if one < end[-1]] if bases is None else list(bases)
    if base not in bases:
        raise HubError(f"{base} is not among the bases: take one of {bases}.")
    places = {label: place for place, label in enumerate(known)}
    monthly = isinstance(known, pd.PeriodIndex)
    times = [(p.year + (p.month - 0.5) / 12) if monthly else int(p) for p in known]
    labels = [p.strftime("%B %Y") if monthly else str(p) for p in known]
    window = [places[one] for one in end]
    data = {
        "times": [round(time, 4) for time in times],
        "labels": labels,
        "series": {name: table[name].tolist() for name in table},
        "bases": [places[one] for one in bases],
        "base": places[base],
        "ends": window[-1:] if against else window,
        "window": window if against else None,
        "against": list(against) or None,
        "words": {
            "base": "Base month" if monthly else "Base year",
            "end": "Up to",
            "window": f"{labels[window[0]]}–{labels[window[-1]][-2:]}",
        },
    }
    figure = _figure(table, base, end, bases, against, words)
    height = (480, 505) if against else (565, 590)  # with one slider, with two
    return Widget("since", figure, data, python, height)


def _figure(
    table: pd.DataFrame,
    base: object,
    end: Sequence,
    bases: list,
    against: Sequence[str],
    words: dict,
) -> Figure:
    """Draw what each base says, or all series from the base on."""
    if against:
        answers = pd.Series(
            {b: growth_since(table, b, end, against)["difference"] for b in bases}
        )

        def draw(ax: Axes) -> None:
            ax.axhline(0, color=COLOURS["ink"], lw=1)
            ax.plot(answers, "o-", color=COLOURS["treated"])
            ax.set_xlabel("base year")
            show_percent(ax.yaxis)

        shown: Any = answers.rename("percent").rename_axis("base")
    else:
        shown = 100 * table / table.loc[base]
        dated = shown.copy()
        if isinstance(dated.index, pd.PeriodIndex):
            dated.index = dated.index.to_timestamp()

        def draw(ax: Axes) -> None:
            draw_lines(ax, dated, dict(zip(dated, _COLOURS)), apart=True)
            ax.set_ylim(0)

    return Figure(draw, **({"data": shown} | words))
