"""Say all that a dataset still lacks, at once.

Usage: python -m tools.data.faults [DATASET ...]

Of the datasets named, or of all. Each line names the file and what is to be done there.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hubanalysis.datasets.recipes import NOT_FETCHED, RECIPES
from tools.data.croissant import TYPES
from tools.data.make import DATA, script
from tools.data.raw import Raw

OF_PACKAGE = ("name", "title", "description", "version", "licenses", "resources")
OF_TABLE = ("title", "description", "publisher", "vintage", "trust", "mediatype")
REHASHED = ("bytes", "hash", "rows")
OF_COLUMN = ("title", "type", "unit")
# Publishers of tables that are nowhere rawer: no script makes them, and none is asked.
US = ("compiled by us", "made up by us")
LEAST = 300  # bytes of a README
HEADING = "## From raw file to table"


def is_ours(package: dict[str, Any]) -> bool:
    """Whether every table of a dataset was written, or made up, by ourselves.

    Examples
    --------
    >>> is_ours({"resources": [{"publisher": "made up by us"}]})
    True
    """
    return all(table.get("publisher") in US for table in package.get("resources", []))


def of_table(table: dict[str, Any]) -> list[str]:
    """What the description of one table lacks.

    Examples
    --------
    >>> of_table({"name": "jobs"})[:2]
    ['jobs lacks title', 'jobs lacks description']
    """
    name = table.get("name", "a table without a name")
    found = [f"{name} lacks {key}" for key in OF_TABLE if not table.get(key)]
    found += [
        f"{name} lacks {key}: python -m hubanalysis.datasets.rehash writes it"
        for key in REHASHED
        if table.get(key) is None
    ]
    found += [f"{name}: {fault}" for fault in _of_licences(table)]
    if not any(source.get("title") for source in table.get("sources", [])):
        found.append(f"{name} lacks sources, each with a title")
    schema = table.get("schema", {})
    for key in ("fields", "primaryKey"):
        if not schema.get(key):
            found.append(f"{name} lacks schema.{key}")
    for column in schema.get("fields", []):
        place = f"{name}.{column.get('name', 'a column without a name')}"
        found += [f"{place} lacks {key}" for key in OF_COLUMN if not column.get(key)]
        if column.get("type") and column["type"] not in TYPES:
            found.append(f"{place} has a type other than {', '.join(TYPES)}")
    return found


def _of_licences(part: dict[str, Any]) -> Iterator[str]:
    licences = part.get("licenses", [])
    if not licences:
        yield "lacks licenses"
    for licence in licences:
        name = licence.get("name")
        if not name:
            yield "a licence lacks its name"
        # One of the public list, such as CC-BY-4.0, and not a term of our own.
        elif name[0].isupper() and not licence.get("path"):
            yield f"the licence {name} lacks path, the address of its text"
        elif not (licence.get("path") or licence.get("title")):
            yield f"the licence {name} lacks title, which says what is allowed"


def of_package(package: dict[str, Any]) -> list[str]:
    """What a descriptor lacks, of the dataset and of each of its tables."""
    found = [f"lacks {key}" for key in OF_PACKAGE if not package.get(key)]
    if package.get("licenses"):
        found += _of_licences(package)
    for table in package.get("resources", []):
        found += of_table(table)
    return found


def _of_raw(folder: Path, readme: str) -> Iterator[str]:
    name, raw = folder.name, folder / "raw"
    renew = f"python -m tools.data.raw {name} writes it"
    if not script(folder).is_file():
        yield f"{script(folder).name} is missing, which makes the tables"
    files = sorted(raw.glob("*.gz"))
    if not files:
        yield "raw/ is missing, with the figures as obtained, each as .gz"
        return
    stray = {f.name for f in raw.iterdir()} - {f.name for f in files} - {"SHA256SUMS"}
    if stray:
        yield f"raw/: {', '.join(sorted(stray))} is not compressed"
    sums = Raw(folder).sums() if (raw / "SHA256SUMS").is_file() else None
    if sums is None:
        yield f"raw/SHA256SUMS is missing: {renew}"
        sums = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    for file in files:
        content = file.read_bytes()
        if sums.get(file.name) != hashlib.sha256(content).hexdigest():
            yield (
                f"raw/SHA256SUMS has another sum of {file.name}, or none: git checkout "
                f"restores the file; if it is newer on purpose, {renew}"
            )
        # Four bytes of a gzip file are the time at which it was made.
        if content[4:8] != bytes(4):
            yield f"raw/{file.name} carries the time it was made: {renew} without"
        if f"`{file.name}`" not in readme:
            yield f"README.md does not say what `{file.name}` is"
    for lost in sorted(sums.keys() - {f.name for f in files}):
        yield f"raw/SHA256SUMS names {lost}, which is not there: {renew}"
    if HEADING not in readme:
        yield f"README.md lacks the heading {HEADING}"


def of_folder(folder: Path) -> list[str]:
    """All that a dataset lacks, each fault with the file it belongs to."""
    place = f"data/{folder.name}"
    if not (folder / "datapackage.json").is_file():
        return [f"{place}/datapackage.json is missing"]
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    found = [f"{place}/datapackage.json: {fault}" for fault in of_package(package)]
    if package.get("name") not in (folder.name, None):
        found.append(f"{place}/datapackage.json: name is not that of the folder")
    file = folder / "README.md"
    readme = file.read_text("utf-8") if file.is_file() else ""
    if len(readme.encode()) <= LEAST:
        found.append(
            f"{place}/README.md is missing or under {LEAST} bytes; it says what the "
            "figures are, and warns of what they are not"
        )
    if not is_ours(package):
        found += [f"{place}/{fault}" for fault in _of_raw(folder, readme)]
        if folder.name not in RECIPES.keys() | NOT_FETCHED.keys():
            found.append(
                f"src/hubanalysis/datasets/recipes.py: {folder.name} has no recipe in "
                "RECIPES, nor in NOT_FETCHED the reason why newer figures are not "
                "asked for"
            )
    return found


def every() -> list[str]:
    """What the datasets of the book lack."""
    folders = sorted(f.parent for f in DATA.glob("*/datapackage.json"))
    return [fault for folder in folders for fault in of_folder(folder)]


def main(arguments: list[str]) -> int:
    """Print what the datasets named lack, or all."""
    if unknown := [name for name in arguments if not (DATA / name).is_dir()]:
        print(f"there is no data/{unknown[0]}; name a folder of data/", file=sys.stderr)
        return 2
    found = [f for name in arguments for f in of_folder(DATA / name)]
    found = found if arguments else every()
    print("\n".join(found) or "nothing is missing")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
