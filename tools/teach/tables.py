"""The tables of the page for instructors, told from the chapters."""

from __future__ import annotations

import re
from functools import cache

from tools.book.chapters import ROOT, pages
from tools.book.source import as_notebook
from tools.teach.minutes import Section, sections

# What each chapter with exercises takes for granted. A test looks whether it says so.
NEEDS = {
    "hubs": (),
    "how-to-tell": (),
    "norwegian-tourism-cluster": ("how-to-tell",),
    "yozma": ("how-to-tell",),
    "k-semiconductor-belt": ("how-to-tell",),
    "hangzhou-pilot-zone": ("how-to-tell",),
    "build-back-better": ("how-to-tell",),
    "comparing-cases": ("how-to-tell", "norwegian-tourism-cluster"),
    "comparative-advantage": (),
    "designing-evaluations": ("how-to-tell", "build-back-better"),
    "your-own-hub": ("how-to-tell", "designing-evaluations"),
    "methods": (),
}
# Chapters that have a plan, as the contents order them.
CASES = tuple(
    page.stem for page in pages() if (ROOT / f"data/{page.stem}/plan.toml").is_file()
)
# What heads the column of a case, where its title is too long for one.
SHORT = {
    "norwegian-tourism-cluster": "Western Norway",
    "yozma": "Yozma",
    "k-semiconductor-belt": "Korea",
    "hangzhou-pilot-zone": "Hangzhou",
    "build-back-better": "Build Back Better",
}
OWN = "Parts that not all have, such as *The closing*"


@cache
def measured(name: str) -> tuple[Section, ...]:
    """Measure the sections of a chapter."""
    path = ROOT / "chapters" / f"{name}.md"
    return tuple(sections(as_notebook(path.read_text("utf8"), path)))


def title(name: str) -> str:
    """Give the title of a chapter.

    Examples
    --------
    >>> title("hubs")
    'What a hub is'
    """
    text = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1]


def minutes(name: str) -> tuple[int, int]:
    """Tell how many minutes a chapter takes to read, and how many its exercises."""
    found = measured(name)
    reading = sum(section.reading for section in found)
    return round(reading), sum(section.exercises for section in found)


def takes(name: str) -> str:
    """Say in a chapter how long it takes, as the table says it.

    Examples
    --------
    >>> takes("hubs").partition(" and ")[2]
    '30 for its exercises'
    """
    return "{} minutes to read and {} for its exercises".format(*minutes(name))


def chapters_table() -> str:
    """Write which chapter needs which, and how long each takes, in Markdown."""
    lines = [
        "| chapter | read before it | minutes to read | for its exercises |",
        "|---|---|---:|---:|",
    ]
    for name, needs in NEEDS.items():
        before = ", ".join(title(need) for need in needs) or "nothing"
        reading, exercises = minutes(name)
        lines.append(
            f"| [{title(name)}]({name}.md) | {before} | {reading} | {exercises} |"
        )
    return "\n".join(lines)


def step(name: str) -> int:
    """Count the chapters on the longest way to one.

    Examples
    --------
    >>> step("how-to-tell"), step("your-own-hub")
    (0, 3)
    """
    return max((1 + step(need) for need in NEEDS[name]), default=0)


def graph() -> str:
    """Draw which chapter opens the way to which, as a list in Markdown.

    A style sheet makes columns of its steps, with arrows between them.

    Examples
    --------
    >>> graph().splitlines()[1:3]
    ['1. Nothing before', '   - [What a hub is](hubs.md)']
    """
    lines = ["{.steps}"]
    last = max(map(step, NEEDS))
    for number in range(last + 1):
        head = ("Nothing before", "Then", "Then", "Last")[number]
        lines.append(f"{number + 1}. {head}")
        for name in filter(lambda name: step(name) == number, NEEDS):
            # What they need is needed too, and not said again.
            near = [
                n for n in NEEDS[name] if not any(n in NEEDS[m] for m in NEEDS[name])
            ]
            after = " and ".join(title(need) for need in near)
            lines.append(
                f"   - [{title(name)}]({name}.md)" + f" after *{after}*" * bool(after)
            )
    return "\n".join(lines)


def sections_table() -> str:
    """Write the minutes of the parts of all cases, in Markdown.

    Parts that only one or some have are added up in a row of their own.
    """
    cases = [measured(name) for name in CASES]
    parts = [section.title for section in cases[0]]
    shared = [p for p in parts if all(p in [s.title for s in case] for case in cases)]
    lines = [
        f"| part | {' | '.join(SHORT.get(n) or title(n) for n in CASES)} |",
        "|---|" + len(CASES) * "---:|",
    ]
    for part in shared:
        spent = []
        for case in cases:
            [section] = [s for s in case if s.title == part]
            spent.append(round(section.reading + section.exercises))
        name = part or "Opening and card"
        if any(spent):
            cells = " | ".join(str(m or "under 1") for m in spent)
            lines.append(f"| {name} | {cells} |")
    own = [
        round(sum(s.reading + s.exercises for s in case if s.title not in shared))
        for case in cases
    ]
    lines.append(f"| {OWN} | {' | '.join(str(m or '') for m in own)} |")
    return "\n".join(lines)


def substitutions() -> dict[str, str]:
    """Give tables, and how long chapters take, by the names that pages ask for.

    Examples
    --------
    >>> substitutions()["takes_how_to_tell"] == takes("how-to-tell")
    True
    """
    return {
        **{f"takes_{name.replace('-', '_')}": takes(name) for name in NEEDS},
        "teaching_chapters": chapters_table(),
        "teaching_graph": graph(),
        "teaching_sections": sections_table(),
    }
