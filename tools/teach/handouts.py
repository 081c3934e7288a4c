"""Pack what a course hands out, so that nobody who teaches need build the book.

Run by ``make handouts``, after the book was built and printed. Writes one zip for each
kind of thing to ``_build/handouts``; a release attaches them.
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.editions import EditionError, executed, named, write_editions
from tools.book.source import Chapter
from tools.release import RELEASE, REPOSITORY
from tools.teach import assign, quiz
from tools.teach.tables import NEEDS

OUTPUT = ROOT / "_build" / "handouts"
SLIDES = ROOT / "_build" / "html" / "slides"
EDITIONS = ("student", "instructor")
WHEN = (1980, 1, 1, 0, 0, 0)  # the same chapters give the same bytes
NAMES = (
    *(f"{edition}-notebooks.zip" for edition in EDITIONS),
    "assignments.zip",
    "quizzes.zip",
    "slides.zip",
)
# Where each of them lies once the release is out.
ADDRESSES = {name: f"{REPOSITORY}/releases/download/{RELEASE}/{name}" for name in NAMES}


def pack(done: Sequence[Chapter], slides: Path, target: Path) -> list[Path]:
    """Write all zips into a folder, which is replaced once all are ready.

    Parameters
    ----------
    done : sequence of Chapter
        Executed.
    slides : Path
        The folder with slides, and with what was printed of them.
    target : Path
        The folder.

    Raises
    ------
    EditionError
        If there are no slides, or a chapter cannot be taken apart.
    """
    decks = files_of(slides) if slides.is_dir() else {}
    if not any(name.endswith("-sheets.pdf") for name in decks):
        raise EditionError(
            f"There are no printed slides in {slides}: run make pdf first. Nothing was "
            "written."
        )
    with TemporaryDirectory() as scratch, replaced(target) as fresh:
        fresh.mkdir(parents=True)
        beside = Path(scratch)
        write_editions(done, beside / "editions", EDITIONS)
        for edition in EDITIONS:
            notebooks = files_of(beside / "editions" / edition)
            archive(fresh / f"{edition}-notebooks.zip", notebooks)
        asking = [chapter for chapter in done if chapter.path.stem in NEEDS]
        assign.pack(asking, fresh / "assignments.zip")
        quiz.write(quiz.made(done), beside / "quizzes")
        archive(fresh / "quizzes.zip", files_of(beside / "quizzes"))
        archive(fresh / "slides.zip", decks)
    return sorted(target.iterdir())


def files_of(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder by name."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


def archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a zip, in the order of their names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)


def main() -> None:
    """Pack everything."""
    parser = argparse.ArgumentParser(
        prog="make handouts", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--slides", type=Path, default=SLIDES)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    try:
        written = pack(executed(named([])), given.slides, given.output)
    except HubError as error:
        raise SystemExit(str(error)) from None
    for path in written:
        print(f"  {path.name:<28}{path.stat().st_size / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
