"""Which changes of a plan were filed before their results, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubanalysis.cases.case import Case
from hubanalysis.words.refusals import check_kind

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth",
    "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip
# What is said of one that was filed so, and of several.
TOLD = {
    "before its results": (
        "was filed before its results",
        "were filed before their results",
    ),
    "with its results": ("came in with its results", "came in with their results"),
    "after its results": ("came in after its results", "came in after their results"),
    None: ("does not say when it was filed", "do not say when they were filed"),
}


def amended(case: Case) -> str:
    """Say which changes of a case's plan were filed before their results.

    Parameters
    ----------
    case : Case
        Its changes are named by their place in the plan.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> print(hub.amended(hub.Case.open("yozma")))
    The second to fifth were filed before their results; the first came in with its
    results.
    """
    check_kind(case, Case, "amended", 'Open one, as hub.Case.open("yozma").')
    ways = [change.filed for change in case.plan.amendments]
    if not ways:
        return "Nothing was changed."
    said = []
    for way, (one, several) in TOLD.items():
        places = [place for place, filed in enumerate(ways) if filed == way]
        if places:
            said.append(f"the {_named(places)} {one if len(places) == 1 else several}")
    told = "; ".join(said)
    return f"{told[:1].upper()}{told[1:]}."


def _named(places: Sequence[int]) -> str:
    """Name places by ordinals: three and more in a row by their ends."""
    words: list[str] = []
    ends = np.flatnonzero(np.diff(places) > 1) + 1
    for run in np.split(np.asarray(places), ends):
        named = [ORDINALS[k] if k < len(ORDINALS) else f"{k + 1}th" for k in run]
        words += [f"{named[0]} to {named[-1]}"] if len(named) > 2 else named
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
