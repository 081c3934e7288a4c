"""A check names everything at once, and says what it saw."""

from hubanalysis.command.checking import Findings, check_table
from tests.command.own import rows, text


def test_places_that_lack_the_same_years_are_named_together(tmp_path):
    path = tmp_path / "jobs.csv"
    gone = [
        r for r in rows() if (r[0], r[1]) not in {("Oslo", "2013"), ("Hamar", "2013")}
    ]
    path.write_text(text(gone), encoding="utf-8")
    found = check_table(path, outcome="jobs", treated="first")
    assert found.faults == [
        "there is no row for Hamar, Oslo in 2013. Add it, leave the unit or the period "
        "out, or set balanced = false in a plan whose estimators take holes."
    ]


def test_a_programme_that_lies_ahead_is_no_fault(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(
        text([r for r in rows() if r[1] < "2017" or r[1] == "year"]), "utf8"
    )
    found = check_table(path, outcome="jobs", treated="first")
    assert not found.faults
    assert "nothing has begun yet" in found.todo[0]


def test_faults_come_first():
    told = str(Findings(seen=["much"], faults=["one"]))
    assert told.splitlines()[0] == "1 fault, which stands in the way:"
