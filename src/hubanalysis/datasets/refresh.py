"""Fetch the newest figures of a case, show what changed, and write only if told to.

``hubanalysis refresh CASE`` on the command line. Without ``--yes`` nothing is written:
the report says what was revised, added and withdrawn. With it, the tables, their
descriptor and the answers as they came are written together, or not at all. Any fault
of the network or of an answer leaves all files as they were.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from hubanalysis.datasets import catalog
from hubanalysis.datasets.american_answers import KeyMissingError
from hubanalysis.datasets.answers import Answer, AnswerError
from hubanalysis.datasets.recipe import Laid, Recipe
from hubanalysis.datasets.recipes import NOT_FETCHED, RECIPES
from hubanalysis.words.refusals import HubError, check_name, listed

# More than this share of rows gone is taken for a fault of the answer.
MOST_WITHDRAWN = 0.1


@dataclass(frozen=True)
class Change:
    """What the newest answer does to one table.

    Attributes
    ----------
    table, publisher, vintage : str
    added, withdrawn : pandas.DataFrame
        Rows that are new, and rows that are gone.
    revised : pandas.DataFrame
        Rows of one key and two values: the columns ``was`` and ``is``.
    notice : str
    """

    table: str
    publisher: str
    vintage: str
    added: pd.DataFrame
    revised: pd.DataFrame
    withdrawn: pd.DataFrame
    notice: str = ""

    def __str__(self) -> str:
        """Say it in a line, with an example of each."""
        parts = []
        for word in ("added", "revised", "withdrawn"):
            rows = getattr(self, word)
            if len(rows):
                first = " ".join(map(str, rows.iloc[0]))
                parts.append(f"{len(rows):,} {word} (first: {first})")
        told = "; ".join(parts) or "nothing changed"
        return f"{self.table} ({self.publisher}, {self.vintage or 'no stamp'}): {told}"


@dataclass(frozen=True)
class Report:
    """What a refresh found, and whether it wrote.

    Attributes
    ----------
    case : str
    changes : tuple of Change
    faults : tuple of str
        What went wrong, a sentence for each recipe that failed.
    unasked : tuple of str
        Whom nobody asked, for want of a key; that is no failure.
    written : tuple of str
        Names of the files that were written.
    remarks : tuple of str
        What a reader must know or do.
    """

    case: str
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every publisher that was asked gave figures."""
        return not self.faults

    def __str__(self) -> str:
        """Write it for a terminal."""
        lines = [self.case, *(f"  {change}" for change in self.changes)]
        lines += [f"  not refreshed: {fault}" for fault in self.faults]
        lines += [f"  not asked: {why}" for why in self.unasked]
        if self.written:
            lines.append(f"  written: {', '.join(self.written)}")
        elif self.changes:
            lines.append("  nothing was written; say --yes to write")
        lines += [f"  {remark}" for remark in self.remarks]
        return "\n".join(lines)


def refresh(
    case: str,
    yes: bool = False,
    today: datetime.date | None = None,
) -> Report:
    """Fetch the newest figures of a case and compare them with those that lie here.

    Parameters
    ----------
    case : str
        A dataset, named as its folder.
    yes : bool
        Write the tables, their descriptor and the answers. Nothing is written if any
        answer fails; a publisher that was not asked, for want of a key, holds up
        nobody else's tables.
    today : datetime.date, optional
        Written beside the tables; the day of the call by default.

    Returns
    -------
    Report

    Raises
    ------
    HubError
        If there is no such case, the publishers' clients are not installed, or the
        case's files cannot be written.

    Examples
    --------
    >>> print(refresh("hangzhou-pilot-zone"))
    hangzhou-pilot-zone
      nothing is fetched: the yearbooks and the proceedings have no interface that a
      program can ask
    """
    check_name(case, [*RECIPES, *NOT_FETCHED], "case that can be refreshed")
    if case in NOT_FETCHED:
        return Report(case, remarks=(f"nothing is fetched: {NOT_FETCHED[case]}",))
    folder = catalog.path(case)
    package = catalog.package(case)
    resources = {r["name"]: r for r in package["resources"]}
    changes: list[Change] = []
    faults: list[str] = []
    unasked: list[str] = []
    remarks: list[str] = []
    ready: list[tuple[Recipe, list[Laid], list[Answer]]] = []
    for recipe in RECIPES[case]:
        before = {name: _as_text(folder / f"{name}.csv") for name in recipe.tables}
        try:
            laid, answers = recipe.make(before)
            found = [_changes(table, recipe) for table in laid]
            for table in laid:
                _fits(table, resources[table.name])
        except AnswerError as error:
            told = unasked if isinstance(error, KeyMissingError) else faults
            told.append(f"{', '.join(recipe.tables)}: {error}")
            continue
        changes += [
            c for c in found if len(c.added) + len(c.revised) + len(c.withdrawn)
        ]
        if any(len(c.added) + len(c.revised) + len(c.withdrawn) for c in found):
            ready.append((recipe, laid, answers))
            remarks += [recipe.notice] if recipe.notice else []
            if recipe.derived:
                remarks.append(
                    f"computed from these and not made anew: {listed(recipe.derived)}"
                )
    if not changes and not faults and not unasked:
        remarks.append("all tables are as the publishers have them")
    written: tuple[str, ...] = ()
    if yes and faults and ready:
        remarks.append("nothing was written, since not all answers passed")
    elif yes and ready:
        written = _write(folder, package, ready, today or datetime.date.today())
    once = tuple(dict.fromkeys(remarks))
    return Report(case, tuple(changes), tuple(faults), tuple(unasked), written, once)


