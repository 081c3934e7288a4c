"""Every public name has its place on a page of the library's reference."""

import re
from pathlib import Path

import pytest

import hubanalysis as hub

PAGES = sorted((Path(__file__).parents[2] / "chapters" / "api").glob("*.md"))
NAME = re.compile(r"^\.\. (?:auto\w+|py:data):: (\w+)$", flags=re.M)
DOCUMENTED = [name for page in PAGES for name in NAME.findall(page.read_text("utf8"))]


def test_the_pages_list_each_public_name_once_and_no_others():
    assert sorted(hub.__all__) == sorted(DOCUMENTED)


@pytest.mark.parametrize("name", sorted(hub.__all__))
def test_a_public_function_or_class_explains_itself(name):
    thing = getattr(hub, name)
    if callable(thing):
        assert len(thing.__doc__.strip().splitlines()[0]) > 20
