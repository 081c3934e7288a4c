"""The command: help that teaches, exit codes, results for people and for programs."""

import io
import json
import sys

import pandas as pd
import pytest
from click.testing import CliRunner

import hubanalysis as hub
from hubanalysis.command import main as command
from hubanalysis.datasets import american
from hubanalysis.datasets import refresh as refreshing
from tests.cases.ours import own_words
from tests.command.own import rows, say, text
from tests.datasets import publishers


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(text(), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path, table, few_draws):
    made = tmp_path / "ours"
    say("new", made, "--from", table, "--outcome", "jobs", "--treated", "first", code=0)
    plan = made / "plan.toml"
    plan.write_text(own_words(plan.read_text("utf8")), encoding="utf-8")
    return made


@pytest.mark.parametrize("name", command.main.commands)
def test_each_command_explains_itself(name):
    told = say(name, "--help", code=0)
    assert len(told) > 300
    assert name in say("--help", code=0)


def test_help_goes_through_a_whole_programme():
    told = say("--help", code=0)
    for word in ("check jobs.csv", "new my-programme", "Exit codes"):
        assert word in told


def test_the_version_is_the_librarys():
    assert hub.__version__ in say("--version", code=0)


def test_a_misspelt_command_is_no_refusal():
    say("chek", code=2)


def test_a_new_folder_says_what_is_still_to_do(tmp_path, table):
    told = say("new", tmp_path / "x", "--from", table, "--treated", "first",
               "--outcome", "jobs", code=0)  # fmt: skip
    assert "write your own sentences" in told
    assert "never filed" in told


def test_places_are_named_with_their_years(tmp_path, table):
    told = say("check", table, "--outcome", "jobs", "--treated", "Oslo = 2016",
               "--treated", "Hamar=2016", code=0)  # fmt: skip
    assert "2 treated, from 2016 on" in told


def test_what_the_command_refuses_names_the_command_and_not_python(tmp_path, folder):
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "plan.toml.txt").write_text("")
    told = [
        *(say(name, tmp_path / "bare", code=1) for name in ("check", "run", "power")),
        say("new", folder, code=1),
    ]
    assert all("hub.Case" not in text for text in told)
    assert "plan.toml.txt: rename it to plan.toml" in told[0]
    assert "exists already" in told[-1]


def test_what_the_plan_does_not_name_is_told_beside_the_verdict(folder):
    plan = folder / "plan.toml"
    kept = [li for li in plan.read_text("utf8").splitlines()
            if not li.startswith(("rivals", "cannot_show", "yardsticks"))]  # fmt: skip
    plan.write_text("\n".join(kept), encoding="utf-8")
    assert "The plan names nothing else that happened" in say("run", folder, code=0)


def test_filing_another_plan_asks_what_changed(folder):
    say("file", folder, code=0)
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text("utf8").replace("= 0.1,", "= 0.02,"), "utf8")
    assert '--what "..." --why "..."' in say("file", folder, code=1)
    told = say("file", folder, "--what", "the promise", "--why", "asked", code=0)
    assert "filed here twice" in told
    assert "filed here twice" in say("run", folder, code=0)


def test_run_prints_the_card_and_what_was_filed(folder):
    told = say("run", folder, code=0)
    assert str(hub.card(hub.Case.from_folder(folder))) in told
    assert "never filed" in told


def test_json_holds_what_the_card_says(folder):
    told = json.loads(say("run", folder, "--json", code=0))
    verdict = hub.Case.from_folder(folder).verdict()
    assert told["estimate"] == verdict.estimate
    assert told["interval"] == list(verdict.interval)
    assert told["p_value"] == verdict.p_value
    assert told["mde"] == verdict.mde
    assert told["conclusion"] == verdict.conclusion
    assert told["filed_before_results"] is False


def test_csv_holds_every_number(folder):
    told = pd.read_csv(io.StringIO(say("run", folder, "--csv", code=0)))
    assert {"verdict", "yardstick", "estimator", "path"} <= set(told["part"])


def test_json_and_csv_at_once_are_misspelt(folder):
    say("run", folder, "--json", "--csv", code=2)


def test_power_looks_ahead_as_words_and_as_numbers(folder):
    told = say("power", folder, "--after", "2", "--before", "2", code=0)
    assert "2 treated against 6 others" in told
    found = json.loads(
        say("power", folder, "--after", "1", "--before", "2", "--json", code=0)
    )
    assert [row["after"] for row in found["by_years_after"]] == [1]


def test_power_of_numbers_is_asked_where_nobody_is_named(tmp_path, table):
    bare = tmp_path / "bare.csv"
    bare.write_text(text([[p, y, j] for p, y, _, j in rows()]), encoding="utf-8")
    made = tmp_path / "x"
    say("new", made, "--from", bare, "--outcome", "jobs", code=0)
    assert "--hubs 9" in say("power", made, code=1)
    told = say("power", made, "--hubs", "2", "--refused", "5", "--after", "1", code=0)
    assert "2 treated against 5 others" in told


def test_filing_prints_the_hashes(folder):
    told = say("file", folder, code=0)
    assert told.count("sha256") == 3
    assert "has not changed since" in say("file", folder, code=1)


def test_a_fault_of_the_program_is_called_one(monkeypatch, table):
    def broken(*_, **__):
        raise KeyError("inside")

    monkeypatch.setattr(command, "check_table", broken)
    result = CliRunner().invoke(command.main, ["check", str(table)])
    assert result.exit_code == 70
    assert "fault of the program, not yours" in result.output
    result = CliRunner().invoke(command.main, ["--traceback", "check", str(table)])
    assert isinstance(result.exception, KeyError)


def test_newest_figures_are_reported_and_faults_of_the_network_too():
    assert "no interface" in say("refresh", "hangzhou-pilot-zone", code=0)
    assert "no case" in say("refresh", "nowhere", code=1)

    def unreachable(*_):
        raise OSError("no route to host")

    with publishers.online(unreachable):
        assert "no route to host" in say("refresh", "k-semiconductor-belt", code=1)


def test_without_keys_those_who_want_one_are_named_and_that_is_no_failure(monkeypatch):
    recipes = {"build-back-better": american.RECIPES[1:]}
    monkeypatch.setattr(refreshing, "RECIPES", recipes)
    for variable in ("BEA_API_KEY", "BLS_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    told = say("refresh", "build-back-better", code=0)
    assert told.count("not asked: ") == 3
    assert "not refreshed" not in told
    assert "https://data.bls.gov/registrationEngine/" in told


def test_without_the_clients_one_is_told_how_to_install_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    told = say("refresh", "k-semiconductor-belt", code=1)
    assert 'python -m pip install "hubanalysis[fresh]"' in told
