"""Panels whose truth is known."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.words.refusals import HubError
from tests.draws import draw


def test_simulated_panels_repeat_and_carry_the_effect_they_say():
    one, two = (draw(7, effect=e, noise=1.0) for e in (0.0, 3.0))
    moved = (two.frame - one.frame).to_numpy()
    assert np.allclose(moved, 3.0 * one.treatment)
    pd.testing.assert_frame_equal(one.frame, draw(7, effect=0.0).frame)


@pytest.mark.parametrize("what", ["units", "periods", "treated"])
def test_what_is_counted_is_a_whole_number(what):
    with pytest.raises(HubError, match=f"{what} must be a whole number.*range"):
        hub.simulate_panel(**{what: range(3)})
