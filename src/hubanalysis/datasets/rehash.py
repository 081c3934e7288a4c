"""Write each table's size, row count and SHA-256 into its datapackage.json.

Usage: python -m hubanalysis.datasets.rehash data/DATASET [data/DATASET ...]
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pandas as pd


def rehash(folder: Path) -> list[str]:
    """Bring the descriptor of one dataset up to date.

    Parameters
    ----------
    folder : pathlib.Path
        Folder that holds ``datapackage.json``.

    Returns
    -------
    list of str
        Names of the tables that had changed.
    """
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    changed = []
    for resource in descriptor["resources"]:
        table = folder / resource["path"]
        content = table.read_bytes()
        now = {
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "rows": len(pd.read_csv(table, dtype=str, usecols=[0])),
        }
        if any(resource.get(key) != value for key, value in now.items()):
            resource.update(now)
            changed.append(resource["name"])
    if changed:
        text = json.dumps(descriptor, ensure_ascii=False, indent=2)
        file.write_text(f"{text}\n", encoding="utf-8")
    return changed


def main() -> int:
    """Rehash the folders named on the command line."""
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    for name in sys.argv[1:]:
        try:
            changed = rehash(Path(name))
        except FileNotFoundError as error:
            print(f"{error.filename} does not exist", file=sys.stderr)
            return 1
        print(f"{name}: {', '.join(changed) or 'nothing changed'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
