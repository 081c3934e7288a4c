"""A recipe says what it makes; what it leaves out is nothing."""

import dataclasses

import pytest

from hubanalysis.datasets.recipe import Recipe


def test_a_recipe_has_nothing_to_say_and_nothing_derived_unless_told():
    recipe = Recipe(("jobs",), "Somebody", lambda before, fetch: ([], []))
    assert (recipe.notice, recipe.derived) == ("", ())
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.publisher = "somebody else"
