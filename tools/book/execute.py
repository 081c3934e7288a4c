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
from dataclasses import replace
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from tqdm import tqdm

from tools.book.chapters import CELL_INPUTS, ROOT, fingerprint
from tools.book.source import Chapter, ChapterError, read

CELL_TIMEOUT = 300  # seconds
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


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


def execute(paths: Sequence[Path], cache: object) -> list[Chapter]:
    """Execute chapters, two at a time, printing a line as each one ends.

    Parameters
    ----------
    paths : sequence of Path
        The chapters.
    cache
        From `open_cache`. Chapters that succeed are kept there.

    Raises
    ------
    ExceptionGroup
        Of one `ChapterError` per chapter that raised or wrote to stderr.
    """
    chapters = {path: read(path) for path in paths}
    errors: list[ChapterError] = []
    with ThreadPoolExecutor(2) as pool:
        jobs = {}
        for path, chapter in chapters.items():
            if (hit := cached(cache, chapter.notebook)) is not None:
                chapters[path] = replace(chapter, notebook=hit)
                print(f"  {path.stem:<40} unchanged", flush=True)
            else:
                jobs[pool.submit(run, chapter)] = path
        # No bar in a log file.
        bar = {"total": len(jobs), "unit": "chapter", "leave": False, "disable": None}
        for job in (waiting := tqdm(as_completed(jobs), **bar)):
            path = jobs[job]
            try:
                seconds = job.result()
            except ChapterError as error:
                errors.append(error)
                waiting.write(f"  {path.stem:<40} failed at line {error.line}")
                continue
            waiting.write(f"  {path.stem:<40} {seconds:.1f} s")
            data = {"execution_seconds": seconds}
            bundle = CacheBundleIn(chapters[path].notebook, str(path), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    if errors:
        raise ExceptionGroup("chapters that failed", errors)
    return list(chapters.values())


def cached(
    cache: object, notebook: nbformat.NotebookNode
) -> nbformat.NotebookNode | None:
    """Return the notebook with its outputs from the cache, None if not there."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    return cache.merge_match_into_notebook(notebook)[1]


def run(chapter: Chapter) -> float:
    """Execute a chapter's notebook in place and return the seconds it took.

    Raises
    ------
    ChapterError
        If a cell raised, took too long, or wrote to stderr.
    """
    start = time.perf_counter()
    client = NotebookClient(
        chapter.notebook,
        timeout=CELL_TIMEOUT,
        # On a busy machine outputs arrive late: a cell that lost some would be wrong.
        iopub_timeout=60,
        raise_on_iopub_timeout=True,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(chapter.path.parent)}},
    )
    try:
        # What the kernel itself prints as it starts is of no use to a reader.
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError) as error:
        raise _located(chapter, error) from None
    seconds = time.perf_counter() - start
    for line, cell in chapter.code:
        for output in cell.outputs:  # a reader should not meet a raw warning
            if output.output_type == "stream" and output.name == "stderr":
                reason = "the cell wrote to stderr"
                raise ChapterError(chapter.path, line, reason, output.text)
    return seconds


def _located(chapter: Chapter, error: Exception) -> ChapterError:
    """Say on which line of the chapter a cell raised, or took too long."""
    late = f"no answer in {CELL_TIMEOUT} s"
    started = chapter.code[0][0]
    for line, cell in chapter.code:
        if cell.execution_count is not None:
            started = line
        for raised in cell.outputs:
            if raised.output_type == "error":
                reason = f"{raised.ename}: {raised.evalue}".splitlines()[0]
                if isinstance(error, CellTimeoutError):
                    reason = late  # and the error is the interrupt that ended it
                frames = _ANSI.sub("", "\n".join(raised.traceback))
                within = rf"Cell In\[{cell.execution_count}\], line (\d+)"
                here = re.findall(within, frames)
                line += int(here[0]) - 1 if here else 0
                return ChapterError(chapter.path, line, reason, frames)
    return ChapterError(chapter.path, started, late, _ANSI.sub("", str(error)))
