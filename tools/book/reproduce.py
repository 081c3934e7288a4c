"""Build the book twice from nothing and compare every file.

Run as ``python -m tools.book.reproduce``. It takes twice as long as a build, so it is
run by hand before a release and not on every change.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from tools.book.build import build

# Sphinx writes a hash of its own settings, among them the folder of the cache.
MAY_DIFFER = {".buildinfo"}


def hashes(site: Path) -> dict[str, str]:
    """Map each file of a site to the hash of its content."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name not in MAY_DIFFER
    }


def main() -> None:
    """Build twice, compare, and fail if a file differs."""
    with tempfile.TemporaryDirectory() as name:
        first, second = (
            hashes(build(output=Path(name) / turn, force=True).parent)
            for turn in ("first", "second")
        )
    differing = sorted(
        path
        for path in first.keys() | second.keys()
        if first.get(path) != second.get(path)
    )
    if differing:
        raise SystemExit("These files differ:\n  " + "\n  ".join(differing))
    print(f"Two builds, {len(first)} files, all the same.")


if __name__ == "__main__":
    main()
