"""A verdict on a line: what fits, the best guess, and what would matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hubanalysis.cases.reserves import reading_of
from hubanalysis.cases.verdict import Verdict
from hubanalysis.show.labels import Label, place
from hubanalysis.show.shapes import (
    SIZE,
    bar,
    disc,
    line,
    shape,
    svg,
    symbol,
    word,
)

ROW, BAR = 17.0, 14.0
WIDE = 640.0
NARROW = 280.0
# An axis is at most this many times as long as what the figures themselves say.
STRETCH = 3.0
NEAR = 13.0


@dataclass(frozen=True)
class Mark:
    """A yardstick on the line.

    Attributes
    ----------
    kind : str
        Of the yardstick: its shape.
    text : str
        What stands beside it.
    x : float
    off : int
        1 or -1 where it lies off the axis to the right or the left; 0 on it.
    level : int
        How many marks high it stands over the line, so that none hides another.
    """

    kind: str
    text: str
    x: float
    off: int = 0
    level: int = 0

    @property
    def short(self) -> str:
        """The number alone."""
        return self.text.removeprefix(f"{self.kind} ")


@dataclass(frozen=True)
class NumberLine:
    """The line of one verdict, in one width.

    Attributes
    ----------
    verdict : Verdict
        With an effect: there is no line for a question that is not answered.
    length : float
        Width of the drawing in pixels.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from hubanalysis.show.number_line import NumberLine
    >>> line = NumberLine(hub.Case.open("yozma").verdict("gdp_per_head"))
    >>> line.svg().startswith("<svg")
    True
    """

    verdict: Verdict
    length: float = WIDE

    def value(self, effect: float) -> float:
        """The number that a reader sees for an effect: percent on a log scale."""
        return float(100 * np.expm1(effect) if self.verdict.scale == "log" else effect)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The interval as a reader sees it; infinite where nothing is rejected."""
        low, high = self.verdict.interval or (-np.inf, np.inf)
        return self.value(low) if np.isfinite(low) else -np.inf, self.value(high)

    @cached_property
    def guess(self) -> float:
        """The best guess as a reader sees it."""
        return self.value(self.verdict.effect or 0.0)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Ends of the axis: all the figures say, and of the rest what is not far."""
        bare = self.ends[0] == -np.inf and self.ends[1] == np.inf
        others = [self.value(m.effect) for m in self.verdict.measured]
        core = [0.0, self.guess, *filter(np.isfinite, self.ends)]
        if bare or max(core) == min(core):
            core += others
        low, high = min(core), max(core)
        reach = (STRETCH - 1) * (high - low) or 1.0
        mde = self.verdict.mde
        if mde is not None and np.isfinite(mde):
            others.append(self.value(mde))
        near = [v for v in others if low - reach <= v <= high + reach]
        low, high = min([low, *near]), max([high, *near])
        room = 0.07 * (high - low) or 1.0
        return low - room, high + room

    def at(self, value: float) -> float:
        """Where a number stands."""
        low, high = self.limits
        return self.length * float(np.clip((value - low) / (high - low), 0, 1))

    @cached_property
    def marks(self) -> list[Mark]:
        """Yardsticks from left to right, none on the disc or on another."""
        placed: list[Mark] = []
        guess = self.at(self.guess)
        for m in sorted(self.verdict.measured, key=lambda m: m.effect)[:3]:
            value, (low, high) = self.value(m.effect), self.limits
            off = (value > high) - (value < low)
            x = self.at(value) - 7 * off
            level = int(abs(x - guess) < NEAR)
            while any(abs(x - o.x) < NEAR and level == o.level for o in placed):
                level += 1
            kind = m.yardstick.kind
            text = f"{kind} {self.verdict.amount(m.effect)}"
            placed.append(Mark(kind, text, x, off, level))
        return placed

    @cached_property
    def above(self) -> list[Label]:
        """The words above the line, placed."""
        guess = self.verdict.amount(self.verdict.effect or 0.0)
        top = len(self.marks) + 1
        labels = [Label(guess, self.at(self.guess), "guess", 0, top, apart=NEAR + 7)]
        # Words keep off the lines of zero and of the detectable effect as well.
        lines = [x for x in (self.at(0), self.tick) if x is not None]
        labels += [Label("", x, "line", 1, 1) for x in lines]
        # Where the names find no place the numbers do; shapes say which is which.
        for texts in ([m.text for m in self.marks], [m.short for m in self.marks]):
            words = [
                Label(text, mark.x, "mark", mark.level, mark.level + top, 7, 8)
                for text, mark in zip(texts, self.marks)
            ]
            try:
                return place([*labels, *words], self.length, SIZE)
            except ValueError:
                continue
        return place(labels, self.length, SIZE)

    @cached_property
    def below(self) -> list[Label]:
        """The words below the line, placed: ends, zero, what would have been found."""
        verdict, labels = self.verdict, []
        for effect, end in zip(verdict.interval or (), self.ends):
            if np.isfinite(end):
                labels.append(Label(verdict.amount(effect), self.at(end), "end", 0, 1))
        labels.append(Label("0", self.at(0), "zero", 0, 2))
        if (tick := self.tick) is not None and all(
            abs(tick - self.at(end)) > 3 for end in self.ends if np.isfinite(end)
        ):
            text = verdict.amount(verdict.mde or 0.0)
            labels.append(Label(text, tick, "tick", 0, 3))
        return place(labels, self.length, SIZE)

    @property
    def tick(self) -> float | None:
        """Where the detectable effect stands, if on the axis."""
        mde = self.verdict.mde
        if mde is None or not np.isfinite(mde):
            return None
        value = self.value(mde)
        return self.at(value) if value <= self.limits[1] else None

    @property
    def sentence(self) -> str:
        """The drawing in words."""
        verdict = self.verdict
        parts = [f"{verdict.span} fits", f"best guess {verdict.amount(self._effect)}"]
        parts += [
            f"{m.yardstick.kind} {verdict.amount(m.effect)} {reading_of(verdict, m)}"
            for m in verdict.measured
        ]
        if verdict.mde is not None and np.isfinite(verdict.mde):
            parts.append(f"found four times in five from {verdict.amount(verdict.mde)}")
        return f"Number line: {'; '.join(parts)}."

    @property
    def _effect(self) -> float:
        return self.verdict.effect or 0.0

    def svg(self, style: str = "") -> str:
        """Draw it.

        Parameters
        ----------
        style : str
            CSS for the element.

        Returns
        -------
        str
            An SVG element that takes its colours from the page.
        """
        rows = max(label.row for label in self.above if label.text) + 1
        levels = max((mark.level for mark in self.marks), default=0)
        middle = 4 + ROW * max(rows, levels) + 6 + BAR / 2
        deepest = max(label.row for label in self.below)
        height = middle + BAR / 2 + 18 + ROW * deepest + 4
        parts = [
            line(0, middle, self.length, middle, "rule"),
            *self._bar(middle),
            *self._ticks(middle),
            *self._stems(middle),
            disc(self.at(self.guess), middle, 6, bool(np.isinf(self.ends).all())),
            *(self._mark(mark, middle) for mark in self.marks),
            *(self._word(label, middle, -1) for label in self.above if label.text),
            *(self._word(label, middle, 1) for label in self.below),
        ]
        return svg(parts, self.length, height, self.sentence, style)

    def _bar(self, y: float) -> Iterable[str]:
        low, high = self.ends
        left, right = self.at(low), self.at(high)
        top = y - BAR / 2
        open_left, open_right = np.isinf(low), np.isinf(high)
        if open_left and open_right:
            yield bar(left + 12, right - 12, y, BAR, hollow=True)
        else:
            yield bar(left + 11 * open_left, right - 11 * open_right, y, BAR)
        if open_left:
            yield shape(f"M0 {y:.1f}L9 {top:.1f}V{top + BAR:.1f}Z", "edge")
        if open_right:
            tip, back = self.length, self.length - 9
            path = f"M{tip:.1f} {y:.1f}L{back:.1f} {top:.1f}V{top + BAR:.1f}Z"
            yield shape(path, "edge")

    def _ticks(self, y: float) -> Iterable[str]:
        rows = {label.kind: label.row for label in self.below}
        zero, top, foot = self.at(0), y - BAR / 2 - 9, y + BAR / 2
        yield line(zero, top, zero, foot + 5 + ROW * rows["zero"], "ink", 1.3)
        if self.tick is not None:
            end = foot + 4 + ROW * rows.get("tick", 0)
            yield line(self.tick, top, self.tick, end, "soft", 1.5, "2 2.5")

    def _stems(self, y: float) -> Iterable[str]:
        rows = [label.row for label in self.above if label.kind == "mark"]
        for mark, row in zip(self.marks, rows):
            top = y - BAR / 2 - 4 - ROW * row
            yield line(mark.x, top, mark.x, self._height(mark, y), "wine", 1.1)
        if row := self.above[0].row:
            x = self.at(self.guess)
            yield line(x, y - BAR / 2 - 4 - ROW * row, x, y, "teal", 1.1)

    @staticmethod
    def _height(mark: Mark, y: float) -> float:
        return y - (BAR / 2 - 8 + ROW * mark.level if mark.level else 0)

    def _mark(self, mark: Mark, y: float) -> str:
        y = self._height(mark, y)
        if mark.off:
            tip, back = mark.x + 6 * mark.off, mark.x - 5 * mark.off
            return shape(f"M{tip:.1f} {y:.1f}L{back:.1f} {y - 6:.1f}v12Z", "wine")
        return symbol(mark.kind, mark.x, y)

    def _word(self, label: Label, y: float, side: int) -> str:
        base = y + BAR / 2 + 17 if side > 0 else y - BAR / 2 - 6
        base += side * ROW * label.row
        weight = 640 if label.kind in ("end", "guess") else 400
        colour = {"guess": "teal", "tick": "soft", "zero": "soft"}.get(
            label.kind, "ink"
        )
        return word(label, base, weight, colour)

    def text(self, length: int = 33) -> str:
        """Draw it with letters, for a terminal.

        Parameters
        ----------
        length : int
            How many letters wide; by default as many as a phone shows in a row.

        Returns
        -------
        str
            Two lines: the line itself, and the numbers below it.
        """

        def at(value: float) -> int:
            return round(self.at(value) / self.length * (length - 1))

        low, high = self.ends
        signs = ["─"] * length
        hollow = np.isinf([low, high]).all()
        for i in range(at(low), at(high) + 1):
            signs[i] = "╌" if hollow else "━"
        signs[at(0)] = "┼"
        if self.tick is not None:
            signs[at(self.value(self.verdict.mde or 0.0))] = "┊"
        for mark in self.marks:
            i = round(mark.x / self.length * (length - 1))
            signs[i] = {1: "▷", -1: "◁"}.get(mark.off, LETTERS[mark.kind])
        signs[at(self.guess)] = "○" if hollow else "●"
        below = [" "] * length
        for label in sorted(self.below, key=lambda label: label.kind != "end"):
            start = round(label.x / self.length * (length - 1)) - len(label.text) // 2
            start = max(min(start, length - len(label.text)), 0)
            slot = slice(start, start + len(label.text))
            if not "".join(below[max(start - 1, 0) : slot.stop + 1]).strip():
                below[slot] = label.text
        return "".join(signs) + "\n" + "".join(below).rstrip()


LETTERS = {"promised": "▼", "claimed": "■", "comparable": "◆", "break-even": "◎"}
