"""What an estimate has, and what it says of what it has not."""

import pytest

import hubanalysis as hub


def draw(seed, **kwargs):
    options = {"units": 9, "periods": 10, "treated": 2, "start": 7, "effect": 1.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def test_what_an_estimator_cannot_give_is_absent_and_says_why():
    estimate = hub.synthetic_control(draw(0))
    assert not hasattr(estimate, "se")
    with pytest.raises(AttributeError, match="placebo_in_space"):
        estimate.interval()
