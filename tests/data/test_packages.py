"""Every dataset is a valid package with its provenance, and a doctored one fails."""

import hashlib
import json
import re
import shutil
import unicodedata
from pathlib import Path

import frictionless
import pytest

import hubanalysis as hub

DATA = Path(__file__).parents[2] / "data"


PACKAGES = sorted(DATA.glob("*/datapackage.json"))


RESOURCES = [
    pytest.param(path.parent, resource, id=f"{path.parent.name}/{resource['name']}")
    for path in PACKAGES
    for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]
]


def faults(resource: dict) -> list[str]:
    """What a resource lacks of the provenance that this book promises."""
    needed = ("title", "description", "publisher", "vintage", "trust", "hash")
    found = [key for key in needed if not resource.get(key)]
    if not any(licence.get("name") for licence in resource.get("licences", [])) and (
        not any(licence.get("name") for licence in resource.get("licenses", []))
    ):
        found.append("licence")
    if not any(source.get("title") for source in resource.get("sources", [])):
        found.append("source")
    for field in resource.get("schema", {}).get("fields", []):
        found += [
            f"{field.get('name')}.{key}"
            for key in ("title", "type", "unit")
            if not field.get(key)
        ]
    if not resource.get("schema", {}).get("fields"):
        found.append("schema")
    return found


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_package_is_valid_for_frictionless(path):
    frictionless.system.trusted = True
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_file_has_the_hash_and_size_of_its_descriptor(folder, resource):
    content = (folder / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["bytes"] == len(content)


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_resource_has_its_whole_provenance(folder, resource):
    assert faults(resource) == []


@pytest.mark.parametrize("lost", ["licences", "sources", "publisher", "unit"])
def test_a_resource_without_licence_source_publisher_or_unit_is_refused(lost):
    resource = json.loads(json.dumps(RESOURCES[0].values[1]))
    resource.pop("licenses", None) if lost == "licences" else None
    if lost == "unit":
        del resource["schema"]["fields"][0]["unit"]
    else:
        resource.pop(lost, None)
    assert faults(resource)


def test_a_package_whose_figures_or_words_were_doctored_does_not_pass(tmp_path):
    folder = tmp_path / "yozma"
    shutil.copytree(DATA / "yozma", folder)
    table, descriptor = folder / "venture_capital_1995.csv", folder / "datapackage.json"
    frictionless.system.trusted = True
    assert frictionless.validate(str(descriptor)).valid
    table.write_bytes(table.read_bytes().replace(b",550,", b",950,"))
    assert not frictionless.validate(str(descriptor)).valid

    package = json.loads(descriptor.read_text("utf-8"))
    package["resources"][0]["licenses"] = []
    del package["resources"][0]["schema"]["fields"][0]["unit"]
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    first, *others = json.loads(descriptor.read_text("utf-8"))["resources"]
    assert faults(first) == ["licence", "iso3.unit"]
    assert not any(faults(resource) for resource in others)


@pytest.mark.parametrize(("folder", "resource"), RESOURCES)
def test_a_table_is_small_unicode_of_unix_lines_and_has_a_key(folder, resource):
    content = (folder / resource["path"]).read_bytes()
    assert len(content) < 3_000_000
    assert b"\r" not in content
    text = content.decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("Ã.|\ufffd", text), "read in the wrong encoding once"
    key = resource["schema"]["primaryKey"]
    table = hub.load(f"{folder.name}/{resource['name']}")
    assert not table.duplicated(key).any()
    assert len(table) == resource["rows"]


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_nothing_names_a_path_on_a_machine(path):
    text = path.read_text("utf-8") + (path.parent / "README.md").read_text("utf-8")
    assert not re.search(r"(?<![\w./])/\w+/|\.\./|[A-Z]:\\", text)


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_dataset_explains_itself_and_holds_no_stray_table(path):
    assert (path.parent / "README.md").stat().st_size > 300
    named = {r["path"] for r in json.loads(path.read_text("utf-8"))["resources"]}
    assert {f.name for f in path.parent.glob("*.csv")} == named
