"""Build the book twice from nothing, as two people would, and compare every file.

Run as ``python -m tools.book.reproduce``. The second build has another folder, another
time zone, another language, another order of hashes and, where there is a C compiler,
a clock that is forty days ahead. Both are told to run one thread for each kernel, as
every build is. It takes twice as long as a build, so it is run once a week and before a
release, and not on every change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.book.chapters import ROOT

# What two people may have set, none of which may reach a page.
SETTINGS = {
    "first": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    "second folder": {
        "PYTHONHASHSEED": "77",
        "TZ": "America/St_Johns",
        "LC_ALL": "nb_NO.UTF-8",
        "LANG": "nb_NO.UTF-8",
    },
}
BUILD = (
    "import sys; from pathlib import Path; from tools.book.build import build; "
    "build(output=Path(sys.argv[1]), force=True)"
)
# Sphinx writes a hash of its own settings, among them the folder of the cache.
MAY_DIFFER = {".buildinfo"}


def hashes(site: Path) -> dict[str, str]:
    """Map each file of a site to the hash of its content."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name not in MAY_DIFFER
    }


def another_day(folder: Path) -> dict[str, str]:
    """Settings under which a process, and all that it starts, takes it for later.

    A library of thirty lines stands before the system's. Programs that do this for all
    clocks stop those that Jupyter waits by; this one moves the clock on the wall alone.

    Parameters
    ----------
    folder : Path
        Where the library is compiled.

    Returns
    -------
    dict
        Empty, with a word on why, where there is no C compiler or no Linux.
    """
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        print("No C compiler on Linux: both builds have today's date.")
        return {}
    library = folder / "later.so"
    source = Path(__file__).with_name("later.c")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],
        check=True,
    )
    return {"LD_PRELOAD": str(library)}


def built(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Build into a folder, in a process with these settings; the hashes of its files.

    Raises
    ------
    SystemExit
        If the build fails; it has said why.
    """
    made = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=ROOT,
        env=os.environ | settings,
        check=False,
    )
    if made.returncode:
        raise SystemExit("The book was not built, so there is nothing to compare.")
    return hashes(folder / "html")


def differing(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Files that are not the same, or are in one of the two only."""
    both = first.keys() | second.keys()
    return sorted(path for path in both if first.get(path) != second.get(path))


def main() -> None:
    """Build twice, compare, and fail if a file differs."""
    with tempfile.TemporaryDirectory() as name:
        later = {"second folder": another_day(Path(name))}
        first, second = (
            built(Path(name) / folder, settings | later.get(folder, {}))
            for folder, settings in SETTINGS.items()
        )
    if found := differing(first, second):
        raise SystemExit("These files differ:\n  " + "\n  ".join(found))
    print(f"Two builds, {len(first)} files, all the same.")


if __name__ == "__main__":
    main()
