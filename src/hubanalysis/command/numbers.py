"""Every number of a verdict in one long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.case import Case
from hubanalysis.cases.verdict import Verdict

COLUMNS = ["outcome", "part", "item", "what", "value"]


def every_number(case: Case, outcomes: Iterable[str] | None = None) -> pd.DataFrame:
    """Lay out all numbers that a case's outcomes rest on.

    Parameters
    ----------
    case : Case
    outcomes : iterable of str, optional
        All of the plan by default.

    Returns
    -------
    pandas.DataFrame
        A row per number: `outcome`, `part` (verdict, yardstick, estimator, pretended
        date, left out, variant, specification, bound, contest, path), `item`, `what`,
        `value`. Effects are on the outcome's scale: log points where it is in logs.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> table = every_number(hub.Case.open("yozma"), ["gdp_per_head"])
    >>> table.columns.tolist()
    ['outcome', 'part', 'item', 'what', 'value']
    """
    rows = [
        (name, *row)
        for name in (case.outcomes if outcomes is None else outcomes)
        for row in _of(case.battery(name), case.verdict(name))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of(battery: Battery, verdict: Verdict) -> Iterator[tuple[str, str, str, Any]]:
    low, high = verdict.interval or (np.nan, np.nan)
    facts = {
        "estimate": verdict.estimate,
        "effect from the centre of the lot": verdict.effect,
        "interval, low": low,
        "interval, high": high,
        "coverage of the interval": verdict.attained,
        "p value": verdict.p_value,
        "p value of a gain": verdict.p_gain,
        "detectable effect": verdict.mde,
        "treated": len(battery.panel.treated),
        "donors": verdict.donors,
    }
    if verdict.lead and verdict.lead.lots:
        facts["drift a period before the start"] = verdict.lead.slope
        facts["p value of that drift"] = verdict.lead.rank / verdict.lead.lots
    for what, value in facts.items():
        yield "verdict", verdict.estimator, what, value
    for m in verdict.measured:
        worth = {"effect": m.effect, **m.significance._asdict()}
        for what, value in worth.items():
            yield "yardstick", m.yardstick.title, what, value
    for name, lot in battery.lots.items():
        low, high = lot.interval()
        found = {
            **battery.tests.loc[name].to_dict(),
            "interval, low": low,
            "interval, high": high,
            "detectable effect": battery.powers[name].mde,
        }
        for what, value in found.items():
            yield "estimator", name, what, value
    for row in battery.in_time.itertuples():
        item = f"{row.pretended_start}, {row.estimator}"
        yield "pretended date", item, "estimate", row.att
        yield "pretended date", item, "effect from the centre of the lot", row.effect
        yield "pretended date", item, "p value", row.p_value
    yield from _cells("left out", battery.left_out.drop(columns="role"))
    yield from _cells("variant", battery.variants)
    for row in battery.curve.itertuples():
        item = f"{row.estimator}, {row.sample}, {row.donors}, {row.window}"
        yield "specification", item, "estimate", row.att
    if isinstance(battery.bounds, pd.DataFrame):
        yield from _cells("bound", battery.bounds.set_index(battery.bounds.columns[0]))
    if battery.plan.contest:
        yield from _cells("contest", battery.contest.ranking)
    # An average over waves has no path of its own; its event study has.
    path = getattr(battery.main, "path", None)
    if path is None and battery.study is not None:
        path = battery.study.path
    if path is not None:
        index = "period" if "period" in path else None
        yield from _cells("path", path.set_index(index) if index else path)


def _cells(part: str, table: pd.DataFrame) -> Iterator[tuple[str, str, str, Any]]:
    for item, row in table.iterrows():
        for what, value in row.items():
            if np.isreal(value):
                yield part, str(item), str(what), value
