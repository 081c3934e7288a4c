"""A case: a dataset and the plan that was written before the results."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hubanalysis import catalog
from hubanalysis.battery import ESTIMATORS, Battery, Verdict
from hubanalysis.panel import Panel, _check_name, _some

__all__ = ["Case"]

TRANSFORMS = {"log": np.log, "asinh": np.arcsinh, "none": None}
ROLES = ("primary", "secondary", "contrast", "audit", "design test")
OUTCOME_KEYS = {
    *("role", "title", "table", "where", "unit", "period", "year_starts", "value"),
    *("aggregate", "share_of", "transform", "window", "leave_out_periods"),
    *("first_treated", "leave_out_units", "only_units", "spread", "minus"),
    *("strata", "main", "also", "placebo_periods", "variants"),
}
NEEDED_KEYS = ("role", "table", "unit", "period", "value", "first_treated", "main")


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """A dataset with its plan, `data/<name>/design.toml`.

    Attributes
    ----------
    name : str
        Name of the dataset.
    design : dict
        The plan as written: question, estimand, outcomes, rivals, what the data
        cannot show.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("k-semiconductor-belt")
    >>> case.panel("chips").treated
    ['South Korea']
    """

    name: str
    design: dict
    _batteries: dict = field(default_factory=dict)

    @classmethod
    def open(cls, name: str) -> Case:
        """Read the plan of a case.

        Parameters
        ----------
        name : str
            A dataset that has a `design.toml`.

        Raises
        ------
        ValueError
            If there is no such dataset or no plan in it, or the plan lacks a key
            or has one that means nothing: the key and the file are named.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> case = hub.Case.open("norwegian-tourism-cluster")
        >>> case.primary
        'total_nights'
        """
        path = catalog.path(name) / "design.toml"
        if not path.exists():
            raise ValueError(f"{name!r} has figures but no plan: {path} is missing.")
        try:
            design = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"the plan {path} cannot be read: {error}.") from error
        defaults = design.get("defaults", {})
        for outcome, plan in design.get("outcomes", {}).items():
            design["outcomes"][outcome] = defaults | plan
        _check_design(design, str(path))
        return cls(name, design)

    @property
    def outcomes(self) -> dict:
        """Plans of all outcomes, by name, in the order of the plan."""
        return self.design["outcomes"]

    @property
    def primary(self) -> str:
        """Name of the primary outcome."""
        return next(k for k, o in self.outcomes.items() if o["role"] == "primary")

    def _plan(self, outcome: str | None) -> tuple[str, dict]:
        outcome = outcome or self.primary
        _check_name(outcome, list(self.outcomes), "outcome")
        return outcome, self.outcomes[outcome]

    def written(self, outcome: str | None = None) -> str:
        """Return the lines of the plan that decide an outcome, as they were written."""
        outcome, _ = self._plan(outcome)
        text = (catalog.path(self.name) / "design.toml").read_text(encoding="utf-8")
        parts = re.split(r"(?m)^(?=\[|# --)", text)
        heads = ("[defaults]", f"[outcomes.{outcome}]", f"[outcomes.{outcome}.")
        return "\n\n".join(p.strip() for p in parts if p.startswith(heads))

    def levels(self, outcome: str | None = None) -> Panel:
        """Return the panel of an outcome before its transformation, for pooling."""
        outcome, plan = self._plan(outcome)
        return _panel(self.name, plan, f"{self.name}, outcome {outcome}")

    def panel(self, outcome: str | None = None) -> Panel:
        """Return the panel of an outcome as the plan says; the primary by default.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> hub.Case.open("norwegian-tourism-cluster").panel("holiday_nights")
        Panel of log guest_nights: 18 units x 17 periods (2000 to 2017)
          treated  Hordaland, Møre og Romsdal, Rogaland, Sogn og Fjordane from 2010
          donors   14 never treated
        """
        outcome, plan = self._plan(outcome)
        panel, name = self.levels(outcome), plan.get("transform", "none")
        if TRANSFORMS[name] is not None:
            changed = panel.transform(TRANSFORMS[name])
            panel = changed._with(changed.frame, outcome=f"{name} {panel.outcome}")
        if "minus" in plan:
            panel = panel.minus(self.panel(plan["minus"]))
        return panel

    def battery(self, outcome: str | None = None) -> Battery:
        """Return all the plan asks of an outcome; kept, so that it runs once."""
        outcome, plan = self._plan(outcome)
        if outcome not in self._batteries:
            panel, strata = self.panel(outcome), None
            if plan.get("strata"):
                table = catalog.load(f"{self.name}/{plan['strata']['table']}")
                strata = table.set_index(plan["unit"])[plan["strata"]["column"]]
                strata = strata.reindex(panel.units).to_dict()
            self._batteries[outcome] = Battery(self.name, outcome, plan, panel, strata)
        return self._batteries[outcome]

    def verdict(self, outcome: str | None = None) -> Verdict:
        """Answer the common points for an outcome, or for a question refused.

        Parameters
        ----------
        outcome : str, optional
            An outcome, or a name under `refused` in the plan; the primary outcome
            by default.
        """
        refused = self.design.get("refused", {})
        if outcome in refused:
            return Verdict(
                case=self.name,
                question=refused[outcome]["question"],
                conclusion="not identified",
                rivals=_rivals(self.design),
                cannot_show=tuple(refused[outcome]["because"]),
            )
        battery = self.battery(outcome)
        return Verdict(
            case=self.name,
            question=self.design["question"],
            estimand=self.design.get("estimand", ""),
            rivals=_rivals(self.design),
            cannot_show=tuple(self.design.get("cannot_show", ())),
            **battery.findings(),
        )

    def __repr__(self) -> str:
        """Say what the case asks and of which outcomes."""
        lines = [f"Case {self.name}: {self.design['question']}"]
        for name, plan in self.outcomes.items():
            lines.append(f"  {name}  ({plan['role']}, {plan['main']})")
        return "\n".join(lines)


def _rivals(design: dict) -> tuple[str, ...]:
    return tuple(rival["what"] for rival in design.get("rivals", []))


def _panel(name: str, plan: dict, where: str) -> Panel:
    """Build the panel of an outcome from its table, as its plan says."""
    rows = catalog.load(f"{name}/{plan['table']}")
    for column, wanted in plan.get("where", {}).items():
        _check_name(column, rows.columns, "column")
        wanted = wanted if isinstance(wanted, list) else [wanted]
        for value in wanted:
            _check_name(value, rows[column].unique(), f"value in column {column!r}")
        rows = rows[rows[column].isin(wanted)]
    if "spread" in plan:
        rows = _spread(rows, plan, where)
    if "only_units" in plan:
        rows = rows[rows[plan["unit"]].isin(_only(name, plan))]
    left_out = plan.get("leave_out_units", {})
    for unit in left_out:
        _check_name(unit, rows[plan["unit"]].unique(), "unit")
    rows = rows[~rows[plan["unit"]].isin(list(left_out))]

    period = rows[plan["period"]]
    months = isinstance(period.dtype, pd.PeriodDtype)
    if "year_starts" in plan:
        period = (period - (plan["year_starts"] - 1)).dt.year
    elif months:
        period = period.dt.year
    label = plan["value"] if plan["value"] in rows.columns else plan["title"]
    whole = rows.eval(plan["share_of"]) if "share_of" in plan else 1.0
    rows = pd.DataFrame(
        {
            "unit": rows[plan["unit"]],
            "period": period.astype(int),
            label: rows.eval(plan["value"]),
            "whole": whole,
        }
    )
    first, last = plan.get("window", (rows["period"].min(), rows["period"].max()))
    rows = rows[rows["period"].between(first, last)]
    dropped = [int(p) for p in plan.get("leave_out_periods", {})]
    rows = rows[~rows["period"].isin(dropped)]

    grouped = rows.groupby(["unit", "period"])
    counts = grouped.size()
    short = counts[counts < counts.max()]
    if len(short):
        cells = _some([f"{u} in {p}" for u, p in short.index])
        raise ValueError(
            f"{where}: {cells} have fewer rows than the full {counts.max()} a year. "
            "Shorten the window in design.toml, or leave the units out."
        )
    # An empty month must not become a small year.
    yearly = grouped.agg(plan.get("aggregate", "sum"), skipna=False)
    if "share_of" in plan:
        yearly[label] /= yearly["whole"]
    yearly = yearly.reset_index()
    return Panel.from_long(yearly, "unit", "period", label, plan["first_treated"])


def _only(name: str, plan: dict) -> pd.Series:
    """Units that a rule on another table of the package picks."""
    table = catalog.load(f"{name}/{plan['only_units']['table']}")
    return table.query(plan["only_units"]["query"])[plan["unit"]]


def _spread(rows: pd.DataFrame, plan: dict, where: str) -> pd.DataFrame:
    """Turn a long table's series into columns, so that `value` can combine them."""
    keys = [plan["unit"], plan["period"]]
    _check_name(plan["spread"], rows.columns, "column")
    twice = rows.duplicated([*keys, plan["spread"]])
    if twice.any():
        row = rows[twice].iloc[0]
        raise ValueError(
            f"{where}: {row[plan['spread']]} is given more than once for "
            f"{row[keys[0]]} in {row[keys[1]]}. Name one source under `where`."
        )
    wide = rows.pivot(index=keys, columns=plan["spread"], values="value")
    return wide.rename_axis(columns=None).reset_index()


