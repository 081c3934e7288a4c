"""Which build of the book this is: release, commit and day."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools.book.chapters import CELL_INPUTS, PAGE_INPUTS, ROOT
from tools.release import VERSION

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
INPUTS = ("chapters", *CELL_INPUTS, *PAGE_INPUTS)


@dataclass(frozen=True)
class Identity:
    """What a page says of the build that it is part of.

    Parameters
    ----------
    release : str
        The version, for instance ``1.0.0``.
    commit : str
        The last commit that touched what pages are made from, empty outside git.
    date : str
        The day of that commit, or of the release outside git.
    changed : bool
        Whether files have changed since that commit.
    """

    release: str
    commit: str
    date: str
    changed: bool

    @property
    def year(self) -> str:
        """The year of the build."""
        return self.date[:4]


def this_build(root: Path = ROOT) -> Identity:
    """Read the identity of the build from git, else from ``CITATION.cff``.

    The clock is not asked, so that two builds of the same files are the same bytes.
    """
    release = VERSION
    if found := _git(root, "log", "-1", "--format=%H %cs", "--", *INPUTS):
        commit, date = found.split()
        changed = bool(_git(root, "status", "--porcelain", "--", *INPUTS))
        return Identity(release, commit, date, changed)
    return Identity(release, "", str(CITATION["date-released"]), False)


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
