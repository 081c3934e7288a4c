"""A plan filed: what it said, of which figures, and when."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from hubanalysis.cases.case import Case
from hubanalysis.cases.history import History, history, sha256
from hubanalysis.words.clock import clock
from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError, listed

FILE = "filed.json"


@dataclass(frozen=True)
class Filing:
    """One entry of `filed.json`.

    Attributes
    ----------
    time : str
        By the clock of the computer, in universal time.
    plan : str
        SHA-256 of the plan's text.
    history, assigned : dict of str to str
        SHA-256 of each outcome before the programme began, and of who begins when.
    first, last : dict
        By outcome: its first treated period, if the plan names one, and the last
        period of the figures when the plan was filed.
    commit : str
        The folder's git commit, with *changed since* where the plan is not part of it;
        empty without git.
    what, why : str
        Of a plan that was filed before with another text: what changed, and why.
    units, dates : dict of dict
        By outcome: the short hash of each unit's history, and its first treated
        period where it has one; empty in what was filed before these were kept.
    """

    time: str
    plan: str
    history: dict[str, str]
    assigned: dict[str, str]
    first: dict[str, int | None]
    last: dict[str, int]
    commit: str = ""
    what: str = ""
    why: str = ""
    units: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def before(self) -> bool:
        """Whether no outcome had figures from the programme's time."""
        return all(
            start is None or self.last[name] < start
            for name, start in self.first.items()
        )


def plan_hash(case: Case) -> str:
    """SHA-256 of a plan's text, whichever way its lines end.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> len(plan_hash(hub.Case.open("yozma")))
    64
    """
    return sha256(case.text.lstrip("\ufeff").replace("\r\n", "\n"))


def filings(folder: Path) -> list[Filing]:
    """Read what was filed in a folder, the first first."""
    path = folder / FILE
    if not path.exists():
        return []
    try:
        found = [Filing(**entry) for entry in _entries(path)]
        if not all(map(_as_written, found)):
            raise HubError("an entry is of another kind.")
        return found
    except (ValueError, TypeError, AttributeError, OSError) as error:
        raise HubError(
            f"{path} is not as hubanalysis wrote it. Bring it back from a copy; it is "
            "not to be edited."
        ) from error


def _entries(path: Path) -> list:
    entries = json.loads(path.read_text("utf8"))
    if not isinstance(entries, list):
        raise HubError("there is no list of entries.")
    return entries


def _as_written(filing: Filing) -> bool:
    texts = (filing.time, filing.plan, filing.commit, filing.what, filing.why)
    tables = (filing.history, filing.assigned, filing.first, filing.last)
    named = (filing.units, filing.dates)
    tables += (*named, *(part for table in named for part in dict(table).values()))
    return all(isinstance(text, str) for text in texts) and all(
        isinstance(table, dict) for table in tables
    )


def file_plan(
    case: Case, now: datetime | None = None, what: str = "", why: str = ""
) -> Filing:
    """File the plan of a folder as it stands, below what was filed before.

    Parameters
    ----------
    case : Case
        Of a folder.
    now : datetime, optional
        The time; that of the clock by default.
    what, why : str
        What changed since an earlier filing, and why: asked where there is one.

    Raises
    ------
    ValueError
        If it is filed already, sentences to be replaced still stand in it, or it was
        filed with another text and nobody says what changed.
    """
    if case.folder is None:
        raise HubError("only a plan in a folder of your own can be filed.")
    case.require_written()
    earlier, own = filings(case.folder), plan_hash(case)
    if earlier and earlier[-1].plan == own:
        raise HubError(
            f"this plan was filed on {earlier[-1].time}, and it has not changed since."
        )
    if earlier and not (what.strip() and why.strip()):
        raise HubError(
            f"a plan was filed here on {_day(earlier[-1])} (sha256 "
            f"{earlier[-1].plan[:12]}…), and this one is another. That one stays "
            'on record; say what changed and why: --what "..." --why "...".'
        )
    past = {name: history(case, name) for name in case.outcomes}
    filing = Filing(
        (now or clock()).isoformat(timespec="seconds"),
        own,
        {name: found.hash() for name, found in past.items()},
        {name: found.assigned for name, found in past.items()},
        {name: found.first and int(found.first) for name, found in past.items()},
        {name: found.last for name, found in past.items()},
        _commit(case.folder),
        what.strip() if earlier else "",
        why.strip() if earlier else "",
        {name: found.unit_hashes() for name, found in past.items()},
        {name: found.starts for name, found in past.items()},
    )
    entries = [asdict(entry) for entry in (*earlier, filing)]
    with replaced(case.folder / FILE) as path:
        path.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    return filing


