"""Where the words of a small drawing stand, so that none lies on another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from hubanalysis.words.refusals import HubError

# Widest mean width of a letter, as a share of the type size: wider than in the book's
# typeface, so that a reader's own typeface fits as well.
LETTER = 0.58
GAP = 6.0


@dataclass(frozen=True)
class Label:
    """A word to be placed, and what it belongs to.

    Attributes
    ----------
    text : str
        What it says; nothing for a line that other words must keep off.
    x : float
        What it belongs to, along the drawing.
    kind : str
        How it is drawn.
    lowest, highest : int
        Rows it may stand in, counted from the axis.
    clear : float
        How far others keep from the line that leads to it through the rows below.
    apart : float
        How far from `x` it stands where it stands beside it.
    left, row
        Where it stands, once it is placed.
    """

    text: str
    x: float
    kind: str = ""
    lowest: int = 0
    highest: int = 0
    clear: float = 3.0
    apart: float = 4.0
    left: float = 0.0
    row: int = 0

    def width(self, size: float) -> float:
        """How wide the word is at most."""
        return LETTER * size * len(self.text)


def place(labels: list[Label], length: float, size: float) -> list[Label]:
    """Put every label into a row, as near to the axis as can be.

    A label stands in the middle over its point, or beside it. No two in a row touch,
    and no line that leads to a label runs through another.

    Parameters
    ----------
    labels : list of Label
    length : float
        Of the drawing; no label leaves it.
    size : float
        Of the type.

    Returns
    -------
    list of Label
        In the order given, each with `left` and `row`.

    Raises
    ------
    ValueError
        If there is no such place.

    Examples
    --------
    >>> from hubanalysis.show.labels import Label, place
    >>> [l.row for l in place([Label("one", 50, highest=1)] * 2, 100, 13)]
    [0, 0]
    """
    found = _search([_places(label, length, size) for label in labels], size)
    if found is None:
        raise HubError(f"no place for {', '.join(label.text for label in labels)}.")
    return found


def _places(label: Label, length: float, size: float) -> list[tuple[int, Label]]:
    """Every place a label may have with its cost, the best first."""
    width = label.width(size)
    middle = min(max(label.x - width / 2, 0), length - width)
    lefts = {0: middle, 1: label.x + label.apart, 2: label.x - label.apart - width}
    rows = range(label.lowest, label.highest + 1)
    return sorted(
        (
            (4 * row + cost, replace(label, left=left, row=row))
            for row, (cost, left) in product(rows, lefts.items())
            if left >= -0.01 and left + width <= length + 0.01
        ),
        key=lambda place: place[0],
    )


def _search(options: list[list[tuple[int, Label]]], size: float) -> list[Label] | None:
    """The cheapest places that go together: few labels, so all are tried."""
    if not all(options):
        return None
    best: tuple[float, list[Label] | None] = (float("inf"), None)
    # What those still to come cost at least.
    rest = [
        sum(places[0][0] for places in options[i + 1 :]) for i in range(len(options))
    ]

    def extend(chosen: list[Label], cost: int) -> None:
        nonlocal best
        if len(chosen) == len(options):
            best = (cost, chosen)
            return
        for more, label in options[len(chosen)]:
            if cost + more + rest[len(chosen)] >= best[0]:
                return
            if not any(clash(label, other, size) for other in chosen):
                extend([*chosen, label], cost + more)

    extend([], 0)
    return best[1]


def clash(one: Label, other: Label, size: float) -> bool:
    """Whether two placed labels touch, or the line to one runs through the other."""
    if one.row == other.row:
        if not (one.text and other.text):
            return False
        ends = [label.left + label.width(size) for label in (one, other)]
        return one.left < ends[1] + GAP and other.left < ends[0] + GAP
    high, low = (one, other) if one.row > other.row else (other, one)
    if not low.text:
        return False
    end = low.left + low.width(size)
    return low.left - high.clear < high.x < end + high.clear
