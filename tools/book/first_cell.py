"""The first cell of every notebook: it sees to it that the library is there."""

from __future__ import annotations

from tools.release import SOURCE, VERSION

FIRST_CELL = f'''\
# @title Run this cell first
# On Colab it fetches the library and its figures, which takes a minute. Elsewhere it
# only looks whether they are there.
import importlib
import subprocess
import sys
from importlib import metadata

VERSION = "{VERSION}"
SOURCE = "{SOURCE}"


class Stop(Exception):
    """End the run with a sentence in the place of a traceback."""

    def _render_traceback_(self):
        return [str(self)]


def version(name):
    """Give the version that is installed, nothing if none is."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


if "google.colab" in sys.modules:
    if version("hubanalysis") != VERSION:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", SOURCE]
        if subprocess.run(pip).returncode:
            raise Stop("The library could not be fetched; pip says why. Try again.")
        importlib.invalidate_caches()
    # Asked whenever this cell is run, in case somebody goes on without the restart.
    loaded = [m for m in ("numpy", "pandas", "scipy", "matplotlib") if m in sys.modules]
    if renewed := [m for m in loaded if sys.modules[m].__version__ != version(m)]:
        raise Stop(
            f"The library is here, with a newer {{' and '.join(renewed)}} than this "
            "session began with. That is no fault. Choose Runtime > Restart session, "
            "then Runtime > Run all; it goes on from here."
        )
if not version("hubanalysis"):
    raise Stop(
        "The library is not installed here. Put this line into a new cell and run it, "
        f'restart the kernel, then run all cells:\\n\\n    %pip install "{{SOURCE}}"'
    )
if version("hubanalysis") != VERSION:
    print(
        f"This notebook was written with version {{VERSION}}, and "
        f"{{version('hubanalysis')}} is installed: figures may differ from sentences."
    )
'''
