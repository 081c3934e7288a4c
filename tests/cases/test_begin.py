"""A new folder is there whole, or not at all."""

import pandas as pd
import pytest

import hubanalysis as hub
from tests.command.own import one, rows, text


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(text(sign=";").replace(".", ","), encoding="latin-1")
    return path


def test_its_table_is_the_one_given_in_plain_writing(table, tmp_path):
    folder = tmp_path / "ours"
    hub.Case.new(folder, table, outcome="jobs", treated="first")
    read = pd.read_csv(folder / "outcomes.csv", dtype=str, keep_default_na=False)
    assert [list(read.columns), *read.values.tolist()] == rows()


def test_a_table_in_memory_will_do(tmp_path):
    frame = pd.DataFrame(rows()[1:], columns=rows()[0])
    case = hub.Case.new(tmp_path / "ours", frame, outcome="jobs", treated="first")
    assert len(case.panel().units) == 8


def test_a_faulty_table_leaves_nothing_behind(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(text(one(5, "jobs", "?")), encoding="utf-8")
    with pytest.raises(hub.HubError, match="line 5"):
        hub.Case.new(tmp_path / "ours", path, outcome="jobs", treated="first")
    assert list(tmp_path.iterdir()) == [path]


def test_a_choice_that_is_none_is_named(table, tmp_path):
    with pytest.raises(hub.HubError, match="Did you mean 'period'"):
        hub.Case.new(tmp_path / "ours", table, perod="year")


def test_a_switch_becomes_the_year_in_which_it_turns(tmp_path):
    frame = pd.DataFrame(rows()[1:], columns=rows()[0]).astype({"year": int})
    late = frame["year"] >= 2017
    frame["first"] = ((frame["first"] != "") & late).astype(int)
    folder = tmp_path / "ours"
    case = hub.Case.new(folder, frame, outcome="jobs", treated="first")
    assert set(case.panel().first_treated.values()) == {2017}
    read = pd.read_csv(folder / "outcomes.csv")
    assert set(read["first"].dropna()) == {2017}
    again = hub.Case.from_folder(folder)
    assert again.panel().first_treated == case.panel().first_treated
