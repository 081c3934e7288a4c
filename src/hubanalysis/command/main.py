"""The command `hubanalysis`: new, check, power, run, file, report, refresh."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from hubanalysis.cases.case import Case
from hubanalysis.cases.filing import file_plan, standing
from hubanalysis.cases.verdict import Verdict
from hubanalysis.command.before import look_ahead
from hubanalysis.command.checking import check_folder, check_table
from hubanalysis.command.first_page import unnamed
from hubanalysis.command.numbers import every_number
from hubanalysis.command.report import beside, looked_at, results_of
from hubanalysis.command.report import report as write_report
from hubanalysis.datasets.recipes import RECIPES
from hubanalysis.datasets.refresh import refresh as fetch_newest
from hubanalysis.show.card import card
from hubanalysis.words.facts import plain
from hubanalysis.words.refusals import HubError

REFUSED, BUG = 1, 70
_SINCE = re.compile(r"(.+)=\s*(\d{4})")


class _Told(click.Group):
    """Commands whose refusals are sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ValueError as error:
            if ctx.params.get("traceback"):
                raise
            click.echo(f"hubanalysis: {error}", err=True)
            ctx.exit(REFUSED)
        except BrokenPipeError:  # whoever read the output has had enough
            sys.stderr.close()
            ctx.exit(0)
        except Exception as error:
            if ctx.params.get("traceback"):
                raise
            click.echo(
                f"hubanalysis: this is a fault of the program, not yours "
                f"({type(error).__name__}: {error}). Please report it with what "
                "hubanalysis --traceback prints.",
                err=True,
            )
            ctx.exit(BUG)


@click.group(
    cls=_Told,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
    epilog="""\b
Exit codes: 0 all is well; 1 something was refused, in a sentence; 2 the command was
misspelt; 70 a fault of the program.

\b
A programme from its table to its report:
  hubanalysis check jobs.csv --treated first_award
  hubanalysis new my-programme --from jobs.csv --treated first_award
      (write your own sentences in my-programme/plan.toml)
  hubanalysis power my-programme
  hubanalysis file my-programme
  hubanalysis run my-programme
  hubanalysis report my-programme -o report.html
""",
)
@click.option("--traceback", is_flag=True, help="Show where in the program it failed.")
@click.version_option(package_name="hubanalysis", prog_name="hubanalysis")
def main(traceback: bool) -> None:
    """Find out what a programme for places did, and how sure one can be.

    Bring a table with a row per place and year, in whatever form it came, and say
    which places are in the programme and since when. The question, and how it will be
    answered, stand in a plan, which is best filed before there are results.
    """


