"""What is odd about a table as a whole."""

import numpy as np
import pandas as pd
import pytest

from hubanalysis.cases.own_whole import (
    called_total,
    far_periods,
    odd_figures,
    outside_dates,
    repeated_rows,
    skipped_periods,
    totals,
)


def years(*values):
    return pd.Series(values, name="year")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([2010, 2011, 2013, 2014, 2015], "2013"),
        ([2010, 2011, 2012, 2013], None),
        # Every fifth year is no gap, and what lies far is a slip.
        ([2000, 2005, 2010, 2015, 2020], None),
        ([2010, 2011, 2012, 2105], None),
    ],
)
def test_a_year_that_nobody_has_is_named(given, says):
    found = skipped_periods(years(*given))
    assert bool(found) == bool(says)
    if says:
        assert "2012" in str(found[0])


def test_a_month_that_nobody_has_is_named():
    months = pd.Series(
        pd.PeriodIndex(["2019-01", "2019-02", "2019-03", "2019-05"], freq="M")
    )
    (fault,) = skipped_periods(months)
    assert "2019-04" in str(fault)


def test_periods_far_from_all_others_are_a_slip():
    given = years(2010, 2011, 2012, 2105)
    (fault,) = far_periods(given, given.astype(str))
    assert fault.lines == (3,)


def towns(**more):
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.uniform(5, 9, (5, 4)), list("abcde"), range(2010, 2014))
    for name, of in more.items():
        wide.loc[name] = of(wide)
    table = wide.rename_axis("town").reset_index()
    return table.melt("town", var_name="year", value_name="jobs")


def summed(what, scale=1.0):
    table = towns(all_of_them=lambda w: w.agg(what))
    table["jobs"] = (table["jobs"] * scale).round(9 if scale == 1 else 0)
    return totals(table, "jobs", "town", "year")


def test_a_sum_of_all_others_stands_in_the_way():
    (found,), likely = summed("sum")
    assert set(found.found) == {"all_of_them"}
    assert found.whole
    assert "the sum of all others, and no place: delete these lines" in str(found)
    assert likely == []


def test_a_mean_of_all_others_is_pointed_out():
    certain, (found,) = summed("mean")
    assert certain == []
    assert "the mean of all others" in str(found)


def test_small_whole_numbers_may_add_up_by_accident():
    rows = {"a": [1, 2, 1], "b": [2, 1, 1], "c": [1, 1, 2], "d": [4, 4, 4]}
    wide = pd.DataFrame(rows, index=range(2010, 2013)).T.rename_axis("town")
    long = wide.reset_index().melt("town", var_name="year", value_name="firms")
    certain, (found,) = totals(long, "firms", "town", "year")
    assert certain == []
    assert set(found.found) == {"d"}
    (found,), _ = totals(long.assign(firms=long["firms"] * 50), "firms", "town", "year")
    assert set(found.found) == {"d"}


@pytest.mark.parametrize(
    "name", ["Total", "TOTAL:", "Total général", "Grand total", "Insgesamt", "Razem"]
)
def test_what_is_called_a_total_is_one_whatever_it_holds(name):
    (found,) = called_total(pd.Series(["Oslo", "Bergen", name], name="town"))
    assert found.lines == (2,)
    assert "A total is no place: delete this line" in str(found)


@pytest.mark.parametrize(
    "name", ["Somme", "Totnes", "Meaning", "Total Energies", "Sumy"]
)
def test_places_that_only_sound_like_a_total_are_places(name):
    assert called_total(pd.Series(["Oslo", name], name="town")) == []


def test_a_mean_by_its_name_stands_in_the_way():
    (found,) = called_total(pd.Series(["Oslo", "Moyenne"], name="town"))
    assert "A mean is no place" in str(found)


def test_a_total_that_the_plan_leaves_out_is_no_fault():
    assert called_total(pd.Series(["Oslo", "Total"], name="town"), {"Total"}) == []


def test_a_large_place_is_no_total():
    large = towns(capital=lambda w: 1.05 * w.sum())
    assert totals(large, "jobs", "town", "year") == ([], [])
    assert totals(towns(), "jobs", "town", "year") == ([], [])


def test_codes_and_slips_are_pointed_out_with_their_lines():
    table = towns()
    table.loc[3, "jobs"] = -999
    table.loc[7, "jobs"] *= 1000
    code, slip = odd_figures(table, "jobs", "town", [], "year")
    assert (code.lines, slip.lines) == ((3,), (7,))


def test_dates_that_no_row_reaches_are_pointed_out():
    table = towns().assign(first=np.nan)
    table.loc[table["town"] == "a", "first"] = 2012
    assert outside_dates(table, "first", "year") == []
    table.loc[table["town"] == "b", "first"] = 2105
    (late,) = outside_dates(table, "first", "year")
    assert "figures end in 2013" in str(late)


def test_a_quarter_in_a_column_of_its_own_is_no_row_too_many():
    cells = pd.DataFrame(
        {"place": ["A"] * 8, "year": ["2018"] * 4 + ["2019"] * 4, "part": [*"12341234"]}
    )
    told = repeated_rows(cells, cells, {"place"}, {"year"}, set())
    assert "'part' tells rows of one unit and period apart" in str(told[0])
    same = cells.assign(part="1")
    assert "take one" in str(repeated_rows(same, same, {"place"}, {"year"}, set())[0])


def test_a_key_of_a_place_makes_it_no_mean_of_the_others():
    frame = pd.DataFrame(
        {"u": list("aabbccddee"), "t": [1, 2] * 5,
         "key": [1.0, 1, 2, 2, 3, 3, 4, 4, 5, 5]}
    )  # fmt: skip
    assert totals(frame, "key", "u", "t") == ([], [])
