"""A table of one's own: read as it is meant, with faults named by file and line."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.cases.ours import change


def filed(outcome):
    """What the template's own figures are."""
    return hub.Case.open("plan-template").panel(outcome).frame


def test_codes_keep_their_leading_zeros(folder, rewritten):
    change(folder, '"without the largest winner" = { drop = ["A08"] }', "")
    case = rewritten(
        lambda t: t.assign(applicant=t["applicant"].str.replace("A", "00"))
    )
    assert case.panel().units[0] == "0001"


def test_months_are_added_up_to_years(rewritten):
    def monthly(table):
        halves = [
            table.assign(year=table["year"].astype(str) + month, jobs=table["jobs"] / 2)
            for month in ("-01", "-07")
        ]
        return pd.concat(halves)

    whole = hub.Case.open("plan-template").levels("jobs").frame
    halved = rewritten(monthly).levels("jobs").frame
    assert np.allclose(halved, whole)


def test_thousands_are_read_and_said(rewritten):
    def separated(table):
        table["jobs"] = table["jobs"].map("{:,}".format)
        return table

    case = rewritten(separated)
    assert case.panel("jobs").frame.equals(filed("jobs"))
    assert "'jobs': commas between thousands" in case.own_table("outcomes").assumed


def test_a_row_given_twice_is_named_and_not_the_others(rewritten):
    with pytest.raises(
        ValueError, match=r"line 722: 'applicant' is 'A01'.*there before"
    ):
        rewritten(lambda table: pd.concat([table, table.iloc[[3]]]))


def test_a_file_in_another_encoding_is_read_and_said(folder):
    table = (folder / "outcomes.csv").read_text().replace("A01", "Møre")
    (folder / "outcomes.csv").write_bytes(table.encode("latin-1"))
    case = hub.Case.from_folder(folder)
    assert "Møre" in case.panel().units
    assert "Latin-1" in case.own_table("outcomes").assumed[0]
    (folder / "outcomes.csv").write_bytes(table.encode("utf-8-sig"))
    case = hub.Case.from_folder(folder)
    assert "Møre" in case.panel().units
    assert case.own_table("outcomes").assumed == ()


def test_a_month_given_twice_is_named(rewritten):
    def monthly(table):
        table = table.assign(year=table["year"].astype(str) + "-03")
        return pd.concat([table, table.iloc[[9]]])

    with pytest.raises(ValueError, match=r"line 722: 'applicant' is 'A01'"):
        rewritten(monthly)


def test_a_column_cannot_be_unit_and_period_at_once(folder):
    with pytest.raises(hub.HubError, match="year cannot be unit and period at once"):
        change(folder, 'unit = "applicant"', 'unit = "year"')
