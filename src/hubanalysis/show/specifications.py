"""Every combination of choices in the page: choose one, and see what turns the sign."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hubanalysis.show.figure import Figure
from hubanalysis.show.widget import Widget
from hubanalysis.words.refusals import HubError, check_kind


def specifications(
    choices: pd.DataFrame,
    planned: Mapping[str, str],
    start: float,
    python: str,
    spelled: Mapping[str, Mapping[str, str]],
    figure: Figure,
    begins: str = "start",
    path: str = "percent above the mix, by year",
    first: tuple[str, str] = ("as planned", "Back to the plan's choice"),
) -> Widget:
    """Let a reader make the choices of an analysis, all of which were tried.

    Parameters
    ----------
    choices : pandas.DataFrame
        A row for each combination: two or three columns of names, as in `planned`;
        `effect` in percent; if there is a test, `lower` and `upper` end of what fits;
        and a column for each period with the gap in it, percent.
    planned : mapping of str to str
        What was chosen first, by column.
    start : float
        Where the period after begins, drawn between two periods.
    python : str
        Lines that give `effect`, with ``{column}`` for what is chosen.
    spelled : mapping of str to mapping
        For each column its names, in their order, with what stands for each in
        `python`.
    figure : Figure
        What is shown without a script.
    begins, path : str
        What begins at `start`, and what the path is.
    first : (str, str)
        What `planned` is, and the words of the button that leads back to it.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If what was planned is not among the choices.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> table = pd.DataFrame(
    ...     {"way": ["a", "b"], "donors": "all", "years": "all", "effect": [1.0, -2.0],
    ...      1990: [0.0, 0.1], 1991: [1.0, -2.0]}
    ... )
    >>> tried = hub.specifications(
    ...     table, {"way": "a", "donors": "all", "years": "all"}, 1990.5,
    ...     "effect = {way}", {"way": {"a": "1.0", "b": "-2.0"}},
    ...     hub.Figure(lambda ax: None, title="Two ways"),
    ... )
    >>> len(tried.data["rows"])
    2
    """
    check_kind(
        choices, pd.DataFrame, "specifications", "Make one with pandas.DataFrame."
    )
    check_kind(planned, Mapping, "specifications", "Name what was chosen, by column.")
    columns = list(planned)
    if not (choices[columns] == pd.Series(planned)).all(axis=1).any():
        raise HubError(f"{dict(planned)} is not among the choices: name a row of them.")
    told = ["effect", *(end for end in ("lower", "upper") if end in choices)]
    periods = [name for name in choices.columns if name not in (*columns, *told)]
    rows = []
    for _, row in choices.iterrows():
        known = row[periods].dropna()
        gaps = [[period, round(float(gap), 4)] for period, gap in known.items()]
        rows.append({**row[[*columns, *told]], "path": gaps})
    said = {
        name: dict(spelled.get(name) or {one: repr(one) for one in choices[name]})
        for name in columns
    }
    data = {
        "rows": rows,
        "choices": {column: column.capitalize() for column in columns},
        "planned": dict(planned),
        "start": start,
        "spelled": said,
        "words": {"begins": begins, "path": path, "first": first[0], "back": first[1]},
    }
    return Widget("specifications", figure, data, python, _height(said))


def _height(names: Mapping[str, Mapping]) -> tuple[int, int]:
    """Pixels of the live version: as many lines of chips as the names fill."""

    def lines(options: Mapping, room: float) -> int:
        count, left = 1, room
        for name in options:
            chip = 38 + 6.2 * len(name)
            if chip > left:
                count, left = count + 1, room
            left -= chip + 8
        return count

    rows = len(next(iter(names.values())))
    wide = sum(40 + 42 * lines(options, 728) for options in names.values())
    narrow = sum(32 + 48 * lines(options, 340) for options in names.values())
    return wide + 44 * rows + 492, narrow + 52 * rows + 587
