"""Run notebooks as somebody does who has the installed library and nothing else.

Run by ``make test-editions`` as a script, in an environment that holds the wheel,
nbclient and a kernel: each notebook in an empty folder of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

CELL_TIMEOUT = 600  # seconds
ROOT = Path(__file__).resolve().parents[2]


def run(path: Path) -> str:
    """Run one notebook in an empty folder.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    str
        What went wrong; empty if nothing did. Words on stderr are a fault too.
    """
    notebook = nbformat.read(path, 4)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError) as error:
            return str(error)
        if left := sorted(p.name for p in Path(folder).iterdir()):
            return f"it leaves files behind: {', '.join(left)}"
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                return f"cell {number} writes to stderr: {output.text}"
    return ""


def run_all(paths: Sequence[Path]) -> list[Path]:
    """Run notebooks, two at a time, a line for each, and return those that failed."""
    failed = []

    def one(path: Path) -> tuple[Path, str, float]:
        start = time.perf_counter()
        return path, run(path), time.perf_counter() - start

    with ThreadPoolExecutor(2) as pool:
        for path, fault, seconds in pool.map(one, paths):
            name = f"{path.parent.name}/{path.stem}"
            print(f"  {name:<50} {fault or f'{seconds:.1f} s'}", flush=True)
            if fault:
                failed.append(path)
    return failed


def main() -> None:
    """Run all notebooks below a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    import hubanalysis

    if (ROOT / "src") in Path(hubanalysis.__file__).resolve().parents:
        raise SystemExit("Here the library is the repository's own; install its wheel.")
    paths = sorted(folder.rglob("*.ipynb"))
    if not paths:
        raise SystemExit(f"There is no notebook in {folder}: run make editions first.")
    if failed := run_all(paths):
        raise SystemExit(f"{len(failed)} of {len(paths)} notebooks failed.")
    print(f"{len(paths)} notebooks ran, each in an empty folder.", file=sys.stdout)


if __name__ == "__main__":
    main()