def _as_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def _changes(laid: Laid, recipe: Recipe) -> Change:
    """Compare two tables by their key; numbers count as numbers, not as digits."""
    key = list(laid.key)
    again = laid.after[laid.after.duplicated(key)]
    if len(again):
        raise AnswerError(
            f"the answer has {' '.join(again[key].iloc[0])} twice; its dimensions may "
            "have changed."
        )
    values = [c for c in laid.after.columns if c not in key and c in laid.before]
    values = [c for c in values if c not in ("country", "source")]
    both = laid.before[key + values].merge(
        laid.after[key + values],
        on=key,
        how="outer",
        suffixes=(" was", ""),
        indicator=True,
    )
    added = both[both["_merge"] == "right_only"]
    gone = both[both["_merge"] == "left_only"]
    if len(laid.before) and len(gone) > MOST_WITHDRAWN * len(laid.before):
        raise AnswerError(
            f"{len(gone):,} of {len(laid.before):,} rows of {laid.name} are not in the "
            f"answer (first: {' '.join(gone[key].iloc[0])}); that is taken for a "
            "fault. Look at the publisher's page."
        )
    same = both[both["_merge"] == "both"]
    revised = []
    for column in values:
        was, now = same[f"{column} was"], same[column]
        differs = (was != now) & ~(_number(was) == _number(now))
        part = same.loc[differs, key].assign(column=column)
        revised.append(part.assign(was=was[differs], **{"is": now[differs]}))
    changed = pd.concat(revised) if revised else same[key].iloc[:0]
    return Change(
        laid.name,
        recipe.publisher,
        laid.vintage,
        added[key + values].reset_index(drop=True),
        changed.reset_index(drop=True),
        gone[key].reset_index(drop=True),
        recipe.notice,
    )


def _number(texts: pd.Series) -> pd.Series:
    return pd.to_numeric(texts, errors="coerce")


def _fits(laid: Laid, resource: dict[str, Any]) -> None:
    """Refuse a table whose columns or kinds of values are not those of its schema."""
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    if list(laid.table.columns) != list(fields):
        raise AnswerError(
            f"{laid.name} would have the columns {listed(laid.table.columns, 12)} and "
            f"not {listed(fields, 12)}."
        )
    for name, field in fields.items():
        column = laid.table[name]
        filled = column[column != ""]
        if field.get("constraints", {}).get("required") and len(filled) < len(column):
            raise AnswerError(f"{name} of {laid.name} is empty in some rows.")
        if field["type"] in ("integer", "number", "year"):
            number = _number(filled)
            fault = number.isna()
            if field["type"] != "number":
                fault |= number % 1 != 0
            if fault.any():
                wrong = filled[fault].iloc[0]
                raise AnswerError(f"{wrong!r} in {name} of {laid.name} is no figure.")
            low = field.get("constraints", {}).get("minimum")
            if field["type"] != "year" and low is not None and (number < low).any():
                raise AnswerError(f"{name} of {laid.name} falls below {low}.")


def _write(
    folder: Path,
    package: dict[str, Any],
    ready: list[tuple[Recipe, list[Laid], list[Answer]]],
    today: datetime.date,
) -> tuple[str, ...]:
    """Write tables, answers and descriptor; put all back if one cannot be written."""
    files: dict[Path, bytes] = {}
    for recipe, laid, answers in ready:
        sent = "\n".join(
            f"{hashlib.sha256(a.content).hexdigest()}  {a.url}" for a in answers
        )
        name = f"{recipe.tables[0]}-{today.isoformat()}"
        kept = folder / "refreshed" / f"{name}.gz"
        joined = b"\n".join(answer.content for answer in answers)
        files[kept] = gzip.compress(joined, mtime=0)
        files[kept.with_name(f"{name}.sources")] = f"{sent}\n".encode()
        for table in laid:
            content = table.table.to_csv(index=False, lineterminator="\n").encode()
            files[folder / f"{table.name}.csv"] = content
            (resource,) = (r for r in package["resources"] if r["name"] == table.name)
            resource.update(
                bytes=len(content),
                hash=f"sha256:{hashlib.sha256(content).hexdigest()}",
                rows=len(table.table),
                vintage=table.vintage or resource.get("vintage", ""),
                refreshed={"date": today.isoformat(), "answer": f"refreshed/{name}.gz"},
            )
            _widen(resource, table.table)
    text = json.dumps(package, ensure_ascii=False, indent=2)
    files[folder / "datapackage.json"] = f"{text}\n".encode()
    old = {path: path.read_bytes() if path.exists() else None for path in files}
    done: list[Path] = []
    try:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            beside = path.with_name(f"{path.name}.new")
            try:
                beside.write_bytes(content)
                os.replace(beside, path)
            finally:
                beside.unlink(missing_ok=True)
            done.append(path)
    except OSError as error:
        for path in done:
            was = old[path]
            path.unlink() if was is None else path.write_bytes(was)
        raise HubError(
            f"{error.filename or folder} cannot be written ({error.strerror}); all "
            "files are as they were."
        ) from error
    return tuple(str(path.relative_to(folder)) for path in files)


def _widen(resource: dict[str, Any], table: pd.DataFrame) -> None:
    """Let the schema allow the places and years that are new."""
    for field in resource["schema"]["fields"]:
        limits, column = field.get("constraints", {}), table[field["name"]]
        if "enum" in limits:
            found = sorted(set(column) - {""} - set(limits["enum"]))
            limits["enum"] = [*limits["enum"], *found]
        if field["type"] == "year" and "maximum" in limits:
            limits["maximum"] = max(str(limits["maximum"]), column.max())
    times = [c for c in ("month", "year") if c in table]
    if times and "span" in resource:
        resource["span"] = f"{table[times[0]].min()}/{table[times[0]].max()}"
