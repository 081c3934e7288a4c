"""A figure of the book: drawn once wide and once narrow, and told in words."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from inspect import signature
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import AutoLocator, MaxNLocator

from hubanalysis.show.palette import STYLE
from hubanalysis.show.svg import file_svg, page_svg
from hubanalysis.words.refusals import HubError, check_name

# Pixels of a page: the column of a desk, and that of a phone.
WIDE, NARROW = 728, 340

# Further words are for its panels, as `matplotlib.pyplot.subplots` takes them.
_PANELS = tuple(name for name in signature(plt.subplots).parameters if name != "fig_kw")


class Figure:
    """A picture with its title, unit, alternative text and data.

    In a page it takes the page's colours and letters, and the one of its two drawings
    that fits the column. Made by `figure`, or by the library's own ``..._plot``.

    Parameters
    ----------
    draw : callable
        Draws on axes; called once for each width.
    title : str
        The finding, as a sentence without its full stop.
    unit : str
        What is drawn, in which unit, against what base: whole sentences.
    alt : str
        What is to be seen, for those who do not see it.
    name : str
        By which a page refers to it, and its files are called: ``fig-...``.
    source : str
        Who published the figures behind it.
    data : pandas.DataFrame or pandas.Series, optional
        What is drawn, offered as a CSV file; needed where there is a name.
    height : int or tuple of int
        Pixels, or those of the wide and of the narrow drawing.
    **panels
        Passed to `matplotlib.pyplot.subplots`; columns stand below each other in the
        narrow drawing.

    Raises
    ------
    ValueError
        If it has a name but no data.

    Attributes
    ----------
    data : pandas.DataFrame or pandas.Series or None
    title, unit, alt, name, source : str

    Examples
    --------
    >>> import hubanalysis as hub
    >>> figure = hub.Figure(lambda ax: ax.plot([1, 3]), title="It rises", alt="A line.")
    >>> figure
    It rises (figure: A line.)
    """

    def __init__(
        self,
        draw: Callable[[Any], object],
        title: str = "",
        unit: str = "",
        alt: str = "",
        name: str = "",
        source: str = "",
        data: pd.DataFrame | pd.Series | None = None,
        height: int | tuple[int, int] = (360, 300),
        **panels: Any,
    ) -> None:
        if name and data is None:
            raise HubError(
                f"the figure {name!r} offers its data as a file: give it data=..., a "
                "table of what is drawn."
            )
        for word in panels:
            check_name(word, _PANELS, "word for a figure")
        self._draws = [draw]
        self.title, self.unit, self.alt = title, unit, alt or title
        self.name, self.source, self.data = name, source, data
        self._heights = (height, height) if isinstance(height, int) else height
        self._panels = panels

    def also(self, draw: Callable[[Any], object]) -> Figure:
        """Draw something more on top, at both widths; to be used as a decorator."""
        self._draws.append(draw)
        return self

    def drawn(self, narrow: bool = False) -> Canvas:
        """Draw it with matplotlib, to be changed or saved in whatever format.

        Parameters
        ----------
        narrow : bool
            As for a phone.

        Returns
        -------
        matplotlib.figure.Figure
        """
        size = (NARROW if narrow else WIDE) / 72, self._heights[narrow] / 72
        panels = self._panels
        if narrow and "ncols" in panels:
            rows = panels.get("nrows", 1) * panels["ncols"]
            panels = panels | {"nrows": rows, "ncols": 1}
        with plt.rc_context(STYLE):
            canvas, axes = plt.subplots(figsize=size, **panels)
            plt.close(canvas)  # or a notebook would show it a second time
            for draw in self._draws:
                draw(axes)
            for ax in canvas.axes:
                _thin_out(ax.xaxis, 4 if narrow else 7)
                _thin_out(ax.yaxis, 5)
        return canvas

    def save(self, path: str | Path, narrow: bool = False) -> None:
        """Write it to a file; the name's end says which format (.svg, .png, .pdf)."""
        path = Path(path)
        if path.suffix == ".svg":
            path.write_text(file_svg(self.svg(narrow)), "utf8")
        else:
            # Without the name of the program, two builds give the same bytes.
            key = {".png": "Software", ".pdf": "CreationDate"}.get(path.suffix)
            with plt.rc_context(STYLE):
                self.drawn(narrow).savefig(path, metadata=key and {key: None})

    def svg(self, narrow: bool = False) -> str:
        """Write it as SVG for a page whose style sheet names the book's colours."""
        kind = "narrow" if narrow else "wide"
        name = f"{self.name or 'fig'}-{kind}"
        return page_svg(self.drawn(narrow), name, self.alt, f"hub-{kind}")

    def __repr__(self) -> str:
        """Say in one line what it shows."""
        return f"{self.title} (figure: {self.alt})" if self.title else self.alt

    def page_html(self, around: str = "{}") -> str:
        """Write it for a page: its words, and both drawings.

        Parameters
        ----------
        around : str
            What stands around the drawings in the page, with ``{}`` for them.
        """
        # A page without the book's style sheet shows the wide drawing only.
        narrow = self.svg(narrow=True).replace('style="', 'style="display: none; ', 1)
        stop = "." if self.title and self.title[-1] not in "?!." else ""
        drawings = f'<div class="hub-drawn">{self.svg()}\n{narrow}</div>'
        drawings = around.replace("{}", drawings, 1)
        return (
            f'<div class="hub-figure" data-name="{self.name}" '
            'style="max-width: 728px">\n'
            f'<p class="hub-heading">{escape(self.title)}{stop}<br>'
            f"{escape(self.unit)}</p>\n"
            f"{drawings}\n"
            f'<p class="hub-source">{escape(self.source)}</p>\n'
            "</div>"
        )

    @property
    def metadata(self) -> dict[str, dict[str, str]]:
        """What the book's build asks for beside the HTML: name and data."""
        words = {"name": self.name}
        if self.name and self.data is not None:
            words["csv"] = self.data.to_csv(float_format="%.6g", lineterminator="\n")
        return {"hubanalysis": words}

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        """Give the page its HTML and, beside it, what the book's build asks for."""
        return {"text/html": self.page_html(), "text/plain": repr(self)}, self.metadata


def figure(**words: Any) -> Callable[[Callable[[Any], object]], Figure]:
    """Make a figure of a function that draws on axes.

    Parameters
    ----------
    **words
        Title, unit, alternative text, name, source, data and height of the `Figure`.

    Returns
    -------
    callable
        A decorator; the function becomes the figure, and a notebook shows it where its
        name ends a cell.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> @hub.figure(title="It rises", alt="A line from one to three.")
    ... def rise(ax):
    ...     ax.plot([2000, 2001], [1, 3], color=hub.COLOURS["treated"])
    >>> round(rise.drawn(narrow=True).get_figwidth() * 72)
    340
    """

    def make(draw: Callable[[Any], object]) -> Figure:
        return Figure(draw, **words)

    return make


def _thin_out(axis: Any, most: int) -> None:
    """Keep as many ticks as can be read, where the drawing did not set them."""
    locator = axis.get_major_locator()
    if isinstance(locator, AutoLocator):
        low, high = axis.get_view_interval()
        years = 1800 < low < high < 2100  # no tick at half a year
        axis.set_major_locator(
            MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], integer=years)
        )
    elif isinstance(locator, AutoDateLocator):
        locator = AutoDateLocator(maxticks=most)
        axis.set_major_locator(locator)
        axis.set_major_formatter(ConciseDateFormatter(locator))