def _check_design(design: dict, where: str) -> None:
    """Refuse a plan that cannot be carried out, naming the key."""
    for key in ("question", "outcomes"):
        if key not in design:
            raise ValueError(f"{where} lacks {key!r}.")
    for name, plan in design["outcomes"].items():
        missing = [key for key in NEEDED_KEYS if key not in plan]
        if missing:
            raise ValueError(f"{where}: outcome {name!r} lacks {_some(missing)}.")
        for key in plan:
            _check_name(
                key, sorted(OUTCOME_KEYS), f"key (in outcome {name!r}, {where})"
            )
        _check_name(plan["role"], ROLES, "role")
        _check_name(plan.get("transform", "none"), list(TRANSFORMS), "transform")
        if "minus" in plan:
            _check_name(plan["minus"], list(design["outcomes"]), "outcome")
        for estimator in [plan["main"], *plan.get("also", [])]:
            _check_name(estimator, list(ESTIMATORS), "estimator")
        for label, change in plan.get("variants", {}).items():
            for key in change:
                _check_name(
                    key, ["drop", "keep", "window"], f"change in variant {label!r}"
                )
    primary = [k for k, o in design["outcomes"].items() if o["role"] == "primary"]
    if len(primary) != 1:
        raise ValueError(
            f"{where} must have one primary outcome; it has {len(primary)}."
        )
