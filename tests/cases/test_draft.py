"""What can be read off a table is filled in; the rest is for somebody to write."""

import re
import tomllib

import pandas as pd
import pytest

from hubanalysis.cases.begin import sheet_of
from hubanalysis.cases.draft import draft
from hubanalysis.cases.own_file import of_frame
from hubanalysis.cases.plan_file import plan_of, unwritten
from hubanalysis.words.refusals import HubError
from tests.cases.ours import own_words
from tests.command.own import changed, rows


def of(table, **more):
    head, *body = table
    columns = {name: [row[i] for row in body] for i, name in enumerate(head)}
    return draft(sheet_of(columns), outcome="jobs", **({"treated": "first"} | more))


def test_it_is_a_plan_whose_sentences_are_still_to_be_written():
    plan = plan_of(of(rows()).text(), "the draft")
    own = plan.outcomes["jobs"]
    assert (own.unit, own.period, own.value) == ("place", "year", "jobs")
    assert own.transform == "log"
    assert own.main.name == "synthetic_did"
    assert own.placebo_periods == (2015,)
    assert "question" in unwritten(plan)


def test_a_question_and_keys_of_ones_own_leave_nothing_to_write():
    text = of(rows()).text("Did it?", main="did", transform="none", title="Ours")
    plan = plan_of(text, "the draft")
    assert unwritten(plan) == []
    assert plan.title == "Ours"
    assert plan.outcomes["jobs"].main.name == "did"


def test_zeros_are_not_put_into_logs():
    table = changed(lambda r: [*r[:3], "0" if r[0] == "Oslo" else r[3]])
    assert of(table).transform == "none"


@pytest.mark.parametrize("odd", ["0", "-9"])
def test_a_single_zero_among_thousands_does_not_change_the_scale(odd):
    table = changed(lambda r: [*r[:3], odd if r[:2] == ["Oslo", "2013"] else r[3]])
    assert of(table).transform == "log"


def quarterly(value):
    """The table by quarters, with a value of each row."""
    head, *body = rows()
    cells = [
        [r[0], f"{r[1]}-Q{q}", r[2], value(float(r[3]))]
        for r in body
        for q in range(1, 5)
    ]
    return [head, *cells]


def test_a_rate_by_quarters_is_not_added_up_without_a_word():
    found = of(quarterly(lambda v: f"{v / 200:.2f}"))
    assert "4 rows a year of 'jobs' are added up" in found.assumed[-1]
    plan = plan_of(found.text(), "the draft")
    assert "outcomes jobs aggregate" in unwritten(plan)
    with pytest.raises(HubError, match='say aggregate="mean"'):
        found.text("Did it?")
    assert 'aggregate = "mean"' in found.text("Did it?", aggregate="mean")


def test_counts_by_quarters_say_in_the_draft_that_they_are_added_up():
    found = of(quarterly(lambda v: f"{v:.0f}"))
    assert plan_of(found.text(), "the draft").outcomes["jobs"].aggregate == "sum"
    assert 'aggregate = "sum"' in found.text()


def test_the_size_of_what_was_promised_is_to_be_written():
    plan = plan_of(of(rows()).text(), "the draft")
    assert "yardsticks 1 value" in unwritten(plan)


def test_taking_one_word_away_does_not_write_the_sentences():
    text = of(rows()).text()
    bare = re.sub(r'value = "REPLACE: [^"]*"', "value = 0.1", text)
    plan = plan_of(bare.replace("REPLACE: ", ""), "the draft")
    assert {"question", "title", "rivals 1 what"} <= {*unwritten(plan)}
    assert unwritten(plan_of(own_words(text), "the draft")) == []


def test_a_key_of_each_unit_is_refused_as_outcome():
    table = [[*r, "code" if not i else str(9000 + len(r[0]))]
             for i, r in enumerate(rows())]  # fmt: skip
    head, *body = table
    columns = {name: [row[i] for row in body] for i, name in enumerate(head)}
    found = draft(sheet_of(columns), outcome="code", treated="first")
    assert "it is a key or a size" in str(found.table.faults[0])
    assert not found.table.warnings


def test_waves_get_estimators_for_several_dates():
    table = changed(lambda r: [r[0], r[1], r[2] and r[2].replace("2017", "2018")
                               if r[0] == "Bergen" else r[2], r[3]])  # fmt: skip
    plan = plan_of(of(table).text(), "the draft")
    assert plan.outcomes["jobs"].main.name == "group_time_average"


@pytest.mark.parametrize("word", ['a "quoted" name', "back\\slash", "ümlaut", "a\tb"])
def test_names_of_every_kind_survive_the_way_through_toml(word):
    table = [["place", "year", "first", word], *rows()[1:]]
    head, *body = table
    columns = {name: [row[i] for row in body] for i, name in enumerate(head)}
    text = draft(sheet_of(columns), outcome=word, treated="first").text()
    told = tomllib.loads(text)["outcomes"]
    assert next(iter(told.values()))["value"] == word


def test_a_mapping_says_who_is_treated():
    found = of([row[:2] + row[3:] for row in rows()], treated={"Oslo": 2016})
    assert found.dates == {"Oslo": 2016}
    assert found.before == [2012, 2013, 2014, 2015]


def test_the_draft_begins_with_how_the_table_was_read():
    """The copy that `new` writes is clean, so nothing else would say it."""
    frame = pd.DataFrame(
        {"pla\x01ce": ["A", "A", "B", "B"], "year": ["31/12/2019", "31/12/2020"] * 2,
         "jobs": ["1 003,5", "1 104,2", "2 005,1", "2 080,0"]}
    )  # fmt: skip
    text = draft(of_frame(frame), outcome="jobs").text()
    assert "#   'year': dates, cut to years" in text
    assert "#   'jobs': a comma before decimals" in text
    assert tomllib.loads(text)["outcomes"]["jobs"]["unit"] == "pla\x01ce"
