"""Before a programme: its outcome, its winners, and nothing of what came after."""

import pytest

import hubanalysis as hub
from hubanalysis.cases.history import history
from tests.command.own import PLACES, START, rows, text


def case_of(table, **more):
    head, *body = table
    columns = {name: [row[i] for row in body] for i, name in enumerate(head)}
    return hub.Case.from_table(
        columns,
        outcome="jobs",
        treated="first",
        question="?",
        **({"main": "did"} | more),
    )


def test_it_ends_before_the_first_start_and_nobody_is_treated():
    found = history(case_of(rows()))
    assert found.panel.periods[-1] == START - 1
    assert found.panel.treated == []
    assert set(found.hubs) == set(PLACES[:2])
    assert set(found.refused) == set(PLACES[2:])
    assert found.over


def test_what_came_after_leaves_no_trace_in_its_hash():
    later = [rows()[0]]
    later += [
        [p, y, f, j if int(y) < START else str(2 * float(j))]
        for p, y, f, j in rows()[1:]
    ]
    assert history(case_of(later)).hash() == history(case_of(rows())).hash()
    earlier = [list(row) for row in rows()]
    earlier[1][3] = "1111.5"
    assert history(case_of(earlier)).hash() != history(case_of(rows())).hash()


def test_one_period_before_is_too_few(tmp_path):
    short = [rows()[0], *(r for r in rows()[1:] if int(r[1]) >= START - 1)]
    path = tmp_path / "jobs.csv"
    path.write_text(text(short), encoding="utf-8")
    case = hub.Case.new(tmp_path / "ours", path, outcome="jobs", treated="first")
    with pytest.raises(hub.HubError, match=r"1 period\(s\) before 2017"):
        history(case)