def _columns(function: Callable) -> Callable:
    """Add the options that say what a table's columns are."""
    options = [
        click.option("--unit", default="", metavar="COLUMN", help="Names the place."),
        click.option(
            "--period", default="", metavar="COLUMN", help="Year, month or date."
        ),
        click.option(
            "--outcome", default="", metavar="COLUMN", help="What may have moved."
        ),
        click.option(
            "--treated",
            multiple=True,
            metavar="COLUMN|UNIT=YEAR",
            help="Column with the first treated year (empty: never), or that is 1 in "
            "treated rows; or a place with its year, as often as needed.",
        ),
        click.option(
            "--decimal",
            type=click.Choice([".", ","]),
            help="What stands before decimals, where the table leaves it open.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _given(treated: tuple[str, ...], decimal: str | None) -> dict[str, Any]:
    """What was said of treatment, as a column or by unit."""
    since = [_SINCE.fullmatch(text) for text in treated]
    if treated and all(since):
        dates: dict[str, int] = {}
        for found in filter(None, since):
            place, year = found[1].strip(), int(found[2])
            if dates.setdefault(place, year) != year:
                raise HubError(f"--treated names {place!r} with two years.")
        return {"treated": dates, "decimal": decimal or ""}
    if len(treated) > 1:
        wrong = next(text for text, found in zip(treated, since) if not found)
        raise HubError(
            f"--treated {wrong!r} is no place with its year. Write --treated "
            '"Rogaland=2010" for each, or name one column.'
        )
    return {"treated": treated[0] if treated else "", "decimal": decimal or ""}


folder_argument = click.argument("folder", type=click.Path(path_type=Path))
outcome_option = click.option(
    "--outcome", multiple=True, metavar="NAME", help="Of the plan; the primary one."
)


@main.command()
@folder_argument
@click.option(
    "--from", "table", type=click.Path(path_type=Path), help="A table of your own."
)
@_columns
def new(
    folder: Path,
    table: Path | None,
    treated: tuple,
    decimal: str | None,
    **columns: str,
) -> None:
    """Write a plan to fill in, into a FOLDER that is not there yet.

    With a table of your own the plan is drafted from it, and the table is copied as it
    was understood. Sentences that only you can write begin with REPLACE: and there is
    no verdict before each of them is yours.
    """
    if folder.exists():
        raise HubError(
            f"{folder} exists already, and nothing is written over. Give a new name; "
            f"hubanalysis check {folder} looks at what is there."
        )
    own = columns | _given(treated, decimal)
    if table is None:
        if any(own.values()):
            raise HubError("columns can be named with a table only: --from jobs.csv")
        Case.new(folder)
    else:
        Case.new(folder, table, **own)
    told = check_folder(folder)
    click.echo(f"{folder / 'plan.toml'} is written, and its figures lie beside it.")
    click.echo(told)


@main.command()
@click.argument("what", metavar="TABLE|FOLDER", type=click.Path(path_type=Path))
@_columns
def check(what: Path, treated: tuple, decimal: str | None, **columns: str) -> None:
    """Look at a table, or at a folder with its plan, and tell all faults at once.

    Reads commas, semicolons and tabs; decimal commas and thousands; UTF-8 and Latin-1;
    Excel, Parquet and Stata; a row per place and year or a column for each year; years,
    months, quarters and dates. Says what it assumed, and what looks odd.
    """
    given = columns | _given(treated, decimal)
    if what.is_dir():
        if any(given.values()):
            raise HubError("in a folder the plan says which column is what.")
        told = check_folder(_planned(what))
    else:
        told = check_table(what, **given)
    click.echo(told)
    if told.faults:
        click.get_current_context().exit(REFUSED)


@main.command()
@folder_argument
@outcome_option
@click.option("--hubs", type=click.IntRange(1), help="How many there will be.")
@click.option("--refused", type=click.IntRange(1), help="How many apply in vain.")
@click.option("--before", type=click.IntRange(1), help="Periods compared before.")
@click.option("--after", type=click.IntRange(1), help="Periods compared after.")
@click.option("--json", "as_json", is_flag=True, help="Numbers for a program.")
def power(
    folder: Path, outcome: tuple[str, ...], as_json: bool, **sizes: int | None
) -> None:
    """Ask what could be seen, before there is anything to see.

    From the history of the outcome in the places of your table: how large an effect
    would be found four times in five, by years after; how often those that matter
    would be; and what one more year, hub or refused applicant buys.
    """
    case = Case.from_folder(_planned(folder), try_out=False)
    told = [
        look_ahead(case, name, **sizes, progress=_progress("years after"))
        for name in outcome or (case.primary,)
    ]
    if as_json:
        found = [ahead.to_dict() for ahead in told]
        click.echo(_json(found[0] if len(found) == 1 else found))
    else:
        click.echo("\n\n".join(map(str, told)))


@main.command()
@folder_argument
@outcome_option
@click.option("--json", "as_json", is_flag=True, help="The verdict for a program.")
@click.option("--csv", "as_csv", is_flag=True, help="Every number, one to a line.")
def run(folder: Path, outcome: tuple[str, ...], as_json: bool, as_csv: bool) -> None:
    """Carry out the plan of a FOLDER and print the verdict.

    Says as well whether the plan was filed before there were results, what was assumed
    in reading the table, and what looks odd in it.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv cannot both be printed.")
    case = Case.from_folder(_planned(folder))
    case.require_written()
    names = [*(outcome or (case.primary,))]
    verdicts = []
    for name in names:
        if name not in case.plan.refused:
            results_of(case, name, _progress(name))
        verdicts.append(case.verdict(name))
    filed, sentence = standing(case)
    if as_csv:
        table = every_number(case, [n for n in names if n not in case.plan.refused])
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    elif as_json:
        found = [_verdict(v, filed, sentence) for v in verdicts]
        click.echo(_json(found[0] if len(found) == 1 else found))
    else:
        for name in names:
            click.echo(f"{card(case, name)}\n")
        click.echo(sentence)
        if lacks := unnamed(case.plan):
            click.echo(lacks)
    for text in looked_at(case):
        click.echo(f"Look at: {text}", err=True)


@main.command()
@folder_argument
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("report.html"),
    show_default=True, help="The page; a notebook and a CSV file stand beside it.",
)  # fmt: skip
@click.option("--no-notebook-run", is_flag=True, help="Write the notebook unexecuted.")
def report(folder: Path, output: Path, no_notebook_run: bool) -> None:
    """Write a report to hand on: one page that needs nothing else.

    It holds the card, figures, every check, the plan with its hash and date, the hash
    of the figures, versions, and how to make it again. Beside it: a notebook, and a
    CSV file of every number. The notebook is run as well where pip install
    "hubanalysis[report]" has brought what runs it. A report of another programme is
    not written over.
    """
    case = Case.from_folder(_planned(folder))
    run = None if not no_notebook_run else False
    said: list[str] = []
    page = write_report(
        case, output, run_notebook=run, progress=_progress, say=said.append
    )
    for text in (*beside(page), *said):
        click.echo(text)


@main.command(name="file")
@folder_argument
@click.option("--what", default="", help="What changed since it was filed before.")
@click.option("--why", default="", help="Why it changed.")
def file_(folder: Path, what: str, why: str) -> None:
    """File the plan: freeze what it says, and what was known by then.

    Adds its hash, that of the outcome's history, the time and the git commit to
    FOLDER/filed.json. A clock can be set back: send the hash to somebody who will
    remember it, or commit the file where others see it.

    A plan that was filed with another text keeps that on record: say what changed and
    why. Every report then tells of both, and whether results could be seen in between.
    """
    case = Case.from_folder(_planned(folder), try_out=False)
    filing = file_plan(case, what=what, why=why)
    _, sentence = standing(case)
    click.echo(f"{sentence}\nplan     sha256 {filing.plan}")
    for name, found in filing.history.items():
        click.echo(f"history  sha256 {found}  ({name})")
    if filing.commit:
        click.echo(f"commit   {filing.commit}")


def _progress(what: str) -> Callable[[Iterable], Iterable]:
    """Show how far it is on the terminal, once that takes longer than two seconds."""

    def shown(items: Iterable) -> Iterable:
        return tqdm(items, desc=what, delay=2, leave=False, file=sys.stderr)

    return shown


@main.command()
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--yes", is_flag=True, help="Write what was fetched.")
def refresh(cases: tuple[str, ...], yes: bool) -> None:
    """Fetch the newest figures of the book's cases from their publishers.

    Shows what was revised, added and withdrawn since the copies that lie here, and
    writes nothing without --yes; then the tables, their description and the answers as
    they came are written together. Any fault of the network or of an answer leaves all
    files as they were, and ends with exit code 1.

    Publishers are asked through their clients, which are an extra: python -m pip
    install "hubanalysis[fresh]".

    The American case's bureaus of labor statistics and of economic analysis want a key
    of your own, in BLS_API_KEY and BEA_API_KEY. Without one the rest is fetched, you
    are told who was not asked and where to get a key, and that is no failure.
    """
    reports = [fetch_newest(case, yes) for case in cases or RECIPES]
    click.echo("\n".join(map(str, reports)))
    if not all(report.ok for report in reports):
        click.get_current_context().exit(REFUSED)


def _planned(folder: Path) -> Path:
    """Refuse a folder without a plan, in words for a terminal."""
    if (folder / "plan.toml").exists():
        return folder
    other = sorted(f.name for f in folder.glob("plan*")) if folder.is_dir() else []
    raise HubError(
        f"there is no plan at {folder / 'plan.toml'}"
        + (f", but {other[0]}: rename it to plan.toml" if other else "")
        + f". hubanalysis new {folder} --from TABLE writes one to fill in, where there "
        "is no such folder yet."
    )


def _verdict(verdict: Verdict, filed: bool, sentence: str) -> dict[str, Any]:
    told = json.loads(verdict.to_json())
    return told | {"filed_before_results": filed, "filed": sentence}


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=1)
