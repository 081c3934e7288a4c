"""The book's tables: results laid out for a reader, numbers already worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from hubanalysis.cases.battery import Battery
from hubanalysis.cases.case import Case
from hubanalysis.cases.verdict import span_text
from hubanalysis.datasets.catalog import fields, provenance
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.markup import cell_text, table_html
from hubanalysis.words.numbers import effect_text, p_text
from hubanalysis.words.refusals import HubError, check_kind

# How one comes by what the tables of a case take.
A_CASE = 'Open one, as hub.Case.open("yozma").'
A_BATTERY = 'Ask a case for one, as hub.Case.open("yozma").battery().'


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """A table for reading: HTML in a notebook, plain text in a terminal.

    Attributes
    ----------
    cells : pandas.DataFrame
        Texts.
    caption : str
        What it shows, the finding first.
    note : str
        Of whom, against whom, in which units.
    fold : str
        What stands over it where a page folds it away; it does not if empty.
    links : mapping of str to str
        Text of a cell -> address.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> frame = pd.DataFrame({"effect": [-0.05]}, index=["DiD"])
    >>> print(hub.table(frame, "No comparison shows an effect."))
    No comparison shows an effect.
        effect
    DiD  −0.05
    """

    cells: pd.DataFrame
    caption: str
    note: str = ""
    fold: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    def page_html(self, around: str = "{}") -> str:
        """Write it for a page.

        Parameters
        ----------
        around : str
            What stands around the table within its fold, with ``{}`` for it.
        """
        caption = f"<strong>{escape(self.caption)}</strong>"
        if self.note:
            caption += f" <span>{escape(self.note)}</span>"
        html = table_html(self.cells, caption, links=self.links)
        html = around.replace("{}", html, 1)
        if not self.fold:
            return html
        return (
            '<details class="hub-sources"><summary><span>'
            f"{escape(self.fold)}</span></summary>{html}</details>"
        )

    def _repr_html_(self) -> str:
        return self.page_html()

    def __repr__(self) -> str:
        """Write it as plain text."""
        told = f"{self.caption} {self.note}".strip()
        return f"{told}\n{self.cells.to_string()}"


def table(
    frame: pd.DataFrame,
    caption: str = "",
    note: str = "",
    names: Mapping[str, str] | str = "",
    digits: int | None = None,
    fold: str = "",
    links: Mapping[str, str] | None = None,
) -> Table:
    """Lay out a table for reading.

    Parameters
    ----------
    frame : pandas.DataFrame
        One header row: columns of several levels are joined.
    caption : str
        The finding in a sentence; what the table says of itself by default.
    note : str
        Of whom, against whom, in which units.
    names : mapping or str, optional
        What keys are called, in headers and in the first column: a mapping, or
        ``"dataset/table"`` for the titles that a table's columns have in the catalog.
    digits : int, optional
        Decimals of numbers that are not whole; three significant figures by default.
    fold : str
        Fold it away in a page, under these words; for long tables.
    links : mapping of str to str, optional
        Cells with this text lead to this address.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no caption.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> frame = pd.DataFrame({"guest_nights": [12097]}, index=["Oslo"])
    >>> titles = "norwegian-tourism-cluster/hotel_nights"
    >>> hub.table(frame, "One month in Oslo.", names=titles).cells.columns.tolist()
    ['Guest nights']
    """
    check_kind(frame, pd.DataFrame, "table", "Make one with pandas.DataFrame.")
    caption = caption or frame.attrs.get("caption", "")
    if not caption:
        raise HubError("a table needs a caption: say in a sentence what it shows.")
    if isinstance(names, str):
        names = dict(fields(names)["title"]) if names else {}

    def called(key: object) -> object:
        if isinstance(key, tuple):
            return tuple(map(called, key))
        return names.get(key, key) if isinstance(key, str) else key

    cells = frame.map(lambda value: cell_text(value, digits))
    cells.columns = pd.Index(
        [_joined(called(column)) for column in frame.columns],
        name=called(frame.columns.name) if frame.columns.nlevels == 1 else None,
    )
    index = frame.index.map(called)
    cells.index = index.set_names([called(name) for name in frame.index.names])
    return Table(cells, caption, note, fold, links or {})


def _joined(column: object) -> str:
    return ", ".join(map(str, column)) if isinstance(column, tuple) else str(column)


@dataclass(frozen=True, eq=False, repr=False)
class Sources:
    """Where a dataset's figures come from, folded away.

    Attributes
    ----------
    name : str
        Of the dataset.
    tables : pandas.DataFrame
        As `provenance` has it.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> "ssb.no" in hub.sources("norwegian-tourism-cluster")._repr_html_()
    True
    """

    name: str
    tables: pd.DataFrame

    def _repr_html_(self) -> str:
        items = "".join(
            f'<div class="hub-source"><h4>{escape(row.title)}</h4><p>{_links(row)}</p>'
            f"<p>{escape(_about(row))}</p></div>"
            for row in self.tables.itertuples()
        )
        count = len(self.tables)
        return (
            '<details class="hub-sources"><summary><span>Where the figures come from'
            f"</span>: {count} table{'s' * (count > 1)}</summary>{items}</details>"
        )

    def __repr__(self) -> str:
        """Write it as plain text."""
        return "\n\n".join(
            f"{row.title}\n  {row.publisher}: {row.series}\n  {row.source}\n  "
            f"{_about(row)}"
            for row in self.tables.itertuples()
        )


def _links(row: Any) -> str:
    """Publisher and series, linked to every address that the descriptor names."""
    told = escape(": ".join(filter(None, (row.publisher, row.series))))
    addresses = row.source.split("; ")
    if len(addresses) == 1 and addresses[0].startswith("http"):
        return f'<a href="{escape(addresses[0])}">{told}</a>'
    parts = [
        f'<a href="{escape(a)}">{escape(a.partition("://")[2])}</a>'
        if a.startswith("http")
        else escape(a)
        for a in addresses
    ]
    return f"{told}: {', '.join(parts)}"


def _about(row: Any) -> str:
    span = row.span.replace("/", " to ")
    return f"Covers {span}; vintage {row.vintage}; {row.licence}. Trust: {row.trust}."


def sources(name: str) -> Sources:
    """Say where a dataset's figures come from, with a link to each source.

    Parameters
    ----------
    name : str
        A dataset, or one table as ``"dataset/table"``.

    Returns
    -------
    Sources
        A fold in a notebook, plain text in a terminal.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> len(hub.sources("yozma").tables)
    6
    """
    return Sources(name, provenance(name))


def estimates_table(battery: Battery) -> pd.DataFrame:
    """Lay out every estimator of one outcome, in the order of the plan.

    Parameters
    ----------
    battery : Battery

    Returns
    -------
    pandas.DataFrame
        By estimator: the effect from the lot's centre, the exact p value, the effects
        that the exact test does not reject, and the minimum detectable effect; text, in
        percent for outcomes in logs. With a column more, the effect as computed, where
        the two differ for any estimator.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("norwegian-tourism-cluster")
    >>> hub.estimates_table(case.battery()).columns.tolist()
    ['effect', 'exact p', 'effects that fit', 'detectable from', 'as computed']
    """
    check_kind(battery, Battery, "estimates_table", A_BATTERY)
    scale = battery.plan.transform
    rows = {
        known.label: {
            "effect": effect_text(battery.lots[name].effect, scale, 1),
            "exact p": p_text(battery.tests.loc[name, "p_value"]),
            "effects that fit": span_text(battery.lots[name].interval(), scale)
            .removeprefix("anything ")
            .removeprefix("from "),
            "detectable from": effect_text(battery.powers[name].mde, scale),
            "as computed": effect_text(battery.lots[name].observed, scale, 1),
        }
        for name, known in battery.estimators.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    if table["effect"].equals(table["as computed"]):
        table = table.drop(columns="as computed")
    return _captioned(
        table.rename_axis(columns="estimator"),
        f"{_outcome(battery)}: every comparison of the plan.",
    )


def in_time_table(battery: Battery) -> pd.DataFrame:
    """Lay out what every estimator finds at dates when nothing happened.

    Parameters
    ----------
    battery : Battery

    Returns
    -------
    pandas.DataFrame
        By estimator and pretended start: the effect from the lot's centre and its exact
        p value, as text.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("yozma")
    >>> hub.in_time_table(case.battery("office_exports")).columns.tolist()
    ['pretended start', 'effect', 'exact p']
    """
    check_kind(battery, Battery, "in_time_table", A_BATTERY)
    scale = battery.plan.transform
    table = battery.in_time
    known = battery.estimators | {
        t.estimator.name: t.estimator for t in battery.design_tests
    }
    laid = pd.DataFrame(
        {
            "pretended start": table["pretended_start"].astype(str).to_numpy(),
            "effect": [effect_text(e, scale, 1) for e in table["effect"]],
            "exact p": list(map(p_text, table["p_value"])),
        },
        index=[known[name].label for name in table["estimator"]],
    ).rename_axis(columns="estimator")
    return _captioned(laid, f"{_outcome(battery)}: dates at which nothing began.")


def outcomes_table(case: Case, batteries: dict[str, Battery]) -> pd.DataFrame:
    """Lay out every outcome tried, so that none can be picked for its result.

    Parameters
    ----------
    case : Case
    batteries : dict of str to Battery
        By outcome; computed once by the caller, who will want them again.

    Returns
    -------
    pandas.DataFrame
        By outcome: its role, and of each estimator the effect from the lot's centre
        with its exact p value in brackets, as text.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("yozma")
    >>> some = {name: case.battery(name) for name in ("complexity", "office_share")}
    >>> len(hub.outcomes_table(case, some))
    2
    """
    check_kind(case, Case, "outcomes_table", A_CASE)
    rows = {}
    for name, battery in batteries.items():
        scale = battery.plan.transform
        row: dict[str, str] = {"role": battery.plan.role}
        for estimator, known in battery.estimators.items():
            word = known.label.split(" (")[0]
            effect = effect_text(battery.lots[estimator].effect, scale, 1)
            p_value = p_text(battery.tests.loc[estimator, "p_value"])
            row[word] = f"{effect} ({p_value})"
        rows[battery.plan.title or name] = row
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(columns="outcome")
    return _captioned(table.fillna(""), "Every outcome tried: effect (exact p).")


def amendments_table(case: Case, did: Sequence[str]) -> pd.DataFrame:
    """What changed in a case's plan since it was filed, and what that did.

    Parameters
    ----------
    case : Case
    did : sequence of str
        What each change did to the answer, in the plan's order.

    Returns
    -------
    pandas.DataFrame
        Indexed by change: its day, and whether it was filed before its results; why;
        whether results had been seen by then; and what it did.

    Raises
    ------
    HubError
        If there is not one sentence for each amendment.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> case = hub.Case.open("yozma")
    >>> count = len(case.plan.amendments)
    >>> list(hub.amendments_table(case, ["nothing"] * count))
    ['what it did', 'dated, filed', 'why', 'results seen']
    """
    check_kind(case, Case, "amendments_table", A_CASE)
    amendments = case.plan.amendments
    if len(did) != len(amendments):
        raise HubError(
            f"the plan has {len(amendments)} amendments, and there are {len(did)} "
            "sentences on what they did: say one for each, in the plan's order."
        )
    return pd.DataFrame(
        {
            "what it did": list(did),
            "dated, filed": [
                ", ".join(filter(None, (f"{a.day.day} {a.day:%B %Y}", a.filed)))
                for a in amendments
            ],
            "why": [a.why for a in amendments],
            "results seen": ["yes" if a.results_seen else "no" for a in amendments],
        },
        index=pd.Index([a.what for a in amendments], name="change"),
    )


def _outcome(battery: Battery) -> str:
    return sentence_case(battery.plan.title or battery.outcome)


def _captioned(table: pd.DataFrame, caption: str) -> pd.DataFrame:
    """Let a table say what it shows where nobody says it better."""
    table.attrs["caption"] = caption
    return table
