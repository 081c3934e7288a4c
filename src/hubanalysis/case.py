"""A case: a dataset and the plan that was written before the results."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from hubanalysis import catalog
from hubanalysis.battery import Battery
from hubanalysis.checks import _check_name
from hubanalysis.panel import Panel
from hubanalysis.plan import SAVE_AS, TRANSFORMS, build_panel, check_design, read_own
from hubanalysis.verdict import Verdict

__all__ = ["Case"]

TEMPLATE = "plan-template"


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
    folder : pathlib.Path, optional
        Where a plan of your own lies; none for the book's.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("k-semiconductor-belt")
    >>> case.panel("chips").treated
    ['South Korea']
    """

    name: str
    design: dict
    folder: Path | None = None
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
        return cls(name, _read_design(path))

    @classmethod
    def from_folder(cls, folder: str | Path) -> Case:
        """Read a plan of your own, and find out at once whether it can be carried out.

        Parameters
        ----------
        folder : str or pathlib.Path
            Holds `design.toml` and, as `<table>.csv`, the tables that it names: one
            row per unit and period, units as text, periods as years or months.

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
        path = folder / "design.toml"
        if not path.exists():
            raise ValueError(
                f"there is no plan at {path}. hub.Case.new({str(folder)!r}) writes one "
                "to fill in."
            )
        case = cls(folder.name, _read_design(path), folder)
        for outcome in case.outcomes:
            _try_out(case, outcome)
        return case

    @classmethod
    def new(cls, folder: str | Path) -> Case:
        """Write a plan to fill in, with made-up figures that it runs on.

        Parameters
        ----------
        folder : str or pathlib.Path
            A folder that does not exist yet. It gets `design.toml` and the table
            `outcomes.csv`; change both, then read them with `from_folder`.

        Raises
        ------
        ValueError
            If the folder exists: nothing is written over.

        Examples
        --------
        >>> import tempfile
        >>> import hubanalysis as hub
        >>> case = hub.Case.new(tempfile.mkdtemp() + "/my-programme")
        >>> sorted(file.name for file in case.folder.iterdir())
        ['design.toml', 'outcomes.csv']
        """
        folder = Path(folder)
        if folder.exists():
            raise ValueError(
                f"{folder} exists already, and nothing is written over. Give a new "
                "name, or read what is there with hub.Case.from_folder."
            )
        folder.mkdir(parents=True)
        for name in ("design.toml", "outcomes.csv"):
            shutil.copyfile(catalog.path(TEMPLATE) / name, folder / name)
        return cls.from_folder(folder)

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

    def _load(self, table: str) -> pd.DataFrame:
        if self.folder is not None:
            return read_own(self.folder, table, self.design)
        return catalog.load(f"{self.name}/{table}")

    def written(self, outcome: str | None = None) -> str:
        """Return the lines of the plan that decide an outcome, as they were written."""
        outcome, _ = self._plan(outcome)
        folder = self.folder or catalog.path(self.name)
        text = (folder / "design.toml").read_text(encoding="utf-8-sig")
        parts = re.split(r"(?m)^(?=\[|# --)", text)
        heads = ("[defaults]", f"[outcomes.{outcome}]", f"[outcomes.{outcome}.")
        return "\n\n".join(p.strip() for p in parts if p.startswith(heads))

    def levels(self, outcome: str | None = None) -> Panel:
        """Return the panel of an outcome before its transformation, for pooling."""
        outcome, plan = self._plan(outcome)
        return build_panel(self._load, plan, f"{self.name}, outcome {outcome}")

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
            try:
                changed = panel.transform(TRANSFORMS[name])
            except ValueError as error:
                raise ValueError(
                    f"{self.name}, outcome {outcome}: {error} In a plan, set transform "
                    "to asinh or none."
                ) from error
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
                table = self._load(plan["strata"]["table"])
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


def _try_out(case: Case, outcome: str) -> None:
    """Find out on paper whether an outcome's plan can be carried out."""
    battery = case.battery(outcome)
    if not battery.panel.treated:
        last = battery.panel.periods[-1]
        raise ValueError(
            f"outcome {outcome!r}: nobody is treated up to {last}. To learn what could "
            "be seen before there are results, pretend an earlier first_treated."
        )
    _ = battery.samples, battery.pretended


def _read_design(path: Path) -> dict:
    """Read a plan, with what all outcomes share put into each."""
    try:
        design = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"the plan {path} is not in UTF-8: {SAVE_AS}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the plan {path} cannot be read: {error}.") from error
    defaults = design.get("defaults", {})
    for outcome, plan in design.get("outcomes", {}).items():
        design["outcomes"][outcome] = defaults | plan
    check_design(design, str(path))
    return design
