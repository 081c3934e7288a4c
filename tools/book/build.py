"""Build the book: execute the chapters, then Sphinx, strictly.

Run as ``python -m tools.book.build``. The pages are built beside the old ones and take
their place only when everything went well, so a failed build changes nothing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from importlib.metadata import version
from pathlib import Path

from tools.book.chapters import CELL_INPUTS, PAGE_INPUTS, ROOT, fingerprint


def refuse_other_jupyter_book() -> None:
    """Refuse any Jupyter Book but the first, whose files this book is written in.

    A newer theme lets pip resolve jupyter-book to 0.6.5, a program of another kind.
    """
    if not (found := version("jupyter-book")).startswith("1."):
        raise SystemExit(
            f"The book needs jupyter-book 1.x, and {found} is installed here. Install "
            "what requirements.txt names, without upgrading the theme."
        )


def inputs_of(root: Path = ROOT) -> str:
    """Hash everything the pages are made from."""
    chapters = sorted(str(p.relative_to(root)) for p in (root / "chapters").rglob("*"))
    return fingerprint([*CELL_INPUTS, *PAGE_INPUTS, *chapters], root)


def build(root: Path = ROOT, output: Path | None = None, force: bool = False) -> Path:
    """Build the book into ``_build/html`` and return its first page.

    Parameters
    ----------
    root : Path
        The repository.
    output : Path, optional
        The folder to build in, ``_build`` of `root` if absent.
    force : bool
        Execute and build even where nothing changed.

    Raises
    ------
    SystemExit
        With a message, when a dataset lacks something, a chapter or Sphinx fails, or
        jupyter-book is not 1.x.
    """
    refuse_other_jupyter_book()
    output = output or root / "_build"
    site, index = output / "html", output / "html" / "index.html"
    inputs = inputs_of(root)
    stamp = site / ".inputs"
    known = stamp.read_text("utf8") if stamp.is_file() else ""
    if known == inputs and index.is_file() and not force:
        print("Nothing has changed since the last build.")
        return index

    # Imported here: it takes two seconds, and an unchanged book does not need it.
    from tools.book.editions import EditionError
    from tools.book.execute import execute, open_cache, set_up_kernels
    from tools.book.figures import write_files
    from tools.book.notebooks import publish
    from tools.book.source import ChapterError, chapters, draws
    from tools.data.faults import every
    from tools.teach import quiz
    from tools.teach.slides import write as write_slides

    # Asked now, for the pages need all of it only minutes later.
    if found := every():
        raise SystemExit("\n".join(["The book was not built.", *found]))
    started = time.perf_counter()
    cache_folder = output / "cache"
    if force:
        shutil.rmtree(cache_folder, ignore_errors=True)
    set_up_kernels(output / "kernels")
    paths = chapters(root)
    print(f"Executing {len(paths)} chapters:", flush=True)
    try:
        executed = execute(paths, open_cache(cache_folder, root))
    except ChapterError as error:
        _fail([error])
    except ExceptionGroup as group:
        _fail(group.exceptions)

    try:
        quiz.made(executed)  # asks whether the numbers bear the questions out
    except EditionError as error:
        raise SystemExit(f"The book was not built: {error}") from None

    print("Building the pages ...", flush=True)
    fresh = output / "unfinished"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _sphinx(root, fresh, cache_folder)
        for chapter in executed:
            source = chapter.path.relative_to(root)
            publish(source, chapter.notebook, fresh / "html")
            write_files(chapter.notebook, fresh / "html")
        drawn = [chapter for chapter in executed if draws(chapter.path)]
        write_slides(drawn, fresh / "html" / "slides")
        (fresh / "html" / ".inputs").write_text(inputs, "utf8")
        (fresh / "html" / ".nojekyll").touch()
        _replace(fresh / "html", site)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    print(f"Built in {time.perf_counter() - started:.0f} s.")
    return index


def _fail(errors) -> None:
    for error in errors:
        print(f"\n{error}", file=sys.stderr)
    places = ", ".join(f"{error.path.name}:{error.line}" for error in errors)
    raise SystemExit(f"\nThe book was not built. To be mended: {places}")


def _sphinx(root: Path, fresh: Path, cache_folder: Path) -> None:
    from jupyter_book.sphinx import build_sphinx
    from sphinx.util.console import nocolor

    if not sys.stderr.isatty():
        nocolor()

    # Always from nothing. A Sphinx build that reuses its last one reports no
    # warning for a page it does not read again, so a second try would pass.
    status = build_sphinx(
        root,
        fresh / "html",
        path_config=root / "_config.yml",
        noconfig=True,
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "nb_execution_cache_path": str(cache_folder),
            "nitpicky": True,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if status != 0:
        raise SystemExit("\nThe book was not built: see the warnings above.")


def _replace(new: Path, old: Path) -> None:
    aside = old.with_name(old.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)


def main() -> None:
    """Run the build from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="forget earlier outputs")
    parser.add_argument("--output", type=Path, help="build here instead of _build")
    arguments = parser.parse_args()
    index = build(output=arguments.output, force=arguments.force)
    print(f"The book is at {index}")


if __name__ == "__main__":
    main()
