"""How columns are read."""

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.panels.reading import is_never, kind_of, tidy
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
