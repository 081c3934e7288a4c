"""A figure is drawn for two widths, told in words, and given to whoever shows it."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub

DATA = pd.Series([1.0, 3.0], [2000, 2001], name="nights").rename_axis("year")


def rise(**words):
    told = {"title": "It rises", "unit": "Nights, by year.", "alt": "A rising line."}
    return hub.Figure(lambda ax: ax.plot(DATA), data=DATA, **(told | words))


def bundle(figure):
    data, metadata = figure._repr_mimebundle_()
    return data["text/html"], data["text/plain"], metadata["hubanalysis"]


def test_it_is_drawn_for_a_desk_and_for_a_phone():
    assert [rise().drawn(narrow).bbox.width for narrow in (False, True)] == [728, 340]
    assert hub.is_narrow(rise().drawn(narrow=True).axes[0])
    assert not hub.is_narrow(rise().drawn().axes[0])


def test_a_notebook_gets_both_drawings_and_the_words_and_shows_one():
    html, text, _ = bundle(rise())
    assert html.count("<svg") == html.count('aria-label="A rising line."') == 2
    assert html.count("display: none") == 1
    assert "It rises" in html
    assert text == "It rises (figure: A rising line.)"


def test_the_build_gets_name_and_data():
    html, _, words = bundle(rise(name="fig-rise"))
    assert 'data-name="fig-rise"' in html
    assert words["name"] == "fig-rise"
    back = pd.read_csv(io.StringIO(words["csv"]), index_col="year")["nights"]
    assert back.tolist() == DATA.tolist()


def test_a_named_figure_without_data_is_refused():
    with pytest.raises(ValueError, match="'fig-rise' offers its data"):
        hub.figure(name="fig-rise")(lambda ax: None)


def test_a_title_gets_a_full_stop_unless_it_asks():
    assert ">It rises.<br>Nights, by year.</p>" in bundle(rise())[0]
    assert ">Does it?<br>" in bundle(rise(title="Does it?"))[0]


def test_words_with_signs_of_html_stay_words():
    html, *_ = bundle(rise(title="a < b", alt='"up" & down'))
    assert "a &lt; b" in html
    assert 'aria-label="&quot;up&quot; &amp; down"' in html


def test_more_is_drawn_on_top_of_both():
    figure = rise().also(lambda ax: ax.set_xlabel("year"))
    drawn = [figure.drawn(narrow).axes[0].get_xlabel() for narrow in (False, True)]
    assert drawn == ["year", "year"]


def test_panels_beside_each_other_stand_below_each_other_on_a_phone():
    figure = hub.Figure(lambda axes: axes[0].plot(DATA), ncols=2)
    wide, narrow = figure.drawn().axes, figure.drawn(narrow=True).axes
    assert wide[0].get_position().x0 < wide[1].get_position().x0
    assert narrow[0].get_position().y0 > narrow[1].get_position().y0


def test_there_are_five_lines_of_a_grid_at_most():
    for narrow in (False, True):
        ax = hub.Figure(lambda ax: ax.plot([0, 7.3, 93.1])).drawn(narrow).axes[0]
        low, high = ax.get_ylim()
        assert len([t for t in ax.get_yticks() if low <= t <= high]) <= 5


@pytest.mark.parametrize("last", [2004, 2008, 2011, 2024])
def test_no_tick_stands_at_half_a_year(last):
    rise = hub.Figure(lambda ax: ax.plot([2000, last], [1, 2]), title="It rises")
    for narrow in (False, True):
        ticks = rise.drawn(narrow).axes[0].get_xticks()
        assert np.array_equal(ticks, np.round(ticks))


def test_months_are_thinned_out_as_dates():
    days = pd.date_range("2012-01-01", "2020-01-01", freq="MS")
    ax = hub.Figure(lambda ax: ax.plot(days, range(len(days)))).drawn(True).axes[0]
    labels = [text.get_text() for text in ax.get_xticklabels()]
    assert 2 <= len(labels) <= 5
    assert set(labels) <= {str(year) for year in range(2000, 2030)}


@pytest.mark.parametrize("end", ["svg", "png", "pdf"])
def test_it_is_saved_in_the_format_that_the_name_asks_for_always_the_same(
    tmp_path, end
):
    for name in ("a", "b"):
        rise().save(tmp_path / f"{name}.{end}")
    first = (tmp_path / f"a.{end}").read_bytes()
    assert first == (tmp_path / f"b.{end}").read_bytes()
    assert first[:4] in (b"<svg", b"\x89PNG", b"%PDF")


def test_none_is_left_open_for_a_notebook_to_show_twice():
    before = plt.get_fignums()
    bundle(rise())
    assert plt.get_fignums() == before
