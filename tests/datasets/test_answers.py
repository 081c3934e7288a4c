"""Answers are read as documented, and faulty ones are told in a sentence."""

import pandas as pd
import pytest

from hubanalysis.datasets import answers
from hubanalysis.datasets.answers import Answer, AnswerError
from tests.datasets import publishers

URL = "https://data.ssb.no/api/pxwebapi/v2/tables/08403/data?lang=en"
TABLE = pd.DataFrame(
    {
        "code": ["03", "03", "46"],
        "name": ["Oslo", "Oslo", "Vestland"],
        "month": ["2020M01", "2020M02", "2020M01"],
        "value": ["12", "7.5", "3"],
        "flag": ["", "b", ""],
    }
)
DIMENSIONS = {"Region": ("code", "name"), "Tid": ("month", "month")}


def made(**more):
    return publishers.cube(TABLE, DIMENSIONS, flag="flag") | more


def read(content):
    content = content if isinstance(content, bytes) else publishers.sent(content)
    return answers.read_json_stat(Answer(URL, content))


def test_cells_come_with_codes_labels_flags_and_the_digits_that_were_sent():
    table = read(made())
    assert table["Region label"].tolist() == ["Oslo", "Oslo", "Vestland"]
    assert table["value"].tolist() == ["12", "7.5", "3"]
    assert table["flag"].tolist() == ["", "b", ""]
    assert table.attrs["updated"].startswith("2026-11-20")


def test_a_list_of_values_says_the_same_as_a_mapping():
    values = [12, 7.5, 3, None]
    assert read(made(value=values, status=None)).equals(
        read(made(status={})).reset_index(drop=True)
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "answered with nothing"),
        (b"  \n", "answered with nothing"),
        (b"<!DOCTYPE html><html>Log in to the wireless network</html>", "web page"),
        (publishers.sent(made())[:-200], "breaks off or is no JSON"),
        (b"\xff\xfe\x00", "no text"),
        ({"error": "Too many values selected"}, "Too many values selected"),
        ([1, 2], "no JSON-stat dataset"),
        (made(value=[1, 2, 3]), "3 values where its dimensions have 4"),
        (made(value=[None] * 4), "no value in it"),
        (made(value={"9": 1}), "more values than"),
        (made(size=[2, 1], value=[1, 2]), "names 2 of the Tid it counts"),
        ({"title": "gone", "value": 1}, "no JSON-stat dataset: gone"),
    ],
)
def test_a_faulty_answer_is_told_in_a_sentence(content, told):
    with pytest.raises(AnswerError, match=told):
        read(content)


ROWS = pd.DataFrame({"iso3": ["ISR", "NOR"], "year": "1999", "value": ["2.5", "3"]})


def test_pages_of_the_world_bank_are_put_together():
    pages = [
        Answer("u", publishers.world_bank(ROWS[:1], "X", 1, 2, total=2)),
        Answer("u", publishers.world_bank(ROWS[1:], "X", 2, 2, total=2)),
    ]
    table = answers.read_world_bank(pages)
    assert table["value"].tolist() == ["2.5", "3"]
    assert table.attrs["updated"] == "2026-10-13"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (publishers.world_bank(ROWS[:1], "X", 1, 2, total=2), "half a download"),
        (publishers.sent([{"message": [{"value": "Invalid"}]}]), "Invalid"),
        (publishers.sent([{"total": 1}, [{"date": "1999"}]]), "rows lack"),
        (publishers.sent([{"total": 0}, []]), "without a single value"),
    ],
)
def test_a_faulty_page_of_the_world_bank_is_told(content, told):
    with pytest.raises(AnswerError, match=told):
        answers.read_world_bank([Answer("https://api.worldbank.org/v2", content)])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"DATE,OTHER\n2026-01-01,1\n", "sent the columns"),
        (b"observation_date,X\n2026-01-01,1\n2026-02-0", "breaks off"),
        (b"observation_date,X\n2026-01-01,1\n2026-03-01,1\n", "left out a month"),
        (b"observation_date,X\n2026-01-01,.\n", "without a single value"),
        (b"<html>", "web page"),
    ],
)
def test_a_faulty_series_of_fred_is_told(content, told):
    with pytest.raises(AnswerError, match=told):
        answers.read_fred(Answer("https://fred.stlouisfed.org/graph", content), "X")
