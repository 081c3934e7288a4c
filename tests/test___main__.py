"""`python -m hubanalysis` is the command."""

import subprocess
import sys


def test_it_runs_as_a_module():
    told = subprocess.run(
        [sys.executable, "-m", "hubanalysis", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("Usage: hubanalysis")
