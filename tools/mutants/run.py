"""Change the library a little, many times over, and see whether a test notices.

Usage: python -m tools.mutants.run [--sample N] [MODULE ...]

``modules.toml`` names the modules and their tests; MODULE is one of them, such as
inference/lot. All are run by default. A change that no test notices is a survivor: a
better test kills it, or ``equivalent.toml`` says why it changes nothing that can be
seen; where it gives no ``becomes``, that holds of every change of the line, and none is
tried.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tools.mutants.change import Mutant, mutants
from tools.mutants.trial import Trial, prepare

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLE = 12
# The share that must be killed of those that are not equivalent.
ENOUGH = 0.9
# Imported before anything is forked.
HEAVY = (
    *("numpy", "pandas", "scipy.optimize", "scipy.stats", "joblib", "tqdm", "pytest"),
    *("statsmodels.api", "linearmodels", "matplotlib.pyplot", "hypothesis", "jinja2"),
)


@dataclass
class Count:
    """What became of a module's mutants.

    Parameters
    ----------
    module : str
    made, tried, killed, equivalent : int
        All changes that could be made; those that were tried; of these the noticed, and
        those that `equivalent.toml` names.
    left : list of Mutant
        The others.
    stale : list of str
        Lines that `equivalent.toml` names and the module has no more, or that a test
        does notice.
    """

    module: str
    made: int = 0
    tried: int = 0
    killed: int = 0
    equivalent: int = 0
    left: list[Mutant] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """One line of the table."""
        numbers = (self.made, self.tried, self.killed, self.equivalent, len(self.left))
        return f"{self.module:36}" + "".join(f"{n:>8}" for n in numbers)


HEAD = f"{'module':36}" + "".join(
    f"{word:>8}" for word in ("mutants", "tried", "killed", "equal", "left")
)


def try_all(
    module: str, trial: Trial, most: int, equal: set[tuple[str, str | None]]
) -> Count:
    """Try a sample of a module's mutants.

    Parameters
    ----------
    module : str
    trial : Trial
    most : int
        How many are drawn.
    equal : set of tuple
        Lines as they were and as they become where that changes nothing; None for
        whatever they become.
    """
    source = trial.path.read_text(encoding="utf-8")
    found, made = mutants(source, most)
    count = Count(module, made)
    lines = {" ".join(line.split()) for line in source.splitlines()}
    count.stale = [was for was, _ in equal if was not in lines]
    for mutant in found:
        count.tried += 1
        change = (mutant.was, mutant.becomes)
        if (mutant.was, None) in equal:
            count.equivalent += 1
        elif trial.notices(mutant):
            count.killed += 1
            if change in equal:
                count.stale.append(" -> ".join(change))
        elif change in equal:
            count.equivalent += 1
        else:
            count.left.append(mutant)
    return count


def read(name: str) -> dict:
    """One of the files beside this one."""
    return tomllib.loads(Path(HERE, name).read_text(encoding="utf-8"))


def main(given: list[str] | None = None) -> int:
    """Run the command; 1 if too few are killed, or survivors have no name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=SAMPLE, help="of each module")
    parser.add_argument("modules", nargs="*")
    options = parser.parse_args(given)
    tests, equal = read("modules.toml"), read("equivalent.toml")
    if strange := [m for m in (*options.modules, *equal) if m not in tests]:
        parser.error(f"modules.toml does not name {', '.join(strange)}")
    # One thread, so that a fork is whole, and no plugins that are not asked for.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.environ |= {"TQDM_DISABLE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    for name in HEAVY:
        importlib.import_module(name)
    gc.freeze()
    print(HEAD)
    counts = []
    for module in options.modules or tests:
        path = ROOT / "src/hubanalysis" / f"{module}.py"
        trial = prepare(f"hubanalysis.{module.replace('/', '.')}", path, tests[module])
        named = {(e["was"], e.get("becomes")) for e in equal.get(module, [])}
        counts.append(count := try_all(module, trial, options.sample, named))
        print(count, flush=True)
        for mutant in count.left:
            print(f"  {mutant.line}: {mutant.was}\n    -> {mutant.becomes}")
        for line in count.stale:
            print(f"  equivalent.toml names what is gone or noticed: {line}")
    killed = sum(c.killed for c in counts)
    tried = sum(c.tried - c.equivalent for c in counts)
    print(f"{killed} of {tried} that are not equivalent were noticed.")
    wrong = any(c.left or c.stale for c in counts)
    return int(wrong or killed < ENOUGH * tried)


if __name__ == "__main__":
    sys.exit(main())
