"""Every key of a plan, explained from its declaration."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields

import pandas as pd

from hubanalysis.cases.plan import (
    Amendment,
    Counted,
    Fact,
    OutcomePlan,
    Plan,
    Refused,
    Rival,
    Strata,
    UnitRule,
    Variant,
    Yardstick,
    has_default,
)


def plan_keys() -> pd.DataFrame:
    """Explain every key of a plan.

    Returns
    -------
    pandas.DataFrame
        By part of the plan and key: what it says, its default, and an example in TOML.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.plan_keys().loc[("outcome", "aggregate"), "default"]
    '"sum"'
    """
    parts = {
        "plan": Plan,
        "outcome": OutcomePlan,
        "variant": Variant,
        "only_units": UnitRule,
        "strata": Strata,
        "rival": Rival,
        "yardstick": Yardstick,
        "amendment": Amendment,
        "refused": Refused,
        "counted": Counted,
        "fact": Fact,
    }
    rows = {
        (part, known.name): {
            "says": known.metadata["about"],
            "default": _default_text(known),
            "example": known.metadata["example"],
        }
        for part, kind in parts.items()
        for known in fields(kind)
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.rename_axis(index=["part", "key"])


def _default_text(key: Field) -> str:
    if key.metadata["needed"] or not has_default(key):
        return "must be there"
    if key.default_factory is not MISSING or key.default in (None, (), ""):
        return ""
    if isinstance(key.default, bool):
        return str(key.default).lower()
    return f'"{key.default}"'
