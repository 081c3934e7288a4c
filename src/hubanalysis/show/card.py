"""The card: a verdict as a reader meets it, first thing in a chapter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from textwrap import fill

import numpy as np

from hubanalysis.cases.battery import LEVEL
from hubanalysis.cases.case import Case
from hubanalysis.cases.filing import changes
from hubanalysis.cases.plan import Refused
from hubanalysis.cases.reserves import reading_of, reserves
from hubanalysis.cases.verdict import Verdict
from hubanalysis.show.number_line import NARROW, WIDE, NumberLine
from hubanalysis.show.shapes import COLOUR, bar, line, svg, symbol
from hubanalysis.show.strip import strip
from hubanalysis.words.facts import sentence_case
from hubanalysis.words.numbers import number_text, p_text, pair_text
from hubanalysis.words.refusals import check_kind

# Points of the verdict's table that stand on the card already; of a question that is
# refused, the reasons too.
ABOVE = ("Question", "Verdict", "What would matter")
REASONS = "Cannot be shown"


@dataclass(frozen=True, repr=False)
class Card:
    """A verdict for reading: question, sentence, number line, figures, all checks.

    In a notebook it draws itself; printed, it is plain text.

    Attributes
    ----------
    verdict : Verdict
    refused : Refused or None
        The plan's words on a question that it refuses, with what was counted when.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> card = hub.card(hub.Case.open("yozma"), "venture_capital")
    >>> print(str(card).splitlines()[0])
    Did Yozma create Israel's venture-capital industry?
    """

    verdict: Verdict
    refused: Refused | None = None

    @property
    def state(self) -> str:
        """The conclusion, as a heading."""
        return sentence_case(self.verdict.conclusion)

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two, the interval first."""
        return verdict_sentence(self.verdict)

    def svg(self, narrow: bool = False, style: str = "") -> str:
        """Draw the number line, or what was counted when.

        Parameters
        ----------
        narrow : bool
            For a phone.
        style : str
            CSS for the element.

        Returns
        -------
        str
            An SVG element; empty where there is nothing to draw.
        """
        length = NARROW if narrow else WIDE
        if self.verdict.effect is not None:
            return NumberLine(self.verdict, length).svg(style)
        return strip(self.refused, length, style) if self.refused else ""

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """Three numbers, each with its name and what it means; none if refused."""
        v = self.verdict
        if v.effect is None or v.rank is None or v.estimate is None:
            return []
        rank, lots = v.rank
        guess, told = pair_text(v.effect, v.estimate, v.scale)
        found = v.mde is not None and np.isfinite(v.mde)
        by = f" by all {len(v.heard)} that are heard" if len(v.heard) > 1 else ""
        return [
            (
                "Best guess",
                guess,
                v.estimator
                if guess == told
                else f"{v.estimator}; {told} as computed; with the guess taken out, "
                "the treated lie at the centre of the lot",
            ),
            (
                "As far out by chance",
                f"{number_text(rank)} of {number_text(lots)}",
                f"ways to deal treatment, in either direction {_p(rank / lots)}",
            ),
            (
                "Detectable",
                f"from {v.amount(v.mde or 0.0)} on" if found else "nothing",
                f"found four times in five{by}{v.silenced}; no bound, since the range "
                "says what fits"
                if found
                else f"{lots} places; it takes {round(1 / LEVEL)} places",
            ),
        ]

    @property
    def yardsticks(self) -> list[tuple[str, str, str, str]]:
        """Of each: its kind, what the figures say of it, its name, its size."""
        v = self.verdict
        return [
            (
                m.yardstick.kind,
                reading_of(v, m),
                "; ".join(filter(None, (m.yardstick.title, m.yardstick.unlike))),
                v.amount(m.effect),
            )
            for m in v.measured
        ]

    @property
    def checks(self) -> dict[str, str]:
        """Everything else the verdict rests on, by point."""
        rows = self.verdict.table()["answer"]
        above = (*ABOVE, REASONS) if self.reasons else ABOVE
        return {str(k): str(text) for k, text in rows.items() if k not in above}

    @property
    def beside(self) -> tuple[str, ...]:
        """What must be said beside the sentence, so that it is not overrated."""
        return reserves(self.verdict)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no answer, if there is none."""
        return self.verdict.cannot_show if self.verdict.effect is None else ()

    @property
    def main_check(self) -> str:
        """What the fold of all checks says before it is opened."""
        if self.verdict.rank is None:
            return ", ".join(self.checks).lower()
        rank, lots = self.verdict.rank
        return (
            f"{number_text(rank)} of {number_text(lots)} lots are as far out "
            f"{_p(rank / lots)}"
        )

    def html(self) -> str:
        """Write it for a page that has the book's style sheet."""
        v = self.verdict
        wide, narrow = self.svg(), self.svg(narrow=True, style="display:none")
        parts = [
            f'<p class="hub-state">{glyph(v)}<span>{escape(self.state)}</span></p>',
            f'<h2 class="hub-question">{escape(v.question)}</h2>',
            f'<p class="hub-sentence">{escape(self.sentence)}</p>',
        ]
        parts += [f'<p class="hub-beside">{escape(text)}</p>' for text in self.beside]
        if wide:
            drawn = wide.replace("<svg", '<svg class="hub-wide"', 1)
            drawn += narrow.replace("<svg", '<svg class="hub-narrow"', 1)
            parts.append(f'<div class="hub-line">{drawn}</div>')
        if self.reasons:
            reasons = "".join(f"<li>{escape(text)}</li>" for text in self.reasons)
            parts.append(f'<ul class="hub-reasons">{reasons}</ul>')
        groups = [
            f"<div><dt>{name}</dt><dd><strong>{escape(number)}</strong> "
            f"<span>{escape(told)}</span></dd></div>"
            for name, number, told in self.figures
        ]
        parts.append(_list("hub-figures", groups))
        groups = [
            f"<div><dt>{_sign(kind)}{sentence_case(kind)} {escape(size)}</dt>"
            f"<dd><strong>{reading}</strong> <span>{escape(title)}</span></dd></div>"
            for kind, reading, title, size in self.yardsticks
        ]
        parts.append(_list("hub-yardsticks", groups))
        groups = [
            f"<div><dt>{escape(point)}</dt><dd>{self._told(point, text)}</dd></div>"
            for point, text in self.checks.items()
        ]
        if groups:
            parts.append(
                '<details class="hub-checks"><summary><span>All checks</span>: '
                f"{escape(self.main_check)}</summary>{_list('', groups)}</details>"
            )
        return f'<section class="hub-card">{"".join(parts)}</section>'

    _repr_html_ = html

    def _told(self, point: str, text: str) -> str:
        """An answer among all checks, in items where it has several."""
        several = self.verdict.lists.get(point, ())
        if len(several) < 2:
            return escape(text)
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in several)}</ul>"

    def _repr_markdown_(self) -> str:
        told = [f"**{self.verdict.question}**", f"*{self.state}.* {self.sentence}"]
        told += self.beside
        told += [f"- {text}" for text in self.reasons]
        told += [f"- {name}: **{n}**, {said}" for name, n, said in self.figures]
        told += [
            f"- {sentence_case(kind)} {size}: **{reading}** ({title})"
            for kind, reading, title, size in self.yardsticks
        ]
        told += [f"- {point}: {text}" for point, text in self.checks.items()]
        return "\n".join(_spaced(told))

    def __str__(self) -> str:
        """Write it as plain text."""
        lines = [fill(self.verdict.question, 88)]
        lines += [fill(f"{self.state}. {self.sentence}", 88)]
        lines += [*(fill(text, 88) for text in self.beside), ""]
        if self.verdict.effect is not None:
            lines += [NumberLine(self.verdict).text(), ""]
        if self.reasons:
            lines += [*(fill(f"- {why}", 88) for why in self.reasons), ""]
        rows = [(name, f"{n}; {said}") for name, n, said in self.figures]
        rows += [
            (f"{sentence_case(kind)} {size}", f"{reading}; {title}")
            for kind, reading, title, size in self.yardsticks
        ]
        rows += self.checks.items()
        width = max((len(name) for name, _ in rows), default=0) + 2
        for name, text in rows:
            lines.append(
                fill(
                    text,
                    88,
                    initial_indent=f"{name:<{width}}",
                    subsequent_indent=" " * width,
                )
            )
        return "\n".join(lines)

    __repr__ = __str__


