"""A plan read from its file, `plan.toml`, and all its faults told at once."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hubanalysis.cases.plan import OutcomePlan, Plan, Variant, has_default
from hubanalysis.cases.plan_slips import number_meant, spelt_otherwise
from hubanalysis.cases.sentences import TO_WRITE, is_drafted
from hubanalysis.estimators import ESTIMATORS
from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator, estimator
from hubanalysis.panels.panel import Panel
from hubanalysis.words.refusals import HubError, check_name, listed

# What `aggregate` takes, which a draft may leave to be written.
HOW_ADDED = get_args(get_type_hints(OutcomePlan)["aggregate"])
# No programme is asked for an effect of six times; a percentage may look like one.
MOST = 5.0


def read_plan(
    path: Path, estimators: Iterable[Callable[[Panel], Estimate]] = ()
) -> Plan:
    """Read a plan, with what all outcomes share put into each.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    estimators : iterable of callable
        Estimators of your own that the plan may name.

    Raises
    ------
    ValueError
        If the file cannot be read or carried out. All faults are told at once, each
        with its key and, if a word was misspelt, the nearest right one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise HubError(
            f"the plan {path} is not in UTF-8: save it again in your editor, and "
            "choose the encoding UTF-8 there."
        ) from error
    except OSError as error:
        raise HubError(
            f"the plan {path} cannot be read ({error.strerror}): it must be a file of "
            "text."
        ) from error
    return plan_of(text, str(path), estimators)


