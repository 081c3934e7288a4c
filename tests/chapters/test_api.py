"""Every public name has its place on the API page."""

import re
from pathlib import Path

import pytest

import hubanalysis as hub

PAGE = (Path(__file__).parents[2] / "chapters" / "api.md").read_text(encoding="utf-8")


DOCUMENTED = set(re.findall(r"^\.\. (?:auto\w+|py:data):: (\w+)$", PAGE, flags=re.M))


def test_the_page_lists_the_public_names_and_no_others():
    assert set(hub.__all__) == DOCUMENTED


@pytest.mark.parametrize("name", sorted(hub.__all__))
def test_a_public_function_or_class_explains_itself(name):
    thing = getattr(hub, name)
    if callable(thing):
        assert len(thing.__doc__.strip().splitlines()[0]) > 20
