"""What run would refuse, found out by check, when a plan can still be changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.build import missing
from hubanalysis.estimators import ESTIMATORS

# In a panel of so few units a deal may leave nobody to compare with.
FEW = 8


def refused(battery: Battery) -> str:
    """Carry out the tests of a plan and say what they refuse; empty if they run.

    Only where holes or few units make that likely, since it takes a while.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> refused(hub.Case.open("yozma").battery("gdp_per_head"))
    ''
    """
    panel = battery.panel
    holes = bool(np.isnan(panel.values).any())
    if not holes and len(panel.units) > FEW:
        return ""
    told = _fails(battery)
    if not told or not holes:
        return told
    wide = pd.DataFrame(panel.values, index=panel.units, columns=panel.periods)
    dates = dict.fromkeys(panel.treated)
    takes = [name for name, known in ESTIMATORS.items() if known.weighed is not None]
    others = [
        f'main = "{name}"'
        for name in takes
        if name != battery.estimator.name and not _fails(_with(battery, name))
    ]
    way = (
        f"It can be carried out with {' or '.join(others)}, and also = []."
        if others
        else "No estimator here can be carried out with them."
    )
    return (
        f"outcome {battery.outcome!r}: run would refuse this: {told} Missing is "
        f"{missing(wide, dates)} {way} A period can be left out by leave_out_periods."
    )


def _with(battery: Battery, name: str) -> Battery:
    plan = replace(battery.plan, main=ESTIMATORS[name], also=(), contest=False)
    return Battery(battery.case, battery.outcome, plan, battery.panel, battery.strata)


def _fails(battery: Battery) -> str:
    """Why the tests that decide cannot be carried out; empty if they can."""
    try:
        _ = battery.lots, battery.false_alarms
    except ValueError as error:
        return str(error)
    return ""


def comes_short(battery: Battery) -> str:
    """Say where the test can never reject, whatever is found; empty if it can."""
    panel = battery.panel
    if battery.strata is None and len(panel.cohorts) == 1:
        ways = len(panel.units)
        if len(panel.treated) == 1 and ways < 20:
            return (
                f"outcome {battery.outcome!r}: one of {ways} units is treated, so even "
                f"the most extreme result has one chance in {ways}: no effect can be "
                "told from chance at 5 in 100, which takes 20 units"
            )
    return ""
