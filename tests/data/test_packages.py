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
from tools.data import faults

DATA = Path(__file__).parents[2] / "data"


PACKAGES = sorted(DATA.glob("*/datapackage.json"))


RESOURCES = [
    pytest.param(path.parent, resource, id=f"{path.parent.name}/{resource['name']}")
    for path in PACKAGES
    for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]
]


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


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_dataset_lacks_nothing_that_the_book_asks_of_it(path):
    lacks = faults.of_folder(path.parent)
    assert lacks == [], "\n".join(["", *lacks])


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
    name = first["name"]
    assert faults.of_table(first) == [
        f"{name}: lacks licenses",
        f"{name}.iso3 lacks unit",
    ]
    assert not any(faults.of_table(resource) for resource in others)


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
def test_a_dataset_holds_no_stray_table(path):
    named = {r["path"] for r in json.loads(path.read_text("utf-8"))["resources"]}
    assert {f.name for f in path.parent.glob("*.csv")} == named
