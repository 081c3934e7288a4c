"""Tests of a module, run on the module and on changed copies of it.

A changed copy never touches the disk: each run is a fork of this process, in which the
module is compiled from the text at hand. So importing numpy and pandas costs nothing,
and whatever a change breaks ends with its process. It takes a system that can fork.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import os
import pickle
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tools.mutants.change import Mutant

# Seconds of processor time: a test that takes longer is left out, and so are those
# beyond the quickest that together take this long.
SLOW, TOGETHER = 3.0, 8.0


class TooSlow(BaseException):
    """A test has used up its time; hypothesis lets it pass, as it is no Exception."""


@dataclass(frozen=True)
class Timed:
    """A test: how long it takes, and which lines of the module it reaches."""

    name: str
    seconds: float
    lines: frozenset[int]


@dataclass(frozen=True)
class Trial:
    """The tests of a module, and what they reach.

    Parameters
    ----------
    name, path : str, pathlib.Path
        Of the module.
    files : tuple of str
        Of its tests.
    tests : tuple of Timed
        The quick ones, quickest first.
    slow : int
        Number of tests left out.
    always : frozenset of int
        Lines that run as the module is imported, for all tests.
    """

    name: str
    path: Path
    files: tuple[str, ...]
    tests: tuple[Timed, ...]
    slow: int
    always: frozenset[int]

    def notices(self, mutant: Mutant) -> bool:
        """Whether a test fails once the module has this change in it."""
        lines = _statement(self.path.read_text(encoding="utf-8"), mutant.line)
        tests = self.tests
        if not lines & self.always:
            tests = tuple(t for t in tests if lines & t.lines)
        chosen, total = [], 0.0
        for test in tests:
            total += test.seconds
            if total <= TOGETHER:
                chosen.append(test)
        if not chosen:
            return False
        run = _Chosen({t.name: t.seconds for t in chosen})
        code = _forked(lambda: _pytest(self, run, mutant.code))
        if code == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise RuntimeError(f"no test of {self.name} was run")
        return code != pytest.ExitCode.OK


def prepare(name: str, path: Path, files: list[str]) -> Trial:
    """Run a module's tests once as it is, with their times and what they reach.

    Raises
    ------
    RuntimeError
        If a test fails already.
    """
    empty = Trial(name, path, tuple(files), (), 0, frozenset())
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "found")

        def measure() -> int:
            run = _Measured(path)
            code = _pytest(empty, run, path.read_text(encoding="utf-8"))
            found.write_bytes(pickle.dumps((run.failed, *run.result())))
            return code

        _forked(measure)
        failed, tests, slow, always = pickle.loads(found.read_bytes())
    if failed or not tests:
        told = ", ".join(failed or files)
        raise RuntimeError(f"tests of {name} fail before anything is changed: {told}")
    return Trial(name, path, tuple(files), tests, slow, always)


class _Timer:
    """A test fails when its time is up."""

    limits: dict[str, float]

    def pytest_sessionstart(self) -> None:
        # After tests/conftest.py: a failing example need not be made small.
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(phases=phases))
        settings.load_profile("mutants")

        def up(*_) -> None:
            raise TooSlow

        signal.signal(signal.SIGPROF, up)

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


class _Chosen(_Timer):
    """Runs chosen tests in their order."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list) -> None:
        by_name = {item.nodeid: item for item in items}
        items[:] = [by_name[name] for name in self.seconds if name in by_name]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item) -> Iterator[None]:
        with self.limit(1 + 5 * self.seconds[item.nodeid]):
            yield


class _Measured(_Timer):
    """Times all tests and traces which lines they reach."""

    def __init__(self, path: Path) -> None:
        from coverage import Coverage

        self.path, self.failed = path, []
        self.times: dict[str, float] = {}
        self.slow: set[str] = set()
        self.trace = Coverage(data_file=None, include=[str(path)], config_file=False)
        self.trace.start()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item) -> Iterator[None]:
        self.trace.switch_context(item.nodeid)
        began = time.process_time()
        yield
        self.times[item.nodeid] = time.process_time() - began

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        with self.limit(SLOW):
            yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        with self.limit(SLOW):
            yield

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed and "TooSlow" in report.longreprtext:
            self.slow.add(report.nodeid)
        elif report.failed:
            self.failed.append(report.nodeid)

    def result(self) -> tuple[tuple[Timed, ...], int, frozenset[int]]:
        self.trace.stop()
        reached = self.trace.get_data().contexts_by_lineno(str(self.path))
        tests = [
            Timed(name, took, frozenset(n for n in reached if name in reached[n]))
            for name, took in sorted(self.times.items(), key=lambda t: t[1])
            if name not in self.slow
        ]
        always = frozenset(n for n in reached if "" in reached[n])
        return tuple(tests), len(self.slow), always


def _pytest(trial: Trial, plugin: _Timer, code: str) -> int:
    """Run tests in this process, with the module made from this text."""

    class Loader(SourceFileLoader):
        def get_code(self, fullname: str):
            return compile(code, str(trial.path), "exec")

    class Finder:
        def find_spec(self, fullname: str, *_):
            if fullname == trial.name:
                return importlib.util.spec_from_file_location(
                    fullname, trial.path, loader=Loader(fullname, str(trial.path))
                )
            return None

    sys.meta_path.insert(0, Finder())
    sys.dont_write_bytecode = True
    bare = ("cacheprovider", "doctest", "junitxml", "terminal", "logging")
    options = ["-x", *(f"-pno:{name}" for name in bare), "-oaddopts="]
    options += ["--import-mode=importlib", "--assert=plain", *trial.files]
    if isinstance(plugin, _Measured):
        options.remove("-x")
    return int(pytest.main(options, plugins=[plugin]))


def _forked(call: Callable[[], int]) -> int:
    """Exit code of a call in a process of its own; 99 if it ends otherwise."""
    import resource  # not on Windows

    sys.stdout.flush()
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 99
    code = 98
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1), os.dup2(silent, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
        code = call()
    finally:
        os._exit(code)


def _statement(source: str, line: int) -> frozenset[int]:
    """Lines of the smallest statement around one; of a block, those of its head."""
    around = [
        (node.lineno, _last(node))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= _last(node)
    ]
    first, last = max(around, default=(line, line))
    return frozenset(range(first, last + 1))


def _last(node: ast.stmt) -> int:
    body = getattr(node, "body", None)
    return body[0].lineno - 1 if body else node.end_lineno
