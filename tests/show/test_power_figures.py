"""What a design would find is drawn by size and by time, in percent where asked."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

SOONER_OR_LATER = pd.DataFrame(
    {"last": [2010, 2011, 2012], "mde": [0.1, 0.2, np.inf]},
    index=pd.Index([1, 2, 3], name="horizon"),
)


def test_power_sizes_turn_to_percent_for_logs():
    panel = hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0)
    power = hub.minimum_detectable_effect(panel, hub.did)
    plain = hub.power_plot({"a": power}, "x").data.index
    percent = hub.power_plot({"a": power}, "x", percent=True).data.index
    assert list(percent) == pytest.approx(list(100 * np.expm1(plain)))


def test_horizons_at_which_nothing_would_be_found_are_left_out():
    line = hub.horizon_plot(SOONER_OR_LATER, "effect").drawn().axes[0].lines[0]
    assert list(line.get_xdata()) == [1, 2]
    percent = hub.horizon_plot(SOONER_OR_LATER, "effect", percent=True).data
    assert percent.to_numpy() == pytest.approx(100 * np.expm1([0.1, 0.2]))
    with pytest.raises(ValueError, match="nothing to draw"):
        hub.horizon_plot(SOONER_OR_LATER.loc[[3]], "effect")
