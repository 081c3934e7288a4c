"""Put what runs the chapters in a browser under ``live/`` of the built site.

Run as ``python -m tools.live.assemble`` after ``make book`` (``make live``). Each page
with code gets a button; nothing is loaded before it is pressed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup

from tools.book.chapters import ROOT
from tools.book.source import chapters, read
from tools.live.chapters import describe
from tools.live.fetch import CORE, LiveError, fetch, packages_of

STATIC = Path(__file__).parent / "static"
SOURCE_DATE = "1767225600"  # two wheels of the same files are the same
# Where Pyodide's Python looks for modules, and its loader for what these link with.
SITE_PACKAGES = "/lib/python3.12/site-packages"
LIBRARIES = "/usr/lib"
# Only for who compiles against a package, checks types, or reads its manual.
NOT_RUN = (".h", ".pxd", ".pyi", ".pyx")
_HOOK = re.compile(r"<!-- live -->(?:.*?<!-- /live -->)?", re.DOTALL)


def assemble(site: Path, root: Path = ROOT, cache: Path | None = None) -> Path:
    """Make ``live/`` in a built site, and put a button on each page with code.

    Everything is made ready beside the site first: what fails changes nothing.

    Parameters
    ----------
    site : Path
        The folder of the built pages.
    root : Path
        The repository.
    cache : Path, optional
        Where Pyodide is kept, as in `fetch.fetch`.

    Raises
    ------
    LiveError
        If there is no book, it is older than its chapters, or something is missing.
    """
    if not (site / "index.html").is_file():
        raise LiveError(f"There is no book in {site}: run make book first.")
    fresh = site.with_name("live-unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        pages = {}
        (fresh / "chapters").mkdir(parents=True)
        for path in chapters(root):
            page = site / path.relative_to(root).with_suffix(".html")
            text = page.read_text("utf8") if page.is_file() else ""
            if _HOOK.search(text) is None:
                continue  # the first page has no tools
            known = describe(read(path), BeautifulSoup(text, "html.parser"))
            target = fresh / "chapters" / f"{path.stem}.json"
            target.write_text(json.dumps(known, ensure_ascii=False), "utf8")
            pages[page] = _HOOK.sub(lambda _, name=path.stem: button(name), text)
        if not pages:
            raise LiveError("No page has a place for the button: run make book first.")
        kept = fetch(cache)
        put_runtime(kept, fresh / "python")
        with tempfile.TemporaryDirectory() as scratch:
            wheel = build_wheel(root, Path(scratch))
            others = [kept / p["file_name"] for p in packages_of(kept).values()]
            put_packages([*others, wheel], fresh / "python")
        shutil.copytree(STATIC, fresh, dirs_exist_ok=True)
        write_manifest(fresh)
        shutil.rmtree(site / "live", ignore_errors=True)
        fresh.rename(site / "live")
        for page, text in pages.items():
            page.write_text(text, "utf8")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return site / "live"


def button(name: str) -> str:
    """Write the button of a chapter, which a script shows where it can work."""
    return (
        '<!-- live --><button type="button" class="menu-button run-here" hidden '
        f'data-chapter="{name}">Run this chapter here</button>'
        '<script defer src="../live/button.js"></script><!-- /live -->'
    )


def put_runtime(cache: Path, folder: Path) -> None:
    """Copy the core; a lock that names no packages, since they come unpacked."""
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copyfile(cache / name, folder / name)
    # Not every host compresses it on the way; the worker unpacks it.
    core = folder / "pyodide.asm.wasm"
    write_packed(core, core.read_bytes())
    core.unlink()
    lock = json.loads((cache / "pyodide-lock.json").read_text("utf8"))
    text = json.dumps(lock | {"packages": {}})
    (folder / "pyodide-lock.json").write_text(text, "utf8")


def put_packages(archives: list[Path], folder: Path) -> None:
    """Lay all files of all packages one after another, and their names beside them.

    Python would take two seconds at each start to unpack the archives; a browser
    unpacks one file while it loads, keeps it so, and hands out its parts uncopied.

    Parameters
    ----------
    archives : list of Path
        Wheels, and archives of libraries that others are linked with.
    folder : Path
        Gets ``packages.gz`` and ``packages.json``, a list of paths and sizes.
    """
    index, parts = [], []
    for archive in archives:
        for path, content in files_of(archive):
            index.append([path, len(content)])
            parts.append(content)
    write_packed(folder / "packages", b"".join(parts))
    (folder / "packages.json").write_text(json.dumps(index), "utf8")


def files_of(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what of an archive can run, with the path that it has in the browser."""
    place = SITE_PACKAGES if archive.suffix == ".whl" else LIBRARIES
    with zipfile.ZipFile(archive) as members:
        for member in members.infolist():
            name = member.filename
            manual = name.split("/")[0].endswith(".data")
            if not (member.is_dir() or manual or name.endswith(NOT_RUN)):
                yield f"{place}/{name}", members.read(member)


def write_packed(path: Path, content: bytes) -> None:
    """Write a file compressed, under its name and ``.gz``; the same bytes each time."""
    packed = gzip.compress(content, mtime=0)
    path.with_name(f"{path.name}.gz").write_bytes(packed)


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the library with its data, and return the wheel."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
         "--disable-pip-version-check", "--wheel-dir", str(folder), str(root)],
        env=os.environ | {"SOURCE_DATE_EPOCH": SOURCE_DATE},
        capture_output=True,
        text=True,
    )  # fmt: skip
    found = list(folder.glob("hubanalysis-*.whl"))
    if done.returncode != 0 or len(found) != 1:
        raise LiveError(f"The library's wheel was not built:\n{done.stderr.strip()}")
    return found[0]


def write_manifest(folder: Path) -> None:
    """Name the files that Python needs, with their sizes, and this build of them."""
    digest, sizes = hashlib.sha256(), {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        digest.update(path.relative_to(folder).as_posix().encode() + b"\n")
        digest.update(hashlib.sha256(content).digest())
        if path.parent.name == "python":
            sizes[path.name] = len(content)
    manifest = {"build": digest.hexdigest()[:16], "sizes": sizes}
    (folder / "live.json").write_text(json.dumps(manifest), "utf8")


def main() -> None:
    """Assemble from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--cache", type=Path, help="where Pyodide is kept")
    arguments = parser.parse_args()
    try:
        folder = assemble(arguments.site, cache=arguments.cache)
    except LiveError as error:
        raise SystemExit(f"\n{error}\nNothing of the site was changed.") from None
    sizes = json.loads((folder / "live.json").read_text("utf8"))["sizes"]
    print(f"Chapters run here: {folder} ({sum(sizes.values()) / 1e6:.0f} MB).")


if __name__ == "__main__":
    main()
