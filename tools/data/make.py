"""Make the tables of ``data/`` from their raw extracts.

Usage: python -m tools.data.make [--check] [DATASET ...]

Each dataset has a script, ``data/<dataset>/make_<dataset>.py``, with a function
``tables(raw)`` that gives its tables by name and asserts what they must add up to.
``--check`` writes nothing and says which tables would come out otherwise.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from hubanalysis.datasets.rehash import rehash
from tools.data.raw import Raw, as_bytes

DATA = Path(__file__).parents[2] / "data"


def script(folder: Path) -> Path:
    """Where the script of a dataset lies.

    Examples
    --------
    >>> script(Path("data/plan-template")).name
    'make_plan_template.py'
    """
    return folder / f"make_{folder.name.replace('-', '_')}.py"


def made(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each table that the folder's script makes."""
    path = script(folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, table in module.tables(Raw(folder)).items():
        yield name, as_bytes(table)


def differences(folder: Path) -> list[str]:
    """Tables whose script does not give the bytes that the descriptor names."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    hashes = {r["name"]: r["hash"] for r in package["resources"]}
    return [
        name
        for name, content in made(folder)
        if hashes.get(name) != f"sha256:{hashlib.sha256(content).hexdigest()}"
    ]


def main(arguments: list[str]) -> int:
    """Make, or check, the datasets named; all of them where none is."""
    names = [a for a in arguments if a != "--check"]
    folders = [DATA / n for n in names] or sorted(f.parent for f in every_script())
    failed = False
    for folder in folders:
        if not script(folder).exists():
            known = ", ".join(f.parent.name for f in every_script())
            print(
                f"{folder.name} has no script {script(folder).name}; these datasets "
                f"have one: {known}",
                file=sys.stderr,
            )
            return 2
        if "--check" in arguments:
            wrong = differences(folder)
            failed |= bool(wrong)
            print(f"{folder.name}: {', '.join(wrong) or 'as made'}")
            continue
        # All are made, and so checked, before the first is written.
        for name, content in dict(made(folder)).items():
            (folder / f"{name}.csv").write_bytes(content)
        print(f"{folder.name}: {', '.join(rehash(folder)) or 'nothing changed'}")
    return int(failed)


def every_script() -> list[Path]:
    """All scripts that make a dataset."""
    return sorted(f for f in DATA.glob("*/make_*.py") if f == script(f.parent))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
