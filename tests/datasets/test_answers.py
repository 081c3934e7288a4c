"""Answers are read as documented, and faulty ones are told in a sentence."""

import pytest

from hubanalysis.datasets import answers
from hubanalysis.datasets.answers import Answer, AnswerError

URL = "https://fred.stlouisfed.org/graph/fredgraph.csv?id=X"
HTML = b"<!DOCTYPE html><html>Log in to the wireless network</html>"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "fred.stlouisfed.org answered with nothing"),
        (b"  \n", "answered with nothing"),
        (b"\xef\xbb\xbf", "answered with nothing"),
        (HTML, "web page and no figures.* Open https://fred.stlouisfed.org/graph/f"),
        (b'\n<meta http-equiv="refresh" content="0;url=http://wifi/">', "web page"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html></html>', "web page"),
    ],
)
def test_nothing_and_a_web_page_are_no_figures(content, told):
    with pytest.raises(AnswerError, match=told):
        answers.checked(Answer(URL, content))


@pytest.mark.parametrize(
    "content",
    [
        b"observation_date,X\n",
        b"[1]",
        b"PK\x03\x04\xff",
        b'<?xml version="1.0"?>\n<m:Structure xmlns:m="http://www.sdmx.org/x">',
    ],
)
def test_what_may_hold_figures_passes_as_it_came(content):
    assert answers.checked(Answer(URL, content)).content == content


@pytest.mark.parametrize("content", [b'{"value": [1', b"\xff\xfe\x00", b"no"])
def test_half_of_a_json_and_what_is_none_are_told(content):
    with pytest.raises(AnswerError, match="breaks off or is no JSON"):
        answers.read_json(Answer(URL, content))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"DATE,OTHER\n2026-01-01,1\n", "sent the columns"),
        (b"observation_date,X\n2026-01-01,1\n2026-02-0", "breaks off"),
        (b"observation_date,X\n2026-01-01,1\n2026-03-01,1\n", "left out a month"),
        (b"observation_date,X\n2026-01-01,.\n", "without a single value"),
        (b"\xff\xfe\x00", "sent no table"),
    ],
)
def test_a_faulty_series_of_fred_is_told(content, told):
    with pytest.raises(AnswerError, match=told):
        answers.read_fred(Answer(URL, content), "X")
