"""Write what archives, journals and search engines ask of a release.

Usage: python -m tools.data.metadata [--check]

From the data packages, CITATION.cff and pyproject.toml: ``croissant.json`` beside every
dataset, ``ro-crate-metadata.json`` and ``.zenodo.json``, ``codecheck.yml``, and
REPLICATION.md in the form of the social-science data editors' template README. To be
run after a change of a dataset or a plan, of a table of ``data/validation``, of
CITATION.cff, or of the list of pages (_toc.yml).
``--check`` writes nothing and names what is out of date.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

from hubanalysis.cases.amended import amended
from hubanalysis.cases.case import Case
from tools.data.croissant import croissant, licences
from tools.data.faults import every

ROOT = Path(__file__).parents[2]
PLANS = "data/*/plan.toml"


def packages() -> list[dict[str, Any]]:
    """Every dataset's descriptor, by name."""
    paths = sorted((ROOT / "data").glob("*/datapackage.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths]


def citation() -> dict[str, Any]:
    """CITATION.cff, with its dates as text."""
    return yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)


def zenodo(cite: dict[str, Any]) -> dict[str, Any]:
    """The deposit form of Zenodo."""
    return {
        "title": cite["title"],
        "description": cite["abstract"],
        "upload_type": "software",
        "version": cite["version"],
        "publication_date": cite["date-released"],
        "access_right": "open",
        "license": cite["license"],
        "creators": [{"name": author["name"]} for author in cite["authors"]],
        "keywords": cite["keywords"],
        "related_identifiers": [
            {
                "identifier": cite["url"],
                "relation": "isDocumentedBy",
                "scheme": "url",
            }
        ],
        "notes": "Code: MIT. Text and figures: CC BY 4.0. Data: the licence of each "
        "source, named in data/<dataset>/datapackage.json.",
    }


def crate(cite: dict[str, Any], described: list[dict[str, Any]]) -> dict[str, Any]:
    """An RO-Crate 1.1 of the whole release: datasets, tables, library, chapters."""
    folders = [f"data/{package['name']}/" for package in described]
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": cite["title"],
            "description": cite["abstract"],
            "datePublished": cite["date-released"],
            "version": cite["version"],
            "license": {"@id": "https://spdx.org/licenses/MIT"},
            "author": {"@id": "#authors"},
            "publisher": {"@id": "#authors"},
            "keywords": ", ".join(cite["keywords"]),
            "hasPart": [{"@id": part} for part in (*folders, "src/", "chapters/")],
        },
        {
            "@id": "#authors",
            "@type": "Organization",
            "name": cite["authors"][0]["name"],
            "url": cite["repository-code"],
        },
        {
            "@id": "https://spdx.org/licenses/MIT",
            "@type": "CreativeWork",
            "name": "MIT License",
        },
        {
            "@id": "src/",
            "@type": "Dataset",
            "name": "The library hubanalysis",
            "description": "A panel, estimators and the tests that judge them.",
            "license": {"@id": "https://spdx.org/licenses/MIT"},
        },
        {
            "@id": "chapters/",
            "@type": "Dataset",
            "name": "The chapters, as MyST notebooks",
            "description": "Text and code of each chapter, from the first to the last.",
            "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        },
        {
            "@id": "https://creativecommons.org/licenses/by/4.0/",
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0",
        },
    ]
    for package, folder in zip(described, folders):
        tables = [f"{folder}{r['path']}" for r in package["resources"]]
        graph.append(
            {
                "@id": folder,
                "@type": "Dataset",
                "name": package["title"],
                "description": package["description"],
                "license": _unpacked(licences(package)),
                "hasPart": _unpacked([{"@id": table} for table in tables]),
            }
        )
        for resource, table in zip(package["resources"], tables):
            graph.append(
                {
                    "@id": table,
                    "@type": "File",
                    "name": resource["title"],
                    "description": resource["description"],
                    "encodingFormat": "text/csv",
                    "contentSize": str(resource["bytes"]),
                    "sha256": resource["hash"].removeprefix("sha256:"),
                    "publisher": _cell(resource["publisher"]),
                }
            )
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _unpacked(values: list[Any]) -> Any:
    """One value by itself, as the specification wants it; several as a list."""
    return values[0] if len(values) == 1 else values


def codecheck(cite: dict[str, Any]) -> str:
    """The part of a CODECHECK configuration that authors write: what to reproduce."""
    pages = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    # Every page on which something is computed.
    cases = [
        page
        for part in pages
        for page in (chapter["file"] for chapter in part["chapters"])
        if "{code-cell}" in (ROOT / f"{page}.md").read_text("utf-8")
    ]
    manifest = [
        {
            "file": f"_build/html/{page}.html",
            "comment": "figures, cards and tables of the chapter; written by make book",
        }
        for page in cases
    ]
    manifest += [
        {
            "file": f"data/validation/{name}.csv",
            "comment": f"written by {how}",
        }
        for name, how in {
            "printed": "python -m tools.data.compared printed",
            "peers": "python -m tools.data.compared peers",
            "coverage": "python benchmarks/coverage.py (hours)",
        }.items()
    ]
    body = {
        "version": "https://codecheck.org.uk/spec/config/2.0/",
        "paper": {
            "title": cite["title"],
            "authors": [{"name": author["name"]} for author in cite["authors"]],
            "reference": cite["url"],
        },
        "manifest": manifest,
    }
    return f"---\n{yaml.safe_dump(body, sort_keys=False, width=88)}"


