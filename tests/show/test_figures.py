"""Figures say what they show: units in words, direct labels, no legends."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

import hubanalysis as hub
from hubanalysis.inference.assignments import at_least_as_far
from tests.show.test_power_figures import SOONER_OR_LATER


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


def test_every_figure_is_told_in_words_and_has_no_legend(panel):
    for name, figure in figures(panel).items():
        assert len(figure.alt) > 20, name
        assert figure.drawn().axes[0].get_legend() is None, name


def test_every_figure_names_its_quantities_below_the_title_or_on_an_axis(panel):
    for name, figure in figures(panel).items():
        assert figure.unit or figure.drawn().axes[0].get_xlabel(), name
        assert figure.drawn().axes[0].get_ylabel() == "", name


def test_every_figure_keeps_what_it_draws(panel):
    for name, figure in figures(panel).items():
        assert len(figure.data) > 1, name


def test_every_figure_has_colours_of_the_palette_alone_at_both_widths(panel):
    for figure in figures(panel).values():
        assert all(figure.svg(narrow).startswith("<svg") for narrow in (False, True))


def test_what_the_caller_says_comes_first():
    figure = hub.distribution_plot(
        pd.Series(range(-9, 10)), 3.0, "effect", unit="Mine.", title="T", alt="A."
    )
    assert (figure.unit, figure.title, figure.alt) == ("Mine.", "T", "A.")


def test_lines_carry_their_names(panel):
    drawn = figures(panel)
    texts = {t.get_text() for f in drawn.values() for t in f.drawn().axes[0].texts}
    assert {"west", "rest", "observed", "without it", "DiD", "here"} <= texts


def test_a_figure_is_left_to_the_notebook_to_show_once(panel):
    before = plt.get_fignums()
    figures(panel)
    assert plt.get_fignums() == before


def test_the_start_is_marked_between_the_last_period_before_and_the_first_after(panel):
    lines = hub.first_look(panel).drawn().axes[0].lines
    assert any(list(line.get_xdata()) == [8.5, 8.5] for line in lines)


def heights(ax):
    """Sums of the bars by colour."""
    found = {}
    for bar in ax.patches:
        colour = to_hex(bar.get_facecolor())
        found[colour] = found.get(colour, 0) + bar.get_height()
    return [found.get(hub.COLOURS[name], 0) for name in ("treated", "mute", "donor")]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.floats(-9, 9), min_size=5, max_size=60),
    st.integers(0, 4),
    st.floats(-1, 1),
)
def test_bars_count_those_as_far_out_on_either_side_and_the_rest(found, which, centre):
    values = pd.Series(found)
    observed = values[which]
    figure = hub.distribution_plot(values, observed, "effect", centre=centre)
    own, other, rest = heights(figure.drawn().axes[0])
    assert own + other + rest == len(values)
    assert own + other == at_least_as_far(values - centre, observed - centre).sum()
    side = np.sign(values - centre) == np.sign(observed - centre)
    assert own + rest >= side.sum()


def test_no_bar_lies_on_both_sides_of_the_estimate():
    values = pd.Series(range(-9, 10), dtype=float)
    ax = hub.distribution_plot(values, 3.3, "effect").drawn().axes[0]
    for bar in ax.patches:
        assert bar.get_x() >= 3.3 - 1e-9 or bar.get_x() + bar.get_width() <= 3.3


def test_shares_are_told_in_hundreds():
    values = pd.Series([-4.0] * 10 + [0.0] * 60 + [4.0] * 30)
    ax = hub.distribution_plot(values, 4.0, "effect", who="west").drawn().axes[0]
    texts = {text.get_text() for text in ax.texts}
    assert texts == {"west", "30 in 100 as far out", "10 in 100 as far out"}


def test_fewer_than_a_hundred_are_told_by_their_number():
    values = pd.Series([-4.0] * 4 + [0.0] * 17 + [4.0] * 9)
    ax = hub.distribution_plot(values, 4.0, "effect", who="town").drawn().axes[0]
    texts = {text.get_text() for text in ax.texts}
    assert texts == {"town", "9 of 30 as far out", "4 of 30 as far out"}


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
        drawn = bars(hub.event_plot(study.aggregate("dynamic")))
        assert (drawn.max() > 0) == (treated == 3)


def test_an_estimate_without_a_standard_error_is_drawn_as_dots(panel):
    assert bars(hub.event_plot(hub.synthetic_control(panel))).max() == 0


def test_a_counterfactual_may_have_an_interval_shaded_around_it():
    panel = hub.simulate_panel(
        units=6, periods=24, treated=1, start=22, effect=2, seed=1
    )
    estimate = hub.synthetic_control(panel)
    table = hub.prediction_interval(panel, draws=10)
    figure = hub.counterfactual_plot(estimate, interval=table)
    drawn = figure.data.loc[22:]
    assert (drawn["lower"] <= drawn["without it"]).all()
    assert (drawn["without it"] <= drawn["upper"]).all()
    np.testing.assert_allclose(drawn["upper"], drawn["observed"] - table["lower"])
    shaded = figure.drawn().axes[0].collections[0].get_paths()[0].vertices
    assert shaded[:, 1].max() == pytest.approx(drawn["upper"].max())
    assert "shaded" in figure.alt
    endless = table.assign(lower=-np.inf)
    with pytest.raises(hub.HubError, match="no end in some periods"):
        hub.counterfactual_plot(estimate, interval=endless)


def test_event_plot_says_what_it_takes(panel):
    for thing in (panel, panel.frame, hub.group_time_att(panel, draws=0)):
        with pytest.raises(hub.HubError, match="takes an Estimate or a Band, not a"):
            hub.event_plot(thing)


def test_a_dotted_line_stands_where_the_other_side_is_as_far_out():
    values = pd.Series([-5.0, -1.0, 0.0, 1.0, 5.0])
    ax = hub.distribution_plot(values, 3.0, "effect", centre=0.5).drawn().axes[0]
    full, dotted = (part.get_segments()[0][0][0] for part in ax.collections)
    assert (full, dotted) == (3.0, -2.0)
