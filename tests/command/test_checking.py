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
        "out, or set balanced = false in a plan whose estimators take holes "
        "(imputation takes most)."
    ]


def test_who_of_those_with_holes_is_treated_is_said(tmp_path):
    path = tmp_path / "jobs.csv"
    gone = [r for r in rows() if (r[0], r[1]) != ("Bergen", "2013")]
    path.write_text(text(gone), encoding="utf-8")
    found = check_table(path, outcome="jobs", treated="first")
    assert "Treated: Bergen; without them the answer is about others" in found.faults[0]


def test_two_names_that_fill_each_other_may_be_one_place(tmp_path):
    path = tmp_path / "jobs.csv"
    named = [["Hamar-Nord" if r[0] == "Hamar" and r[1] > "2014" else r[0], *r[1:]]
             for r in rows()]  # fmt: skip
    path.write_text(text(named), encoding="utf-8")
    told = str(check_table(path, outcome="jobs", treated="first"))
    assert "is it one place under two names?" in told


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