def plan_of(
    text: str, path: str, estimators: Iterable[Callable[[Panel], Estimate]] = ()
) -> Plan:
    """Read a plan from its text; `path` is what to call it in a refusal.

    The rest is as in `read_plan`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        way = spelt_otherwise(text, str(error))
        raise HubError(f"the plan {path} cannot be read: {error}.{way}") from error
    reader = _Reader(estimators)
    shared = table.pop("defaults", {})
    outcomes = table.get("outcomes", {})
    if isinstance(shared, dict) and isinstance(outcomes, dict):
        good = reader.values(OutcomePlan, shared, "defaults")
        reader.dropped = shared.keys() - good.keys()
        shared = {key: shared[key] for key in good}
        table["outcomes"] = {
            name: shared | own if isinstance(own, dict) else own
            for name, own in outcomes.items()
        }
    else:
        reader.faults.append("defaults and outcomes must be tables: [outcomes.jobs].")
    plan = reader.read(Plan, table, "")
    reader.check_whole(table)
    if len(reader.faults) == 1:
        raise HubError(f"{path}: {reader.faults[0]}")
    if reader.faults or plan is None:
        raise HubError(
            f"{path} has {len(reader.faults)} faults:\n  " + "\n  ".join(reader.faults)
        )
    return plan


def unwritten(plan: Plan) -> list[str]:
    """Name the places of a plan where the template's sentences still stand.

    Examples
    --------
    >>> from hubanalysis.cases.plan import OutcomePlan
    >>> unwritten(Plan("REPLACE: Did it?", {"jobs": OutcomePlan("did")}))
    ['question']
    """
    return list(_unwritten(plan, ""))


def _unwritten(value: Any, where: str) -> Iterator[str]:
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, str) and is_drafted(value):
        yield where
    elif isinstance(value, dict):
        items = value.items()
    elif isinstance(value, tuple):
        items = enumerate(value, start=1)
    elif dataclasses.is_dataclass(value):
        items = ((key.name, getattr(value, key.name)) for key in fields(value))
    for name, item in items:
        yield from _unwritten(item, f"{where} {name}".strip())


class _Reader:
    """Turns tables of a file into the classes above, and collects what is wrong."""

    def __init__(self, estimators: Iterable[Callable[[Panel], Estimate]]) -> None:
        own = map(estimator, estimators)
        self.estimators = ESTIMATORS | {known.name: known for known in own}
        self.faults: list[str] = []
        # Keys of [defaults] that were refused there, and are not missed elsewhere.
        self.dropped: set[str] = set()

    def read(self, kind: type, table: Mapping, where: str) -> Any:
        """Read one table; None once there are faults, here or before."""
        lacks = [
            key.name
            for key in fields(kind)
            if (key.metadata["needed"] or not has_default(key))
            and key.name not in table.keys() | self.dropped
        ]
        if lacks:
            self.faults.append(f"{where or 'the plan'} lacks {listed(lacks, 99)}.")
        values = self.values(kind, table, where)
        return None if self.faults else kind(**values)

    def values(self, kind: type, table: Mapping, where: str) -> dict[str, Any]:
        """Read the keys of a table that can be read; note what is wrong with others."""
        known, hints = {f.name: f for f in fields(kind)}, get_type_hints(kind)
        what = "change" if kind is Variant else "key"
        start, values = f"{where}: " if where else "", {}
        for name, value in table.items():
            try:
                check_name(name, sorted(known), what)
                inside = f"{where}, {name}" if where else name
                values[name] = self._convert(value, hints[name], inside)
            except _WrongKind:
                example = known[name].metadata["example"]
                if hints[name] is float:
                    example = number_meant(value) or example
                fault = f"{name} is {value!r}; write it as {example}."
                self.faults.append(start + fault)
            except ValueError as error:
                self.faults.append(start + str(error))
        return values

    def _convert(self, value: Any, hint: Any, where: str) -> Any:
        """Read one value as its annotation says."""
        origin, arms = get_origin(hint), get_args(hint)
        if str(value).startswith(TO_WRITE) and (hint is float or arms == HOW_ADDED):
            # A draft asks for it, and there is no verdict before it is written.
            return value
        if origin in (Union, UnionType):
            if value == {} and type(None) in arms:
                return None
            return self._first_that_fits(value, arms, where)
        if hint is Estimator:
            _require(isinstance(value, str))
            check_name(value, list(self.estimators), "estimator")
            return self.estimators[value]
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            _require(isinstance(value, dict))
            return self.read(hint, value, where)
        if origin is Literal:
            _require(isinstance(value, str))
            check_name(value, arms, where.rpartition(", ")[2])
            return value
        if origin is tuple:
            _require(isinstance(value, list))
            several = arms[-1] is Ellipsis
            _require(several or len(value) == len(arms))
            return tuple(self._convert(item, arms[0], where) for item in value)
        if origin is dict:
            _require(isinstance(value, dict))
            whole = arms[0] is int
            _require(not whole or all(key.isdigit() for key in value))
            return {
                int(key) if whole else key: self._convert(
                    item, arms[1], _inside(where, key)
                )
                for key, item in value.items()
            }
        if hint is float:
            hint = int | float
        plain = hint is bool or not isinstance(value, bool)
        _require(hint is Any or (isinstance(value, hint) and plain))
        return value

    def _first_that_fits(self, value: Any, arms: tuple, where: str) -> Any:
        for arm in arms:
            if arm is not type(None):
                try:
                    return self._convert(value, arm, where)
                except _WrongKind:
                    continue
        raise _WrongKind

    def check_whole(self, table: Mapping) -> None:
        """Look at what no key can show alone."""
        outcomes = table.get("outcomes", {})
        outcomes = {n: o for n, o in outcomes.items() if isinstance(o, dict)}
        primary = [n for n, o in outcomes.items() if o.get("role") == "primary"]
        if outcomes and len(primary) != 1:
            self.faults.append(
                f"a plan must have one primary outcome; this has {len(primary)}."
            )
        self._check_days(table)
        yardsticks = table.get("yardsticks")
        for yardstick in yardsticks if isinstance(yardsticks, list) else ():
            if not isinstance(yardstick, dict):
                continue
            named = yardstick.get("outcome")
            if not isinstance(named, str | None):
                continue
            self._check_size(yardstick, outcomes)
            if named and named not in outcomes:
                try:
                    check_name(named, list(outcomes), "outcome")
                except ValueError as error:
                    self.faults.append(f"yardsticks: {error}")
        for name, outcome in outcomes.items():
            self._check_tests(name, outcome, outcomes)
            other = outcome.get("minus")
            if not isinstance(other, str):
                continue
            if other not in outcomes or other == name:
                near = listed([n for n in outcomes if n != name], 99) or "no other"
                self.faults.append(
                    f"outcome {name!r}: minus is {other!r}, and there is no such other "
                    f"outcome. There are: {near}."
                )
            elif outcomes[other].get("minus"):
                self.faults.append(
                    f"outcome {name!r}: minus is {other!r}, which takes off another "
                    "itself. Name one that does not."
                )

    def _check_tests(self, name: str, outcome: Mapping, outcomes: Mapping) -> None:
        tests = outcome.get("design_tests")
        for test in tests if isinstance(tests, list) else ():
            role = outcomes.get(test, {}).get("role") if isinstance(test, str) else ""
            if role != "design test" or outcomes[test].get("design_tests"):
                self.faults.append(
                    f"outcome {name!r}: design_tests names {test!r}. Name an outcome "
                    'with role = "design test" and no design_tests of its own.'
                )

    def _check_days(self, table: Mapping) -> None:
        begin, end = table.get("policy_date"), table.get("end_date")
        if type(begin) is type(end) is date and end < begin:
            self.faults.append(f"end_date {end} lies before policy_date {begin}.")

    def _check_size(self, yardstick: Mapping, outcomes: Mapping) -> None:
        """Refuse an effect that is none, or percent where shares are asked for."""
        value, title = yardstick.get("value"), yardstick.get("title", "")
        if not isinstance(value, int | float) or isinstance(value, bool):
            return
        primary = [o for o in outcomes.values() if o.get("role") == "primary"]
        outcome = outcomes.get(yardstick.get("outcome", "")) or (*primary, {})[0]
        if not math.isfinite(value) or value == 0:
            self.faults.append(
                f"yardsticks: {title!r} is {value:g}. Write an effect that would "
                "matter, other than zero."
            )
        elif outcome.get("transform") == "log" and not -1 < value < MOST:
            self.faults.append(
                f"yardsticks: {title!r} is {value:g}, which would be {100 * value:g} "
                "percent. The outcome is in logs, so write 0.1 for 10 percent."
            )


class _WrongKind(ValueError):
    """A value of another kind than its key takes."""


def _require(fits: bool) -> None:
    if not fits:
        raise _WrongKind


def _inside(where: str, key: str) -> str:
    """Name a place in the plan: outcome 'jobs', variant 'from 2014 on' of it."""
    if where == "outcomes":
        return f"outcome {key!r}"
    if where.endswith(", variants"):
        return f"variant {key!r} of {where.removesuffix(', variants')}"
    return f"{where}, {key!r}"
