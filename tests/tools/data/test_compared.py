"""The validation board holds what the tests compare, and nothing else."""

import ast
import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tools.data import compared

ROOT = Path(__file__).parents[3]


def named_in(folder):
    """File and name of every test in a folder."""
    for path in sorted((ROOT / folder).glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                file = path.stem.removeprefix("test_")
                yield file, compared.sentence(node.name)


# scpi cannot read tables of pandas 3; a job of the workflow runs it beside pandas 2.
ELSEWHERE = {"prediction_against_scpi"}


def test_every_comparison_with_a_peer_of_the_lock_is_on_the_board():
    peers = hub.load("validation/peers")
    made = named_in("tests/oracles")
    here = {(file, test) for file, test in made if file not in ELSEWHERE}
    assert set(zip(peers["file"], peers["test"])) == here
    jobs = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    assert all(f"tests/oracles/test_{file}.py" in jobs for file in ELSEWHERE)


def test_where_numbers_are_not_compared_one_by_one_the_board_says_how():
    peers = hub.load("validation/peers")
    assert peers.loc[peers["numbers"] == 0, "why"].notna().all()
    compared_ = peers.dropna(subset=["difference"])
    assert (compared_["difference"] <= compared_["allowed"]).all()
    # What is more than rounding has a reason.
    large = compared_["difference"] > 1e-9
    assert compared_.loc[large, "why"].notna().all()


def test_printed_numbers_come_from_tests_that_are_there():
    printed = hub.load("validation/printed")
    assert set(zip(printed["paper"], printed["test"])) <= set(
        named_in("tests/published")
    )
    papers = {file for file, _ in named_in("tests/published")}
    assert set(printed["paper"]) == papers
    assert (printed["difference"].abs() <= printed["allowed"]).all()


def test_the_printed_results_of_the_first_table_are_on_the_board():
    short = hub.load("validation/published")
    long = hub.load("validation/printed")["printed"].to_numpy()
    numbers = short.loc[~short["quantity"].str.contains("placebo"), "value"]
    lost = [x for x in numbers if np.abs(long - x).min() > 1e-9]
    assert lost == []


def test_a_run_of_the_tests_writes_what_lies_here():
    code = (
        "import json\n"
        "from tools.data import compared\n"
        "file = 'tests/published/test_card_krueger_1994.py'\n"
        "rows = compared.gather('printed', [file])\n"
        "print('\\n' + json.dumps(rows))"
    )
    run = [sys.executable, "-c", code]
    told = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    made = pd.DataFrame(json.loads(told.stdout.splitlines()[-1]))
    lies = hub.load("validation/printed").query("paper == 'card_krueger_1994'")
    for column in ("test", "settings", "place"):
        assert made[column].tolist() == lies[column].fillna("").tolist()
    for column in ("printed", "ours", "allowed"):
        assert np.allclose(made[column].astype(float), lies[column])


def test_a_test_that_is_named_replaces_its_own_rows_and_no_others(
    tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "data" / "validation"
    folder.mkdir(parents=True)
    for name in ("printed.csv", "peers.csv"):
        shutil.copy(ROOT / "data" / "validation" / name, folder)
    with (folder / "printed.csv").open(encoding="utf-8", newline="") as source:
        before = list(csv.DictReader(source))
    first = before[0]
    same = [r for r in before if (r["paper"], r["test"]) == (
        first["paper"], first["test"])]  # fmt: skip
    monkeypatch.setattr(compared, "ROOT", tmp_path)
    monkeypatch.setattr(compared, "rehash", lambda folder: ["printed"])
    made = [{**row, "ours": "1"} for row in same]
    monkeypatch.setattr(compared, "gather", lambda kind, tests: made)
    assert compared.main(["printed", "one"]) == 0
    with (folder / "printed.csv").open(encoding="utf-8", newline="") as source:
        after = list(csv.DictReader(source))
    assert after == [*made, *before[len(made) :]]
    told = capsys.readouterr().out
    assert f"{len(before)} rows" in told
    assert "PAPERS" in told


def test_the_order_of_a_table_is_that_of_a_whole_run():
    for kind in compared.FOLDERS:
        rows = hub.load(f"validation/{kind}").astype(str).to_dict("records")
        again = [row for row in rows if row["test"] == rows[-1]["test"]]
        assert compared.together(rows, again) == rows


def test_every_paper_with_printed_numbers_is_named_on_the_board():
    text = (ROOT / "chapters" / "validation-board.md").read_text("utf-8")
    body = re.search(r"^PAPERS = (\{.*?^\})", text, re.M | re.S)[1]
    lost = set(hub.load("validation/printed")["paper"]) - set(ast.literal_eval(body))
    assert not lost, f"name {lost} in PAPERS of chapters/validation-board.md"


def test_what_is_compared_is_noted_and_still_compared():
    noted = []
    wrapped = compared.Noted(
        pytest.approx, lambda *pair: noted.append(pair), {"a": 1.0}, rel=None, abs=0.1
    )
    assert wrapped == {"a": 1.05}
    assert wrapped != {"a": 1.2}
    assert [ours for ours, _, _ in noted] == [{"a": 1.05}, {"a": 1.2}]
    assert np.float64(1.0) == compared.Noted(pytest.approx, lambda *_: None, 1.0)


def test_a_failing_test_leaves_no_table(tmp_path):
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_it():\n    assert False\n")
    with pytest.raises(RuntimeError, match="nothing is written"):
        compared.gather("printed", [str(failing)])


def test_the_command_wants_to_know_what_to_run(capsys):
    assert compared.main([]) == 2
    assert "printed|peers" in capsys.readouterr().out
