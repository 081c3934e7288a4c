"""Small SVG drawings that take their colours and their typeface from the page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from hubanalysis.show.labels import Label

# The page's colours, and what they are where there is no page.
COLOUR = {
    "ink": "var(--hub-ink,currentColor)",
    "soft": "var(--hub-soft,currentColor)",
    "teal": "var(--hub-teal,#14606E)",
    "band": "var(--hub-band,#B9DADF)",
    "edge": "var(--hub-edge,#598E97)",
    "amber-text": "var(--hub-amber,#9A5B00)",
    "amber": "var(--hub-amber-line,#C77A0A)",
    "wine": "var(--hub-wine,#8E2437)",
    "rule": "var(--hub-rule,#DDD9CF)",
    "panel": "var(--hub-panel,#FFFFFF)",
}
FONT = "var(--hub-font,system-ui,sans-serif)"
SIZE = 13.0


def svg(
    parts: Iterable[str], width: float, height: float, label: str = "", style: str = ""
) -> str:
    """Wrap parts of a drawing; one without a label is decoration."""
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    styled = f' style="{style}"' if style else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {role} width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"{styled}>'
        f"{''.join(parts)}</svg>"
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str,
    width: float = 1.0,
    dash: str = "",
) -> str:
    """Draw a straight line."""
    dashes = f";stroke-dasharray:{dash}" if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'style="stroke:{COLOUR[colour]};stroke-width:{width}{dashes}"/>'
    )


def shape(path: str, colour: str, hollow: bool = False) -> str:
    """Draw a closed shape."""
    fill = COLOUR["panel"] if hollow else COLOUR[colour]
    edge = f";stroke:{COLOUR[colour]};stroke-width:2" if hollow else ""
    return f'<path d="{path}" style="fill:{fill}{edge}"/>'


def bar(
    left: float, right: float, y: float, height: float, hollow: bool = False
) -> str:
    """Draw what fits, with an edge; a hollow one has no ends."""
    fill, dash = ("none", ";stroke-dasharray:6 4") if hollow else (COLOUR["band"], "")
    return (
        f'<rect x="{left:.1f}" y="{y - height / 2:.1f}" rx="2" '
        f'width="{max(right - left, 0):.1f}" height="{height:.0f}" '
        f'style="fill:{fill};stroke:{COLOUR["edge"]}{dash}"/>'
    )


def disc(x: float, y: float, radius: float, hollow: bool = False) -> str:
    """Draw a best guess; a hollow one has no interval."""
    fill, edge = ("panel", "teal") if hollow else ("teal", "panel")
    width = 2 if hollow else 1.5
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" style="fill:{COLOUR[fill]};'
        f'stroke:{COLOUR[edge]};stroke-width:{width}"/>'
    )


def symbol(kind: str, x: float, y: float) -> str:
    """Draw what stands for a kind of yardstick."""
    if kind == "promised":
        return shape(f"M{x - 6:.1f} {y - 5:.1f}h12L{x:.1f} {y + 6:.1f}Z", "wine")
    if kind == "claimed":
        return shape(f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10Z", "wine")
    if kind == "comparable":
        return shape(f"M{x - 6:.1f} {y:.1f}l6 -6l6 6l-6 6Z", "wine", hollow=True)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" style="fill:{COLOUR["panel"]};'
        f'stroke:{COLOUR["wine"]};stroke-width:2"/>'
    )


def word(label: Label, base: float, weight: int = 400, colour: str = "ink") -> str:
    """Write a placed label."""
    centre = label.left + label.width(SIZE) / 2
    anchor, x = "middle", centre
    if label.left > label.x:
        anchor, x = "start", label.left
    elif label.left + label.width(SIZE) < label.x:
        anchor, x = "end", label.left + label.width(SIZE)
    return (
        f'<text x="{x:.1f}" y="{base:.1f}" text-anchor="{anchor}" style="fill:'
        f"{COLOUR[colour]};font:{weight} {SIZE:.0f}px {FONT};"
        f'font-variant-numeric:tabular-nums">{escape(label.text)}</text>'
    )
