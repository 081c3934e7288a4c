"""Make slides of a chapter: a card or a figure each, without its answer and with it.

Run by ``make slides``. Writes to ``_build/slides`` ``<chapter>.html``, one file that
asks no host for anything and fills a screen slide by slide, and prints it where there
is Chromium: ``<chapter>.pdf`` with a slide to a page, ``<chapter>-notes.pdf`` with the
notes below each, and ``<chapter>-sheets.pdf`` to hand out, with drawings that lack a
line and the cards of a lot. The book's build makes the first of these, ``make pdf`` the
others.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from markdown_it import MarkdownIt
from nbformat import NotebookNode
from playwright.sync_api import Browser

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.editions import EditionError, executed, named
from tools.book.identity import Identity, this_build
from tools.book.markdown import SITE, Context, plain_markdown
from tools.book.notebooks import context_of
from tools.book.paper import on_paper, printed, save
from tools.book.pieces import Piece, pieces
from tools.book.source import Chapter, draws
from tools.pages.browser import chromium, new_tab
from tools.release import RELEASE
from tools.teach.steps import LOOK, ask, can_be_drawn, card, cards, marked, missing

OUTPUT = ROOT / "_build" / "slides"
STYLE = Path(__file__).with_suffix(".css")
SCRIPT = Path(__file__).with_suffix(".js")

_FIGURE = re.compile(
    r'<div class="hub-figure" data-name="([\w-]+)"[^>]*>\n'
    r'<p class="hub-heading">(.*?)<br>(.*?)</p>\n'
    r'(?:<hub-.*?)?(?:<div class="hub-drawn">)?'  # in a thing to try
    r'(<svg [^>]*class="hub-wide".*?</svg>).*?'
    r'<p class="hub-source">(.*?)</p>',
    re.DOTALL,
)
_CARD = re.compile(r'<section class="hub-card">(.*?)</section>', re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*“\"])")
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_OPEN_NOTES = """
document.body.className = "with-notes";
for (const notes of document.querySelectorAll("details")) notes.open = true;
"""
_SHEETS = """
document.body.className = "sheets";
document.querySelectorAll("section.first[data-draw], .cards").length;
"""
# What to ask and to say of a card with an interval, and of those that have none.
_CARD_NOTES = (
    "What may one say? Read the interval aloud, its worst end and its best.",
    "Which of the marks lie inside, and what keeps anything from being ruled out.",
)
_NO_INTERVAL = {
    "Not identified": (
        "What was counted, and what would have had to be, where and from when on?",
        "The reasons. This is not *cannot tell*: there chance could explain what is "
        "found, here nothing was counted that could answer.",
    ),
    "Too few places to tell": (
        "How many places are there? How often does the first of so many come first by "
        "chance?",
        "That no size of effect can be ruled out, nor any be seen, and how many places "
        "it would take.",
    ),
}
_KEYS = (
    '<span class="keys"> Keys: arrows; n: notes in a window of their own; p: sheets to '
    "print.</span>"
)


@dataclass(frozen=True)
class Slide:
    """A slide: HTML in its parts.

    Parameters
    ----------
    title : str
        The finding, in plain words.
    body : str
        HTML below it.
    notes : str
        HTML for whoever speaks.
    first : str
        Title of a step before it that lacks the answer; empty if there is none.
    sheet : str
        HTML of a section to hand out; ``draw`` if it is the first step.
    """

    title: str
    body: str
    notes: str = ""
    first: str = ""
    sheet: str = ""


def slides(chapter: Chapter) -> list[Slide]:
    """Make the slides of an executed chapter; nothing of a solution is on them.

    Raises
    ------
    EditionError
        If the chapter has no figure to show.
    """
    name = chapter.path.stem
    context = context_of(chapter.notebook, f"chapters/{name}")
    parts = [part for part in pieces(chapter.notebook) if not part.solves]
    shown = [
        slide
        for number, part in enumerate(parts)
        for output in part.cell.get("outputs", [])
        for slide in _slides_of(output, parts, number, context)
    ]
    if not shown:
        raise EditionError(
            f"The chapter {name!r} has no figures to make slides of. Nothing was "
            "written."
        )
    text = "\n\n".join(p.cell.source for p in parts if p.cell.cell_type == "markdown")
    title, brief = _opening(text)
    origin = f"<footer>{_origin(name)}{_KEYS}</footer>"
    first = Slide(title, origin, _html(brief, context))
    last = Slide("Key ideas", _html(_section(text, "Key ideas"), context))
    return [first, *shown, *([last] if _section(text, "Key ideas") else [])]


def page(title: str, shown: Sequence[Slide]) -> str:
    """Write slides as one page of HTML."""
    parts = []
    for number, slide in enumerate(shown):
        level = "h1" if number == 0 else "h2"
        notes = slide.notes and (
            f"<details><summary>Notes</summary>{slide.notes}</details>"
        )
        step = f' data-first="{escape(slide.first)}"' if slide.first else ""
        step += " data-draw" if slide.sheet == "draw" else ""
        parts.append(
            f'<section id="slide-{number + 1}"{step}>\n<{level}>{escape(slide.title)}'
            f"</{level}>\n{slide.body}\n{notes}\n</section>"
        )
    parts += [slide.sheet for slide in shown if slide.sheet not in ("", "draw")]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: slides</title>\n"
        f"<style>\n{STYLE.read_text('utf8')}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + f"\n<script>\n{SCRIPT.read_text('utf8')}</script>\n</body>\n</html>\n"
    )


def _slides_of(
    output: NotebookNode, parts: Sequence[Piece], number: int, context: Context
) -> Iterator[Slide]:
    """Make the slides of what one cell shows: cards, figures."""
    html = output.get("data", {}).get("text/html", "")
    for found in _CARD.findall(html):
        question, state, body = card(found)
        notes = _asked(*_NO_INTERVAL.get(state, _CARD_NOTES))
        yield Slide(unescape(question), body, notes, unescape(question))
    csv = output.get("metadata", {}).get("hubanalysis", {}).get("csv", "")
    for found in _FIGURE.findall(html):
        yield _figure(found, csv, parts, number, context)


def _figure(
    found: tuple[str, ...],
    csv: str,
    parts: Sequence[Piece],
    number: int,
    context: Context,
) -> Slide:
    name, title, unit, drawing, source = found
    source = source and f"<footer>Source: {source}</footer>"
    body = (
        f'<p class="unit">{unit}</p>\n<div class="drawing">{marked(drawing)}</div>\n'
        f"{source}"
    )
    draws = can_be_drawn(drawing)
    sheet = "draw" if draws else cards(csv, unit) if csv else ""
    seen = re.search(r'aria-label="([^"]*)"', drawing)
    told = unescape(seen[1]) if seen else ""
    question = f"{missing(drawing)} Where does it run?" if draws else ask(unit + told)
    notes = _notes(name, parts, number, context, question, told)
    first = missing(drawing) if draws else LOOK
    return Slide(unescape(title), body, notes, first, sheet)


def _notes(
    label: str,
    parts: Sequence[Piece],
    number: int,
    context: Context,
    question: str,
    seen: str,
) -> str:
    """Write what to ask and to say, then the rest of the text on a figure.

    The text is what names it and what follows it, up to a heading and without what
    leads on to the next; the alternative text where there is none.
    """
    texts = [
        (place, part.cell.source)
        for place, part in enumerate(parts)
        if part.cell.cell_type == "markdown" and part.exercise is None
    ]
    following = next((text for place, text in texts if place > number), "")
    following = re.split(r"^#", following, flags=re.M)[0].strip()
    named = [
        paragraph.strip()
        for _, text in texts
        for paragraph in text.split("\n\n")
        if f"{{numref}}`{label}`" in paragraph
    ]
    told = dict.fromkeys([*named, *following.split("\n\n")])
    told = [text for text in told if text and not text.rstrip().endswith(":")]
    plain = plain_markdown("\n\n".join(told) or seen, context)
    first, *rest = plain.split("\n\n")
    spoken = _SENTENCE.split(first)
    rest = [" ".join(spoken[2:]), *rest]
    begun = _asked(
        f"{question} Take two answers, then show what it says.", " ".join(spoken[:2])
    )
    more = _MARKDOWN.render("\n\n".join(text for text in rest if text))
    return f"{begun}\n{more}".strip()


def _asked(ask: str, say: str) -> str:
    """Begin notes with a question to the class, and with what to say then."""
    return (
        f"<p><strong>Ask:</strong> {ask}</p>\n"
        f"<p><strong>Say:</strong> {_MARKDOWN.renderInline(say)}</p>"
    )


def _html(text: str, context: Context) -> str:
    return _MARKDOWN.render(plain_markdown(text, context)).strip()


def _opening(text: str) -> tuple[str, str]:
    head = re.search(r"^# (.+)$", text, re.MULTILINE)
    brief = re.search(r"^\*\*In brief\.\*\*.*?(?=\n\n|\Z)", text, re.M | re.S)
    return (head[1] if head else ""), (brief[0] if brief else "")


def _section(text: str, title: str) -> str:
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1].strip() if found else ""


def _origin(name: str) -> str:
    address = f"{SITE}/chapters/{name}.html"
    return (
        f'<a href="{address}">Hub analysis</a>, release {RELEASE}. Text and figures: '
        "CC BY 4.0."
    )


def write(done: Sequence[Chapter], target: Path) -> list[Path]:
    """Write slides into a folder, which is replaced once all are ready.

    Parameters
    ----------
    done : sequence of Chapter
        Executed.
    target : Path
        The folder.

    Raises
    ------
    EditionError
        If a chapter has no figures, or cannot be taken apart.
    """
    made = {}
    for chapter in done:
        try:
            shown = slides(chapter)
        except (KeyError, ValueError) as error:
            raise EditionError(f"{chapter.path.name}: {error.args[0]}") from None
        made[f"{chapter.path.stem}.html"] = page(shown[0].title, shown)
    with replaced(target) as fresh:
        fresh.mkdir(parents=True)
        for name, text in made.items():
            (fresh / name).write_text(text, "utf8")
    return sorted(target.iterdir())


def print_slides(browser: Browser, folder: Path, build: Identity) -> Iterator[Path]:
    """Print the slides of a folder, bare, with notes, and sheets; give the files.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    folder : Path
        With slides in HTML.
    build : Identity
        Whose day the files bear.
    """
    tab = new_tab(browser, 1280, 720)
    for path in sorted(folder.glob("*.html")):
        bare = path.with_suffix(".pdf")
        save(printed(tab, path.as_uri()), tab.title(), build, bare)
        yield bare
        tab.evaluate(_OPEN_NOTES)
        target = path.with_name(f"{path.stem}-notes.pdf")
        save(on_paper(tab), f"{tab.title()} with notes", build, target)
        yield target
        if tab.evaluate(_SHEETS):
            target = path.with_name(f"{path.stem}-sheets.pdf")
            save(on_paper(tab), f"{tab.title()}: sheets", build, target)
            yield target
    tab.close()


def main() -> None:
    """Write the slides of the chapters that are named, or of all that draw."""
    parser = argparse.ArgumentParser(
        prog="make slides", description=__doc__.splitlines()[0]
    )
    parser.add_argument("chapters", nargs="*", help="all that draw if none is named")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    try:
        paths = named(given.chapters)
        if not given.chapters:
            paths = [path for path in paths if draws(path)]
        written = write(executed(paths), given.output)
    except HubError as error:
        raise SystemExit(str(error)) from None
    try:
        with chromium() as browser:
            written += print_slides(browser, given.output, this_build())
    except FileNotFoundError as error:
        print(f"There is no PDF beside the slides. {error}.")
    print(f"{len(written)} files written to {given.output}")


if __name__ == "__main__":
    main()
