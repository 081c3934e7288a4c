"""The table of keys is made from their declarations."""

from dataclasses import fields

import hubanalysis as hub
from hubanalysis.cases.plan import OutcomePlan


def test_the_table_of_keys_holds_every_key_once():
    table = hub.plan_keys()
    assert table.index.is_unique
    assert {key.name for key in fields(OutcomePlan)} == set(table.loc["outcome"].index)
    assert table.loc[("outcome", "main"), "default"] == "must be there"


def test_keys_that_may_be_left_out_show_what_then_holds():
    told = hub.plan_keys()["default"]
    assert told["outcome", "balanced"] == "true"
    assert told["outcome", "weights"] == ""