def card(what: Case | Verdict, outcome: str | None = None) -> Card:
    """Lay out the verdict of a case for reading.

    Parameters
    ----------
    what : Case or Verdict
        A case, or a verdict that is there already.
    outcome : str, optional
        Of a case: an outcome, or a question that its plan refuses; the primary outcome
        by default.

    Returns
    -------
    Card
        HTML in a notebook, plain text in a terminal, ``svg()`` for the line alone.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.card(hub.Case.open("yozma"), "gdp_per_head").state
    'Cannot tell'
    """
    if isinstance(what, Verdict):
        return Card(what)
    check_kind(what, (Case, Verdict), "card", 'Open a case, as hub.Case.open("yozma").')
    verdict = what.verdict(outcome)
    if again := changes(what):
        verdict = replace(verdict, amendments=(*verdict.amendments, *again))
    return Card(verdict, what.plan.refused.get(outcome or ""))


def verdict_sentence(verdict: Verdict) -> str:
    """Say a verdict in a sentence or two, the interval first.

    Parameters
    ----------
    verdict : Verdict

    Returns
    -------
    str

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from hubanalysis.show.card import verdict_sentence
    >>> verdict_sentence(hub.Case.open("yozma").verdict("venture_capital"))
    'Nobody can tell from these figures.'
    """
    if verdict.conclusion == "not identified":
        return "Nobody can tell from these figures."
    told = verdict.headline.removeprefix(f"{verdict.conclusion}: ")
    told = sentence_case(told).rstrip(".") + "."
    if verdict.conclusion == "effect seen":
        return told.replace(" fits.", " fits; zero does not.")
    for m in verdict.measured:
        if verdict.conclusion.endswith("ruled out") and m.reading == "ruled out":
            told += (
                f" A {m.yardstick.kind} effect, {verdict.amount(m.effect)}, does not."
            )
            break
    return told


