"""What a class sees before the answer: drawings without it, sheets, cards of a lot.

The script beside this (``slides.js``) makes of a slide its first step: it leaves out
whatever is of the class ``answer``.
"""

from __future__ import annotations

import re
from html import escape, unescape
from io import StringIO

import pandas as pd

from hubanalysis.words.numbers import number_text

LOOK = "What do you see?"
MOST_CARDS = 60  # of a lot, on one sheet of paper

_TEAL_LINE = re.compile(r"<path [^>]*fill: none[^>]*--hub-teal,[^>]*stroke-width: \d")
# The dots of what stands for what would have happened, and its name.
_DOTTED = re.compile(r"<path (?=[^>]*stroke-dasharray)(?=[^>]*--hub-amber-line,)")
_ITS_NAME = re.compile(r"<text (?=[^>]*fill: var\(--hub-amber,)")
_NUMBER_IN_BOLD = re.compile(r"<text (?=[^>]*font-weight: 640[^>]*>[^<]*\d)")
_PART = 'class="answer" '
# What to ask of a drawing without its title, by what its words say that it is.
_ASK = {
    r"\bmap of": "What have these places in common, and in what might they differ?",
    r"histogram|ways to deal|of \d+ lots": (
        "How many lie as far out as the real one? Guess before you count."
    ),
    r"holds? zero|intervals|\bbars\b": (
        "Which of them hold zero? What else do they hold?"
    ),
    r"curves?\b": (
        "What is on either axis? Where would you want to be, and at what cost?"
    ),
    r"\brows\b": "Which row stands apart, and would you have guessed it?",
    r"\blines\b(?! at)": "When do the lines part, and when did they move alike?",
}
_ASK_ANY = "What does one mark stand for, and which one surprises you?"


def can_be_drawn(drawing: str) -> bool:
    """Say whether a drawing has what happened and what stands for what would have.

    Examples
    --------
    >>> can_be_drawn('<path style="fill: none; stroke: var(--hub-teal, #14606e)"/>')
    False
    """
    return bool(_TEAL_LINE.search(drawing) and _DOTTED.search(drawing))


def missing(drawing: str) -> str:
    """Ask for the line that a drawing lacks at first, by its name.

    Examples
    --------
    >>> missing('<text style="fill: var(--hub-amber, #9a5b00)">the mix</text>')
    'Draw the line that is missing: the mix.'
    """
    names = re.findall(rf"(?:{_ITS_NAME.pattern})[^>]*>([^<]*)<", drawing)
    said = " ".join(name.strip() for name in names)
    return f"Draw the line that is missing: {unescape(said) or 'the other one'}."


def ask(words: str) -> str:
    """Say what to ask a class of a drawing, by its unit and alternative text.

    Examples
    --------
    >>> ask("A map of places, each with a dot.")
    'What have these places in common, and in what might they differ?'
    """
    found = (says for kind, says in _ASK.items() if re.search(kind, words, re.I))
    return next(found, _ASK_ANY)


def marked(drawing: str) -> str:
    """Mark what a drawing should not show at first: its second line, what is counted.

    Parameters
    ----------
    drawing : str
        SVG of a figure.

    Examples
    --------
    >>> marked('<text style="font-weight: 640; fill: #000000">9 in 100</text>')
    '<text class="answer" style="font-weight: 640; fill: #000000">9 in 100</text>'
    """
    hidden = [_NUMBER_IN_BOLD]
    if can_be_drawn(drawing):
        hidden += [_DOTTED, _ITS_NAME]
    places = {m.end() for part in hidden for m in part.finditer(drawing)}
    for place in sorted(places, reverse=True):
        drawing = f"{drawing[:place]}{_PART}{drawing[place:]}"
    return drawing


def card(html: str) -> tuple[str, str, str]:
    """Take question and state of a card, and the rest without the fold of all checks.

    Parameters
    ----------
    html : str
        What stands in the card's section.
    """
    question = re.search(r'<h2 class="hub-question">(.*?)</h2>', html, re.S)
    state = re.search(r'<p class="hub-state">.*?<span>(.*?)</span></p>', html, re.S)
    rest = html[question.end() :]
    rest = re.sub(r"<details.*?</details>", "", rest, flags=re.S)
    rest = rest.removesuffix("</div>")  # of what stood above the fold
    rest = re.sub(r'<svg class="hub-narrow".*?</svg>', "", rest, flags=re.S)
    told = state[1] if state else ""
    said = f'<p class="hub-state">{told}</p>' if told else ""
    return question[1], told, f'<div class="answer hub-card">{said}{rest}</div>'


def cards(csv: str, unit: str) -> str:
    """Write the estimates of a lot as cards to cut out, if they go on a sheet.

    Parameters
    ----------
    csv : str
        What the figure of a lot offers as its data.
    unit : str
        HTML above the cards.
    """
    table = pd.read_csv(StringIO(csv), index_col=0)
    if list(table.columns) != ["estimate"] or not 2 < len(table) <= MOST_CARDS:
        return ""
    # The real one comes first, see `Lot.distribution`.
    made = "".join(
        f"<li><b>{escape(number_text(value, 1, sign=True))}</b> "
        f"<small>{number}</small></li>"
        for number, value in enumerate(table["estimate"], 1)
    )
    return (
        f'<section class="cards">\n<h2>The lot, to deal</h2>\n<p class="unit">{unit} '
        "Cut out and deal. The card with the number 1 is the real one.</p>\n"
        f"<ol>{made}</ol>\n</section>"
    )
