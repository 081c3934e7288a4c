"""The first page: every case as a tile, and all of them on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd

from hubanalysis.cases.case import Case
from hubanalysis.cases.verdict import Verdict
from hubanalysis.panels.reading import as_list
from hubanalysis.show.card import verdict_sentence
from hubanalysis.show.labels import Label, place
from hubanalysis.show.number_line import NARROW, WIDE, NumberLine
from hubanalysis.show.shapes import COLOUR, SIZE, bar, disc, line, svg, word
from hubanalysis.show.strip import year_of
from hubanalysis.show.tables import A_CASE
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.numbers import number_text
from hubanalysis.words.refusals import HubError, check_kind

TILE = (290.0, 96.0)
HERO = "What fits as the effect of each hub on the outcome that its plan names first."
TOGETHER = (
    "A famous law under the same rule, what others found, and what could be known."
)
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, eq=False, repr=False)
class Tile:
    """A case in a few words and one small chart.

    Attributes
    ----------
    case : Case
    verdict : Verdict
        Of its primary outcome.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from hubanalysis.show.landing import Tile
    >>> case = hub.Case.open("yozma")
    >>> Tile(case, case.verdict()).lines.columns.tolist()
    ['observed', 'counterfactual']
    """

    case: Case
    verdict: Verdict

    @cached_property
    def lines(self) -> pd.DataFrame:
        """What happened and what a mix of others did, by period.

        As the estimator that decides has it; for one that has no such path, the others'
        mean moved to the same level before.
        """
        battery = self.case.battery()
        try:
            path = battery.main.path.set_index("period")
            return path[["observed", "counterfactual"]].astype(float)
        except (AttributeError, KeyError):
            panel = battery.panel
            groups = {"observed": panel.treated, "counterfactual": panel.donors}
            means = {k: panel.frame.loc[units].mean() for k, units in groups.items()}
            both = pd.DataFrame(means)
            before = both[both.index < min(panel.cohorts)].mean()
            both["counterfactual"] += before["observed"] - before["counterfactual"]
            return both

    @property
    def began(self) -> float:
        """The year it began, with the day where the plan says it."""
        day = self.case.plan.policy_date
        if day is None:
            return float(self.case.battery().panel.cohorts[0])
        return year_of(day)

    @property
    def told(self) -> str:
        """One sentence with one number, beside the verdict."""
        v = self.verdict
        outcome = sentence_case(v.outcome)
        if v.mde is None or np.isinf(v.mde):
            return f"{outcome}. No size of effect could be told from chance."
        return (
            f"{outcome}. An effect would be found four times in five from "
            f"{v.amount(v.mde)} on{v.silenced}."
        )

    @property
    def said(self) -> str:
        """The verdict in a sentence that needs no heading."""
        v = self.verdict
        if v.conclusion == "too few places to tell":
            return f"{sentence_case(v.headline)}."
        told = verdict_sentence(v)
        if v.conclusion == "cannot tell":
            return f"{told.removesuffix('.')}: these figures cannot tell."
        return told

    @property
    def title(self) -> str:
        """What the case is called."""
        return self.case.plan.title or self.case.name

    @property
    def marked(self) -> str:
        """Its title, with a mark where several comparisons are heard."""
        return f"{self.title} *" if len(self.verdict.heard) > 1 else self.title

    def chart(self) -> str:
        """Draw the two lines, as an SVG element."""
        length, height = TILE
        both, began = self.lines, self.began
        years = both.index.to_numpy(float)
        low, high = both.to_numpy().min(), both.to_numpy().max()
        right = length - 4
        base = height - 24

        def x(year: float) -> float:
            return 4 + (right - 4) * (year - years[0]) / (years[-1] - years[0])

        def y(value: float) -> float:
            return 8 + (base - 16) * (high - value) / ((high - low) or 1)

        parts = [line(0, base, right, base, "rule")]
        parts.append(line(x(began), 2, x(began), base, "soft", 1, "1.5 3"))
        looks = {"counterfactual": ("amber", "2 4.5"), "observed": ("teal", "")}
        for name, (colour, dash) in looks.items():
            points = " ".join(
                f"{x(year):.1f},{y(value):.1f}" for year, value in both[name].items()
            )
            dashes = f";stroke-dasharray:{dash}" if dash else ""
            parts.append(
                f'<polyline points="{points}" style="fill:none;stroke:{COLOUR[colour]};'
                "stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round"
                f'{dashes}"/>'
            )
        labels = [Label(f"{year:.0f}", x(year), "year") for year in years[[0, -1]]]
        try:
            start = Label(f"{int(began)}", x(began), "year")
            labels = place([*labels, start], length, SIZE)
        except ValueError:  # the start is too near to an end to be named as well
            labels = place(labels, length, SIZE)
        parts += [word(label, height - 7, 400, "soft") for label in labels]
        return svg(parts, length, height, self._label)

    @property
    def _label(self) -> str:
        years = self.lines.index
        return (
            f"{sentence_case(self.verdict.outcome)}, {years[0]} to {years[-1]}: what "
            f"happened and what a mix of others did, beginning in {int(self.began)}."
        )

    def html(self, address: str, most: float) -> str:
        """Write it as an item of a list.

        Parameters
        ----------
        address : str
            Of the case's page.
        most : float
            End of the axis, so that tiles can be compared.

        Returns
        -------
        str
        """
        row = _on_row(self.verdict, most, 0, TILE[0], 11, 9)
        return (
            f'<li class="hub-tile"><h3><a href="{escape(address)}">'
            f"{escape(self.title)}</a></h3>"
            f'<p class="hub-sub">{int(self.began)}</p>{self.chart()}'
            f'<p class="hub-said">{escape(self.said)}</p>'
            f"{svg(row, TILE[0], 22)}"
            f'<p class="hub-told">{escape(self.told)}</p></li>'
        )


@dataclass(frozen=True, eq=False, repr=False)
class Landing:
    """All cases on one axis, and each as a tile.

    Attributes
    ----------
    tiles : tuple of Tile
    folder : str
        Where the pages of the cases lie, seen from this one.
    together : str
        Name of the page that compares them; none if empty.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> page = hub.landing([hub.Case.open("yozma")])
    >>> page.summary
    'No effect can be told from chance. That does not mean that there was none.'
    """

    tiles: tuple[Tile, ...]
    folder: str = ""
    together: str = ""

    @property
    def summary(self) -> str:
        """All verdicts in a sentence or two, counted."""
        kinds = [tile.verdict.conclusion for tile in self.tiles]
        seen = kinds.count("effect seen")
        out = sum(kind.endswith("ruled out") for kind in kinds)
        rest = len(kinds) - seen - out
        told = [f"{_count(seen, 'effect')} seen."]
        if not seen:
            told = [
                f"In none of the {_number(len(kinds)).lower()} can an effect be told "
                "from chance."
                if len(kinds) > 1
                else "No effect can be told from chance.",
                "That does not mean that there was none.",
            ]
        if out:
            told.append(f"{_count(out, 'larger effect')} ruled out.")
        if rest and seen:
            stay = "stays" if rest == 1 else "stay"
            told.append(f"{_number(rest)} question{'s' * (rest != 1)} {stay} open.")
        return " ".join(told)

    @property
    def heard(self) -> str:
        """What a mark on the axis means; empty if there is none."""
        several = {len(tile.verdict.heard) for tile in self.tiles} - {0, 1}
        if not several:
            return ""
        count = " or ".join(_number(size).lower() for size in sorted(several))
        return (
            f" * What any of {count} comparisons leaves open, which erred nearly alike "
            "on the years before; elsewhere what the one that the plan names leaves "
            "open."
        )

    def _repr_html_(self) -> str:
        most = largest([tile.verdict for tile in self.tiles])
        items = [t.html(self._address(t.case.name), most) for t in self.tiles]
        if self.together:
            items.append(
                '<li class="hub-tile hub-all"><h3><a href="'
                f'{escape(self._address(self.together))}">What they say together</a>'
                f'</h3><p class="hub-told">{TOGETHER}</p></li>'
            )
        wide, narrow = (
            on_one_axis(self.tiles, most, small).replace("<svg", f"<svg {look}", 1)
            for small, look in (
                (False, 'class="hub-wide"'),
                (True, 'class="hub-narrow" style="display:none"'),
            )
        )
        return (
            '<div class="hub-landing"><div class="hub-hero">'
            f'<p class="hub-said">{escape(self.summary)}</p>'
            f'<p class="hub-told">{HERO}{self.heard}</p>'
            f'<div class="hub-line"><div class="hub-drawn">{wide}{narrow}</div></div>'
            "</div>"
            f'<p class="hub-key">{KEY}</p>'
            f'<ul class="hub-tiles">{"".join(items)}</ul></div>'
        )

    def _address(self, name: str) -> str:
        return f"{self.folder}{name}.html"

    def __repr__(self) -> str:
        """Write it as plain text."""
        told = [f"{tile.title}\n  {tile.said}\n  {tile.told}" for tile in self.tiles]
        return "\n".join([*told, self.summary])


def landing(cases: Sequence[Case], folder: str = "", together: str = "") -> Landing:
    """Lay out cases for a first page.

    Parameters
    ----------
    cases : sequence of Case
        In the order in which they are shown.
    folder : str
        Where the pages of the cases lie, seen from this one: each is named as its case.
    together : str
        Name of the page that compares them.

    Returns
    -------
    Landing
        HTML in a notebook, plain text in a terminal.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> len(hub.landing([hub.Case.open("yozma")]).tiles)
    1
    """
    cases = as_list(cases)
    for case in cases:
        check_kind(case, Case, "landing", A_CASE)
    if not cases:
        raise HubError("name at least one case, as [hub.Case.open('yozma')].")
    alone = [deciding_alone(case) for case in cases]
    # No tile tells what becomes of the answer without a unit.
    tiles = (Tile(c, Verdict.of(c.battery(), c.plan, left_out=False)) for c in alone)
    return Landing(tuple(tiles), folder, together)


def deciding_alone(case: Case) -> Case:
    """A case of whose primary outcome the estimator that decides is run, and no other.

    The verdict is the same; only the checks beside it, which take most of the time, are
    not run. A contest needs all that take part.
    """
    outcome = case.outcomes[case.primary]
    if not outcome.contest:
        outcome = replace(outcome, also=())
    outcomes = {**case.outcomes, case.primary: outcome}
    plan = replace(case.plan, outcomes=outcomes)
    return Case(case.name, plan, case.folder)


def largest(verdicts: Sequence[Verdict]) -> float:
    """End of an axis that holds the intervals and best guesses of all."""
    drawn = [NumberLine(verdict) for verdict in verdicts]
    numbers = [abs(n) for d in drawn for n in (d.guess, *d.ends) if np.isfinite(n)]
    return 1.08 * (max(numbers, default=0.0) or 1.0)


def on_one_axis(tiles: Sequence[Tile], most: float, narrow: bool = False) -> str:
    """Draw what fits in every case, one below the other, with their names.

    Parameters
    ----------
    tiles : sequence of Tile
        Their outcomes on a log scale; of others only the hollow disc has a place.
    most : float
        The axis runs from minus this to this, percent.
    narrow : bool
        For a phone: names above the bars and not beside them.

    Returns
    -------
    str
        An SVG element.
    """
    length, row, foot = (NARROW, 52.0, 22.0) if narrow else (WIDE, 46.0, 24.0)
    left, right = (0.0, length) if narrow else (286.0, length - 100)
    parts, told = [], []
    for i, tile in enumerate(tiles):
        v, title, y = tile.verdict, tile.marked, row * (i + 0.5)
        fits = v.span.removeprefix("anything from ")
        told.append(f"{tile.title}: {v.span} fits")
        bar_y = y + 12 if narrow else y
        parts += _on_row(v, most, left, right, bar_y, 12)
        parts.append(word(_from(0, title), y - 10 if narrow else y - 4, 640))
        if not narrow:
            parts.append(word(_from(0, sentence_case(v.outcome)), y + 13, 400, "soft"))
            parts.append(word(_from(right + 12, fits), y + 5, 400, "soft"))
    height = row * len(tiles) + foot
    ends = [f"{number_text(v, sign=True)}%" for v in (-most, most)]
    labels = [Label(ends[0], 0, left=0), Label("no effect", (right - left) / 2)]
    labels.append(Label(ends[1], right - left))
    for label in place(labels, right - left, SIZE):
        moved = replace(label, x=label.x + left, left=label.left + left)
        parts.append(word(moved, height - 5, 400, "soft"))
    return svg(parts, length, height, f"{'; '.join(told)}.")


def _on_row(
    verdict: Verdict, most: float, left: float, right: float, y: float, thick: float
) -> list[str]:
    """Draw what fits and the best guess on an axis from minus to plus `most`."""
    each = NumberLine(verdict)

    def at(value: float) -> float:
        return left + (right - left) * (0.5 + float(np.clip(value / most, -1, 1)) / 2)

    low, high = each.ends
    hollow = bool(np.isinf([low, high]).all())
    return [
        line(left, y, right, y, "rule"),
        bar(at(low), at(high), y, thick, hollow),
        line(at(0), y - thick, at(0), y + thick, "ink", 1.3),
        disc(at(each.guess), y, thick / 2, hollow),
    ]


def _from(left: float, text: str) -> Label:
    """A word that begins at a place."""
    return Label(text, left - 1, left=left)


LOOKS = {
    "what happened": [line(1, 7, 31, 7, "teal", 2.2)],
    "what a mix of others did": [line(1, 7, 31, 7, "amber", 2.2, "2 4.5")],
    "what fits and the best guess": [bar(2, 30, 7, 9), disc(16, 7, 4.5)],
}
KEY = "".join(
    f"<span>{svg(look, 32, 14)} {name}</span> " for name, look in LOOKS.items()
)


def _number(count: int) -> str:
    return sentence_case(COUNTS[count] if count < len(COUNTS) else str(count))


def _count(count: int, what: str) -> str:
    return f"{_number(count)} {what}{'s are' if count > 1 else ' is'}"
