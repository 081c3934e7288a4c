"""What archives and journals ask of a release is there, and follows the packages."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tools.data import croissant, metadata

ROOT = Path(__file__).parents[3]
PACKAGES = metadata.packages()
each = pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p["name"])


def test_everything_that_is_generated_is_up_to_date(capsys):
    assert metadata.main(["--check"]) == 0, capsys.readouterr().out


def read(package):
    path = ROOT / "data" / package["name"] / "croissant.json"
    return json.loads(path.read_text("utf-8"))


@each
def test_a_croissant_has_what_the_format_demands(package):
    made = read(package)
    needed = {"@context", "@type", "conformsTo", "name", "description", "license"}
    needed |= {"url", "creator", "datePublished", "distribution", "recordSet"}
    assert needed <= made.keys()
    assert made["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert made["@type"] == "sc:Dataset"
    assert all(made[key] for key in needed)
    for file in made["distribution"]:
        assert file["@type"] == "cr:FileObject"
        assert {"@id", "name", "contentUrl", "encodingFormat"} <= file.keys()
        assert re.fullmatch("[0-9a-f]{64}", file["sha256"])
        assert (ROOT / "data" / package["name"] / file["contentUrl"]).exists()
    for records in made["recordSet"]:
        assert records["@type"] == "cr:RecordSet"
        for field in records["field"]:
            assert field["@type"] == "cr:Field"
            assert field["dataType"] in croissant.TYPES.values()


@each
def test_every_reference_within_a_croissant_has_its_target(package):
    made = read(package)
    files = {file["@id"] for file in made["distribution"]}
    fields = [f for records in made["recordSet"] for f in records["field"]]
    ids = {f["@id"] for f in fields}
    everything = [
        *files,
        *(r["@id"] for r in made["recordSet"]),
        *(f["@id"] for f in fields),
    ]
    assert len(set(everything)) == len(everything)
    assert {f["source"]["fileObject"]["@id"] for f in fields} <= files
    assert {k["@id"] for r in made["recordSet"] for k in r["key"]} <= ids
    # A key of the context that is used must be defined there.
    used = set(re.findall(r'"(\w+)":', json.dumps(made))) - {"name", "description"}
    ours = {
        "recordSet",
        "field",
        "source",
        "fileObject",
        "extract",
        "column",
        "dataType",
    }
    assert ours & used <= set(made["@context"])


@each
def test_a_croissant_passes_its_own_library(package):
    """Without a network; where it is installed, as in the workflow's job `metadata`."""
    mlcroissant = pytest.importorskip("mlcroissant")
    path = ROOT / "data" / package["name"] / "croissant.json"
    found = mlcroissant.Dataset(str(path)).metadata.issues
    assert (list(found.errors), list(found.warnings)) == ([], [])


def test_the_crate_describes_itself_its_root_and_every_part_once():
    crate = json.loads((ROOT / "ro-crate-metadata.json").read_text("utf-8"))
    graph = crate["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(set(ids)) == len(ids)
    about, root = graph[:2]
    assert about["about"] == {"@id": root["@id"]} == {"@id": "./"}
    assert about["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    held = [e["hasPart"] for e in graph if "hasPart" in e]
    # One part stands by itself, as the specification wants it.
    assert all(len(parts) > 1 for parts in held if isinstance(parts, list))
    parts = [
        part["@id"] for of in held for part in (of if isinstance(of, list) else [of])
    ]
    assert set(parts) <= set(ids)
    for part in parts:
        assert (ROOT / part).exists(), part


def test_every_page_that_computes_is_in_the_codecheck_manifest():
    body = yaml.safe_load((ROOT / "codecheck.yml").read_text("utf-8"))
    listed = {item["file"] for item in body["manifest"]}
    for page in (ROOT / "chapters").glob("*.md"):
        toc = (ROOT / "_toc.yml").read_text("utf-8")
        if f"file: chapters/{page.stem}\n" in toc and "{code-cell}" in page.read_text(
            "utf-8"
        ):
            assert f"_build/html/chapters/{page.stem}.html" in listed


def test_the_codecheck_file_follows_the_rules_that_authors_can_follow():
    text = (ROOT / "codecheck.yml").read_text("utf-8")
    assert text.startswith("---\n")
    body = yaml.safe_load(text)
    assert body["paper"]["title"]
    assert body["paper"]["authors"]
    assert body["paper"]["reference"].startswith("https://")
    for item in body["manifest"]:
        assert item["comment"]
        path = item["file"]
        assert not path.startswith("/")
        page = re.sub(r"^_build/html/(.*)\.html$", r"\1.md", path)
        assert (ROOT / page).exists(), path


def test_the_zenodo_form_agrees_with_the_citation():
    form = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    cite = metadata.citation()
    assert form["version"] == cite["version"]
    assert form["title"] == cite["title"]


def test_the_replication_readme_has_the_parts_of_the_template_and_every_table():
    text = (ROOT / "REPLICATION.md").read_text("utf-8")
    for part in (
        "Overview",
        "Data availability and provenance statements",
        "Statement about rights",
        "Computational requirements",
        "Description of programs",
        "Instructions to replicators",
        "List of tables and programs",
        "References",
    ):
        assert f"# {part}\n" in text
    for package in PACKAGES:
        for table in package["resources"]:
            assert f"`data/{package['name']}/{table['path']}`" in text


def test_a_file_that_is_out_of_date_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(metadata, "files", lambda: {"one.json": "{}\n"})
    monkeypatch.setattr(metadata, "ROOT", tmp_path)
    assert metadata.main(["--check"]) == 1
    assert "one.json" in capsys.readouterr().out
    assert metadata.main([]) == 0
    assert (tmp_path / "one.json").read_text() == "{}\n"
    assert metadata.main(["--check"]) == 0
