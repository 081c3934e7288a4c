"""Figures say what they show: size, units on axes, direct labels, no legends."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

SOONER_OR_LATER = pd.DataFrame(
    {"last": [2010, 2011, 2012], "mde": [0.1, 0.2, np.inf]},
    index=pd.Index([1, 2, 3], name="horizon"),
)


@pytest.fixture(scope="module")
def panel():
    return hub.simulate_panel(units=24, periods=12, treated=8, start=9, seed=3)


def figures(panel):
    power = hub.minimum_detectable_effect(
        hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0), hub.did
    )
    rows = pd.DataFrame(
        {"estimate": [1.0, 2.0], "lower": [0.0, 1.0], "upper": [2.0, 3.0]},
        index=["one", "two"],
    )
    return {
        "first_look": hub.first_look(panel, label="west", others="rest"),
        "event_plot": hub.event_plot(hub.event_study(panel)),
        "counterfactual_plot": hub.counterfactual_plot(hub.synthetic_control(panel)),
        "distribution_plot": hub.distribution_plot(
            pd.Series(range(-9, 10), dtype=float), 3.0, "effect", who="west"
        ),
        "forest_plot": hub.forest_plot(rows, "effect"),
        "power_plot": hub.power_plot({"DiD": power}, "effect", marks={"here": 1.0}),
        "horizon_plot": hub.horizon_plot(SOONER_OR_LATER, "effect"),
    }


def test_every_figure_is_seven_inches_wide_without_a_legend(panel):
    for name, figure in figures(panel).items():
        assert figure.get_size_inches()[0] == 7, name
        assert figure.axes[0].get_legend() is None, name


def test_every_axis_with_a_quantity_is_labelled(panel):
    for name, figure in figures(panel).items():
        ax = figure.axes[0]
        assert ax.get_ylabel() or ax.get_xlabel(), name


def test_lines_carry_their_names(panel):
    drawn = figures(panel)
    texts = {t.get_text() for f in drawn.values() for t in f.axes[0].texts}
    assert {"west", "rest", "observed", "without it", "DiD", "here"} <= texts


def test_a_figure_is_left_to_the_notebook_to_show_once(panel):
    before = plt.get_fignums()
    figures(panel)
    assert plt.get_fignums() == before


def test_the_start_is_marked_between_the_last_period_before_and_the_first_after(panel):
    lines = hub.first_look(panel).axes[0].lines
    assert any(list(line.get_xdata()) == [8.5, 8.5] for line in lines)


def test_the_dark_bars_count_the_assignments_at_least_as_extreme():
    values = pd.Series(range(-9, 10), dtype=float)
    ax = hub.distribution_plot(values, 3.0, "effect").axes[0]
    dark = [p for p in ax.patches if p.get_facecolor()[:3] != (0.0, 0.0, 0.0)]
    total = sum(p.get_height() for p in dark)
    assert total == len(values)


def test_power_sizes_turn_to_percent_for_logs():
    panel = hub.simulate_panel(units=40, periods=8, treated=1, start=5, seed=0)
    power = hub.minimum_detectable_effect(panel, hub.did)
    plain = hub.power_plot({"a": power}, "x").axes[0].lines[0].get_xdata()
    percent = hub.power_plot({"a": power}, "x", percent=True).axes[0].lines[0]
    assert percent.get_xdata()[-1] > plain[-1]


def test_horizons_at_which_nothing_would_be_found_are_left_out():
    line = hub.horizon_plot(SOONER_OR_LATER, "effect").axes[0].lines[0]
    assert list(line.get_xdata()) == [1, 2]
    line = (
        hub.horizon_plot(SOONER_OR_LATER, "effect (%)", percent=True).axes[0].lines[0]
    )
    assert line.get_ydata() == pytest.approx(100 * np.expm1([0.1, 0.2]))
    with pytest.raises(ValueError, match="nothing to draw"):
        hub.horizon_plot(SOONER_OR_LATER.loc[[3]], "effect")


def test_a_band_by_lot_is_drawn_as_it_is():
    panel = hub.simulate_panel(units=20, periods=8, treated=4, start=[5, 6], seed=0)
    band = hub.randomization_band(panel, draws=199)
    ax = hub.event_plot(band, first=-2).drawn().axes[0]
    drawn = np.concatenate([c.lines[0].get_ydata() for c in ax.containers])
    np.testing.assert_allclose(drawn.astype(float), band.path.loc[-2:, "effect"])


def test_a_band_that_the_bootstrap_does_not_give_is_refused_with_a_way_out():
    panel = hub.simulate_panel(units=20, periods=8, treated=2, start=[5, 6], seed=0)
    effects = hub.group_time_att(panel).aggregate("dynamic")
    with pytest.raises(ValueError, match="Draw hub"):
        hub.event_plot(effects, band=True)


def bars(figure):
    """Lengths of the bars that are drawn."""
    segments = [s for c in figure.drawn().axes[0].collections for s in c.get_segments()]
    return np.array([np.ptp(np.asarray(s)[:, 1]) for s in segments])


def test_intervals_of_one_or_two_treated_units_are_not_drawn():
    for treated in (1, 2, 3):
        panel = hub.simulate_panel(
            units=12, periods=8, treated=treated, start=5, seed=0
        )
        drawn = bars(hub.event_plot(hub.event_study(panel)))
        assert (drawn.max() > 0) == (treated == 3)
        study = hub.group_time_att(panel, base_period="universal", draws=99)
        drawn = bars(hub.event_plot(study.aggregate("dynamic"), band=True))
        assert (drawn.max() > 0) == (treated == 3)


def test_an_estimate_without_a_standard_error_is_drawn_as_dots(panel):
    assert bars(hub.event_plot(hub.synthetic_control(panel))).max() == 0
