"""Whatever a table or a plan holds: a sentence or a result, and no row lost."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubanalysis.cases.begin import sheet_of
from hubanalysis.cases.draft import draft
from hubanalysis.cases.own_file import read_file
from hubanalysis.cases.plan_file import plan_of
from hubanalysis.command.checking import check_folder, check_table
from tests.command.own import rows, text, written

# Cells as they are found in real tables, and some that are nowhere.
CELLS = st.one_of(
    st.sampled_from(
        [
            *("1", "0", "-1", "2017", "2105", "2017.5", "2012-13", "31/12/2015"),
            *("1,5", "1.413", "1,413", "88\u00a0065,0", "(D)", "-999", "NA", "..", ":"),
            *("–", "€", "FY19", "never", "true", "no", "inf", "1e999"),
            *("Oslo", "oslo", "Ålesund", ""),
        ]
    ),
    st.text(max_size=6),
    st.integers(-10_000, 10_000).map(str),
    st.floats(allow_nan=False).map(str),
)
QUICK = settings(
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@st.composite
def tables(draw):
    """A sound table with a few cells, lines or signs changed."""
    made = [list(row) for row in rows()[: draw(st.integers(1, 65))]]
    for _ in range(draw(st.integers(0, 4))):
        line = draw(st.integers(0, len(made) - 1))
        change = draw(st.sampled_from(["cell", "drop", "double", "short", "column"]))
        column = draw(st.integers(0, 3))
        if change == "cell" and column < len(made[line]):
            made[line][column] = draw(CELLS)
        elif change == "drop" and len(made) > 1:
            del made[line]
        elif change == "double":
            made.append(list(made[line]))
        elif change == "short":
            made[line] = made[line][:column]
        elif change == "column":
            cell = draw(CELLS)
            made[1:] = [[*r[:column], cell, *r[column + 1 :]] for r in made[1:]]
    sign = draw(st.sampled_from(",;\t|"))
    return text(made, sign)


@st.composite
def columns(draw):
    """What somebody says of the columns, mostly rightly."""
    named = {"unit": "place", "period": "year", "outcome": "jobs", "treated": "first"}
    told = {}
    for role, name in named.items():
        told[role] = draw(st.sampled_from([name] * 6 + ["", "jobs", "nowhere"]))
    told["decimal"] = draw(st.sampled_from(["", "", ".", ","]))
    return told


@QUICK
@given(tables(), columns())
def test_a_table_gets_a_sentence_or_a_result(content, told):
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = str(check_table(written(Path(folder), content), **told))
        except ValueError as error:
            found = str(error)
    assert re.search(r"\w{2}", found)


@QUICK
@given(st.binary(max_size=200))
def test_bytes_get_a_sentence_or_a_result(content):
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = str(check_table(written(Path(folder), content)))
        except ValueError as error:
            found = str(error)
    assert found


@QUICK
@given(tables())
def test_no_row_is_dropped_and_no_plain_number_altered(content):
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), content)
        try:
            sheet = read_file(path)
            read = draft(sheet, "place", "year", "jobs", "first").table
            kept = read.require()
        except ValueError:
            return
    assert len(kept) == len(sheet.cells)
    assert len(sheet.cells) == sum(
        bool(line.strip(',;|\t "')) for line in content.splitlines()[1:]
    )
    plain = sheet.cells["jobs"].str.fullmatch(r"-?\d{1,6}(\.\d{1,2})?")
    commas = any("comma" in told for told in read.assumed)
    if not commas:
        wanted = sheet.cells["jobs"][plain].astype(float)
        assert np.allclose(read.rows["jobs"][plain], wanted, rtol=0, atol=0)


PLAN = """question = "Did it?"
title = "Ours"
policy_date = 2017-01-01
cannot_show = ["all else"]
[defaults]
table = "outcomes"
unit = "place"
period = "year"
first_treated = "first"
main = "did"
also = ["event_study"]
transform = "log"
window = [2012, 2019]
placebo_periods = [2015]
leave_out_periods = { 2013 = "lost" }
leave_out_units = { "Oslo" = "capital" }
[outcomes.jobs]
role = "primary"
value = "jobs"
[outcomes.jobs.variants]
"late" = { window = [2014, 2019] }
"without" = { drop = ["Hamar"] }
[outcomes.twice]
role = "secondary"
value = "2 * jobs"
[[yardsticks]]
kind = "promised"
value = 0.1
title = "a tenth"
source = "made up"
[[rivals]]
what = "rain"
bias = "none"
""".splitlines()
VALUES = st.one_of(
    st.sampled_from(
        [
            *('""', '"jobs"', '"year"', '"did"', '"log"', '"synthetic_did"', '"x"'),
            *("0", "-1", "2017", "1.5", "nan", "true", "2017-01-01"),
            *("[]", "{}", "[1, 2]", '["jobs"]', "[2019, 2012]", "[1, 1]"),
            *('{ 2013 = "x" }', "{ jobs = 2017 }", '{ table = "x", query = "1 <" }'),
            *('"jobs / 0"', '"jobs +"', '"@x"', '"__import__(1)"'),
            '{ table = "outcomes", column = "first" }',
            '{ table = "outcomes", query = "jobs > 1e9" }',
        ]
    ),
    st.text(max_size=5),
)
KEYS = st.sampled_from(
    [
        *("strata", "only_units", "minus", "share_of", "year_starts", "spread"),
        *("aggregate", "contest", "where", "value", "unit", "period"),
        *("first_treated", "window", "main", "also", "transform", "estimand"),
        *("refused", "facts", "yardsticks", "rivals", "outcome", "balanced"),
        *("weights", "policy_date", "end_date"),
    ]
)


@st.composite
def plans(draw):
    """A sound plan with a few lines changed, dropped or added."""
    lines = list(PLAN)
    for _ in range(draw(st.integers(1, 3))):
        at_line = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["value", "value", "drop", "key", "line"]))
        if change == "value" and "=" in lines[at_line]:
            lines[at_line] = f"{lines[at_line].split('=')[0]}= {draw(VALUES)}"
        elif change == "drop" and len(lines) > 1:
            del lines[at_line]
        elif change == "key":
            lines.insert(at_line, f"{draw(KEYS)} = {draw(VALUES)}")
        elif change == "line":
            lines.insert(at_line, draw(st.text(max_size=8)))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("plans")
    (made / "outcomes.csv").write_text(text(), encoding="utf-8")
    return made


def test_the_plan_that_is_changed_is_sound(folder):
    (folder / "plan.toml").write_text("\n".join(PLAN), encoding="utf-8")
    assert check_folder(folder).faults == []
    assert plan_of("\n".join(PLAN), "plan").primary == "jobs"


@QUICK
@given(plan=plans())
def test_a_plan_gets_a_sentence_or_a_result(folder, plan):
    (folder / "plan.toml").write_bytes(plan.encode("utf-8", "replace"))
    told = check_folder(folder)
    for fault in told.faults:
        assert re.search(r"\w{2}", fault)
        assert "Traceback" not in fault


def test_numbers_of_every_length_survive_the_way_through_text(tmp_path):
    values = np.random.default_rng(0).normal(size=64) * 10.0 ** np.arange(-8, 8).repeat(
        4
    )
    head, *body = rows()
    frame = pd.DataFrame(body, columns=head).assign(jobs=values)
    frame["first"] = frame["first"].replace("", None)
    read = draft(sheet_of(frame), "place", "year", "jobs", "first").table.require()
    assert (read["jobs"] == values).all()
