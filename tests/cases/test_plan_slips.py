"""Slips that keep a plan from being read are named with their line."""

import pytest

from hubanalysis.cases.plan_file import plan_of
from hubanalysis.words.refusals import HubError

SLIPS = {
    "a decimal comma": ("value = 0,05", "Write numbers with a point"),
    "a decimal comma in a table": ("y = [{ value = 0,05 }]", "with a point"),
    "quotation marks of a word processor": ("title = „Hubs“", "plain quotation marks"),
    "English ones": ("title = “Hubs”", "plain quotation marks"),
    "false as Python writes it": ("balanced = False", "small letters"),
    "a sign of percent": ("value = 5 %", "0.05 for 5 percent"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_it_is_named(name):
    line, way = SLIPS[name]
    with pytest.raises(HubError, match=rf"Line 2: .*{way}"):
        plan_of(f"a = 1\n{line}\n", "plan.toml")


def test_a_share_in_text_is_written_as_the_number_that_it_means():
    text = """question = "Did it?"
[[yardsticks]]
kind = "promised"
value = "5%"
title = "a twentieth"
source = "the press"
"""
    with pytest.raises(HubError, match=r"value is '5%'; write it as 0.05"):
        plan_of(text, "plan.toml")