def replication(cite: dict[str, Any], described: list[dict[str, Any]]) -> str:
    """REPLICATION.md: the template README's parts, filled in from the packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    rows, hand = [], []
    for package in described:
        folder = f"data/{package['name']}"
        scripted = (ROOT / folder / "raw").is_dir()
        for table in package["resources"]:
            names = [licence["name"] for licence in table["licenses"]]
            cells = [f"`{folder}/{table['path']}`", table["publisher"]]
            cells += [table["vintage"], names, table.get("copy", "none")]
            rows.append(f"| {' | '.join(map(_cell, cells))} |")
        if not scripted:
            hand.append(f"`{folder}`")
    needs = "\n".join(f"- {need}" for need in project["dependencies"])
    cases = [Case.open(path.parent.name) for path in sorted(ROOT.glob(PLANS))]
    changed = [
        f"- `data/{case.name}/plan.toml`: {len(case.plan.amendments)} changes. "
        f"{amended(case)}"
        for case in cases
        if case.plan.amendments
    ]
    return f"""# Replication package

Generated by `python -m tools.data.metadata` from the data packages; do not edit. Its
parts are those of the social-science data editors' template README.

## Overview

{cite["abstract"]} `make book` makes every figure, card, table and number in the text
from the tables in `data/`; `make data` makes these tables
from the raw files beside them.

## Data availability and provenance statements

### Statement about rights

The authors of the book may use and pass on the tables under the licences named below.
Figures of Comtrade, the WTO, WSTS and SEMI are excerpts; so are their raw files.

### Summary of availability

All data that the chapters use are in this package. No figure was downloaded from its
publisher directly: each was read from a public copy, named in the last column, and held
against a second one where there was one (`trust` in each `datapackage.json`).

### Details on each data source

| table | publisher | vintage | licence | copy |
|---|---|---|---|---|
{chr(10).join(rows)}

Made by hand or by our own code, so that no raw file lies behind them:
{", ".join(hand)}, and the tables that the first lines of each `make_*.py` name.

## Plans, and what was changed in them

Each `data/*/plan.toml` was written before its results and came into this repository
together with them, so nobody can check which was first. What was changed since stands
in it under `[[amendments]]`; the record of commits shows when.

{chr(10).join(changed)}

## Computational requirements

- Python {project["requires-python"]} on Linux, macOS or Windows (by WSL); make; no
  graphics processor, no cluster.
- The run-time packages below; all are locked in `requirements.txt` with
  those of the book.

{needs}

Random numbers are seeded, in code, wherever they are drawn. Two builds of one lock give
the same outputs. Time: each chapter's page states what it takes, and `make book` runs
them all.

## Description of programs

- `data/*/make_*.py`: raw file to table, with what it must add up to as assertions
- `src/hubanalysis/`: the library
- `chapters/*.md`: the analysis, one notebook for each chapter
- `benchmarks/coverage.py`: the simulations (hours; their table is kept)
- `tools/book/`: from chapters to pages

## Instructions to replicators

1. `make book` creates the environment, runs every chapter and writes `_build/html`.
2. `make data` makes the tables again and says what changed (nothing, if all is well).
3. `make test` runs the tests; `make oracles` asks other packages.

## List of tables and programs

Each figure and table on a page stands below the cell that makes it, and each figure
carries its own code, its data as CSV and itself. `codecheck.yml` lists the pages.

## References

`references.bib`, and the sources named in each `datapackage.json`.
"""


def _cell(text: str | list[str]) -> str:
    text = "; ".join(text) if isinstance(text, list) else text
    return text.replace("|", "/").replace("\n", " ")


def files() -> dict[str, str]:
    """Content of everything that is generated, by its path."""
    cite, described = citation(), packages()
    version, date = cite["version"], cite["date-released"]
    made: dict[str, Any] = {
        f"data/{p['name']}/croissant.json": croissant(p, version, date)
        for p in described
    }
    made["ro-crate-metadata.json"] = crate(cite, described)
    made[".zenodo.json"] = zenodo(cite)
    texts = {
        path: json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        for path, content in made.items()
    }
    texts["codecheck.yml"] = codecheck(cite)
    texts["REPLICATION.md"] = replication(cite, described)
    return texts


def main(arguments: list[str]) -> int:
    """Write all, or say what is out of date."""
    if found := every():
        print("\n".join(found), file=sys.stderr)
        return 2
    old = []
    for path, text in files().items():
        file = ROOT / path
        if file.exists() and file.read_text("utf-8") == text:
            continue
        old.append(path)
        if "--check" not in arguments:
            file.write_text(text, "utf-8", newline="\n")
    told = "out of date" if "--check" in arguments else "written"
    print(f"{told}: {', '.join(old)}" if old else "all is up to date")
    return int(bool(old) and "--check" in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
