"""From the raw extract to the table: every script gives the bytes that lie in data/."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tools.data import make, raw

DATA = Path(__file__).parents[2] / "data"
SCRIPTS = make.every_script()
PACKAGES = {f.parent.name for f in DATA.glob("*/datapackage.json")}
# Tables that we wrote ourselves, or that our own code computes: nothing is rawer.
OURS = {"evidence", "frameworks", "plan-template"}
each = pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.parent.name)


def test_every_dataset_has_a_script_or_is_our_own():
    assert {s.parent.name for s in SCRIPTS} == PACKAGES - OURS


@each
def test_a_script_makes_the_tables_as_they_lie(script):
    assert make.differences(script.parent) == []


@each
def test_a_table_that_no_script_makes_is_named_as_made_by_hand(script):
    package = json.loads((script.parent / "datapackage.json").read_text("utf-8"))
    made = {name for name, _ in make.made(script.parent)}
    text = script.read_text("utf-8").partition('"""\n\n')[0]
    left = {r["name"] for r in package["resources"]} - made
    assert {name for name in left if f"``{name}``" not in text} == set()
    assert made - {r["name"] for r in package["resources"]} == set()


@each
def test_the_readme_says_what_the_raw_files_are(script):
    text = (script.parent / "README.md").read_text("utf-8")
    assert "## From raw file to table" in text
    for file in (script.parent / "raw").glob("*.gz"):
        assert f"`{file.name}`" in text


@each
def test_raw_files_are_listed_with_their_hash_and_carry_no_clock(script):
    folder = script.parent / "raw"
    files = {f.name for f in folder.iterdir()} - {"SHA256SUMS"}
    assert files == set(raw.Raw(script.parent).sums())
    for name in files:
        # Four bytes of a gzip file are the time at which it was made.
        assert (folder / name).read_bytes()[4:8] == b"\0\0\0\0"


def copied(tmp_path, name):
    return Path(shutil.copytree(DATA / name, tmp_path / name))


def test_a_raw_file_that_was_changed_is_refused(tmp_path):
    folder = copied(tmp_path, "specialisation")
    (file,) = (folder / "raw").glob("*.gz")
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()) + b"x"))
    with pytest.raises(ValueError, match="SHA256SUMS"):
        dict(make.made(folder))


def test_a_figure_that_does_not_add_up_stops_the_script(tmp_path):
    folder = copied(tmp_path, "k-semiconductor-belt")
    file = folder / "raw" / "semi_equipment_billings_2016_2024.csv.gz"
    text = gzip.decompress(file.read_bytes()).replace(
        b"China,2016,6.46", b"China,2016,7.46"
    )
    file.write_bytes(gzip.compress(text, mtime=0))
    sums = folder / "raw" / "SHA256SUMS"
    old = raw.Raw(folder).sums()[file.name]
    new = raw.hashlib.sha256(file.read_bytes()).hexdigest()
    sums.write_text(sums.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(AssertionError, match="regions add to the world"):
        dict(make.made(folder))


def test_a_table_that_comes_out_otherwise_is_named(tmp_path):
    folder = copied(tmp_path, "specialisation")
    descriptor = folder / "datapackage.json"
    package = json.loads(descriptor.read_text("utf-8"))
    package["resources"][0]["hash"] = "sha256:0"
    descriptor.write_text(json.dumps(package), "utf-8")
    assert make.differences(folder) == [package["resources"][0]["name"]]


def test_making_again_changes_nothing(tmp_path, monkeypatch, capsys):
    folder = copied(tmp_path, "specialisation")
    monkeypatch.setattr(make, "DATA", tmp_path)
    before = {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()}
    (folder / "exports.csv").write_bytes(b"lost")
    assert make.main(["specialisation"]) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert {f.name: f.read_bytes() for f in folder.iterdir() if f.is_file()} == before
    assert make.main(["--check"]) == 0


def test_a_dataset_without_a_script_is_refused_with_those_that_have_one(capsys):
    assert make.main(["frameworks"]) == 2
    assert "yozma" in capsys.readouterr().err
