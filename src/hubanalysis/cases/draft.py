"""A plan drafted from a table: what can be read off it filled in, the rest to write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from hubanalysis.cases.own_columns import years_of
from hubanalysis.cases.own_file import Fault, Sheet
from hubanalysis.cases.own_guess import guess
from hubanalysis.cases.own_table import OwnTable, Roles, understood
from hubanalysis.cases.own_whole import never_changes, out_of_line
from hubanalysis.cases.sentences import AGGREGATE, TO_WRITE, to_write
from hubanalysis.panels.reading import tidy
from hubanalysis.words.refusals import HubError, check_name

TABLE = "outcomes"
# Figures up to here that are not all whole may be rates in percent.
RATE = 100
# Who decides where all start at once, and where they start in waves.
ONE_DATE = ("synthetic_did", ("did", "event_study"))
WAVES = ("group_time_average", ("imputation",))


@dataclass(frozen=True)
class Draft:
    """A table with what its columns are, from which a plan can be written.

    Attributes
    ----------
    table : OwnTable
    unit, period, outcome : str
        Columns.
    treated : str or dict
        The column that says since when a unit is treated, or that by unit.
    assumed : tuple of str
        What was taken for granted about the columns.
    """

    table: OwnTable
    unit: str
    period: str
    outcome: str
    treated: str | dict[str, int] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The outcome's name in the plan."""
        return re.sub(r"\W+", "_", self.outcome).strip("_").lower() or "outcome"

    @property
    def years(self) -> list[int]:
        """All years of the table."""
        return sorted({int(year) for year in years_of(self.table.rows[self.period])})

    @property
    def dates(self) -> dict[str, int]:
        """First treated year by unit."""
        if not isinstance(self.treated, str):
            return self.treated
        first = self.table.rows.groupby(self.unit)[self.treated].first().dropna()
        return {str(unit): int(year) for unit, year in first.items()}

    @property
    def starts(self) -> list[int]:
        """First treated years, each once."""
        return sorted(set(self.dates.values()))

    @property
    def transform(self) -> str:
        """Logs where they can be taken, so that effects are in percent.

        A zero among figures that are all far above it is a slip more often than a
        figure: it does not change the scale, and logs refuse it by name.
        """
        rows = self.table.rows.reset_index(drop=True)
        values = rows[self.outcome].dropna()
        odd = out_of_line(rows, self.outcome, [self.unit]).reindex(values.index)
        values = values[~odd | (values > 0)]
        return "log" if len(values) and (values > 0).all() else "none"

    @property
    def a_year(self) -> int:
        """How many rows of a unit there are to a year."""
        rows = self.table.rows
        when = rows[self.period]
        if not isinstance(when.dtype, pd.PeriodDtype) or not len(rows):
            return 1
        return int(rows.groupby([self.unit, when.dt.year]).size().max())

    @property
    def aggregate(self) -> str:
        """How rows of a year become one: added up, or asked where that may be wrong."""
        values = self.table.rows[self.outcome].dropna()
        small = values.abs().max() <= RATE and (values != values.round()).any()
        asked = self.a_year > 1 and (small or self.transform == "none")
        return f"{TO_WRITE} {AGGREGATE}" if asked else "sum"

    @property
    def before(self) -> list[int]:
        """Years before anyone is treated."""
        first = min(self.starts, default=self.years[-1] + 1)
        return [year for year in self.years if year < first]

    @property
    def pretended(self) -> list[int]:
        """A year, at two thirds of those before, in which nothing began."""
        before = self.before
        place = len(before) - max(1, round(len(before) / 3))
        return [before[place]] if place >= 2 else []

    def text(self, question: str = "", **more: Any) -> str:
        """Write the plan in TOML.

        Parameters
        ----------
        question : str
            A sentence to replace by default.
        **more
            Keys of the outcome in place of those drafted, and `title`, `yardsticks`,
            `rivals`, `cannot_show` and the like of the plan itself.

        Returns
        -------
        str
        """
        begun = [year for year in self.starts if year <= self.years[-1]]
        main, also = WAVES if len(begun) > 1 else ONE_DATE
        outcome: dict[str, Any] = {
            "role": "primary",
            "title": self.outcome,
            "table": TABLE,
            "unit": self.unit,
            "period": self.period,
            "value": self.outcome,
            "transform": self.transform,
            **({"aggregate": self.aggregate} if self.a_year > 1 else {}),
            "first_treated": self.treated,
            "main": main,
            "also": also,
            "placebo_periods": self.pretended,
        }
        whole = {"title", *_SENTENCES}
        own = {key: value for key, value in more.items() if key not in whole}
        if "main" in own and "also" not in own:
            own["also"] = [e for e in (main, *also) if e != own["main"]]
        outcome |= own
        if question and str(outcome.get("aggregate", "")).startswith(TO_WRITE):
            raise HubError(
                f"{self.outcome!r} has {self.a_year} rows a year, which look like "
                'rates: say aggregate="mean", or "sum" if they are to be added up.'
            )
        given = {k: v for k, v in more.items() if k in whole}
        asked = to_write(self.outcome, self.starts, outcome["transform"] == "log")
        sentences = given if question else asked | given
        lines = [
            *([] if question else self._head()),
            f"question = {_toml(question or sentences.pop('question'))}",
            *(_line(key, value, question) for key, value in sentences.items()),
            "",
            f"[outcomes.{_bare(self.key)}]",
        ]
        lines += (_line(key, value, question) for key, value in outcome.items())
        return "\n".join([*lines, "", ""])

    def _head(self) -> list[str]:
        """What a reader of the plan should know first: how its table was read."""
        read = [
            # A comment of TOML may hold nothing that cannot be printed.
            "#   " + "".join(c if c.isprintable() else " " for c in told)
            for told in (*self.assumed, *self.table.assumed)
        ]
        return [*_HEAD, *(["# How the table was read:", *read, ""] if read else [])]


