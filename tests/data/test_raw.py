"""From the raw extract to the table: every script gives the bytes that lie in data/."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tools.data import make, raw

DATA = Path(__file__).parents[2] / "data"
SCRIPTS = make.every_script()
each = pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.parent.name)


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


def copied(tmp_path, name):
    return Path(shutil.copytree(DATA / name, tmp_path / name))


def test_a_raw_file_that_was_changed_is_refused(tmp_path):
    folder = copied(tmp_path, "specialisation")
    (file,) = (folder / "raw").glob("*.gz")
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()) + b"x"))
    with pytest.raises(ValueError, match="SHA256SUMS"):
        dict(make.made(folder))


def test_a_raw_file_that_was_renewed_on_purpose_gets_its_sum_and_loses_its_clock(
    tmp_path,
):
    folder = copied(tmp_path, "specialisation")
    (file,) = (folder / "raw").glob("*.gz")
    before = (folder / "raw" / "SHA256SUMS").read_bytes()
    assert raw.renew(folder) == [file.name]
    assert (folder / "raw" / "SHA256SUMS").read_bytes() == before
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()) + b"x", mtime=9))
    told = "python -m tools.data.raw specialisation writes its sum"
    with pytest.raises(ValueError, match=told):
        raw.Raw(folder)(file.name.removesuffix(".csv.gz"))
    raw.renew(folder)
    assert raw.Raw(folder).bytes(file.name.removesuffix(".gz")).endswith(b"x")
    assert file.read_bytes()[4:8] == bytes(4)
    (folder / "raw" / "SHA256SUMS").unlink()
    with pytest.raises(ValueError, match="SHA256SUMS is missing: python -m"):
        raw.Raw(folder).sums()


def test_a_dataset_to_renew_is_named(capsys):
    for names in ([], ["no-such"], ["frameworks"]):
        assert raw.main(names) == 2
        assert "python -m tools.data.raw DATASET" in capsys.readouterr().err


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
    told = capsys.readouterr().err
    assert "no script make_frameworks.py" in told
    assert "yozma" in told
