"""Answers of the American bureaus are read as documented, and faulty ones are told.

All are made by hand in the documented form (see `publishers`); none was recorded.
"""

import sys

import pandas as pd
import pytest

from hubanalysis.datasets import american_answers as american
from hubanalysis.datasets.answers import Answer, AnswerError
from hubanalysis.words.refusals import HubError
from tests.datasets import publishers

AUTAUGA, BALDWIN = "LAUCN010010000000005", "LAUCN010030000000005"
FOUND = {AUTAUGA: [("2023", "26409"), ("2024", "27,702")], BALDWIN: [("2023", "-")]}
FILED = pd.DataFrame(
    {
        "fips": ["01001", "01001", "01003", "01003"],
        "county": ["Autauga County"] * 2 + ["Baldwin County"] * 2,
        "state": "AL",
        "year": ["2024", "2025"] * 2,
        "applications": ["626", "640", "3,631", ""],
    }
)


@pytest.mark.parametrize("variable", american.KEYS)
@pytest.mark.parametrize("given", [None, "", "  "])
def test_without_a_key_the_sentence_says_where_one_is_to_be_had(
    monkeypatch, variable, given
):
    if given is None:
        monkeypatch.delenv(variable, raising=False)
    else:
        monkeypatch.setenv(variable, given)
    with pytest.raises(american.KeyMissingError, match=r"https://.* variable B"):
        american.own_key(variable)
    monkeypatch.setenv(variable, " 0123 ")
    assert american.own_key(variable) == "0123"


def bls(content, asked=(AUTAUGA, BALDWIN)):
    return american.read_bls(Answer("https://api.bls.gov/x", content), [*asked])


@pytest.mark.parametrize("listed", [False, True])
def test_annual_averages_are_taken_and_months_and_hyphens_left(listed):
    table = bls(publishers.bls(FOUND, listed))
    assert table.to_numpy().tolist() == [
        [AUTAUGA, "2024", "27702"],
        [AUTAUGA, "2023", "26409"],
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (publishers.bls(FOUND)[:-40], "breaks off"),
        (b"[]", "sent no status"),
        (publishers.bls({AUTAUGA: []}), "left out 1 of 2 series .first: " + BALDWIN),
        (
            publishers.bls_error("REQUEST_NOT_PROCESSED", "daily threshold reached"),
            "refused: daily threshold reached. .*https://data.bls.gov/registration",
        ),
        (publishers.bls(FOUND).replace(b'"period"', b'"quarter"'), "lack 'period'"),
        (publishers.bls(FOUND).replace(b'"data"', b'"rows"'), "lack 'data'"),
    ],
)
def test_a_faulty_answer_of_the_bureau_of_labor_statistics_is_told(content, told):
    with pytest.raises(AnswerError, match=told):
        bls(content)


def bea(content):
    return american.read_bea(Answer("https://apps.bea.gov/api", content))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (publishers.bea_lines("Real GDP")[:-9], "breaks off"),
        (b'{"BEAAPI": {}}', "sent no results"),
        (b'{"other": 1}', "sent no results"),
        (
            publishers.bea_error("The BEA API UserID YOUR-KEY does not exist."),
            r"refused: .* UserID YOUR-KEY does not exist. .*https://apps.bea.gov/API/signup",
        ),
        (
            publishers.sent({"BEAAPI": {"Error": {"APIErrorCode": "1"}}}),
            "refused: without a reason",
        ),
    ],
)
def test_a_faulty_answer_of_the_bureau_of_economic_analysis_is_told(content, told):
    with pytest.raises(AnswerError, match=told):
        bea(content)


def workbook(**other):
    """The workbook with other cells, if the package that writes one is here."""
    pytest.importorskip("openpyxl")
    head = other.pop("head", ("State", "County", "County Code"))
    return publishers.filings(FILED.assign(**other), head)


def filings(content):
    return american.read_filings(Answer("https://www.census.gov/a.xlsx", content))


def test_a_workbook_of_filings_is_read_below_its_title():
    table, stamp = filings(workbook())
    assert table["applications"].tolist() == ["626", "640", "3631", ""]
    assert table["fips"].tolist() == FILED["fips"].tolist()
    assert len(stamp) == len("2026-06")


def test_what_is_no_workbook_is_told():
    with pytest.raises(AnswerError, match="is no workbook"):
        filings(b"State,County\nAL,Autauga\n")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"head": ("State", "Place", "County Code")}, "no one column"),
        ({"fips": ["1x", "1x", "2", "2"]}, "'0001x' is no code of a county"),
        ({"applications": ""}, "has no figure in it"),
        ({"year": ["24", "25"] * 2}, "no column BA2005"),
    ],
)
def test_a_workbook_in_another_form_is_told(other, told):
    with pytest.raises(AnswerError, match=told):
        filings(workbook(**other))


def test_half_a_workbook_is_told():
    with pytest.raises(AnswerError, match="breaks off or cannot be read"):
        filings(workbook()[:-500])


def test_without_the_package_for_workbooks_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(HubError, match=r"hubanalysis\[fresh\]"):
        filings(b"PK")
