"""What an estimate has, and what it says of what it has not."""

import pytest

import hubanalysis as hub
from tests.draws import draw


def test_what_an_estimator_cannot_give_is_absent_and_says_why():
    estimate = hub.synthetic_control(draw(0))
    assert not hasattr(estimate, "se")
    with pytest.raises(AttributeError, match="placebo_in_space"):
        estimate.interval()


def test_it_prints_its_facts_the_same_every_time():
    panel = hub.simulate_panel(units=9, periods=8, treated=3, start=6, seed=0)
    told = repr(hub.did(panel))
    assert told == repr(hub.did(panel))
    for fact in ("treated", "u01, u02, u03, from 6", "standard error", "95% interval"):
        assert fact in told
    assert "note 1" in told
    assert "<table" in hub.did(panel)._repr_html_()


def test_without_a_standard_error_none_is_printed():
    panel = hub.simulate_panel(units=9, periods=8, treated=2, start=6, seed=0)
    assert "standard error" not in repr(hub.synthetic_control(panel))
