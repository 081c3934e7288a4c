"""Columns of text: one meaning, or a question; never a guess that is not said."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubanalysis.cases.own_columns import numbers, periods, treatment


def column(*cells, name="c"):
    return pd.Series(list(cells), name=name, dtype=object)


@given(st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)), min_size=1))
def test_a_number_is_read_as_python_wrote_it(values):
    assert numbers(column(*map(repr, values))).values.tolist() == values


@given(st.lists(st.floats(1000, 1e9).map(lambda v: round(v, 2)), min_size=1))
def test_thousands_and_decimals_of_either_kind_give_the_same_number(values):
    english = [f"{v:,.2f}" for v in values]
    continental = [v.translate(str.maketrans(",.", ".,")) for v in english]
    spaced = [v.replace(",", "\u202f").replace(".", ",") for v in english]
    for cells, sign in ((english, ","), (continental, ";"), (spaced, ";")):
        assert numbers(column(*cells), sign).values.tolist() == values


def test_separators_that_contradict_each_other_are_refused():
    found = numbers(column("1.234,5", "1,234.5"))
    assert found.faults


@pytest.mark.parametrize("cell", ["12%", "€ 5", "(D)", "1e999", "inf", "0x10", "1_000"])
def test_what_is_no_number_is_refused_with_its_line(cell):
    found = numbers(column("1", cell))
    assert found.faults[0].lines == (1,)
    assert found.faults[0].found == (cell,)


def test_three_decimals_between_semicolons_are_asked_about_and_settled_by_a_word():
    cells = column("1,413", "2,205")
    assert "Say which" in numbers(cells, ";").faults[0].what
    assert numbers(cells, ";", ".").values.tolist() == [1413, 2205]
    assert numbers(cells, ";", ",").values.tolist() == [1.413, 2.205]


def test_points_that_may_stand_between_thousands_are_pointed_out():
    found = numbers(column("1.413", "2.205"))
    assert found.values.tolist() == [1.413, 2.205]
    assert "--decimal ," in found.warnings[0].what
    assert found.assumed == ["'c': a point before three decimals"]


@pytest.mark.parametrize("sign", [",", ";"])
def test_such_points_beside_whole_numbers_are_asked_about_and_settled_by_a_word(sign):
    cells = column("1.413", "987")
    (asked,) = numbers(cells, sign).faults
    assert "Say which: --decimal . or --decimal ," in asked.what
    assert "write 1413, or 1.4130" in asked.what
    assert asked.lines == (0,)
    for decimal, values in ((",", [1413, 987]), (".", [1.413, 987])):
        found = numbers(cells, sign, decimal)
        assert found.values.tolist() == values
        assert not found.faults
        assert not found.warnings
        assert len(found.assumed) == 1


@pytest.mark.parametrize("other", ["0", "1987", "1.4", "1.4130", ""])
def test_what_is_no_number_below_a_thousand_is_not_asked_about(other):
    assert numbers(column("1.413", other)).faults == []


def test_numbers_that_were_never_text_are_not_asked_about():
    found = numbers(column("1.413", "987"), typed=True)
    assert not found.faults
    assert "--decimal ," in found.warnings[0].what


def test_what_stands_for_nothing_is_said():
    found = numbers(column("1", "..", ""))
    assert found.values.isna().tolist() == [False, True, True]
    assert found.assumed == ["'c': .. means that nothing is known"]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (("2012", "2013"), 2012),
        (("2012.0", "2013.0"), 2012),
        (("2012/13", "2013/14"), 2012),
        (("31/12/2012", "31/12/2013"), 2012),
        (("12/31/2012", "12/31/2013"), 2012),
        (("2012-12-31", "2013-12-31"), 2012),
        (("2012-01", "2012-02"), pd.Period("2012-01", "M")),
        (("2012M01", "2012M02"), pd.Period("2012-01", "M")),
        (("01/2012", "02/2012"), pd.Period("2012-01", "M")),
        (("2012Q1", "2012-Q2"), pd.Period("2012-01", "M")),
        (("01.01.2012", "01.02.2012"), pd.Period("2012-01", "M")),
    ],
)
def test_periods_of_every_kind_are_read(cells, first):
    found = periods(column(*cells))
    assert found.values[0] == first
    assert not found.faults


@pytest.mark.parametrize("wrong", ["FY19", "2019-13", "19", "", "2019.5", "0999"])
def test_a_period_that_is_none_is_named(wrong):
    assert periods(column("2012", "2013", wrong)).faults[0].found == (wrong,)


def test_days_that_may_be_months_are_asked_about():
    found = periods(column("01/02/2012", "03/04/2012", "05/06/2012"))
    assert "day and month" in found.faults[0].what


UNITS = pd.Series(list("aabb"))
YEARS = pd.Series([2018, 2019, 2018, 2019])


@pytest.mark.parametrize(
    "cells",
    [
        ("0", "1", "0", "0"),
        ("false", "TRUE", "False", "false"),
        ("no", "yes", "no", "no"),
        ("2019", "2019", "", ""),
        ("2019", "2019", "never", "never"),
        ("2019.0", "2019.0", "0", "0"),
        ("01.03.2019", "01.03.2019", "-", "-"),
    ],
)
def test_treatment_is_read_as_a_date_or_as_a_switch(cells):
    found = treatment(column(*cells), UNITS, YEARS)
    assert not found.faults
    assert found.values.fillna(0).tolist() == [2019, 2019, 0, 0]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (("1", "1", "0", "0"), "but not when"),
        (("1", "0", "0", "0"), "once treated, always treated"),
        (("2019", "2018", "", ""), "more than one '"),
        (("2019", "", "", ""), "more than one '"),
        (("2019.5", "2019.5", "", ""), "first treated year"),
        (("spring", "spring", "", ""), "first treated year"),
    ],
)
def test_treatment_that_says_too_little_is_refused(cells, says):
    assert says in treatment(column(*cells), UNITS, YEARS).faults[0].what


def test_signs_of_percent_are_left_out_and_that_is_said():
    found = numbers(pd.Series(["67,2 %", "68 %", ""], name="rate"), ";")
    assert found.values.tolist()[:2] == [67.2, 68.0]
    assert "'rate': numbers of percent, 5 for 5%" in found.assumed


def test_one_to_four_of_every_year_may_be_quarters():
    cells = pd.Series([f"{q}/{y}" for y in (2018, 2019) for q in range(1, 5)], name="t")
    assert "are these quarters?" in str(periods(cells).faults[0])


def test_a_start_within_a_year_is_asked_about():
    cells = pd.Series(["01.10.2018", "01.10.2018", "", ""], name="since")
    units, when = pd.Series(list("aabb")), pd.Series([2018, 2019] * 2)
    found = treatment(cells, units, when)
    assert found.values.tolist()[0] == 2018
    assert "begins within a year" in str(found.warnings[0])
    january = cells.str.replace("01.10", "01.01", regex=False)
    assert treatment(january, units, when).warnings == []