_SENTENCES = (
    "estimand",
    "policy_date",
    "end_date",
    "cannot_show",
    "rivals",
    "yardsticks",
    "amendments",
    "refused",
    "facts",
)
_HEAD = (
    "# A plan of analysis, drafted from a table. Sentences that begin with REPLACE:",
    "# are yours to write, and there is no verdict before. Every other line can be",
    "# changed as well; the book's page 'A plan, key by key' explains each.",
    "",
)
_ABOUT = {
    "yardsticks": "What was promised, and how much; by = 2023 says for which year.",
    "aggregate": "How the rows of a year become one: sum, or mean for a rate.",
    "transform": "log gives effects in percent; asinh where there are zeros; or none.",
    "first_treated": "A column with the first treated year (empty: never), or by unit.",
    "main": "The estimator that decides, and those shown beside it.",
    "placebo_periods": "A start is pretended in these years. Nothing should be found.",
}


def draft(
    sheet: Sheet,
    unit: str = "",
    period: str = "",
    outcome: str = "",
    treated: str | Mapping[str, int] = "",
    decimal: str = "",
) -> Draft:
    """Find out what the columns of a table are, and read them.

    Parameters
    ----------
    sheet : Sheet
    unit, period, outcome : str
        Columns; found out where they are empty.
    treated : str or mapping of str to int
        Column, or first treated year by unit; may be empty as long as nobody is.
    decimal : {"", ".", ","}
        What stands before decimals; found out by default.

    Examples
    --------
    >>> from hubanalysis.cases.own_file import of_frame
    >>> frame = pd.DataFrame({"place": ["A", "A", "B", "B"], "year": [2019, 2020] * 2,
    ...                       "jobs": [3, 4, 5, 8]})
    >>> found = draft(of_frame(frame), treated={"B": 2020})
    >>> found.unit, found.period, found.outcome, found.transform
    ('place', 'year', 'jobs', 'log')
    """
    # A column, or else dates by unit.
    column = treated if isinstance(treated, str) else ""
    dates = {} if isinstance(treated, str) else treated
    names = {"unit": tidy(unit), "period": tidy(period), "outcome": tidy(outcome)}
    if column:
        check_name(column, list(sheet.cells.columns), "column")
    given = [*filter(None, names.values())]
    if len({*given}) < len(given):
        raise HubError(
            "unit, period and outcome must be three different columns, not "
            f"{', '.join(given)}."
        )
    if column and column in names.values():
        raise HubError(f"{column!r} cannot be treatment and something else at once.")
    sheet = _years_of(sheet, names["outcome"])
    apart = sheet
    if column:
        cells = sheet.cells.drop(columns=column)
        apart = Sheet(sheet.name, cells, sheet.separator)
    chosen, said = guess(apart, names)
    roles = Roles(
        {chosen["unit"]},
        {chosen["period"]},
        {chosen["outcome"]},
        {column} if column else set(),
        wide=chosen["outcome"],
    )
    table = understood(sheet, roles, decimal)
    dates = {tidy(name): year for name, year in dates.items()}
    for name in dates:
        check_name(name, list(table.rows[chosen["unit"]].unique()), "unit")
    if never_changes(table.rows[chosen["outcome"]], table.rows[chosen["unit"]]):
        what = (
            "This says the same of a unit in all its rows: it is a key or a size, and "
            "no outcome. Name another: --outcome COLUMN."
        )
        fault = Fault(what, chosen["outcome"])
        table = replace(table, faults=(*table.faults, fault))
    found = Draft(table, **chosen, treated=column or dates, assumed=tuple(said))
    if table.rows[found.outcome].notna().any() and found.transform == "none":
        said.append(
            f"effects are in the units of {found.outcome!r}, not in percent: some "
            "figures are zero or less"
        )
    if found.a_year > 1:
        said.append(
            f"{found.a_year} rows a year of {found.outcome!r} are added up; for a "
            'rate, or a number on a day, write aggregate = "mean" in the plan'
        )
    return replace(found, assumed=tuple(said))


def _years_of(sheet: Sheet, outcome: str) -> Sheet:
    """Name columns such as jobs2012 or jobs_2012 after their year alone."""
    if not outcome or outcome in sheet.cells.columns:
        return sheet
    pattern = re.compile(rf"{re.escape(outcome)}[ _.-]?([12]\d{{3}})")
    years = {c: m[1] for c in sheet.cells.columns if (m := pattern.fullmatch(c))}
    if len(years) < 2 or {*years.values()} & {*sheet.cells.columns}:
        return sheet
    return replace(sheet, cells=sheet.cells.rename(columns=years))


def _line(key: str, value: Any, question: str) -> str:
    """A key with its value, below what is said about it in a draft."""
    about = "" if question or key not in _ABOUT else f"# {_ABOUT[key]}\n"
    return f"{about}{key} = {_toml(value)}"


def _bare(key: str) -> str:
    """Write a key, between quotation marks where TOML needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: Any) -> str:
    """Write a value in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # A string of JSON is one of TOML.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inside = (f"{_bare(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(inside)} }}" if value else "{}"
    if isinstance(value, list | tuple | set):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | float):
        return repr(value)
    if hasattr(value, "item"):
        return _toml(value.item())
    raise HubError(f"{value!r} cannot stand in a plan: write text, numbers or lists.")
