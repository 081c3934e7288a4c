"""What figures share draws what it says."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import hubanalysis as hub
from hubanalysis.show.drawing import name_rows, time_axis
from hubanalysis.show.palette import STYLE, TOKENS


@pytest.fixture
def ax():
    with mpl.rc_context(STYLE):
        yield Figure(figsize=(10, 6)).subplots()


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_lines_are_named_at_their_ends_in_their_colour(ax):
    lines = pd.DataFrame({"A": [1.0, 2.0], "B": [2.0, 9.0]}, index=[2000, 2001])
    hub.draw_lines(ax, lines, {"A": "treated", "B": "other"})
    assert words(ax) == ["A", "B"]
    assert [text.xy for text in ax.texts] == [(2001, 2.0), (2001, 9.0)]
    assert ax.texts[0].get_color() == hub.COLOURS["treated"]
    assert len(ax.lines) == 2


def test_names_are_moved_apart_where_they_would_overlap(ax):
    lines = pd.DataFrame({"A": [0.0, 9.0], "B": [0.0, 9.1]}, index=[2000, 2001])
    hub.draw_lines(ax, lines, {"A": "treated", "B": "other"}, apart=True)
    low, high = (ax.transData.transform(text.xy)[1] for text in ax.texts)
    letters = ax.texts[0].get_fontsize() * ax.figure.dpi / 72
    assert letters < high - low < 2 * letters
    middle = ax.transData.transform((0, 9.05))[1]
    assert (low + high) / 2 == pytest.approx(middle)


def test_names_are_as_far_apart_in_the_lower_of_two_drawings():
    axes = Figure(figsize=(4, 8)).subplots(2, 1)
    lines = pd.DataFrame({"A": [0.0, 9.0], "B": [0.0, 9.1]}, index=[2000, 2001])
    for ax in axes:
        hub.draw_lines(ax, lines, {"A": "treated", "B": "other"}, apart=True)
        low, high = (ax.transData.transform(text.xy)[1] for text in ax.texts)
        assert high - low > ax.texts[0].get_fontsize() * ax.figure.dpi / 72


def test_what_would_have_happened_is_dotted_and_what_happened_is_not(ax):
    lines = pd.DataFrame({"A": [0.0, 9.0], "B": [0.0, 9.1]}, index=[2000, 2001])
    hub.draw_lines(ax, lines, {"A": "treated", "B": "other"})
    assert [line.is_dashed() for line in ax.lines] == [False, True]


def test_words_at_a_time_stand_where_there_is_room(ax):
    ax.set_xlim(2000, 2010)
    hub.mark_time(ax, 2001, "early")
    hub.mark_time(ax, 2009, "late")
    assert [text.get_ha() for text in ax.texts] == ["left", "right"]


def test_percents_carry_their_sign_and_zero_has_none(ax):
    hub.show_percent(ax.yaxis)
    write = ax.yaxis.get_major_formatter()
    assert [write(v) for v in (-2.5, 0, 25)] == ["−2.5%", "0", "+25%"]
    hub.show_percent(ax.yaxis, sign=False)
    assert ax.yaxis.get_major_formatter()(80) == "80%"


def test_rows_run_from_zero_to_their_value_and_carry_names(ax):
    hub.draw_rows(ax, pd.Series({"A": -1.0, "B": 2.0}), {"B": "treated"})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "B"]
    assert [list(line.get_xdata()) for line in ax.lines[::2]][:2] == [[0, -1], [0, 2]]


def test_what_does_not_count_has_an_empty_dot_and_a_pale_line(ax):
    hub.draw_rows(ax, pd.Series({"A": -1.0, "B": 2.0}), hollow=["A"])
    faces = [line.get_markerfacecolor() for line in ax.lines[1:4:2]]
    assert faces == [TOKENS["paper"], hub.COLOURS["mute"]]
    lines = [line.get_color() for line in ax.lines[:4:2]]
    assert lines == [hub.COLOURS["donor"], hub.COLOURS["mute"]]


def test_what_fits_has_an_edge_all_around(ax):
    hub.draw_spans(ax, [0.0, 1.0], [-1.0, -2.0], [3.0, 4.0])
    outer, inner = ax.collections
    assert outer.get_linewidth()[0] == inner.get_linewidth()[0] + 2
    (ends,) = ax.lines
    assert ends.get_xdata().tolist() == [-1.0, -2.0, 3.0, 4.0]
    assert ends.get_color() == hub.COLOURS["edge"]


def test_what_fits_without_ends_has_none(ax):
    hub.draw_spans(ax, [0.0], [-1.0], [3.0], dashed=True)
    assert not ax.lines
    assert all(part.get_linestyle()[0][1] for part in ax.collections)


def test_bands_show_effect_and_both_ends(ax):
    path = pd.DataFrame({"effect": [1.0], "lower": [-1.0], "upper": [4.0]}, index=[0])
    hub.draw_band(ax, path, {"treated": [True]})
    ends = ax.collections[0].get_segments()[0][:, 1]
    assert ends.tolist() == [-1.0, 4.0]


def test_a_map_has_north_up_and_the_shape_of_the_earth(ax):
    places = pd.DataFrame({"longitude": [5.0, 11.0], "latitude": [59.9, 60.1]})
    hub.draw_map(ax, places, "other")
    assert ax.get_aspect() == pytest.approx(2, rel=0.01)
    assert not ax.axison


@pytest.mark.parametrize(
    ("place", "inside", "outside"),
    [
        ("norway", (10.75, 59.91), (18.07, 59.33)),
        ("china", (116.4, 39.9), (139.7, 35.7)),
        ("united-states", (-104.99, 39.74), (-150.0, 61.2)),
    ],
)
def test_an_outline_lies_around_its_country(ax, place, inside, outside):
    hub.draw_outline(ax, place)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    assert west < inside[0] < east
    assert south < inside[1] < north
    points = np.vstack([line.get_xydata() for line in ax.lines])
    assert np.hypot(*(points - outside).T).min() > 1


def test_an_outline_that_is_not_there_is_refused_with_the_nearest(ax):
    with pytest.raises(ValueError, match="Did you mean 'norway'"):
        hub.draw_outline(ax, "norwy")


def test_colours_and_times_are_told_in_words(ax):
    hub.label_colours(ax, {"winners": "treated", "losers": "other"})
    hub.mark_time(ax, 2009.5, "the cluster", 1.0)
    assert words(ax) == ["winners", "losers", "the cluster"]


def test_months_become_dates_and_names_lose_their_ticks(ax):
    months = pd.period_range("2020-01", periods=2, freq="M")
    assert str(time_axis(months)[0]).startswith("2020-01-01")
    name_rows(ax, ["A", "B"])
    assert not ax.spines["left"].get_visible()
