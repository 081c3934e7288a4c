"""What was filed, when, and whether results could be seen by then."""

import json
import subprocess
from datetime import UTC, datetime

import pytest

import hubanalysis as hub
from hubanalysis.cases.filing import file_plan, filings, plan_hash, standing
from tests.cases.ours import written
from tests.command.own import START, rows, text

THEN = datetime(2016, 12, 1, tzinfo=UTC)
LATER = datetime(2020, 2, 1, tzinfo=UTC)


def until(year, table=None):
    """The figures as they were known then."""
    head, *body = rows() if table is None else table
    return text([head, *(row for row in body if int(row[1]) <= year)])


@pytest.fixture
def ahead(tmp_path):
    """A plan of a programme that lies ahead, with its history."""
    table = tmp_path / "jobs.csv"
    table.write_text(until(START - 1), encoding="utf-8")
    columns = {"outcome": "jobs", "treated": "first"}
    return written(hub.Case.new(tmp_path / "ours", table, **columns).folder)


def opened(folder):
    return hub.Case.from_folder(folder, try_out=False)


def now(folder, content=None):
    """The figures as they are known by now."""
    (folder / "outcomes.csv").write_text(content or text(), encoding="utf-8")
    return opened(folder)


def test_a_plan_that_was_never_filed_proves_nothing(ahead):
    assert standing(opened(ahead)) == (
        False,
        "The plan was never filed, so nobody can know which came first.",
    )


def test_a_plan_filed_ahead_was_before_its_results(ahead):
    filed = file_plan(opened(ahead), THEN)
    assert (filed.first, filed.last) == ({"jobs": START}, {"jobs": START - 1})
    before, told = standing(now(ahead))
    assert before
    assert "filed on 2016-12-01" in told
    assert "before there were figures" in told


def test_a_plan_filed_when_results_were_there_was_not(ahead):
    file_plan(now(ahead), THEN)
    before, told = standing(opened(ahead))
    assert not before
    assert "when there were figures" in told


def test_a_plan_that_changed_says_so_and_the_first_text_still_counts(ahead):
    file_plan(opened(ahead), THEN)
    plan = ahead / "plan.toml"
    first = plan.read_text("utf8")
    plan.write_text(first.replace('"log"', '"none"'), encoding="utf-8")
    assert "changed since it was filed" in standing(opened(ahead))[1]
    with pytest.raises(hub.HubError, match="say what changed and why"):
        file_plan(now(ahead))
    file_plan(now(ahead), LATER, "the promise was lowered", "asked by the minister")
    assert not standing(opened(ahead))[0]
    plan.write_text(first, encoding="utf-8")
    assert standing(opened(ahead))[0]
    assert len(filings(ahead)) == 2


def test_a_second_filing_is_told_with_the_first_hash_and_what_could_be_seen(ahead):
    first = file_plan(opened(ahead), THEN)
    plan = ahead / "plan.toml"
    plan.write_text(plan.read_text("utf8") + "# lower\n", encoding="utf-8")
    file_plan(now(ahead), LATER, "the promise", "it was too high")
    told = standing(opened(ahead))[1]
    assert f"filed here twice, first on 2016-12-01 (sha256 {first.plan[:12]}" in told
    assert "results could have been seen in between: the promise; it was too" in told
    card = str(hub.card(opened(ahead)))
    assert "filed again" in card


def test_figures_that_were_revised_are_named(ahead):
    file_plan(opened(ahead), THEN)
    table = [list(row) for row in rows()]
    table[1][3] = "1111.0"
    before, told = standing(now(ahead, text(table)))
    assert before
    assert "figures from before the programme have been revised, of Ålesund" in told


def test_other_winners_than_filed_are_named(ahead):
    file_plan(opened(ahead), THEN)
    table = [[p, y, "2017" * (p == "Oslo"), j] for p, y, _, j in rows()[1:]]
    before, told = standing(now(ahead, text([rows()[0], *table])))
    assert not before
    assert "who begins when has changed, Bergen (2017, now never), Oslo" in told
    assert "revised" not in told


@pytest.fixture(params=["early", "late"])
def filed(ahead, request):
    """A plan that was filed, before its results or after."""
    late = request.param == "late"
    file_plan(now(ahead) if late else opened(ahead), THEN)
    return ahead


def less(*places):
    return text([row for row in rows() if row[0] not in places])


def of_old(folder):
    """Take from a filing what was not kept at first."""
    file = folder / "filed.json"
    entries = json.loads(file.read_text("utf8"))
    for entry in entries:
        del entry["units"], entry["dates"]
    file.write_text(json.dumps(entries), "utf8")


def test_nothing_is_said_of_what_is_as_it_was_filed(filed):
    assert "changed" not in standing(now(filed))[1]
    of_old(filed)
    assert "changed" not in standing(now(filed))[1]


def test_units_that_are_gone_are_named_and_no_figure_is_called_revised(filed):
    before, told = standing(now(filed, less("Oslo", "Hamar")))
    assert not before
    assert "2 of 8 units filed are gone, Hamar, Oslo ('jobs')" in told
    assert "revised" not in told


