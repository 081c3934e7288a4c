"""How columns are read."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.panels.reading import (
    as_mapping,
    as_period,
    as_table,
    is_never,
    read_numbers,
    read_periods,
    read_units,
    starts_from_column,
    tidy,
    traits_of,
)
from hubanalysis.words.refusals import kind_of
from tests.panels.tables import long, panel, starting


def test_names_lose_spaces_and_numbers_stay():
    assert tidy("  Oslo\t") == "Oslo"
    assert tidy(7) == 7


@pytest.mark.parametrize("never", [None, float("nan"), float("inf"), pd.NA, pd.NaT])
def test_never_is_written_in_many_ways(never):
    assert is_never(never)


@pytest.mark.parametrize("date", [0, 2003, "2003", float("-inf")])
def test_a_date_is_not_never(date):
    assert not is_never(date)


def test_things_are_called_by_their_kind():
    assert kind_of(None) == "None"
    assert kind_of(3) == "an int"
    assert kind_of(pd.DataFrame()) == "a pandas DataFrame"


def test_a_treatment_column_may_stand_in_any_order_of_rows():
    df = long().assign(on=lambda d: (d["unit"] == "u2") & (d["year"] > 2003))
    df = df.sample(frac=1, random_state=1)
    assert panel(df, "on").first_treated == {"u2": 2004}


def test_zero_and_one_may_be_periods_with_a_date():
    df = starting(u0=1).assign(year=lambda d: d["year"] - 2000)
    df = df[df["year"] < 2]
    assert panel(df, "first").first_treated == {"u0": 1}
    with pytest.raises(hub.HubError, match="period 0"):
        panel(df.fillna(0), "first")


@pytest.mark.parametrize("never", [0, np.inf, np.nan, None])
def test_a_column_of_numbers_says_never_by_zero_infinity_or_nothing(never):
    df = starting(u0=2003, u1=2005, u2=never, u3=never)
    assert panel(df, "first").first_treated == {"u0": 2003, "u1": 2005}


@pytest.mark.parametrize(("odd", "said"), [(2003.5, "2003.5"), (-np.inf, "-inf")])
def test_a_number_that_is_no_whole_period_is_refused(odd, said):
    with pytest.raises(hub.HubError, match=f"holds {said} for u1"):
        panel(starting(u0=2003, u1=odd), "first")


@pytest.mark.parametrize(("shift", "period"), [(2000, 0), (2005, 0), (2002, 0)])
def test_zero_is_asked_about_where_it_is_a_period_first_and_last_included(
    shift, period
):
    df = starting(u0=2003, u1=2005).assign(year=lambda d: d["year"] - shift)
    df["first"] = (df["first"] - shift).where(df["first"] != 2005, period)
    with pytest.raises(hub.HubError, match="0 in column 'first' could mean never"):
        panel(df, "first")


@pytest.mark.parametrize("shift", [1999, 2006])
def test_zero_says_never_where_it_is_the_year_before_the_first_or_after_the_last(shift):
    df = starting(u0=2003, u1=2005).assign(year=lambda d: d["year"] - shift)
    df["first"] = (df["first"] - shift).where(df["first"] == 2003, 0)
    assert panel(df, "first").first_treated == {"u0": 2003 - shift}


@pytest.mark.parametrize("kind", [bool, int, float])
def test_a_column_of_treatment_is_read_as_its_first_treated_period(kind):
    df = long()
    on = ((df["unit"] == "u1") & (df["year"] >= 2002)) | (
        (df["unit"] == "u2") & (df["year"] >= 2005)
    )
    found = panel(df.assign(on=on.astype(kind)), "on").first_treated
    assert found == {"u1": 2002, "u2": 2005}


def test_a_column_of_treatment_that_says_who_and_not_when_is_refused():
    df = long().assign(on=lambda d: d["unit"] == "u1")
    with pytest.raises(hub.HubError, match="who is treated, but not when"):
        panel(df, "on")


def test_treatment_that_ends_is_refused_and_named():
    df = long().assign(on=lambda d: (d["unit"] == "u1") & d["year"].between(2002, 2003))
    with pytest.raises(hub.HubError, match="u1 is treated and then, in 2004, no"):
        panel(df, "on")


def test_a_date_that_changes_within_a_unit_is_refused():
    df = starting(u0=2003, u1=2004)
    df.loc[df.index[df["unit"] == "u1"][-1], "first"] = 2005
    with pytest.raises(hub.HubError, match="first of u1 changes over time"):
        panel(df, "first")


@pytest.mark.parametrize("word", ["never", " Never ", "NA", "-", "none"])
def test_a_word_for_never_is_refused_with_a_way_out(word):
    df = starting(u0="2003", u1=word)
    with pytest.raises(hub.HubError, match="Leave the cell empty"):
        panel(df, "first")


def test_a_date_is_looked_up_as_the_kind_of_period_that_the_panel_has():
    years = pd.Index([2001, 2002])
    assert as_period(years, 2001) == as_period(years, 2001.0) == 2001
    months = pd.period_range("2009-01", periods=9, freq="M")
    assert as_period(months, "2009-06") == pd.Period("2009-06", "M")
    days = pd.date_range("2009-01-01", periods=3)
    for given in ("2009-01-02", date(2009, 1, 2), pd.Period("2009-01-02", "D")):
        assert as_period(days, given) == pd.Timestamp("2009-01-02")


@pytest.mark.parametrize("odd", [True, np.True_, 2001.5, "2001", "soon", None, np.inf])
def test_what_is_no_year_is_refused(odd):
    with pytest.raises(hub.HubError, match="is not a period of this panel"):
        as_period(pd.Index([2001, 2002]), odd)


@pytest.mark.parametrize("odd", [True, 2009, 2009.0, "soon"])
def test_what_is_no_day_is_refused(odd):
    with pytest.raises(hub.HubError, match="is not a period of this panel"):
        as_period(pd.date_range("2009-01-01", periods=3), odd)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ([2001, 2002], "int64"),
        ([2001.0, 2002.0], "int64"),
        ([2001.5, 2002.0], "float64"),
        ([2001.0, np.inf], "float64"),
        ([2001.0, np.nan], "float64"),
        ([date(2001, 1, 1), date(2002, 1, 1)], "datetime64"),
        ([pd.Period("2001Q1"), pd.Period("2001Q2")], "period[Q"),
        ([date(2001, 1, 1), "2002"], "object"),
        ([pd.Period("2001Q1"), "2002"], "object"),
    ],
)
def test_periods_become_whole_numbers_dates_or_periods(given, kind):
    assert str(read_periods(pd.Series(given)).dtype).startswith(kind)
    assert str(read_periods(pd.Series(given).astype("category")).dtype).startswith(kind)


def test_a_table_that_was_turned_over_keeps_its_periods():
    panel = hub.simulate_panel(units=4, periods=3, treated=1, start=2, seed=0)
    again = panel.frame.reset_index().melt("unit", var_name="when", value_name="y")
    assert again["when"].dtype == object
    dates = {panel.treated[0]: 2}
    read = hub.Panel.from_long(again, "unit", "when", "y", dates)
    assert list(read.periods) == list(panel.periods)


def test_periods_with_a_time_zone_are_refused():
    with pytest.raises(hub.HubError, match="carry a time zone"):
        read_periods(pd.Series(pd.date_range("2001", periods=2, tz="UTC"), name="day"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([True, False], "is true or false.*astype.int"),
        ([1j, 2.0], "is complex"),
        (["1", "2"], "not a number"),
    ],
)
def test_what_is_no_number_is_refused_by_its_kind(given, said):
    with pytest.raises(hub.HubError, match=said):
        read_numbers(pd.Series(given, name="y"), "outcome")


def test_numbers_of_any_type_are_floats_with_gaps():
    read = read_numbers(pd.Series([1, None], dtype="Int64", name="y"), "outcome")
    assert read.dtype == "float64"
    assert read[0] == 1
    assert np.isnan(read[1])


def test_units_are_text_or_numbers_and_not_both():
    assert read_units(pd.Series([1, 2], dtype="Int64")).dtype == "int64"
    assert read_units(pd.Series([1.0, 2.5])).tolist() == [1.0, 2.5]
    assert read_units(pd.Series([" Oslo", "Bergen "])).tolist() == ["Oslo", "Bergen"]
    named = read_units(pd.Series([" Oslo", "Bergen "], dtype="category"))
    assert named.tolist() == ["Oslo", "Bergen"]
    with pytest.raises(hub.HubError, match="of types int, str"):
        read_units(pd.Series([1, "Oslo"], name="place"))
    with pytest.raises(hub.HubError, match="of types list"):
        read_units(pd.Series([[1], [2]], name="place"))


def test_a_mapping_of_dates_has_one_for_each_unit():
    assert as_mapping(pd.Series([2003], index=[" Oslo"])) == {"Oslo": 2003}
    with pytest.raises(hub.HubError, match="more than one date for Oslo"):
        as_mapping(pd.Series([2003, 2004], index=["Oslo", "Oslo"]))
    with pytest.raises(hub.HubError, match="must say when"):
        as_mapping(["Oslo"])


def test_traits_are_looked_up_by_unit():
    units = pd.Index(["a", "b"])
    traits = pd.DataFrame({"size": [3, 2, 1]}, index=["c", "b", "a"])
    assert traits_of(None, units) is None
    assert traits_of(traits, units)["size"].tolist() == [1, 2]
    with pytest.raises(hub.HubError, match="there are no covariates for d"):
        traits_of(traits, pd.Index(["a", "d"]))
    with pytest.raises(hub.HubError, match="with units as rows, not a dict"):
        traits_of({"size": 1}, units)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((2, 2)), "not a numpy ndarray. Name its columns"),
        (pd.Series([1]), "not a pandas Series. Turn its index into columns"),
        ("table.csv", "not a str. Read the file first"),
        (Path("table.csv"), "Read the file first"),
        (SimpleNamespace(collect=None), "not a SimpleNamespace. Collect it first"),
        ([1, 2], "not a list. Make one with pandas.DataFrame"),
        (None, "not None. Make one"),
        ({"a": [1], "b": [1, 2]}, "a dict must give one list per column"),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_to_make_one(given, said):
    with pytest.raises(hub.HubError, match=said):
        as_table(given)


def test_columns_in_a_dict_are_a_table():
    assert as_table({"a": [1, 2]})["a"].tolist() == [1, 2]


@pytest.mark.parametrize("first", [2, 2001])
def test_one_that_is_no_period_says_who_and_not_when(first):
    rows = long().assign(year=lambda d: d["year"] - 2000 + first, on=1)
    with pytest.raises(hub.HubError, match="who is treated, but not when"):
        starts_from_column(rows, "unit", "year", "on")


def test_one_is_a_date_where_it_is_a_period():
    rows = long().assign(year=lambda d: d["year"] - 1999)
    rows["on"] = (rows["unit"] == "u1").astype(int)
    assert starts_from_column(rows, "unit", "year", "on") == {"u1": 1}
