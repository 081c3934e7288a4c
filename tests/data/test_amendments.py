"""What the plans say of when their changes were filed, beside the record of commits."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

import hubanalysis as hub

ROOT = Path(__file__).parents[2]
PLANS = sorted(path.parent.name for path in (ROOT / "data").glob("*/plan.toml"))
AMENDED = [name for name in PLANS if hub.Case.open(name).plan.amendments]


@cache
def git(*words: str) -> str:
    """What git answers; nothing where there is no git, or no repository."""
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def came_with(path: str, what: str) -> set[str] | None:
    """Files of the commit that first holds a change of a plan; None if none does."""
    for commit in git("log", "--reverse", "--format=%H", "--", path).split():
        plan = tomllib.loads(git("show", f"{commit}:{path}"))
        if any(change["what"] == what for change in plan.get("amendments", ())):
            return set(git("show", "--format=", "--name-only", commit).split())
    return None


@pytest.mark.parametrize("name", AMENDED)
def test_every_change_of_a_plan_says_when_it_was_filed(name):
    assert all(change.filed for change in hub.Case.open(name).plan.amendments)


@pytest.mark.skipif(
    git("rev-parse", "--is-shallow-repository").strip() != "false",
    reason="the record of commits is not here",
)
@pytest.mark.parametrize("name", AMENDED)
def test_a_change_filed_before_its_results_came_in_a_commit_of_plans_alone(name):
    """And one filed with its results brought a chapter or the library along."""
    for change in hub.Case.open(name).plan.amendments:
        files = came_with(f"data/{name}/plan.toml", change.what)
        if files is None:  # not committed yet
            continue
        alone = all(file.endswith("/plan.toml") for file in files)
        assert alone == (change.filed != "with its results"), change.what
