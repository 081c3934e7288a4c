"""Another start, fewer donors, another estimator: tried in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hubanalysis.estimators.did import did
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.synthetic_control import synthetic_control
from hubanalysis.estimators.synthetic_did import synthetic_did
from hubanalysis.inference.lot import Lot, randomization_test
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.show.figures import counterfactual_plot
from hubanalysis.show.widget import Widget
from hubanalysis.words.numbers import p_text, percent_text
from hubanalysis.words.refusals import HubError, check_kind

# What the page can estimate by itself (assets/try/estimators.js).
ESTIMATORS: dict[str, tuple[str, Callable[[Panel], Estimate]]] = {
    "did": ("difference-in-differences", did),
    "synthetic_control": ("synthetic control", synthetic_control),
    "synthetic_did": ("synthetic DiD", synthetic_did),
}
DRAWS = 9999

_CODE = """
import numpy as np
import hubanalysis as hub

{PYTHON}
panel = {panel}.drop({out})
estimate = {estimator}(panel)
lot = hub.randomization_test(panel, {estimator}{DRAWS})
print(f"{100 * np.expm1(estimate.att):+.1f} percent, p = {lot.p_value:.3f}")
"""


def pretend(
    panel: Panel,
    python: str,
    who: str = "observed",
    begins: str = "start",
    first: int = 8,
    draws: int = DRAWS,
    **words: Any,
) -> Widget:
    """Let a reader pretend another start, leave donors out, and choose the estimator.

    At a pretended start only the years before the real one answer, as with
    `Panel.backdate`. How often chance does as much is counted here, for every start and
    estimator with all donors in, since a page could not deal that many lots.

    Parameters
    ----------
    panel : Panel
        Balanced, by year, in logarithms, with one date of adoption.
    python : str
        Lines that make `panel`.
    who : str
        What the treated are called.
    begins : str
        What begins.
    first : int
        Years that must lie before a pretended start.
    draws : int
        Lots to count chance by, as in `randomization_test`.
    **words
        Title, unit, alternative text and whatever else `Figure` takes.

    Returns
    -------
    Widget

    Raises
    ------
    HubError
        If treatment begins at several dates, or values are missing.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=8, periods=20, treated=2, start=15, seed=0)
    >>> hub.pretend(panel, "panel = ...", title="It rose").data["starts"]
    [9, 10, 11, 12, 13, 14, 15]
    """
    require_panel(panel, "pretend")
    check_kind(python, str, "pretend", "Write the lines that make the panel.")
    if len(panel.cohorts) != 1:
        raise HubError("a pretended start needs a panel with one date of adoption.")
    if np.isnan(panel.values).any():
        raise HubError("the page estimates from whole panels: drop what has holes.")
    years = [int(period) for period in panel.periods]
    begin = years[panel.start]
    starts = [*years[first : panel.start], begin]
    tried = [panel.backdate(start) for start in starts[:-1]] + [panel]
    frame = panel.frame
    data = {
        "periods": years,
        "begins": begin,
        "starts": starts,
        "values": {
            str(u): [round(float(v), 8) for v in frame.loc[u]] for u in frame.index
        },
        "treated": list(map(str, panel.treated)),
        "donors": list(map(str, panel.donors)),
        "estimators": {name: label for name, (label, _) in ESTIMATORS.items()},
        "chance": {
            name: [_chance(randomization_test(p, run, draws=draws)) for p in tried]
            for name, (_, run) in ESTIMATORS.items()
        },
        "words": {"who": who, "begins": begins},
    }
    plain = did(panel)
    gaps = plain.path.set_index("period")["effect"]
    said = [
        f"{percent_text(gaps.iloc[at], sign=True)} percent in {years[at]}"
        for at in (0, panel.start - 1, -1)
    ]
    told = {
        "alt": f"Two lines. Their gap is {said[0]}, {said[1]} and {said[2]}.",
        "title": f"By difference-in-differences {who} gained "
        f"{percent_text(plain.att, 1)} percent",
    }
    figure = counterfactual_plot(
        plain, observed=who, begins=begins, percent=True, **(told | words)
    )
    code = _CODE.replace("{PYTHON}", python.strip())
    code = code.replace("{DRAWS}", "" if draws == DRAWS else f", draws={draws}")
    return Widget("pretend", figure, data, code, (590, 690))


def _chance(lot: Lot) -> dict[str, float | str] | None:
    """Give p and its words; nothing where the real one fits too badly to be judged."""
    if lot.barred[0]:
        return None
    return {"p": round(lot.p_value, 8), "told": p_text(lot.p_value)}
