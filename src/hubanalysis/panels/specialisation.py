"""What a place is specialised in, how strongly, and where its growth came from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hubanalysis.words.refusals import HubError, check_kind, listed


def location_quotient(
    table: pd.DataFrame, reference: pd.Series | None = None
) -> pd.DataFrame:
    r"""Share of an activity in a place over its share in the whole.

    :math:`LQ_{ra} = \frac{x_{ra} / x_{r\cdot}}{x_{\cdot a} / x_{\cdot\cdot}}` (Florence
    1939 for jobs). On exports by country and product it is the revealed comparative
    advantage of Balassa (1965). Above one: more than its share.

    Parameters
    ----------
    table : pandas.DataFrame of shape (n_places, n_activities)
        Jobs, exports, nights or papers: amounts that add up, none negative.
    reference : pandas.Series or mapping of shape (n_activities,), optional
        Amounts of the whole by activity; the sum over places by default.

    Returns
    -------
    pandas.DataFrame of shape (n_places, n_activities)
        Ratios, no unit. With the default reference they average to one over places,
        weighted by a place's size.

    Raises
    ------
    ValueError
        If an amount is negative or missing, a place or an activity is empty, or
        the reference lacks an activity.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> jobs = pd.DataFrame({"fish": [6, 2], "ships": [2, 6]}, index=["A", "B"])
    >>> hub.location_quotient(jobs).loc["A"].tolist()
    [1.5, 0.5]
    """
    amounts = _amounts(table)
    if reference is None:
        reference = amounts.sum()
    if isinstance(reference, Mapping):
        reference = pd.Series(reference)
    check_kind(
        reference, pd.Series, "reference of location_quotient",
        "Give amounts by activity, as in pandas.Series({'fish': 6, 'ships': 2}).",
    )  # fmt: skip
    missing = [str(a) for a in amounts.columns if a not in reference.index]
    if missing:
        raise HubError(
            f"the reference has no amount for {listed(missing)}. Add it, or drop it."
        )
    reference = _numbers(reference[amounts.columns].to_frame("reference"))["reference"]
    empty = [str(a) for a, x in reference.items() if not x > 0]
    if empty:
        raise HubError(f"{listed(empty)} is empty everywhere. Drop it first.")
    share = amounts.div(amounts.sum(axis=1), axis=0)
    return share / (reference / reference.sum())


def herfindahl(table: pd.DataFrame) -> pd.Series:
    r"""Concentration of each place: the sum of its squared shares.

    :math:`H_r = \sum_a s_{ra}^2` (Herfindahl 1950, Hirschman 1945): one for a single
    activity, one over n for n equal ones. Its inverse is the number of equal
    activities that would be as concentrated.

    Parameters
    ----------
    table : pandas.DataFrame of shape (n_places, n_activities)
        Amounts as for `location_quotient`; activities must not overlap.

    Returns
    -------
    pandas.Series of shape (n_places,)

    Raises
    ------
    ValueError
        As `location_quotient`.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> jobs = pd.DataFrame({"fish": [4, 2], "ships": [0, 2]}, index=["A", "B"])
    >>> hub.herfindahl(jobs).tolist()
    [1.0, 0.5]
    """
    amounts = _amounts(table)
    share = amounts.div(amounts.sum(axis=1), axis=0)
    return share.pow(2).sum(axis=1).rename("herfindahl")


def shift_share(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    r"""Split each place's growth into the whole's, its mix's, and its own.

    With :math:`g` the growth of the whole, :math:`g_a` of an activity everywhere
    and :math:`g_{ra}` of it in the place (Dunn 1960),
    :math:`\sum_a x_{ra} g_{ra} = \sum_a x_{ra} g + \sum_a x_{ra} (g_a - g) +
    \sum_a x_{ra} (g_{ra} - g_a)`.

    Parameters
    ----------
    before, after : pandas.DataFrame of shape (n_places, n_activities)
        Amounts as for `location_quotient`, same places and activities.

    Returns
    -------
    pandas.DataFrame
        By place: `growth` as a share of the amount before, and its parts `whole`,
        `mix` and `own`, which add up to it.

    Raises
    ------
    ValueError
        As `location_quotient`, or if places or activities differ.

    Examples
    --------
    >>> import pandas as pd, hubanalysis as hub
    >>> before = pd.DataFrame({"fish": [4, 4], "ships": [4, 4]}, index=["A", "B"])
    >>> after = pd.DataFrame({"fish": [8, 4], "ships": [4, 4]}, index=["A", "B"])
    >>> hub.shift_share(before, after).loc["A"].tolist()
    [0.5, 0.25, 0.0, 0.25]
    """
    before, after = _amounts(before), _amounts(after)
    if not (before.index.equals(after.index) and before.columns.equals(after.columns)):
        raise HubError(
            "before and after do not have the same places and activities in the same "
            "order; use .reindex_like()."
        )
    vanished = (before.sum() == 0) & (after.sum() > 0)
    if vanished.any():
        names = [str(a) for a in before.columns[vanished]]
        raise HubError(
            f"{listed(names)} did not exist before, so it has no growth. Join it to "
            "another activity."
        )
    size = before.sum(axis=1)
    whole = after.to_numpy().sum() / before.to_numpy().sum() - 1
    everywhere = (after.sum() / before.sum()).fillna(1.0) - 1
    growth = after.sum(axis=1) / size - 1
    mix = before.div(size, axis=0) @ everywhere - whole
    return pd.DataFrame(
        {
            "growth": growth,
            "whole": np.full(len(size), whole),
            "mix": mix,
            "own": growth - whole - mix,
        },
        index=before.index,
    )


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Refuse columns that hold no numbers."""
    kinds = pd.api.types
    flags = [c for c in table if kinds.is_bool_dtype(table[c])]
    if flags:
        raise HubError(
            f"{listed(flags)} holds True and False, which are no amounts. Count them "
            "first, or convert with .astype(int)."
        )
    text = [c for c in table if not kinds.is_numeric_dtype(table[c])]
    if text:
        raise HubError(
            f"{listed(text)} holds no numbers. Convert with pandas.to_numeric, or put "
            "names of places into the index with .set_index()."
        )
    return table.astype(float)


def _amounts(table: pd.DataFrame) -> pd.DataFrame:
    """Refuse what is not a table of amounts, naming the cell."""
    if not isinstance(table, pd.DataFrame) or table.empty:
        raise HubError(
            "a frame with places as rows and activities as columns is needed."
        )
    for names, what in ((table.index, "place"), (table.columns, "activity")):
        if not names.is_unique:
            twice = names[names.duplicated()].unique()
            raise HubError(f"{what} {listed(twice)} is there twice. Add them up first.")
    amounts = _numbers(table)
    wrong = ~(amounts >= 0) | np.isinf(amounts)
    if wrong.to_numpy().any():
        place, activity = wrong.stack()[lambda cell: cell].index[0]
        raise HubError(
            f"{activity} in {place} is {amounts.loc[place, activity]:g}; amounts must "
            "be zero or more, and none may be missing."
        )
    empty = [str(p) for p, total in amounts.sum(axis=1).items() if total == 0]
    if empty:
        raise HubError(f"{listed(empty)} has no activity at all. Drop it first.")
    return amounts
