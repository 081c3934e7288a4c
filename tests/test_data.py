"""Every table has a publisher, a licence, units and an unchanged file."""

import hashlib
import json
from pathlib import Path

import frictionless
import pytest

import hubanalysis as hub

DATA = Path(__file__).parents[1] / "data"
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


@pytest.mark.parametrize("path", PACKAGES, ids=lambda p: p.parent.name)
def test_a_dataset_explains_itself_and_holds_no_stray_table(path):
    assert (path.parent / "README.md").stat().st_size > 300
    named = {r["path"] for r in json.loads(path.read_text("utf-8"))["resources"]}
    assert {f.name for f in path.parent.glob("*.csv")} == named


def test_eighteen_mainland_counties_have_every_month_and_purpose():
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    mainland = nights[nights["county"] != "Svalbard"]
    assert mainland["county"].nunique() == 18
    assert mainland["month"].nunique() == 390
    assert len(mainland) == 18 * 390 * 4


def test_purposes_add_to_the_total_of_a_county():
    nights = hub.load("norwegian-tourism-cluster/hotel_nights")
    wide = nights.pivot(
        index=["county", "month"], columns="purpose", values="guest_nights"
    )
    gap = (wide.drop(columns="total").sum(axis=1) - wide["total"]).abs()
    off = gap[gap > 2].index.get_level_values("county")
    assert sorted(off) == ["Nordland", "Nordland", "Oppland", "Trøndelag"]
    assert gap.max() < 100


def test_county_figures_agree_with_the_pages_of_the_agency():
    printed = hub.load("norwegian-tourism-cluster/ssb_web_tables")
    assert len(printed) == 206


def test_proposition_99_has_39_states_and_one_treated():
    states = hub.load("validation/prop99")
    assert states["state"].nunique() == 39
    assert states.loc[states["treated"], "state"].unique().tolist() == ["California"]
