"""The page of the weekly runs says what failed and which versions differed."""

import datetime
import json
from pathlib import Path

import pytest
import yaml

from tools.book import status

DAY = datetime.date(2026, 11, 30)
WORKFLOW = Path(__file__).parents[3] / ".github" / "workflows" / "book.yml"


@pytest.fixture
def runs(monkeypatch):
    monkeypatch.setenv("GITHUB_SHA", "84445b7f00d")
    locked = status.note("locked", {"tests": "success", "book": "success"}, DAY)
    newest = status.note("newest", {"tests": "success", "book": "failure"}, DAY)
    newest["versions"] = newest["versions"] | {"numpy": "99.0", "brand-new": "1.0"}
    return [locked, newest]


def test_a_note_has_the_day_the_commit_and_every_package(runs):
    import numpy as np

    locked = runs[0]
    assert (locked["day"], locked["commit"]) == ("2026-11-30", "84445b7")
    assert locked["versions"]["numpy"] == np.__version__


def test_the_page_says_what_failed_and_which_versions_differ(runs):
    page = status.page(runs)
    assert "**locked: all is well.**" in page
    assert "**newest: book failed.**" in page
    assert "| brand-new | – | 1.0 |" in page
    assert "| numpy |" in page
    assert "| pandas |" not in page
    assert page.count("2026-11-30") == 2


def test_a_step_that_was_skipped_is_no_success_and_one_unknown_was_not_run(runs):
    runs[1]["steps"] = {"tests": "skipped"}
    page = status.page(runs)
    assert "**newest: tests failed.**" in page
    assert page.count("not run") == 1


def test_runs_of_the_same_versions_are_said_to_be_so(runs):
    assert "the same versions of all packages" in status.page(runs[:1])


def test_the_command_writes_a_note_that_the_page_reads(tmp_path, capsys):
    assert status.main(["note", "locked", "tests=success"]) == 0
    file = tmp_path / "locked.json"
    file.write_text(capsys.readouterr().out)
    assert json.loads(file.read_text())["steps"] == {"tests": "success"}
    assert status.main(["page", str(file)]) == 0
    assert "**locked: all is well.**" in capsys.readouterr().out
    assert status.main([]) == 2


def test_the_workflow_runs_the_lock_and_the_newest_once_a_week_and_writes_the_page():
    jobs = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    weekly = jobs["weekly"]
    assert set(weekly["strategy"]["matrix"]["versions"]) == {"locked", "newest"}
    said = [step.get("run", "") for step in weekly["steps"]]
    assert any("tools.book.status note" in run for run in said)
    assert set(jobs["status"]["needs"]) >= {"weekly"}
    assert jobs["status"]["permissions"] == {"contents": "write"}