def glyph(verdict: Verdict) -> str:
    """Draw the state of a verdict so small that it fits beside its name."""
    y, parts = 7.0, []
    if verdict.effect is None:
        parts.append(line(1, y, 31, y, "soft", 1.5, "4 3"))
        return svg(parts, 32, 14)
    seen = verdict.conclusion == "effect seen"
    hollow = verdict.interval is None or bool(np.isinf(verdict.interval).all())
    left, disc = (12, 20) if seen else (6, 13)
    parts.append(bar(left, left + 16, y, 7, hollow))
    zero = 4 if seen else 17
    parts.append(line(zero, 1, zero, 13, "ink", 1.3))
    look = (
        f"fill:{COLOUR['panel']};stroke:{COLOUR['teal']};stroke-width:1.5"
        if hollow
        else f"fill:{COLOUR['teal']}"
    )
    parts.append(f'<circle cx="{disc}" cy="{y}" r="3.5" style="{look}"/>')
    if verdict.conclusion.endswith("ruled out"):
        parts.append(symbol("comparable", 25, y).replace("width:2", "width:1.5"))
    return svg(parts, 32, 14)


def _p(value: float) -> str:
    """A p value that no line breaks."""
    return f"(p\u00a0=\u00a0{p_text(value)})"


def _sign(kind: str) -> str:
    return svg([symbol(kind, 8, 7)], 16, 14)


def _list(name: str, groups: list[str]) -> str:
    if not groups:
        return ""
    attribute = f' class="{name}"' if name else ""
    return f"<dl{attribute}>{''.join(groups)}</dl>"


def _spaced(told: list[str]) -> list[str]:
    """Paragraphs apart, items of a list together."""
    spaced: list[str] = []
    for text in told:
        if not (text.startswith("- ") and spaced and spaced[-1].startswith("- ")):
            spaced.append("")
        spaced.append(text)
    return spaced[1:]
