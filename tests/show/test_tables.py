"""The book's tables."""

import hubanalysis as hub
from tests.cases.norway import NAME


def test_tables_hold_every_estimator_of_the_plan():
    case = hub.Case.open(NAME)
    battery = case.battery()
    assert len(hub.estimates_table(battery)) == len(battery.names)
    fits = hub.estimates_table(battery)["effects that fit"]
    low, high = battery.interval
    both = (hub.effect_text(end, "log") for end in (low, high))
    assert fits["synthetic control"] == " to ".join(both)
    assert len(hub.in_time_table(battery)) == len(battery.names)
    table = hub.outcomes_table(case, {"total_nights": battery})
    assert table.loc["all hotel nights", "role"] == "primary"


def test_estimators_are_called_what_they_call_themselves():
    table = hub.estimates_table(hub.Case.open("yozma").battery("complexity"))
    labels = {known.label for known in hub.ESTIMATORS.values()}
    assert set(table.index) <= labels
