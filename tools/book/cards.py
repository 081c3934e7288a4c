"""Draw the picture that a shared link shows: the logo's lines and the page's title."""

from __future__ import annotations

import textwrap
from pathlib import Path, PurePosixPath

from matplotlib.figure import Figure
from sphinx.application import Sphinx

from hubanalysis.show.palette import TOKENS

PAPER, INK, TEAL, AMBER = (
    TOKENS[name] for name in ("paper", "ink", "teal", "amber-line")
)
SIZE = (12, 6.3)  # inches, of a hundred pixels each


def draw(title: str, book: str, target: Path) -> None:
    """Draw one card and save it.

    Parameters
    ----------
    title : str
        The title of the page.
    book : str
        The title of the book.
    target : Path
        Where to save the picture, of 1200 times 630 pixels.
    """
    figure = Figure(figsize=SIZE, dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1200), ylim=(630, 0))
    axes.axis("off")
    line = {"linewidth": 9, "solid_capstyle": "round", "solid_joinstyle": "round"}
    axes.plot([80, 135, 205], [140, 120, 60], color=TEAL, **line)
    axes.plot(
        [135, 215], [120, 97], color=AMBER, linewidth=9, linestyle=(0, (0.1, 1.8)),
        dash_capstyle="round",
    )  # fmt: skip
    axes.plot([135], [120], "o", color=TEAL, markersize=21)
    words = {"parse_math": False, "verticalalignment": "center"}
    axes.text(250, 100, book, color=TEAL, fontsize=26, **words)
    lines = "\n".join(textwrap.wrap(title, 27))
    axes.text(80, 360, lines, color=INK, fontsize=44, weight="bold", **words)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, facecolor=PAPER, metadata={"Software": None})


def write_cards(app: Sphinx, error: Exception | None) -> None:
    """Draw the card of every page."""
    if error or app.builder.name != "html":
        return
    book = app.config.html_title or app.config.project
    for name in sorted(app.env.found_docs):
        target = Path(app.outdir) / "cards" / f"{PurePosixPath(name).name}.png"
        draw(app.env.titles[name].astext(), book, target)
