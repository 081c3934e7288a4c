"""The catalog loads what its descriptor says, or names the file that is not so."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.datasets import catalog

NAME = "norwegian-tourism-cluster"


ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of one dataset that may be damaged."""
    folder = tmp_path / NAME
    shutil.copytree(catalog.path(NAME), folder)
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path))
    return folder


def test_columns_have_the_types_of_their_schema():
    nights = hub.load(f"{NAME}/hotel_nights")
    assert nights["month"].dtype == "period[M]"
    assert pd.api.types.is_integer_dtype(nights["guest_nights"].dtype)
    assert pd.api.types.is_string_dtype(nights["county"].dtype)


def test_dates_flags_and_columns_with_holes_have_types_of_their_own():
    zones = hub.load("hangzhou-pilot-zone/pilot_zones")
    assert pd.api.types.is_datetime64_dtype(zones["date_letter"].dtype)
    assert zones["date_letter"].isna().sum() == 5
    finalists = hub.load("build-back-better/bbbrc_finalists")
    assert finalists["winner"].dtype == bool
    counties = hub.load("build-back-better/business_applications")
    assert counties["applications"].dtype == "Int64"
    assert counties["fips"].str.len().eq(5).all()


@pytest.mark.parametrize("name", hub.datasets().index)
def test_a_table_loads_with_the_columns_of_its_schema_in_a_moment(name):
    started = time.perf_counter()
    table = hub.load(name)
    assert time.perf_counter() - started < 1
    assert table.columns.tolist() == hub.fields(name).index.tolist()


def test_loading_leaves_no_trace_of_an_earlier_change():
    first = hub.load(f"{NAME}/hotel_nights")
    first["guest_nights"] = 0
    assert hub.load(f"{NAME}/hotel_nights")["guest_nights"].sum() > 0


def test_every_dataset_of_the_repository_is_listed():
    listed = hub.datasets().reset_index().astype(str).to_string()
    for folder in (ROOT / "data").iterdir():
        if (folder / "datapackage.json").exists():
            assert folder.name in listed


def test_provenance_names_publisher_licence_and_trust_of_every_table():
    table = hub.provenance(NAME)
    resources = json.loads((catalog.path(NAME) / "datapackage.json").read_text("utf-8"))
    assert len(table) == len(resources["resources"])
    for column in ("publisher", "series", "vintage", "licence", "trust"):
        assert table[column].astype(bool).all(), column


def test_fields_give_a_unit_for_every_column():
    table = hub.fields(f"{NAME}/hotel_occupancy_price")
    assert table["unit"].astype(bool).all()
    assert "NOK" in table.to_string()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("norwegian-tourism-clster/hotel_nights", NAME),
        (f"{NAME}/hotel_night", r"Did you mean 'hotel_nights'"),
        (NAME, r"is a dataset: name one of its tables"),
        (f"{NAME}/zzz", r"hotel_nights"),
        ("", r"norwegian"),
    ],
)
def test_a_name_that_does_not_exist_gets_the_nearest_or_the_list(name, message):
    with pytest.raises(ValueError, match=message):
        hub.load(name)


def test_a_tampered_file_is_refused_by_name(copy):
    file = copy / "hotel_nights.csv"
    file.write_bytes(file.read_bytes().replace(b"12480", b"12481", 1))
    with pytest.raises(hub.DataError, match=r"hotel_nights\.csv"):
        hub.load(f"{NAME}/hotel_nights")


def test_a_missing_file_is_refused_by_name(copy):
    (copy / "hotel_nights.csv").unlink()
    with pytest.raises(hub.DataError, match=r"hotel_nights\.csv"):
        hub.load(f"{NAME}/hotel_nights")


def test_a_broken_descriptor_is_refused_by_name(copy):
    (copy / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(hub.DataError, match=r"datapackage\.json"):
        hub.load(f"{NAME}/hotel_nights")


def _edit(folder, change):
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text("utf-8"))
    change(descriptor["resources"][0])
    file.write_text(json.dumps(descriptor), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.pop("hash"), "'hash' is missing"),
        (lambda r: r.update(hash="md5:0"), "hash of 'hotel_nights'"),
        (lambda r: r.update(path=1), "path of a resource is not text"),
        (lambda r: r["schema"]["fields"][0].update(type="geopoint"), "'geopoint'"),
        (lambda r: r.pop("schema"), "'schema' is missing"),
    ],
)
def test_a_descriptor_that_lacks_something_says_what(copy, change, message):
    _edit(copy, change)
    with pytest.raises(hub.DataError, match=message) as error:
        hub.load(f"{NAME}/hotel_nights")
    assert "datapackage.json" in str(error.value)


def test_a_file_that_is_not_of_its_schema_is_refused_by_name(copy):
    _edit(copy, lambda r: r["schema"]["fields"][0].update(name="fylke"))
    with pytest.raises(hub.DataError, match=r"hotel_nights\.csv .*fylke"):
        hub.load(f"{NAME}/hotel_nights")


def test_a_folder_of_data_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBANALYSIS_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(hub.DataError, match=r"HUBANALYSIS_DATA points to .*nowhere"):
        hub.datasets()


def test_the_way_out_of_a_changed_file_is_in_the_message(copy, monkeypatch):
    file = copy / "hotel_nights.csv"
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(hub.DataError) as error:
        hub.load(f"{NAME}/hotel_nights")
    for part in (
        "expected SHA-256",
        "found",
        "unset HUBANALYSIS_DATA",
        "hubanalysis.datasets.rehash",
    ):
        assert part in str(error.value)
    monkeypatch.delenv("HUBANALYSIS_DATA")
    assert len(hub.load(f"{NAME}/hotel_nights")) > 0


def test_the_figures_travel_inside_the_wheel(tmp_path):
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel, site = tmp_path / "wheel", tmp_path / "site"
    source = tmp_path / "source"
    ignore = shutil.ignore_patterns(".venv", "_build", ".git", "node_modules")
    shutil.copytree(ROOT, source, ignore=ignore)
    subprocess.run([*pip, "wheel", "--no-deps", "-w", wheel, source], check=True)
    [file] = wheel.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", site, file], check=True)
    shutil.rmtree(source)
    code = (
        "import hubanalysis as hub; print(hub.__file__); "
        f"print(len(hub.load('{NAME}/hotel_nights'))); "
        f"print(hub.Case.open('{NAME}').primary)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "HUBANALYSIS_DATA"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | {"PYTHONPATH": str(site)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    where, rows, primary = done.stdout.split()
    assert where.startswith(str(site))
    assert int(rows) == len(hub.load(f"{NAME}/hotel_nights"))
    assert primary == "total_nights"
