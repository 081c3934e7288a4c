"""The book's tables."""

import pandas as pd

import hubanalysis as hub


def test_tables_hold_every_estimator_of_the_plan(case):
    battery = case.battery()
    assert len(hub.estimates_table(battery)) == len(battery.names)
    assert len(hub.in_time_table(battery)) == len(battery.names)
    table = hub.outcomes_table(case, {"total_nights": battery})
    assert table.loc["all hotel nights", "role"] == "primary"
    assert isinstance(table, pd.DataFrame)
