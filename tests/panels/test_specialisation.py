"""Shares, quotients and growth add up, and what does not add up is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import hubanalysis as hub

fast = settings(max_examples=40, deadline=None)


amounts = arrays(float, (4, 3), elements=st.floats(0.1, 1e3))


def frame(values):
    return pd.DataFrame(values, index=list("ABCD"), columns=["fish", "ships", "oil"])


@fast
@given(amounts)
def test_quotients_weighted_by_size_average_to_one(values):
    table = frame(values)
    quotient = hub.location_quotient(table)
    size = table.sum(axis=1) / table.to_numpy().sum()
    assert np.allclose(size @ quotient, 1)


@fast
@given(amounts, st.floats(0.1, 50))
def test_the_unit_of_measurement_does_not_matter(values, factor):
    table = frame(values)
    assert np.allclose(
        hub.location_quotient(factor * table), hub.location_quotient(table)
    )
    assert np.allclose(hub.herfindahl(factor * table), hub.herfindahl(table))


@fast
@given(amounts)
def test_concentration_lies_between_equal_shares_and_one(values):
    index = hub.herfindahl(frame(values))
    assert ((index >= 1 / 3 - 1e-12) & (index <= 1 + 1e-12)).all()


@fast
@given(amounts, amounts)
def test_the_three_parts_add_up_to_growth(one, two):
    before, after = frame(one), frame(two)
    parts = hub.shift_share(before, after)
    growth = after.sum(axis=1) / before.sum(axis=1) - 1
    assert np.allclose(parts["growth"], growth)
    assert np.allclose(parts[["whole", "mix", "own"]].sum(axis=1), growth)
    # What places gain from each other cancels over the whole.
    size = before.sum(axis=1)
    assert np.allclose(size @ parts["own"], 0, atol=1e-6 * size.sum())
    assert np.allclose(size @ parts["mix"], 0, atol=1e-6 * size.sum())


def test_a_reference_may_be_wider_than_the_places():
    table = frame(np.ones((4, 3)))
    world = pd.Series({"fish": 1.0, "ships": 1.0, "oil": 2.0, "wood": 9.0})
    quotient = hub.location_quotient(table, world)
    assert np.allclose(quotient.loc["A"], [4 / 3, 4 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda t: hub.location_quotient(t.mask(t > 5)), "fish in C is nan"),
        (lambda t: hub.location_quotient(-t), "ships in A is -1"),
        (lambda t: hub.location_quotient(t.assign(oil=np.inf)), "oil in A is inf"),
        (lambda t: hub.location_quotient(t.assign(wood=0)), "wood is empty everywhere"),
        (
            lambda t: hub.location_quotient(t.mul([0, 1, 1, 1], axis=0)),
            "A has no activi",
        ),
        (lambda t: hub.location_quotient(t > 5), "fish, ships, oil holds True and"),
        (
            lambda t: hub.location_quotient(t, pd.Series(True, t.columns)),
            "reference holds True and False",
        ),
        (lambda t: hub.location_quotient(t["fish"]), "a frame with places as rows"),
        (lambda t: hub.herfindahl(t.iloc[:0]), "a frame with places as rows"),
        (
            lambda t: hub.location_quotient(t, pd.Series({"fish": 1.0})),
            "no amount for ships, oil",
        ),
        (lambda t: hub.shift_share(t, t.iloc[::-1]), "same places and activities"),
        (
            lambda t: hub.shift_share(t.assign(wood=0), t.assign(wood=1)),
            "wood did not exist before",
        ),
    ],
)
def test_what_is_not_a_table_of_amounts_is_refused_by_name(act, message):
    table = frame(np.arange(12.0).reshape(4, 3))
    with pytest.raises(ValueError, match=message):
        act(table)
