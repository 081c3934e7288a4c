"""A case: a dataset and the plan that was written before the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.begin import begin, sheet_of
from hubanalysis.cases.build import build_panel, first_dates, strata_of_plan
from hubanalysis.cases.choices import changed
from hubanalysis.cases.draft import TABLE, Draft, draft
from hubanalysis.cases.own_table import OwnTable, read_own
from hubanalysis.cases.plan import TRANSFORMS, OutcomePlan, Plan
from hubanalysis.cases.plan_file import plan_of, read_plan, unwritten
from hubanalysis.cases.sentences import TO_WRITE
from hubanalysis.cases.verdict import Verdict
from hubanalysis.datasets import catalog
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import estimator
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_name, is_label, listed

# Rooms above this one know how to show a case: they put in how it becomes a report.
WRITERS: dict[str, Callable[..., Path]] = {}


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """A dataset with its plan, `data/<name>/plan.toml`.

    Attributes
    ----------
    name : str
        Name of the dataset.
    plan : Plan
        Question, estimand, outcomes, rivals, what the data cannot show.
    folder : pathlib.Path, optional
        Where a plan of your own lies; none for the book's.
    choices : tuple of str
        What `change` made different from the plan as it was filed.
    tables : dict of str to OwnTable
        Tables of your own that were read.
    drafted : str
        The plan's text, where it is in no file.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("k-semiconductor-belt")
    >>> case.panel("chips").treated
    ['South Korea']
    """

    name: str
    plan: Plan
    folder: Path | None = None
    choices: tuple[str, ...] = ()
    tables: dict[str, OwnTable] = field(default_factory=dict)
    drafted: str = ""
    _batteries: dict[str, Battery] = field(default_factory=dict, init=False)

    @classmethod
    def open(
        cls, name: str, estimators: Iterable[Callable[[Panel], Estimate]] = ()
    ) -> Case:
        """Read the plan of a case.

        Parameters
        ----------
        name : str
            A dataset that has a `plan.toml`.
        estimators : iterable of callable
            Estimators of your own that the plan names.

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
        path = catalog.path(name) / "plan.toml"
        if not path.exists():
            raise HubError(f"{name!r} has figures but no plan: write {path}.")
        return cls(name, read_plan(path, estimators))

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        estimators: Iterable[Callable[[Panel], Estimate]] = (),
        try_out: bool = True,
    ) -> Case:
        """Read a plan of your own, and find out at once whether it can be carried out.

        Parameters
        ----------
        folder : str or pathlib.Path
            Holds `plan.toml` and, as `<table>.csv`, the tables that it names: one
            row per unit and period. Semicolons, decimal commas, Latin-1, dates, a
            column for each year, Excel, Parquet and Stata are read as well, and
            ``case.own_table(name).assumed`` says what was taken for granted.
        estimators : iterable of callable
            Estimators of your own that the plan names: functions from a Panel to an
            `Estimate`.
        try_out : bool
            Whether to find out; not for a programme that has not begun.

        Raises
        ------
        ValueError
            If there is no plan or a table is missing, or either cannot be used; the
            file and the key, column or line are named.

        Examples
        --------
        >>> import tempfile
        >>> import hubanalysis as hub
        >>> folder = tempfile.mkdtemp() + "/my-programme"
        >>> ours = hub.Case.new(folder)
        >>> hub.Case.from_folder(folder).primary
        'jobs'
        """
        folder = Path(folder)
        path = folder / "plan.toml"
        if not path.exists():
            raise HubError(
                f"there is no plan at {path}. hub.Case.new({str(folder)!r}) writes one "
                "to fill in."
            )
        case = cls(folder.name, read_plan(path, estimators), folder)
        for outcome in case.outcomes if try_out else ():
            case.try_out(outcome)
        return case

    @classmethod
    def new(cls, folder: str | Path, table: Any = None, **columns: Any) -> Case:
        """Write a plan to fill in, with figures that it runs on.

        Parameters
        ----------
        folder : str or pathlib.Path
            A folder that does not exist yet. It gets `plan.toml` and the table
            `outcomes.csv`; change both, then read them with `from_folder`. There is
            no verdict until every sentence that begins with ``REPLACE:`` is your own.
        table : DataFrame, str or pathlib.Path, optional
            Figures of your own, from which the plan is drafted; made-up ones by
            default.
        **columns
            `unit`, `period`, `outcome`, `treated` and `decimal`, as in `from_table`;
            what is not named is found out.

        Raises
        ------
        ValueError
            If the folder exists: nothing is written over. If the table cannot be
            read: all its faults are told.

        Examples
        --------
        >>> import tempfile
        >>> import hubanalysis as hub
        >>> case = hub.Case.new(tempfile.mkdtemp() + "/my-programme")
        >>> sorted(file.name for file in case.folder.iterdir())
        ['outcomes.csv', 'plan.toml']
        """
        begin(Path(folder), table, columns)
        return cls.from_folder(folder, try_out=table is None)

    @classmethod
    def from_table(
        cls,
        table: Any,
        unit: str = "",
        period: str = "",
        outcome: str = "",
        treated: str | Mapping[str, int] = "",
        question: str = "",
        decimal: str = "",
        name: str = "your table",
        **keys: Any,
    ) -> Case:
        """Make a case of a table in memory, or of a file, without a folder.

        Parameters
        ----------
        table : DataFrame, str or pathlib.Path
            A row per unit and period, or a column for each year; a file of any kind
            that `from_folder` reads.
        unit, period, outcome : str, optional
            Columns; what is not named is found out.
        treated : str or mapping of str to int
            A column that holds the first treated year, or that is 1 in treated rows;
            or first treated years by unit.
        question : str
            What is asked. Without it there is a case and no verdict.
        decimal : {"", ".", ","}
            What stands before decimals; found out by default.
        name : str
            What to call the case.
        **keys
            Keys of the plan and its outcome, as on the book's page 'A plan, key by
            key': `main`, `transform`, `placebo_periods`, `yardsticks`.

        Raises
        ------
        ValueError
            If the table cannot be read: all its faults are told at once.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> table = hub.load("plan-template/outcomes").drop(columns="revenue")
        >>> case = hub.Case.from_table(table, treated="first_award", main="did",
        ...                            question="Did winning raise jobs?")
        >>> case.panel().treated[:2]
        ['A01', 'A02']
        """
        found = draft(sheet_of(table), unit, period, outcome, treated, decimal)
        return cls.from_draft(found, question, name, **keys)

    @classmethod
    def from_draft(
        cls, found: Draft, question: str = "", name: str = "your table", **keys: Any
    ) -> Case:
        """Make a case of a table whose columns are known; as `from_table`."""
        found.table.require()
        own = keys.get("main")
        if callable(own):
            keys["main"] = estimator(own).name
        text = found.text(question, **keys)
        plan = plan_of(text, name, [own] if callable(own) else [])
        case = cls(name, plan, tables={TABLE: found.table}, drafted=text)
        case.try_out(case.primary)
        return case

    def change(self, **choices: Any) -> Case:
        """Return the case with choices of your own in place of the plan's.

        Parameters
        ----------
        **choices
            `outcome`, a name: it decides, and the rest is about it. `drop`, names of
            units left out. `window`, first and last period. `first_treated`, a mapping
            from units to periods. `main`, the estimator that decides.

        Raises
        ------
        ValueError
            If a choice is unknown, or cannot be carried out: found out at once.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> case = hub.Case.open("norwegian-tourism-cluster")
        >>> case.change(drop=["Oslo"], main="did").choices
        ('Oslo left out', 'difference-in-differences decides')
        """
        names = list(signature(changed).parameters)[1:]
        for name in choices:
            check_name(name, names, "choice")
        plan, said = changed(self.plan, **choices)
        case = replace(self, plan=plan, choices=self.choices + said)
        if said:
            case.try_out(case.primary)
        return case

    @property
    def outcomes(self) -> dict[str, OutcomePlan]:
        """Plans of all outcomes, by name, in the order of the plan."""
        return self.plan.outcomes

    @property
    def primary(self) -> str:
        """Name of the primary outcome."""
        return self.plan.primary

    def _plan(self, outcome: str | None) -> tuple[str, OutcomePlan]:
        outcome = self.primary if outcome is None else outcome
        check_name(outcome, list(self.outcomes), "outcome")
        return outcome, self.outcomes[outcome]

    def _load(self, table: str) -> pd.DataFrame:
        if self.folder is None and table not in self.tables:
            return catalog.load(f"{self.name}/{table}")
        return self.own_table(table).require()

    def own_table(self, table: str) -> OwnTable:
        """Return a table of your own as it was read: what was assumed, what is odd."""
        if not (is_label(table) and table in self.tables):
            if self.folder is None:
                raise HubError(
                    f"{self.name} has no table of your own called {table!r}."
                )
            own = read_own(self.folder, table, self.outcomes.values())
            self.tables[table] = own
        return self.tables[table]

    @property
    def text(self) -> str:
        """The plan as it was written."""
        if self.drafted:
            return self.drafted
        folder = self.folder or catalog.path(self.name)
        return (folder / "plan.toml").read_text(encoding="utf-8-sig")

    def written(self, outcome: str | None = None) -> str:
        """Return the lines of the plan that decide an outcome, as they were written."""
        outcome, _ = self._plan(outcome)
        parts = re.split(r"(?m)^(?=\[|# --)", self.text)
        own = (f"[outcomes.{outcome}]", f"[outcomes.{outcome}.")
        heads = ("[defaults]", *own, "[[yardsticks]]")
        return "\n\n".join(p.strip() for p in parts if p.startswith(heads))

    def levels(self, outcome: str | None = None) -> Panel:
        """Return the panel of an outcome before its transformation, for pooling."""
        outcome, plan = self._plan(outcome)
        return build_panel(self._load, plan, f"{self.name}, outcome {outcome}")

    def first_dates(self, outcome: str | None = None) -> dict:
        """Return who is treated from when on, also after the last figures there are.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> hub.Case.open("k-semiconductor-belt").first_dates("chips")
        {'South Korea': 2022}
        """
        outcome, plan = self._plan(outcome)
        return first_dates(self._load, plan, f"{self.name}, outcome {outcome}")

    def panel(self, outcome: str | None = None) -> Panel:
        """Return the panel of an outcome as the plan says; the primary by default.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> hub.Case.open("norwegian-tourism-cluster").panel("holiday_nights")
        Panel of log guest_nights: 18 units x 31 periods (1986 to 2017)
          treated  Hordaland, Møre og Romsdal, Rogaland, Sogn og Fjordane from 2010
          donors   14 never treated
        """
        outcome, plan = self._plan(outcome)
        panel, function = self.levels(outcome), TRANSFORMS[plan.transform]
        if function is not None:
            try:
                changed = panel.transform(function)
            except ValueError as error:
                raise HubError(
                    f"{self.name}, outcome {outcome}: {error} In a plan, set transform "
                    "to asinh or none."
                ) from error
            name = f"{plan.transform} {panel.outcome}"
            panel = changed.with_frame(changed.frame, outcome=name)
        if plan.minus is not None:
            panel = panel.minus(self.panel(plan.minus))
        return panel

    def battery(self, outcome: str | None = None) -> Battery:
        """Return all the plan asks of an outcome; kept, so that it runs once."""
        outcome, plan = self._plan(outcome)
        if outcome not in self._batteries:
            panel, load = self.panel(outcome), self._load
            strata = strata_of_plan(load, plan, panel.units) if plan.strata else None
            tests = tuple(map(self.battery, plan.design_tests))
            made = Battery(self.name, outcome, plan, panel, strata, tests)
            self._batteries[outcome] = made
        return self._batteries[outcome]

    def verdict(self, outcome: str | None = None) -> Verdict:
        """Answer the common points for an outcome, or for a question refused.

        Parameters
        ----------
        outcome : str, optional
            An outcome, or a name under `refused` in the plan; the primary outcome
            by default.

        Raises
        ------
        ValueError
            If sentences of the template still stand in the plan; they are named.
        """
        self.require_written()
        if outcome in self.plan.refused:
            return Verdict.refusal(self.name, outcome, self.plan)
        return Verdict.of(self.battery(outcome), self.plan)

    def require_written(self) -> None:
        """Refuse a plan in which sentences to be replaced still stand."""
        if left := unwritten(self.plan):
            where = f"the plan of {self.name}"
            if self.folder is not None:
                where = str(self.folder / "plan.toml")
            raise HubError(
                f"{where}: these sentences are still the template's, so there is no "
                f"verdict yet: {'; '.join(left)}. Write your own in place of what "
                f"begins with {TO_WRITE}"
            )

    def try_out(self, outcome: str) -> None:
        """Find out on paper whether an outcome's plan can be carried out."""
        battery = self.battery(outcome)
        if not battery.panel.treated:
            last = battery.panel.periods[-1]
            raise HubError(
                f"outcome {outcome!r}: nobody is treated up to {last}. To learn what "
                "could be seen before there are results, ask hubanalysis power, or "
                "pretend an earlier first_treated."
            )
        _ = battery.samples, battery.pretended

    def report(self, path: str | Path, **choices: Any) -> Path:
        """Write a report: one HTML file with card, figures, checks, plan and hashes.

        It is `hub.report`, which explains the rest.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> try:
        ...     hub.Case.open("yozma").report("me.txt")
        ... except hub.HubError as error:
        ...     print(error)
        a report is a page: name it report.html.
        """
        return WRITERS["report"](self, Path(path), **choices)

    def __repr__(self) -> str:
        """Say what the case asks and of which outcomes."""
        lines = [f"Case {self.name}: {self.plan.question}"]
        for name, plan in self.outcomes.items():
            decides = plan.main.name
            if plan.contest:
                decides = f"a contest of {listed(e.name for e in plan.estimators)}"
            lines.append(f"  {name}  ({plan.role}, {decides})")
        return "\n".join(lines)
