"""Run the case chapters under the choices that they offer their readers.

Usage: python -m tools.book.variants [CHAPTER ...] [--only CHOICE ...]

A case chapter begins with a call of `Case.change` whose lines are comments: another
outcome, units left out, a window, another estimator. Here each is made in turn, as a
reader would by taking its # away, and the chapter is run from its first cell to its
last. Nothing is kept.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from tools.book.chapters import ROOT
from tools.book.execute import run, set_up_kernels
from tools.book.source import Chapter, ChapterError, read

_CHOICE = re.compile(r"^(\s+)# (\w+)(=.*)$", re.MULTILINE)


def choices(chapter: Chapter) -> list[str]:
    """Names of the choices that a chapter's first call of `change` offers.

    Parameters
    ----------
    chapter : Chapter

    Returns
    -------
    list of str
        Such as outcome, drop, window, main; empty where there is no such call.
    """
    cell = _offer(chapter)
    return [] if cell is None else [m[2] for m in _CHOICE.finditer(cell.source)]


def choose(chapter: Chapter, name: str) -> None:
    """Make one choice in a chapter's notebook, as a reader would.

    Raises
    ------
    ValueError
        If the chapter does not offer it.
    """
    if name not in choices(chapter):
        offered = ", ".join(choices(chapter)) or "none"
        raise ValueError(
            f"{chapter.path.stem} does not offer {name!r}; it offers {offered}."
        )
    cell = _offer(chapter)
    cell.source = _CHOICE.sub(
        lambda m: f"{m[1]}{m[2]}{m[3]}" if m[2] == name else m[0], cell.source
    )


def _offer(chapter: Chapter):
    for _, cell in chapter.code:
        if ".change(" in cell.source and _CHOICE.search(cell.source):
            return cell
    return None


def run_all(paths: list[Path], only: list[str]) -> list[ChapterError]:
    """Run each chapter under each choice (or those named); return what failed."""
    failed = []
    for path in paths:
        for name in choices(read(path)):
            if only and name not in only:
                continue
            chapter = read(path)
            choose(chapter, name)
            try:
                told = f"{run(chapter):.1f} s"
            except ChapterError as error:
                failed.append(error)
                told = f"failed at line {error.line}"
            print(f"  {path.stem:<30} {name:<15} {told}", flush=True)
    return failed


def main() -> None:
    """Run what the command line names, all case chapters by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="names, without folder and .md")
    parser.add_argument("--only", nargs="*", default=[], metavar="CHOICE")
    given = parser.parse_args()
    cases = sorted(folder.parent.name for folder in ROOT.glob("data/*/plan.toml"))
    known = [name for name in cases if (ROOT / f"chapters/{name}.md").is_file()]
    if unknown := set(given.chapters) - set(known):
        raise SystemExit(
            f"no case chapter is called {', '.join(sorted(unknown))}. "
            f"There are: {', '.join(known)}."
        )
    set_up_kernels(ROOT / "_build" / "variants")
    paths = [ROOT / f"chapters/{name}.md" for name in given.chapters or known]
    if failed := run_all(paths, given.only):
        raise SystemExit("\n\n".join(map(str, failed)))


if __name__ == "__main__":
    main()
