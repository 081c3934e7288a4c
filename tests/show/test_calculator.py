"""The calculator starts from the design that it is given, and knows every price."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.show.calculator import SPREAD, detectable

INDEX = pd.MultiIndex.from_product(
    [["filings", "output"], [1, 3], [1, 5]], names=["outcome", "before", "years"]
)
PRICES = pd.Series(np.linspace(10, 45, 8), INDEX)
START = {"outcome": "filings", "before": 3, "years": 1, "hubs": 12, "refused": 18}
PLACE = {"cost": 42e6, "paid": 5, "output": 64.1234567e9, "job": 1.5e5}


def made(start=START, presets=None):
    return hub.calculator(
        PRICES, start, PLACE, {"output": None}, presets or {}, title="It falls"
    )


def test_four_times_the_hubs_and_refused_halve_the_effect():
    assert detectable(30, 48, 72) == pytest.approx(detectable(30, 12, 18) / 2)


def test_an_own_standard_deviation_gives_the_textbook_price():
    # A two-sided test at 5% with power 80%: 2.80 standard errors.
    assert pytest.approx(2.8016, abs=1e-4) == SPREAD


def test_every_price_is_in_the_page_as_it_was():
    rows = pd.DataFrame(made().data["prices"]).set_index(INDEX.names)["price"]
    pd.testing.assert_series_equal(rows, PRICES, check_names=False)


def test_money_is_written_in_the_units_of_the_fields():
    data = made(presets={"Other": {"hubs": 3, "cost": 1e7, "jobs": 62}}).data
    assert (data["start"]["cost"], data["start"]["output"]) == (42, 64.12)
    assert data["presets"]["Other"] == {"hubs": 3, "cost": 10, "jobs": 62}


def test_the_static_figure_is_that_of_the_start():
    table = made().figure.data
    assert table.columns.tolist() == [6, 12, 24]
    price = PRICES["filings", 3, 1]
    assert table[12].iloc[0] == pytest.approx(price * np.sqrt(1 / 12 + 1 / 3))


def test_a_start_without_a_price_is_refused():
    with pytest.raises(hub.HubError, match="no price is given for"):
        made(START | {"years": 2})