def test_units_that_came_in_are_named(ahead):
    (ahead / "outcomes.csv").write_text(less("Oslo"), encoding="utf-8")
    file_plan(opened(ahead), THEN)
    before, told = standing(now(ahead))
    assert not before
    assert "1 unit came in, Oslo" in told
    assert "revised" not in told


def test_figures_and_the_treated_are_compared_however_late_the_filing_was(filed):
    table = [list(row) for row in rows()]
    table[1][3] = "1111.0"
    told = standing(now(filed, text(table)))[1]
    assert "revised, of Ålesund ('jobs')" in told
    swapped = [
        [p, y, "2017" * (p in ("Bergen", "Oslo")), j] for p, y, _, j in table[1:]
    ]
    told = standing(now(filed, text([table[0], *swapped])))[1]
    assert "Oslo (never, now 2017), Ålesund (2017, now never)" in told
    assert "revised, of Ålesund" in told


def test_a_later_start_than_filed_is_named_and_the_figures_still_compared(filed):
    table = [[p, y, f and "2018", j] for p, y, f, j in rows()[1:]]
    told = standing(now(filed, text([rows()[0], *table])))[1]
    assert "Bergen (2017, now 2018)" in told
    assert "revised" not in told
    table[0][3] = "1111.0"
    assert "revised, of Ålesund" in standing(now(filed, text([rows()[0], *table])))[1]


def test_figures_that_end_earlier_than_filed_are_named(ahead):
    file_plan(now(ahead), THEN)
    told = standing(now(ahead, until(2018)))[1]
    assert "figures end in 2018 and reached 2019" in told


def test_what_was_filed_without_names_is_compared_all_the_same(filed):
    of_old(filed)
    told = standing(now(filed, less("Oslo")))[1]
    assert "units, or figures from before the programme, are no longer the same" in told
    table = [[p, y, "2017" * (p == "Oslo"), j] for p, y, _, j in rows()[1:]]
    told = standing(now(filed, text([rows()[0], *table])))[1]
    assert "who begins when has changed ('jobs')" in told


@pytest.mark.parametrize("part", ["units", "dates"])
def test_names_that_are_of_another_kind_are_refused(filed, part):
    file = filed / "filed.json"
    entries = json.loads(file.read_text("utf8"))
    entries[0][part] = {"jobs": "all"}
    file.write_text(json.dumps(entries), "utf8")
    with pytest.raises(hub.HubError, match="not as hubanalysis wrote it"):
        filings(filed)


def test_winners_that_were_not_known_yet_may_be_named_later(ahead):
    nobody = [[p, y, "", j] for p, y, _, j in rows()[1:]]
    file_plan(now(ahead, until(START - 1, [rows()[0], *nobody])), THEN)
    assert standing(now(ahead))[0]


def test_a_date_moved_into_the_past_is_found(ahead):
    nobody = [[p, y, "", j] for p, y, _, j in rows()[1:]]
    file_plan(now(ahead, until(START - 1, [rows()[0], *nobody])), THEN)
    early = [[p, y, f and "2015", j] for p, y, f, j in rows()[1:]]
    before, told = standing(now(ahead, text([rows()[0], *early])))
    assert not before
    assert "when there were figures" in told


def test_a_plan_is_filed_once(ahead):
    file_plan(opened(ahead), THEN)
    with pytest.raises(hub.HubError, match="has not changed since"):
        file_plan(opened(ahead))


def test_line_ends_do_not_change_the_hash(ahead):
    first = plan_hash(opened(ahead))
    plan = ahead / "plan.toml"
    plan.write_bytes(plan.read_bytes().replace(b"\n", b"\r\n"))
    assert plan_hash(opened(ahead)) == first


def test_a_commit_is_named_with_whether_the_plan_is_part_of_it(ahead):
    def git(*words):
        own = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(
            ["git", *own, *words], cwd=ahead, check=True, capture_output=True
        )

    git("init", "-q")
    git("add", "plan.toml")
    git("commit", "-qm", "the plan")
    assert len(file_plan(opened(ahead), THEN).commit) == 40
    plan = ahead / "plan.toml"
    plan.write_text(plan.read_text("utf8") + "# more\n", encoding="utf-8")
    again = file_plan(opened(ahead), what="a comment", why="it was asked for")
    assert again.commit.endswith("changed since")


def test_what_is_filed_can_be_read_by_others(ahead):
    file_plan(opened(ahead), THEN)
    entry = json.loads((ahead / "filed.json").read_text("utf8"))[0]
    assert entry["time"] == "2016-12-01T00:00:00+00:00"
    assert set(entry["history"]) == {"jobs"}


def test_one_of_the_books_plans_is_not_filed_this_way():
    case = hub.Case.open("yozma")
    assert not standing(case)[0]
    with pytest.raises(hub.HubError, match="in a folder of your own"):
        file_plan(case)
