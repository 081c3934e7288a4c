"""A report to hand on: one page, with a notebook and every number beside it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import escape, unescape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hubanalysis.cases.case import WRITERS, Case
from hubanalysis.cases.filing import filings, plan_hash, standing
from hubanalysis.cases.own_table import find
from hubanalysis.command.first_page import for_readers, in_short
from hubanalysis.command.look import MARK, shown, style
from hubanalysis.command.notebook import executed, notebook
from hubanalysis.command.numbers import COLUMNS, every_number
from hubanalysis.command.sections import Section, sections_of
from hubanalysis.command.whole_plan import every_outcome, what_else
from hubanalysis.datasets import catalog
from hubanalysis.show.card import card
from hubanalysis.show.tables import A_CASE
from hubanalysis.words.clock import clock
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError, check_kind

# What a verdict rests on, in the order in which it is computed.
PARTS = (
    "estimates",
    "lots",
    "powers",
    "in_time",
    "left_out",
    "variants",
    "bounds",
    "breakdown",
)
# So many odd figures are told on the first page; the annex has them all.
LOOKED_AT = 3
# By which a page, a notebook and a table of ours are known.
OURS = ('class="report-head"', '"id": "step-0"', ",".join(COLUMNS))
# By which one sees of which case.
_OF_CASE = re.compile(r'hub-case"(?: content=|: )"([^"]*)"')
MADE_WITH = ("hubanalysis", "numpy", "scipy", "pandas", "statsmodels", "linearmodels")
Progress = Callable[[str], Callable[[Iterable], Iterable]]


def report(
    case: Case,
    path: str | Path,
    run_notebook: bool | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Path:
    """Write a report: one HTML file with card, figures, checks, plan and hashes.

    Beside ``report.html`` stand ``report-steps.ipynb``, a notebook that takes the same
    steps, and ``report-numbers.csv`` with every number.

    Parameters
    ----------
    case : Case
        Its plan must be written, without sentences to be replaced.
    path : str or pathlib.Path
        Where to; it ends in .html. A report of this case that is there is replaced
        once all is done; one of another case, or another file, is not.
    run_notebook : bool, optional
        Whether the notebook is run; by default where nbclient is installed.
    today : datetime.date, optional
        The date on the report; that of the clock by default, or of the environment
        variable SOURCE_DATE_EPOCH, so that it can be made twice alike.
    progress : callable, optional
        Shows how far it is.
    say : callable, optional
        Told whether the notebook was run, and why if it was not.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    HubError
        If the name does not end in .html, nothing can be written there, or the case
        has no verdict yet.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> try:
    ...     hub.report(hub.Case.open("yozma"), "yozma.txt")
    ... except hub.HubError as error:
    ...     print(error)
    a report is a page: name it report.html.
    """
    check_kind(case, Case, "report", A_CASE)
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise HubError("a report is a page: name it report.html.")
    if not path.parent.is_dir():
        raise HubError(f"there is no folder {path.parent}. Make it first.")
    files = beside(path)
    for file in files:
        _refuse_to_replace(file, case)
    case.require_written()
    made = notebook(case, _seen_from(case, path), _mark_of(case))
    told = "The notebook beside it has not been run."
    with ThreadPoolExecutor(1) as other:
        # The notebook has a process of its own: a second core is not idle.
        running = None
        if run_notebook is not False and (case.folder or not case.tables):
            running = other.submit(executed, made, path.parent)
        steps = progress or (lambda what: iter)
        for name in case.outcomes:
            results_of(case, name, steps(name), ("curve",))
        parts = steps("report")(sections_of(case, case.primary))
        first = [*map(_html, (in_short(case, case.verdict()), *what_else(case)))]
        sections = [_html(part) for part in (*parts, *every_outcome(case))]
        table = every_number(case)
        if running is not None:
            made, told = running.result()
    page = _page(case, path, first, sections, told, today or clock().date())
    csv = table.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    steps_text = json.dumps(made, ensure_ascii=False, indent=1)
    # The page comes last: where it is new, what it speaks of is there.
    for file, text in zip(files[::-1], (csv, steps_text, page)):
        with replaced(file) as new:
            new.write_text(text, encoding="utf-8")
    if say is not None:
        say(told)
    return path


def beside(path: Path) -> tuple[Path, Path, Path]:
    """Name the page, its notebook and its table of numbers.

    Examples
    --------
    >>> [file.name for file in beside(Path("r.html"))]
    ['r.html', 'r-steps.ipynb', 'r-numbers.csv']
    """
    steps, numbers = f"{path.stem}-steps.ipynb", f"{path.stem}-numbers.csv"
    return path, path.with_name(steps), path.with_name(numbers)


def _refuse_to_replace(file: Path, case: Case) -> None:
    """Refuse to write over what no report made, and over a report of another case."""
    if not file.exists():
        return
    text = file.read_text("utf8", "replace") if file.is_file() else ""
    if not any(mark in text for mark in OURS):
        raise HubError(
            f"{file} is there already and is no report of hubanalysis. It cannot be "
            "written over; name another file."
        )
    other = _OF_CASE.search(text)
    if other and other[1] != _mark_of(case):
        raise HubError(
            f"{file} is there already and is about {unescape(other[1])}, not about "
            f"{known_as(case)}. Name another file, or take that one away."
        )


def _mark_of(case: Case) -> str:
    """How a page and a notebook, both of them text, say of which case they are."""
    return escape(known_as(case), quote=True).replace("\\", "&#92;")


def results_of(
    case: Case,
    outcome: str,
    progress: Callable[[Iterable], Iterable] = iter,
    more: tuple[str, ...] = (),
) -> None:
    """Compute all that a verdict rests on, and more parts if named, part by part."""
    battery = case.battery(outcome)
    parts = (("contest",) if battery.plan.contest else ()) + PARTS + more
    for part in progress(parts):
        getattr(battery, part)


def _html(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "words": [*map(for_readers, section.words)],
        "html": [shown(thing) for thing in section.shown],
    }


def _page(
    case: Case,
    path: Path,
    first: list[dict],
    sections: list[dict],
    notebook_told: str,
    today: date,
) -> str:
    from jinja2 import Environment, select_autoescape
    from markupsafe import Markup

    text = (Path(__file__).parent / "report.html").read_text("utf8")
    environment = Environment(autoescape=select_autoescape(default=True))
    whole = for_readers(card(case).html())
    # All checks are part of the annex, where they stand open.
    checks = re.search(r"<details class=.hub-checks.>.*?</details>", whole, re.S)
    bare = whole.replace(checks[0], "") if checks else whole
    opened = checks[0].replace("<details", "<details open", 1) if checks else ""
    for section in (*first, *sections):
        section["html"] = list(map(Markup, section["html"]))
    _, filed = standing(case)
    return environment.from_string(text).render(
        title=case.plan.title or sentence_case(case.name.replace("-", " ")),
        css=Markup(style()),
        mark=Markup(MARK),
        of_case=Markup(_mark_of(case)),
        day=today.isoformat(),
        day_text=f"{today.day} {today:%B %Y}",
        card=Markup(bare),
        first=first,
        checks=Markup(
            f'<section class="hub-card">{opened}</section>' if opened else ""
        ),
        looked_at=[_ended(text) for text in looked_at(case)],
        most=LOOKED_AT,
        sections=sections,
        filed=filed,
        filings=filings(case.folder) if case.folder else [],
        amendments=case.verdict().amendments,
        plan_hash=plan_hash(case),
        plan=case.text.strip(),
        files=list(_files(case)),
        assumed=[text for t in case.tables.values() for text in t.assumed],
        again=_again(case, path),
        notebook=notebook_told,
        numbers=beside(path)[2].name,
        versions=", ".join(_versions()),
    )


def looked_at(case: Case) -> list[str]:
    """What is odd in the tables of a case, and the table."""
    tables = case.tables.values()
    return [f"{table.name}, {fault}" for table in tables for fault in table.warnings]


def _ended(text: str) -> str:
    """A sentence with its stop, if it has none yet."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _files(case: Case) -> Iterator[dict[str, str]]:
    """Each table that the plan names, with its hash."""
    named = {plan.table for plan in case.outcomes.values()}
    for name in sorted(named):
        if case.folder is not None:
            file = find(case.folder, name)
            yield {"name": file.name, "hash": _sha(file.read_bytes())}
        elif name in case.tables:
            rows = case.tables[name].rows.to_csv(lineterminator="\n")
            yield {"name": f"{name}, as it was read", "hash": _sha(rows.encode())}
        else:
            file = catalog.path(f"{case.name}/{name}")
            yield {"name": file.name, "hash": _sha(file.read_bytes())}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _versions() -> Iterator[str]:
    for name in MADE_WITH:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # a browser has not all of them
            if name == MADE_WITH[0]:  # a checkout that was never installed
                yield name
    yield f"Python {platform.python_version()}"


def _seen_from(case: Case, path: Path) -> str:
    """Where the case lies, as seen from the report's folder."""
    if case.folder is None:
        return ""
    try:
        seen = os.path.relpath(case.folder.resolve(), path.resolve().parent)
    except ValueError:  # on another drive
        seen = str(case.folder.resolve())
    return Path(seen).as_posix()


def known_as(case: Case) -> str:
    """Which case it is: its name and, of a table in memory, the question asked."""
    if case.folder is None and case.tables:
        return f"{case.name} ({case.plan.question})"
    return case.name


def _again(case: Case, path: Path) -> str:
    if case.folder is not None:
        folder, page = shlex.quote(_seen_from(case, path)), shlex.quote(path.name)
        return f"hubanalysis check {folder}\nhubanalysis report {folder} -o {page}"
    if case.tables:
        return "hub.Case.from_table(...).report(...) on the same figures"
    return f'hub.Case.open("{case.name}").report("{path.name}")'


WRITERS["report"] = report
