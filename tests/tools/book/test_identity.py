"""A build is named by its commit, not by the clock."""

import subprocess

import pytest

from tools.book.identity import CITATION, this_build


@pytest.fixture
def git(repository):
    def run(*arguments):
        names = ["-c", "user.name=a", "-c", "user.email=a@b"]
        day = {"GIT_COMMITTER_DATE": "2026-03-04T12:00:00Z", "PATH": "/usr/bin:/bin"}
        command = ["git", "-C", str(repository), *names, *arguments]
        subprocess.run(command, check=True, capture_output=True, env=day)

    run("init", "-q")
    run("add", "-A")
    run("commit", "-qm", "first")
    return run


def test_it_is_the_day_of_the_last_commit_that_matters(repository, git):
    before = this_build(repository)
    assert before.date == "2026-03-04"
    assert len(before.commit) == 40
    assert not before.changed
    (repository / "notes.txt").write_text("of no matter")
    git("add", "-A")
    git("commit", "-qm", "second")
    assert this_build(repository) == before


def test_changes_that_are_not_committed_are_told(repository, git):
    (repository / "requirements.txt").write_text("after")
    assert this_build(repository).changed


def test_without_git_it_is_the_release(tmp_path):
    build = this_build(tmp_path)
    assert (build.commit, build.date) == ("", str(CITATION["date-released"]))
