"""All that a dataset lacks is named at once, with the file it belongs to."""

import copy
import gzip
import json
import shutil
from pathlib import Path

import pytest

from tools.data import faults, metadata

DATA = Path(__file__).parents[3] / "data"
YOZMA = json.loads((DATA / "yozma" / "datapackage.json").read_text("utf-8"))


def test_a_bare_dataset_is_told_everything_in_one_go(tmp_path):
    folder = tmp_path / "harbour-yards"
    (folder / "raw").mkdir(parents=True)
    (folder / "README.md").write_text("Jobs in yards.")
    column = {"name": "town", "type": "text"}
    table = {"name": "jobs", "path": "jobs.csv", "schema": {"fields": [column]}}
    table["licenses"] = [{"name": "CC0-1.0"}, {"name": "facts-cited"}, {}]
    package = {"name": "yards", "resources": [table]}
    (folder / "datapackage.json").write_text(json.dumps(package))
    (folder / "raw" / "jobs.csv.gz").write_bytes(gzip.compress(b"town\n", mtime=7))
    (folder / "raw" / "notes.txt").touch()
    descriptor = [
        *("lacks title", "lacks description", "lacks version", "lacks licenses"),
        *(f"jobs lacks {key}" for key in faults.OF_TABLE),
        *(
            f"jobs lacks {key}: python -m hubanalysis.datasets.rehash writes it"
            for key in faults.REHASHED
        ),
        "jobs: the licence CC0-1.0 lacks path, the address of its text",
        "jobs: the licence facts-cited lacks title, which says what is allowed",
        "jobs: a licence lacks its name",
        "jobs lacks sources, each with a title",
        "jobs lacks schema.primaryKey",
        "jobs.town lacks title",
        "jobs.town lacks unit",
        "jobs.town has a type other than string, yearmonth, integer, year, number, "
        "boolean, date",
        "name is not that of the folder",
    ]
    place = "data/harbour-yards"
    renew = "python -m tools.data.raw harbour-yards writes it"
    assert faults.of_folder(folder) == [
        *(f"{place}/datapackage.json: {fault}" for fault in descriptor),
        f"{place}/README.md is missing or under 300 bytes; it says what the figures "
        "are, and warns of what they are not",
        f"{place}/make_harbour_yards.py is missing, which makes the tables",
        f"{place}/raw/: notes.txt is not compressed",
        f"{place}/raw/SHA256SUMS is missing: {renew}",
        f"{place}/raw/jobs.csv.gz carries the time it was made: {renew} without",
        f"{place}/README.md does not say what `jobs.csv.gz` is",
        f"{place}/README.md lacks the heading ## From raw file to table",
        "src/hubanalysis/datasets/recipes.py: harbour-yards has no recipe in RECIPES, "
        "nor in NOT_FETCHED the reason why newer figures are not asked for",
    ]


@pytest.mark.parametrize(
    "lost", [*faults.OF_TABLE, *faults.REHASHED, "licenses", "sources", "schema"]
)
def test_a_table_without_a_key_is_told_which(lost):
    table = copy.deepcopy(YOZMA["resources"][0])
    assert faults.of_table(table) == []
    del table[lost]
    assert lost in faults.of_table(table)[0]


def test_a_raw_file_that_is_another_or_is_lost_is_named(tmp_path):
    folder = Path(shutil.copytree(DATA / "yozma", tmp_path / "yozma"))
    assert faults.of_folder(folder) == []
    (folder / "raw" / "vc_1995.csv.gz").write_bytes(gzip.compress(b"x", mtime=0))
    (folder / "raw" / "country_panel.csv.gz").unlink()
    other, lost = faults.of_folder(folder)
    assert "another sum of vc_1995.csv.gz" in other
    assert "country_panel.csv.gz, which is not there" in lost


def test_a_folder_without_a_descriptor_or_raw_figures_is_told_so(tmp_path):
    assert faults.of_folder(tmp_path)[0].endswith("datapackage.json is missing")
    folder = Path(shutil.copytree(DATA / "yozma", tmp_path / "yozma"))
    shutil.rmtree(folder / "raw")
    assert [f for f in faults.of_folder(folder) if "raw/ is missing" in f]


def test_the_command_names_faults_or_that_there_are_none(capsys, monkeypatch):
    assert faults.main(["yozma"]) == 0
    assert faults.main(["no-such"]) == 2
    monkeypatch.setattr(faults, "of_folder", lambda folder: [f"{folder.name} lacks x"])
    assert faults.main(["yozma"]) == 1
    told = capsys.readouterr()
    assert told.out == "nothing is missing\nyozma lacks x\n"
    assert "there is no data/no-such" in told.err


def test_nothing_is_generated_from_a_dataset_that_lacks_something(capsys, monkeypatch):
    monkeypatch.setattr(metadata, "every", lambda: ["data/x: jobs lacks mediatype"])
    assert metadata.main([]) == 2
    assert "jobs lacks mediatype" in capsys.readouterr().err
