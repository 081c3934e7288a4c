"""Growth since a base, of one series on another or of several."""

import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.show.since import growth_since

TABLE = pd.DataFrame(
    {"a": [1.0, 2.0, 4.0], "b": [5.0, 5.0, 10.0]}, index=[2000, 2001, 2002]
)


def test_growth_adds_up_in_logarithms():
    found = growth_since(TABLE, 2000, [2001, 2002], ("a", "b"))
    assert found["a"] == pytest.approx(100 * (2 * 2**0.5 - 1))
    assert 1 + found["difference"] / 100 == pytest.approx(
        (1 + found["a"] / 100) / (1 + found["b"] / 100)
    )


def test_the_static_figure_holds_what_each_base_says():
    widget = hub.since(TABLE, 2000, [2002], "", against=("a", "b"), title="x")
    assert widget.figure.data.to_dict() == pytest.approx({2000: 100.0, 2001: 0.0})


def test_without_a_rival_it_holds_all_series_from_the_base_on():
    monthly = TABLE.set_axis(pd.period_range("2021-11", periods=3, freq="M"))
    widget = hub.since(monthly, monthly.index[0], list(monthly.index), "", title="x")
    assert widget.figure.data.iloc[-1].tolist() == [400, 200]
    assert widget.data["labels"][0] == "November 2021"
    assert widget.figure.drawn()


def test_values_that_have_no_logarithm_are_refused():
    with pytest.raises(hub.HubError, match="above zero"):
        hub.since(TABLE.assign(a=0.0), 2000, [2002], "")


def test_a_base_that_cannot_be_chosen_is_refused():
    with pytest.raises(hub.HubError, match="2002 is not among the bases"):
        hub.since(TABLE, 2002, [2002], "")
