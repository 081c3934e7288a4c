"""A thing to try in the page: a static figure that a script brings to life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hubanalysis.show.figure import Figure
from hubanalysis.show.tables import Table
from hubanalysis.words.facts import plain
from hubanalysis.words.refusals import check_option

# What there is to try, one script of assets/try each.
KINDS = (
    "against",
    "calculator",
    "deal",
    "effect",
    "pretend",
    "sift",
    "since",
    "specifications",
)


class Widget:
    """A figure with what a reader can change about it.

    The page holds the static figure, the data and the name of an element; a script of
    that name shows controls and draws anew. A page without scripts, a notebook and
    paper show the figure.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    figure : Figure or Table
        What is shown without a script.
    data : mapping
        What the script needs, of numbers, texts, lists and mappings.
    code : str
        Python that gives the state shown, with ``{name}`` for what the reader set.
    height : tuple of int
        Pixels that the live version takes on a desk and on a phone, kept free so that
        nothing jumps.

    Raises
    ------
    HubError
        If the kind is not known.

    Attributes
    ----------
    kind, code : str
    figure : Figure or Table
    data : dict
        As the page has them.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> figure = hub.Figure(lambda ax: ax.plot([1, 3]), title="It rises", alt="A line.")
    >>> hub.Widget("calculator", figure, {"start": {}}, height=(400, 500))
    It rises (figure: A line.)
    """

    def __init__(
        self,
        kind: str,
        figure: Figure | Table,
        data: Mapping[str, Any],
        code: str = "",
        height: tuple[int, int] = (0, 0),
    ) -> None:
        check_option("kind", kind, KINDS)
        self.kind, self.figure, self.code = kind, figure, code.strip()
        self.data = plain(data)
        self.height = height

    def __repr__(self) -> str:
        """Say in one line what its figure shows."""
        return repr(self.figure)

    @property
    def around(self) -> str:
        """What stands around the static figure in a page."""
        data = self.data | ({"code": self.code} if self.code else {})
        # A "<" could end the script that holds it.
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        text = text.replace("<", "\\u003c")
        wide, narrow = self.height
        return (
            f'<hub-{self.kind} class="hub-try" '
            f'style="--wide: {wide}px; --narrow: {narrow}px">'
            f'<script type="application/json">{text}</script>\n'
            f'<div class="hub-static">{{}}</div></hub-{self.kind}>'
        )

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        """Give the page the figure's HTML, with the element around its drawings."""
        html = self.figure.page_html(self.around)
        words = self.figure.metadata if isinstance(self.figure, Figure) else {}
        return {"text/html": html, "text/plain": repr(self)}, words
