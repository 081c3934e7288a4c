"""Execute the chapters in parallel and keep their outputs in the cache.

The stock cache looks at a chapter's code only, so a change in the data or in the
library would leave old figures in the book. Here the whole cache is keyed on a hash
of everything a cell can see, and thrown away when that changes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from tqdm import tqdm

from tools.chapters import CELL_INPUTS, ROOT, Cell, code_cells, fingerprint

CELL_TIMEOUT = 300  # seconds
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class ChapterError(Exception):
    """A chapter that cannot be published: where, what, and the traceback."""

    def __init__(self, path: Path, line: int, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}:{line}: {reason}\n\n{detail}".rstrip())
        self.path, self.line, self.reason = path, line, reason


@dataclass(frozen=True)
class Executed:
    """An executed chapter and the seconds it took (0 when taken from the cache)."""

    path: Path
    notebook: nbformat.NotebookNode
    seconds: float


def open_cache(folder: Path, root: Path = ROOT) -> object:
    """Open the cache of executed chapters, emptied if what cells see has changed.

    Parameters
    ----------
    folder : Path
        Where the cache lives.
    root : Path
        The repository, whose data, library and lock make the key.
    """
    key, key_file = fingerprint(CELL_INPUTS, root), folder / "key.txt"
    if not key_file.is_file() or key_file.read_text("utf8") != key:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        key_file.write_text(key, "utf8")
    return get_cache(folder)


def set_up_kernels(scratch: Path) -> None:
    """Make what kernels compute independent of this user's settings.

    One numeric thread per kernel, because chapters run side by side and because
    sums then add up in the same order everywhere. A fixed date goes into figures
    saved as SVG or PDF.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    for variable in ("IPYTHONDIR", "MPLCONFIGDIR"):
        folder = scratch / variable.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[variable] = str(folder)
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar would land on the page
    os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
    os.environ.pop("MPLBACKEND", None)


def execute(paths: Sequence[Path], cache: object, workers: int = 2) -> list[Executed]:
    """Execute chapters, two at a time, printing a line as each one ends.

    Parameters
    ----------
    paths : sequence of Path
        The chapters.
    cache
        From `open_cache`. Chapters that succeed are kept there.
    workers : int
        How many run at once.

    Raises
    ------
    ExceptionGroup
        Of one `ChapterError` per chapter that raised or wrote to stderr.
    """
    done: dict[Path, Executed] = {}
    errors: list[ChapterError] = []
    with ThreadPoolExecutor(workers) as pool:
        jobs = {}
        for path in paths:
            notebook = read_myst_markdown_notebook(path.read_text("utf8"), path=path)
            cells = _checked_cells(path, notebook)
            if (hit := cached(cache, notebook)) is not None:
                done[path] = Executed(path, hit, 0.0)
                print(f"  {path.stem:<40} unchanged", flush=True)
            else:
                jobs[pool.submit(_run, path, notebook, cells)] = path
        waiting = tqdm(
            as_completed(jobs),
            total=len(jobs),
            unit="chapter",
            leave=False,
            disable=None,  # no bar in a log file
        )
        for job in waiting:
            path = jobs[job]
            try:
                done[path] = job.result()
            except ChapterError as error:
                errors.append(error)
                waiting.write(f"  {path.stem:<40} failed at line {error.line}")
                continue
            waiting.write(f"  {path.stem:<40} {done[path].seconds:.1f} s")
            bundle = CacheBundleIn(
                done[path].notebook,
                str(path),
                data={"execution_seconds": done[path].seconds},
            )
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    if errors:
        raise ExceptionGroup("chapters that failed", errors)
    return [done[path] for path in paths]


def cached(
    cache: object, notebook: nbformat.NotebookNode
) -> nbformat.NotebookNode | None:
    """Return the notebook with its outputs from the cache, None if not there."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    return cache.merge_match_into_notebook(notebook)[1]


def _checked_cells(path: Path, notebook: nbformat.NotebookNode) -> list[Cell]:
    """Pair the cells that will run with their lines in the chapter."""
    cells = list(code_cells(path.read_text("utf8")))
    to_run = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for cell, source in zip(cells, to_run, strict=False):
        if cell.source.strip() != source.strip():
            raise ChapterError(path, cell.line, "the code cell is not read as written")
    if len(cells) != len(to_run):
        raise ChapterError(path, 1, "a code cell is nested or its fence is not closed")
    return cells


def _run(path: Path, notebook: nbformat.NotebookNode, cells: list[Cell]) -> Executed:
    from nbclient import NotebookClient

    start = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # What the kernel itself prints as it starts is of no use to a reader.
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError) as error:
        raise _located(path, notebook, cells, error) from None
    seconds = time.perf_counter() - start
    _refuse_stderr(path, notebook, cells)
    return Executed(path, notebook, seconds)


def _located(path, notebook, cells, error) -> ChapterError:
    """Say on which line of the chapter a cell raised."""
    trace = _ANSI.sub("", str(error))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, written in zip(code, cells, strict=True):
        raised = [out for out in cell.outputs if out.output_type == "error"]
        if raised:
            reason = f"{raised[-1].ename}: {raised[-1].evalue}".splitlines()[0]
            frames = _ANSI.sub("", "\n".join(raised[-1].traceback))
            here = re.findall(rf"Cell In\[{cell.execution_count}\], line (\d+)", frames)
            line = written.line + (int(here[0]) - 1 if here else 0)
            return ChapterError(path, line, reason, frames)
    # A cell that ran out of time has no error output: it is the last one started.
    started = [i for i, cell in enumerate(code) if cell.execution_count is not None]
    line = cells[min(len(started), len(cells) - 1)].line
    return ChapterError(path, line, f"no answer in {CELL_TIMEOUT} s", trace)


def _refuse_stderr(path, notebook, cells) -> None:
    """Refuse a chapter whose code warns: a reader should not meet a raw warning."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, written in zip(code, cells, strict=True):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise ChapterError(
                    path, written.line, "the cell wrote to stderr", output.text
                )
