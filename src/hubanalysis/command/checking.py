"""What is wrong with a table or a folder, and what was assumed: all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hubanalysis.cases.begin import sheet_of
from hubanalysis.cases.case import Case
from hubanalysis.cases.draft import Draft, draft
from hubanalysis.cases.filing import standing
from hubanalysis.cases.history import history
from hubanalysis.cases.own_file import Fault
from hubanalysis.cases.plan_file import unwritten
from hubanalysis.command.rehearsal import comes_short, refused
from hubanalysis.words.refusals import listed

# How many places are named that lack the same periods.
NAMED = 8
# Years between the policy and the first treated period that need a second look.
FAR_OFF = 5
OR_ELSE = (
    "leave the unit or the period out, or set balanced = false in a plan whose "
    "estimators take holes (imputation takes most)."
)


@dataclass
class Findings:
    """What `hubanalysis check` has to say.

    Attributes
    ----------
    seen, assumed, faults, warnings, todo : list of str
        What there is, what was taken for granted, what stands in the way, what
        somebody should look at, and what is still to be written or done.
    """

    seen: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    todo: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Write it as plain text, faults first."""
        parts = {
            f"{_count(len(self.faults), 'fault')}, which "
            f"stand{'s' * (len(self.faults) == 1)} in the way": self.faults,
            "Look at": self.warnings,
            "Assumed": self.assumed,
            "There is": self.seen,
            "Still to do": self.todo,
        }
        told = [
            f"{head}:\n" + "\n".join(f"  - {text}" for text in texts)
            for head, texts in parts.items()
            if texts
        ]
        if not self.faults:
            told.append("No fault was found.")
        return "\n".join(told)


def check_table(path: Path, **columns: Any) -> Findings:
    """Look at a table that has no plan yet.

    Parameters
    ----------
    path : pathlib.Path
    **columns
        `unit`, `period`, `outcome`, `treated` and `decimal`, as in `draft`.

    Examples
    --------
    >>> from hubanalysis.datasets import catalog
    >>> table = catalog.path("plan-template/outcomes")
    >>> print(check_table(table, treated="first_award", outcome="jobs"))
    Assumed:
      - the unit is 'applicant'
      - the period is 'year'
    There is:
      - 60 units in 12 periods, 2012 to 2023, of 'jobs'
      - 20 treated, from 2019 on
    No fault was found.
    """
    found = draft(sheet_of(path), **columns)
    table = found.table
    told = Findings(assumed=[*found.assumed, *table.assumed])
    told.faults += map(str, table.faults)
    told.warnings += map(str, table.warnings)
    told.faults += map(str, holes(found))
    if table.faults:
        return told
    units = table.rows[found.unit].nunique()
    years = found.years
    told.seen.append(
        f"{_count(units, 'unit')} in {_count(len(years), 'period')}, {years[0]} to "
        f"{years[-1]}, of {found.outcome!r}"
    )
    if units < 2 or len(years) < 2:
        told.faults.append("a comparison takes two units and two periods, at least.")
    if found.aggregate != "sum":
        told.todo.append(
            f"{found.outcome!r} looks like a rate, and {found.a_year} rows a year "
            'would be added up: say in the plan whether aggregate is "mean" or "sum"'
        )
    dates = found.dates
    if not dates:
        told.todo.append("say who is treated since when: --treated COLUMN or UNIT=YEAR")
        return told
    starts = sorted(set(dates.values()))
    told.seen.append(f"{len(dates)} treated, from {listed(starts)} on")
    if starts[0] > years[-1]:
        told.todo.append(
            "nothing has begun yet: hubanalysis power says what could be seen"
        )
    elif not told.faults:
        try:
            battery = Case.from_draft(found).battery()
            if why := refused(battery):
                told.faults.append(why)
            elif short := comes_short(battery):
                told.warnings.append(short)
        except ValueError as error:
            told.faults.append(str(error))
    return told


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def holes(found: Draft) -> list[Fault]:
    """Rows and figures that are missing, other than by a fault that is told."""
    rows, unit, period = found.table.rows, found.unit, found.period
    known = [fault for fault in found.table.faults if not fault.whole]
    wrong = {line for fault in known for line in fault.lines}
    empty = rows[found.outcome].isna() & ~rows.index.isin(list(wrong))
    faults = []
    if empty.any():
        what = f"Nothing is known here; fill it in, {OR_ELSE}"
        lines = tuple(map(int, dict.fromkeys(rows.index[empty])))
        faults.append(
            Fault(what + _treated(found, rows[unit][empty]), found.outcome, lines)
        )
    if any(fault.column in ("", unit, period) for fault in known):
        # Who stands where is not known yet.
        return faults
    there = pd.crosstab(rows[unit], rows[period]) > 0
    lacks = {
        name: tuple(map(str, there.columns[~row.to_numpy()]))
        for name, row in there.iterrows()
        if not row.all()
    }
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, missing in lacks.items():
        groups.setdefault(missing, []).append(str(name))
    for missing, names in groups.items():
        told = (
            f"there is no row for {listed(names, NAMED)} in {listed(missing)}. Add "
            f"it, {OR_ELSE}{_treated(found, names)}"
        )
        others = [
            (other, absent)
            for absent, (other, *more) in groups.items()
            if not more and not {*absent} & {*missing}
        ]
        for other, absent in others if len(names) == 1 else ():
            if len(absent) + len(missing) == there.shape[1]:
                told += f" {other} has just these: is it one place under two names?"
        faults.append(Fault(told))
    return faults