def changes(case: Case) -> tuple[str, ...]:
    """Say of each filing but the first what changed, and what could be known by then.

    Returns
    -------
    tuple of str
        One sentence for each; none where a plan was filed once, or never.
    """
    filed = filings(case.folder) if case.folder is not None else []
    told = []
    for before, after in pairwise(filed):
        seen = "not be seen" if after.before else "have been seen in between"
        said = "; ".join(filter(None, (after.what, after.why)))
        told.append(
            f"{_day(after)}, filed again, when results could {seen}: "
            f"{said or 'nobody said what changed'} (before: sha256 "
            f"{before.plan[:12]}… of {_day(before)})"
        )
    return tuple(told)


def standing(case: Case) -> tuple[bool, str]:
    """Say whether a plan was filed before its results could be seen.

    Returns
    -------
    tuple
        Whether it was, and the sentence.
    """
    before, told = _standing(case)
    if again := changes(case):
        filed = filings(case.folder) if case.folder is not None else []
        times = {2: "twice"}.get(len(filed), f"{len(filed)} times")
        told += (
            f" A plan was filed here {times}, first on {_day(filed[0])} (sha256 "
            f"{filed[0].plan[:12]}…). Changed on {'; '.join(again)}."
        )
    return before, told


def _standing(case: Case) -> tuple[bool, str]:
    if case.folder is None and case.drafted:
        return False, "The plan was never filed: it is in no folder of its own."
    if case.folder is None:
        told = (
            "The plan is one of the book's: its repository's history says since when."
        )
        return False, told
    filed = filings(case.folder)
    if not filed:
        return False, "The plan was never filed, so nobody can know which came first."
    own = plan_hash(case)
    same = next((f for f in filed if f.plan == own), None)
    if same is None:
        return False, f"The plan has changed since it was filed on {_day(filed[-1])}."
    told = f"The plan was filed on {_day(same)} (sha256 {own[:12]}…)"
    before, moved = same.before, False
    told_of: dict[str, list[str]] = {}
    for name in case.outcomes:
        if name not in same.last:
            return False, f"{told}, but {name!r} was not part of it."
        found = history(case, name)
        before &= (found.first or same.last[name] + 1) > same.last[name]
        other = _others(same, name, found)
        moved |= bool(other)
        for text in other + _revised(same, name, found):
            told_of.setdefault(text, []).append(repr(name))
    told += f", {'before' if before else 'when'} there were figures from the "
    told += "programme's time"
    if told_of:
        since = (f"{text} ({listed(names)})" for text, names in told_of.items())
        told += f", but what it rests on has changed since: {'; '.join(since)}"
    return before and not moved, f"{told}."


def _others(filed: Filing, name: str, found: History) -> list[str]:
    """Say which units came and went since, and who else is treated."""
    told = []
    then, now = filed.units.get(name), found.unit_hashes()
    if then is not None:
        gone, new = [u for u in then if u not in now], [u for u in now if u not in then]
        if gone:
            are = "is" if len(gone) == 1 else "are"
            told.append(
                f"{len(gone)} of {len(then)} units filed {are} gone, {listed(gone)}"
            )
        if new:
            told.append(f"{len(new)} unit{'s' * (len(new) > 1)} came in, {listed(new)}")
    if filed.assigned.get(name) not in ("", found.assigned):
        what = "who begins when has changed"
        if name in filed.dates:
            what += f", {listed(_otherwise(filed.dates[name], found.starts))}"
        told.append(what)
    if found.last < filed.last[name]:
        told.append(f"figures end in {found.last} and reached {filed.last[name]}")
    return told


def _otherwise(then: dict[str, int], now: dict[str, int]) -> list[str]:
    """Say of each unit that it is treated no longer, newly, or from another period."""
    return [
        f"{unit} ({then.get(unit, 'never')}, now {now.get(unit, 'never')})"
        for unit in sorted({*then, *now})
        if then.get(unit) != now.get(unit)
    ]


def _revised(filed: Filing, name: str, found: History) -> list[str]:
    """Say whose figures from before the programme are no longer those filed."""
    first, last = filed.first.get(name), filed.last[name]
    until = last if first is None else min(last, first - 1)
    if found.last < last or (found.first is not None and found.first <= until):
        # The history no longer reaches as far as the one filed.
        return []
    if found.hash(until) == filed.history.get(name):
        return []
    what = "figures from before the programme have been revised"
    then, now = filed.units.get(name), found.unit_hashes(until)
    if then is None:
        return ["units, or figures from before the programme, are no longer the same"]
    both = [unit for unit in now if unit in then]
    other = [unit for unit in both if now[unit] != then[unit]]
    if not other:
        return []
    whose = f"all {len(both)} units" if other == both else listed(other)
    return [f"{what}, of {whose}"]


def _day(filing: Filing) -> str:
    return filing.time[:10]


def _commit(folder: Path) -> str:
    """Name the commit that a folder is at, if it is under git at all."""

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *words], cwd=folder, capture_output=True, text=True, timeout=10
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    commit = git("rev-parse", "HEAD")
    if not commit:
        return ""
    return commit + (
        " changed since" if git("status", "--porcelain", "plan.toml") else ""
    )
