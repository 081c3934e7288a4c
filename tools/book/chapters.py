"""Which pages the book has, and a hash of what they are made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parents[2]

# What an executed cell can see besides its own source. A change in any of these
# makes every cached output stale.
CELL_INPUTS = ("data", "src", "requirements.txt", "pyproject.toml")

# What can change a built page besides the chapters.
PAGE_INPUTS = ("_config.yml", "_toc.yml", "references.bib", "assets", "tools")


def pages(root: Path = ROOT) -> list[Path]:
    """List the pages that ``_toc.yml`` names, in reading order."""
    found = [root / f"{name}.md" for name in parse_toc_yaml(root / "_toc.yml")]
    if missing := [path for path in found if not path.is_file()]:
        names = ", ".join(str(path.relative_to(root)) for path in missing)
        raise FileNotFoundError(f"_toc.yml names pages that do not exist: {names}")
    return found


def fingerprint(names: Iterable[str], root: Path = ROOT) -> str:
    """Hash the content of files and folders, whatever their modification times.

    Parameters
    ----------
    names : iterable of str
        Files and folders, relative to `root`. One that is absent counts as empty.
    root : Path
        The repository.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        start = root / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            inner = path.relative_to(root)
            scratch = any(p.startswith((".", "__pycache__")) for p in inner.parts)
            if path.is_file() and not scratch:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{inner.as_posix()} {content}\n".encode())
    return digest.hexdigest()
