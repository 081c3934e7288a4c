"""The first cell fetches the library where it is missing, and says what to do."""

import subprocess
import sys
import tomllib
from importlib import metadata
from types import SimpleNamespace

import pytest

from tools.book.chapters import ROOT
from tools.book.first_cell import FIRST_CELL

RELEASED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"][
    "version"
]


@pytest.fixture
def machine(monkeypatch):
    """A machine whose packages a test decides, and whose pip it records."""
    packages, ran = {}, []

    def version(name):
        if name not in packages:
            raise metadata.PackageNotFoundError(name)
        return packages[name]

    def run(command):
        ran.append(command)
        packages.update(hubanalysis=RELEASED)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(subprocess, "run", run)
    for name in ("numpy", "pandas", "scipy", "matplotlib"):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(__version__="1"))
        packages[name] = "1"
    return SimpleNamespace(
        packages=packages,
        ran=ran,
        colab=lambda: monkeypatch.setitem(sys.modules, "google.colab", object()),
    )


def run():
    exec(compile(FIRST_CELL, "cell", "exec"), {"__name__": "__main__"})


def test_where_the_release_is_installed_it_does_and_says_nothing(machine, capsys):
    machine.packages["hubanalysis"] = RELEASED
    machine.colab()
    run()
    assert machine.ran == []
    assert capsys.readouterr().out == ""


def test_on_colab_it_fetches_the_release_that_the_notebook_is_of(machine):
    machine.colab()
    run()
    [command] = machine.ran
    assert command[-1].endswith(f"/v{RELEASED}/hubanalysis-{RELEASED}-py3-none-any.whl")


def test_on_colab_it_asks_for_a_restart_where_a_loaded_package_is_newer(machine):
    machine.colab()
    machine.packages["numpy"] = "2"
    for _ in range(2):  # as somebody who goes on without it
        with pytest.raises(Exception, match=r"newer numpy.*Restart session") as stop:
            run()
        assert stop.value._render_traceback_() == [str(stop.value)]
    sys.modules["numpy"].__version__ = "2"  # as after the restart
    run()
    assert len(machine.ran) == 1


def test_where_pip_fails_it_says_so(machine, monkeypatch):
    machine.colab()
    monkeypatch.setattr(subprocess, "run", lambda pip: SimpleNamespace(returncode=1))
    with pytest.raises(Exception, match="could not be fetched"):
        run()


def test_elsewhere_it_names_the_line_that_installs(machine):
    with pytest.raises(Exception, match=r"%pip install \"hubanalysis @ https"):
        run()
    assert machine.ran == []


def test_another_version_is_told(machine, capsys):
    machine.packages["hubanalysis"] = "9.9"
    run()
    assert "9.9 is installed: figures may differ" in capsys.readouterr().out
