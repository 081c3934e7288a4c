"""A matplotlib figure as SVG that lives in a page, in the page's own colours."""

from __future__ import annotations

import io
import re
from html import escape

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from hubanalysis.show.palette import FAMILY, STYLE, TOKENS
from hubanalysis.words.refusals import HubError

_NAMES = {colour: name for name, colour in TOKENS.items()}
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_VARIABLE = re.compile(r"var\(--hub-[a-z-]+, ([^()]*)\)")
_STYLE = "width: 100%; height: auto; font-family: var(--hub-font, {})"


def page_svg(canvas: Canvas, name: str, alt: str, kind: str = "") -> str:
    """Write a figure as SVG for the middle of a page.

    Two builds give the same bytes, and two figures in a page share no id.

    Parameters
    ----------
    canvas : matplotlib.figure.Figure
    name : str
        Put before every id.
    alt : str
        What is to be seen, for those who do not see it.
    kind : str
        Class of the element.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a colour is not of the palette.
    """
    text = _written(canvas, name)
    width, height = (round(72 * inches) for inches in canvas.get_size_inches())
    body = text[text.index(">", text.index("<svg")) + 1 :]
    # A style sheet of matplotlib's own would hold for the whole page.
    body = re.sub(
        r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>", "", body, flags=re.S
    )
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(
        r"; font-family: [^;\"]*|(?<=style=\")font-family: [^;\"]*; ", "", body
    )
    body = re.sub(r"font-weight: (bold|[67]00)", "font-weight: 640", body)
    body = re.sub(r' transform="rotate\(-?0 [^"]*"', "", body)
    body = re.sub(r'<path d="[^"]*" style="fill: none"/>', "", body)
    body = _ids(body, name)
    body = _COLOUR.sub(_variable, body)
    body = re.sub(r"<g>\s*(<g/>\s*)*</g>|<g/>", "", body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    style = _STYLE.format(f"'{FAMILY}', sans-serif")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" '
        f'aria-label="{escape(alt)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" stroke-linejoin="round" style="{style}">'
        f"{body.strip()}"
    )


def file_svg(svg: str) -> str:
    """Turn the SVG of a page into one that stands alone: plain colours, a ground."""
    svg = _VARIABLE.sub(r"\1", svg)
    ground = f'<rect width="100%" height="100%" fill="{TOKENS["paper"]}"/>'
    start = svg.index(">") + 1
    return f"{svg[:start]}{ground}{svg[start:]}\n"


def _written(canvas: Canvas, name: str) -> str:
    """What matplotlib writes, without date, program, or ids drawn at random."""
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context(STYLE | {"svg.hashsalt": name}):
        target = io.StringIO()
        canvas.savefig(target, format="svg", metadata=nothing, transparent=True)
    return target.getvalue()


def _ids(body: str, name: str) -> str:
    """Drop ids that nothing refers to, and put the figure's name before the others."""
    used = set(re.findall(r"#([\w.-]+)[\")]", body))

    def keep(found: re.Match) -> str:
        return f' id="{name}-{found[1]}"' if found[1] in used else ""

    body = re.sub(r' id="([^"]+)"', keep, body)
    return re.sub(r"((?:href=\"|url\()#)(?=[\w.-]+[\")])", rf"\g<1>{name}-", body)


def _variable(found: re.Match) -> str:
    colour = found[0]
    if colour not in _NAMES:
        raise HubError(
            f"the figure uses the colour {colour}, which no page can replace in the "
            "dark or in print. Take one of hub.COLOURS."
        )
    return f"var(--hub-{_NAMES[colour]}, {colour})"