def _treated(found: Draft, units: Iterable[str]) -> str:
    """Say who of some units is treated, since they are the last to be left out."""
    own = [unit for unit in dict.fromkeys(units) if unit in found.dates]
    if not own:
        return ""
    return f" Treated: {listed(own)}; without them the answer is about others."


def check_folder(folder: Path) -> Findings:
    """Look at a plan and all tables that it names.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "ours"
    >>> _ = Case.new(folder)
    >>> check_folder(folder).faults
    []
    """
    told = Findings()
    try:
        case = Case.from_folder(folder, try_out=False)
    except ValueError as error:
        told.faults.append(str(error))
        return told
    names = {plan.table for plan in case.outcomes.values()}
    names |= {p.strata.table for p in case.outcomes.values() if p.strata}
    names |= {p.only_units.table for p in case.outcomes.values() if p.only_units}
    for name in sorted(names):
        try:
            table = case.own_table(name)
        except ValueError as error:
            told.faults.append(str(error))
            continue
        told.assumed += table.assumed
        told.faults += (f"{table.name}, {fault}" for fault in table.faults)
        told.warnings += (f"{table.name}, {fault}" for fault in table.warnings)
    for outcome in case.outcomes if not told.faults else ():
        _try(case, outcome, told)
        _compare_dates(case, outcome, told)
    if left := unwritten(case.plan):
        told.todo.append(
            f"write your own sentences in plan.toml in place of {listed(left, 20)}"
        )
    if not told.faults:
        filed, sentence = standing(case)
        (told.seen if filed else told.todo).append(sentence)
    return told


def _compare_dates(case: Case, outcome: str, told: Findings) -> None:
    """Point out a day of the policy that lies years off the first treated period."""
    day = case.plan.policy_date
    years = [] if told.faults else case.first_dates(outcome).values()
    if day and years and abs(day.year - min(years)) > FAR_OFF:
        told.warnings.append(
            f"policy_date is {day}, and outcome {outcome!r} is treated from "
            f"{min(years)} on. Is that meant?"
        )


def _try(case: Case, outcome: str, told: Findings) -> None:
    """Find out whether an outcome can be looked at, before or after."""
    try:
        found = history(case, outcome)
        if not found.over:
            told.todo.append(
                f"outcome {outcome!r}: nothing has begun by {found.last}; hubanalysis "
                "power says what could be seen"
            )
            return
        case.try_out(outcome)
        battery, panel = case.battery(outcome), case.panel(outcome)
        if why := refused(battery):
            told.faults.append(why)
        elif short := comes_short(battery):
            told.warnings.append(short)
        told.seen.append(
            f"outcome {outcome!r}: {len(panel.treated)} treated, {len(panel.donors)} "
            f"never treated, {panel.periods[0]} to {panel.periods[-1]}"
        )
    except ValueError as error:
        told.faults.append(str(error))
