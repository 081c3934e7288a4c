"""A thing to try holds its static figure and its data, and nothing of it breaks out."""

import json
import re

import pandas as pd
import pytest

import hubanalysis as hub


def tried(data, **words):
    figure = hub.Figure(lambda ax: ax.plot([1, 3]), "It rises", alt="A line.")
    return hub.Widget("calculator", figure, data, **words)


def bundle(widget):
    data, metadata = widget._repr_mimebundle_()
    return data["text/html"], data["text/plain"], metadata


def test_the_figure_stands_inside_it_for_pages_without_scripts():
    html, text, _ = bundle(tried({}))
    inner = re.search(r"<hub-calculator .*?</hub-calculator>", html, re.S)[0]
    assert inner.count("<svg") == html.count("<svg") == 2
    assert text == "It rises (figure: A line.)"


def test_its_words_are_where_a_caption_is_made_of_them():
    html, *_ = bundle(tried({}))
    start, heading = '<div class="hub-figure" data-name=""', '<p class="hub-heading">'
    assert html.startswith(start)
    assert html.index(heading) < html.index("<hub-calculator")


def test_its_files_are_those_of_the_figure():
    figure = hub.Figure(
        lambda ax: ax.plot([1]), name="fig-x", data=pd.Series([1.0], name="y")
    )
    widget = hub.Widget("calculator", figure, {})
    assert bundle(widget)[2] == figure._repr_mimebundle_()[1]


def test_the_data_cannot_end_their_script():
    html, *_ = bundle(tried({"name": "</script><b>"}, code="if 1 < 2: {name}"))
    held = re.search(r'json">(.*?)</script>', html)[1]
    assert "<" not in held
    data = {"name": "</script><b>", "code": "if 1 < 2: {name}"}
    assert json.loads(held) == data


def test_an_unknown_kind_is_refused_by_name():
    figure = hub.Figure(lambda ax: None)
    with pytest.raises(hub.HubError, match="calculater"):
        hub.Widget("calculater", figure, {})
