"""Write the chapters as notebooks: for readers, for students, for instructors.

Run as ``python -m tools.book.editions``. Writes to ``_build/editions``, one folder for
each edition. Numbers in sentences come from the executed chapters; what is not in the
cache is executed first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.execute import execute, open_cache, set_up_kernels
from tools.book.notebooks import EDITIONS, to_notebook
from tools.book.source import Chapter, ChapterError, chapters

OUTPUT = ROOT / "_build" / "editions"


class EditionError(HubError):
    """A request that cannot be met, in a sentence for whoever made it."""


def named(names: Iterable[str], root: Path = ROOT) -> list[Path]:
    """Find chapters by name, in the order in which they are asked for.

    Parameters
    ----------
    names : iterable of str
        As in ``norwegian-tourism-cluster``; all chapters with code if there are none.
    root : Path
        The repository.

    Raises
    ------
    EditionError
        If there is no such chapter; the message lists those there are.
    """
    known = {path.stem: path for path in chapters(root)}
    names = list(dict.fromkeys(names))
    if unknown := [name for name in names if name not in known]:
        raise EditionError(
            f"There is no chapter {' or '.join(map(repr, unknown))}. Nothing was "
            f"written. The chapters with code are: {', '.join(known)}."
        )
    return [known[name] for name in names] or list(known.values())


def executed(paths: Sequence[Path], build: Path = ROOT / "_build") -> list[Chapter]:
    """Give chapters with their outputs, from the cache where they are there.

    Raises
    ------
    EditionError
        If a chapter fails, with its line.
    """
    set_up_kernels(build / "kernels")
    try:
        return execute(paths, open_cache(build / "cache"))
    except ExceptionGroup as group:
        raise EditionError("\n\n".join(map(str, group.exceptions))) from None
    except ChapterError as error:
        raise EditionError(str(error)) from None


def write_editions(
    done: Sequence[Chapter], target: Path, editions: Sequence[str] = EDITIONS
) -> list[Path]:
    """Write notebooks of executed chapters, all or none.

    Parameters
    ----------
    done : sequence of Chapter
        With their outputs.
    target : Path
        A folder, which is replaced as a whole once everything is ready.
    editions : sequence of str
        Each gets a folder.

    Returns
    -------
    list of Path
        The notebooks.

    Raises
    ------
    EditionError
        If a chapter cannot be taken apart, or lacks a number that a sentence asks for.
    """
    made = {}
    for chapter in done:
        for edition in editions:
            try:
                notebook = to_notebook(
                    chapter.notebook, edition, f"chapters/{chapter.path.stem}"
                )
            except (KeyError, ValueError) as error:
                raise EditionError(f"{chapter.path.name}: {error.args[0]}") from None
            made[Path(edition, f"{chapter.path.stem}.ipynb")] = notebook
    with replaced(target) as fresh:
        for path, notebook in made.items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, fresh / path)
    return [target / path for path in made]


def main() -> None:
    """Write all editions of all chapters, or of those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="all of them if none is named")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    try:
        written = write_editions(executed(named(given.chapters)), given.output)
    except HubError as error:
        raise SystemExit(str(error)) from None
    print(f"{len(written)} notebooks written to {given.output}")


if __name__ == "__main__":
    main()
