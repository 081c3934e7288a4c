"""Open copies of the chapters as notebooks in JupyterLab.

Run as ``python -m tools.book.lab``. The copies lie in ``notebooks/``, outside git, and
saving them changes no source. One that somebody has changed is kept; all others are
renewed with the chapters.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.editions import executed, named, write_editions

COPIES = ROOT / "notebooks"
RECORD = ".copied.json"


def copy(notebooks: Sequence[Path], target: Path) -> list[Path]:
    """Copy notebooks, but not over what somebody has changed.

    Parameters
    ----------
    notebooks : sequence of Path
        The editions.
    target : Path
        The folder of the copies.

    Returns
    -------
    list of Path
        Copies that were kept because they had been changed since they were made.
    """
    target.mkdir(parents=True, exist_ok=True)
    record = target / RECORD
    made = json.loads(record.read_text("utf8")) if record.is_file() else {}
    kept = []
    for notebook in notebooks:
        there = target / notebook.name
        if there.is_file() and _hash(there) != made.get(there.name):
            kept.append(there)
            continue
        there.write_bytes(notebook.read_bytes())
        made[there.name] = _hash(there)
    record.write_text(json.dumps(made, indent=2) + "\n", "utf8")
    return kept


def command(folder: Path, port: int | None = None) -> list[str]:
    """Give the command that opens JupyterLab on a folder.

    Parameters
    ----------
    folder : Path
        What it shows.
    port : int, optional
        Its own choice if absent.
    """
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if port is not None:
        words += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if getattr(os, "geteuid", lambda: 1)() == 0:  # as in a container
        words.append("--allow-root")
    return words


def settle(prefix: Path = Path(sys.prefix)) -> None:
    """Let JupyterLab ask no other host: no news, no look for a newer version.

    Parameters
    ----------
    prefix : Path
        The environment, into which alone this writes.
    """
    folder = prefix / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "@jupyterlab/apputils-extension:notification": {
            "checkForUpdates": False,
            "fetchNews": "false",
        },
    }
    text = json.dumps(settings, indent=2) + "\n"
    (folder / "overrides.json").write_text(text, "utf8")


def port_number(text: str) -> int:
    """Read the number of a port.

    Examples
    --------
    >>> port_number("8890")
    8890
    """
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port: a number from 1 to 65535, as in PORT=8890"
        )
    return int(text)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Make the copies and open them."""
    parser = argparse.ArgumentParser(
        prog="make lab", description=__doc__.splitlines()[0]
    )
    parser.add_argument("chapters", nargs="*", help="all of them if none is named")
    parser.add_argument("--port", type=port_number)
    parser.add_argument("--copy-only", action="store_true", help="do not open them")
    given = parser.parse_args()
    try:
        chapters = executed(named(given.chapters))
        made = write_editions(chapters, ROOT / "_build" / "lab", ["reader"])
    except HubError as error:
        raise SystemExit(str(error)) from None
    for path in copy(made, COPIES):
        print(f"  {path.name} was changed and is kept; remove it to get it anew.")
    print(f"The notebooks are copies: {COPIES}", flush=True)
    settle()
    if not given.copy_only:
        words = command(COPIES, given.port)
        os.execv(words[0], words)


if __name__ == "__main__":
    main()
