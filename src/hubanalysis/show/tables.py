"""The book's tables: results laid out for a reader, numbers already worded."""

from __future__ import annotations

import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.case import Case
from hubanalysis.cases.verdict import span_text
from hubanalysis.words.numbers import effect_text, p_text


def estimates_table(battery: Battery) -> pd.DataFrame:
    """Lay out every estimator of one outcome, in the order of the plan.

    Parameters
    ----------
    battery : Battery

    Returns
    -------
    pandas.DataFrame
        By estimator: the effect, the exact p value, the effects that the exact test
        does not reject, and the minimum detectable effect; text, in percent for
        outcomes in logs.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("norwegian-tourism-cluster")
    >>> hub.estimates_table(case.battery()).columns.tolist()
    ['effect', 'exact p', 'effects that fit', 'detectable from']
    """
    scale = battery.plan.transform
    rows = {
        known.label: {
            "effect": effect_text(battery.estimates[name].att, scale, 1),
            "exact p": p_text(battery.tests.loc[name, "p_value"]),
            "effects that fit": span_text(battery.lots[name].interval(), scale)
            .removeprefix("anything ")
            .removeprefix("from "),
            "detectable from": effect_text(battery.powers[name].mde, scale),
        }
        for name, known in battery.estimators.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.rename_axis(columns="estimator")


def in_time_table(battery: Battery) -> pd.DataFrame:
    """Lay out what every estimator finds at dates when nothing happened.

    Parameters
    ----------
    battery : Battery

    Returns
    -------
    pandas.DataFrame
        By estimator and pretended start: the effect and its exact p value, as text.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("yozma")
    >>> hub.in_time_table(case.battery("office_exports")).columns.tolist()
    ['pretended start', 'effect', 'exact p']
    """
    scale = battery.plan.transform
    table = battery.in_time
    return pd.DataFrame(
        {
            "pretended start": table["pretended_start"].astype(str).to_numpy(),
            "effect": [effect_text(a, scale, 1) for a in table["att"]],
            "exact p": list(map(p_text, table["p_value"])),
        },
        index=[battery.estimators[name].label for name in table["estimator"]],
    ).rename_axis(columns="estimator")


def outcomes_table(case: Case, batteries: dict[str, Battery]) -> pd.DataFrame:
    """Lay out every outcome tried, so that none can be picked for its result.

    Parameters
    ----------
    case : Case
    batteries : dict of str to Battery
        By outcome; computed once by the caller, who will want them again.

    Returns
    -------
    pandas.DataFrame
        By outcome: its role, and of each estimator the effect with its exact p
        value in brackets, as text.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("yozma")
    >>> some = {name: case.battery(name) for name in ("complexity", "office_share")}
    >>> len(hub.outcomes_table(case, some))
    2
    """
    rows = {}
    for name, battery in batteries.items():
        scale = battery.plan.transform
        row: dict[str, str] = {"role": battery.plan.role}
        for estimator, known in battery.estimators.items():
            word = known.label.split(" (")[0]
            effect = effect_text(battery.estimates[estimator].att, scale, 1)
            p_value = p_text(battery.tests.loc[estimator, "p_value"])
            row[word] = f"{effect} ({p_value})"
        rows[battery.plan.title or name] = row
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(columns="outcome")
    return table.fillna("")
