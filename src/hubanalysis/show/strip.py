"""Where a question is refused: what was counted when, and what happened then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise

from hubanalysis.cases.plan import Refused
from hubanalysis.show.labels import Label, place
from hubanalysis.show.shapes import COLOUR, SIZE, line, svg, word

# Years drawn before the first event at most: what matters is how counting ends.
BEFORE, AFTER = 6, 4
BAR, ROW = 14.0, 17.0


def strip(refused: Refused, length: float, style: str = "") -> str:
    """Draw the years, filled where something was counted.

    Parameters
    ----------
    refused : Refused
        With `counted` or `events`.
    length : float
        Width in pixels.
    style : str
        CSS for the element.

    Returns
    -------
    str
        An SVG element; empty if there is nothing to draw.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> from hubanalysis.show.strip import strip
    >>> plan = hub.Case.open("norwegian-tourism-cluster").plan
    >>> strip(plan.refused["closure"], 640).startswith("<svg")
    True
    """
    if not refused.counted:
        return ""
    spans = [
        (year_of(c.since), year_of(c.until) if c.until else year_of(c.since) + AFTER)
        for c in refused.counted
    ]
    events = {what: year_of(day) for what, day in refused.events.items()}
    low = min(start for start, _ in spans)
    low = max(low, min([*events.values(), low + BEFORE]) - BEFORE)
    low = min([low, *(year - 1 for year in events.values())])
    high = max([*(end for _, end in spans), *events.values()])

    def at(year: float) -> float:
        return length * max(year - low, 0) / (high - low)

    top = len(events)
    above = place(
        [Label(what, at(y), "event", 0, top) for what, y in events.items()],
        length,
        SIZE,
    )
    names = [
        Label(c.what, (at(start) + at(end)) / 2, "span", 0, len(spans))
        for c, (start, end) in zip(refused.counted, spans)
    ]
    below = place(names, length, SIZE)
    rows = max((label.row + 1 for label in above), default=0)
    middle = 4 + ROW * rows + 6 + BAR / 2
    height = middle + BAR / 2 + 17 + ROW * max(label.row for label in below) + 5
    parts = [*_bars(spans, at, middle), *_gaps(spans, at, length, middle)]
    for label in above:
        base = middle - BAR / 2 - 6 - ROW * label.row
        top_of_line = base - (SIZE if label.left > label.x else -4)
        parts.append(line(label.x, top_of_line, label.x, middle + 12, "ink", 1.3))
        parts.append(word(label, base, 640))
    parts += [
        word(label, middle + BAR / 2 + 17 + ROW * label.row, 400, "soft")
        for label in below
    ]
    return svg(parts, length, height, _sentence(refused), style)


def _bars(spans: list, at: Callable[[float], float], y: float) -> Iterable[str]:
    for i, (start, end) in enumerate(spans):
        # Another way of counting is another kind of bar.
        fill = "none" if i % 2 else COLOUR["band"]
        yield (
            f'<rect x="{at(start) + 1:.1f}" y="{y - BAR / 2:.1f}" rx="2" '
            f'width="{at(end) - at(start) - 2:.1f}" height="{BAR:.0f}" '
            f'style="fill:{fill};stroke:{COLOUR["edge"]}"/>'
        )


def _gaps(
    spans: list, at: Callable[[float], float], length: float, y: float
) -> Iterable[str]:
    edges = [0.0, *(at(year) for span in spans for year in span), length]
    for left, right in list(pairwise(edges))[::2]:
        if right - left > 4:
            yield line(left, y, right, y, "soft", 1.5, "2 4")


def _sentence(refused: Refused) -> str:
    counted = "; ".join(
        f"{c.what} from {_month(c.since)} "
        f"{f'to {_month(c.until)}' if c.until else 'on'}"
        for c in refused.counted
    )
    told = f"Counted were {counted}."
    if refused.events:
        happened = "; ".join(f"{w} in {_month(d)}" for w, d in refused.events.items())
        told += f" Beside them: {happened}."
    return told


def year_of(day: date) -> float:
    """A day as a year and the share of it that has passed."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _month(day: date) -> str:
    return f"{day:%B %Y}"
