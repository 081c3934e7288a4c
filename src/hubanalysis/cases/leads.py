"""A path that led up to the start before anything began, in words."""

from __future__ import annotations

from hubanalysis.cases.battery import Battery
from hubanalysis.words.numbers import number_text

# Standard errors from zero, and share of the periods before, from which it is told.
ERRORS, SHARE = 2.0, 0.5


def leads_off_zero(battery: Battery) -> str:
    """Say in words where the gap lay off zero on one side before anything began.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> leads_off_zero(hub.Case.open("yozma").battery("gdp_per_head"))
    ''
    """
    study = battery.study
    if study is None or "se" not in study.path:
        return ""
    before = study.path[(study.path.index < 0) & (study.path["se"] > 0)]
    away = before["effect"] / before["se"]
    for side, name in ((1, "above"), (-1, "below")):
        off = int((side * away > ERRORS).sum())
        if off < 2 or off < SHARE * len(before) or (side * away < -ERRORS).any():
            continue
        return (
            f"before anything began the gap lay {name} that of the last period before "
            f"in {number_text(off)} of {number_text(len(before))} periods by more than "
            "two standard errors: the paths did not run alike, and a change after the "
            "start may be more of the same"
        )
    return ""
