"""Other people in every period."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from tests.panels.tables import starting


def survey(**more):
    return hub.CrossSections.from_long(starting(u0=2003), "year", "y", "first", **more)


def test_rows_keep_their_period_and_date():
    made = survey()
    assert made.values.shape == made.when.shape == (24,)
    assert list(made.cohorts) == [2003]
    assert len(made.cohorts[2003]) == 6
    assert "18 never treated" in repr(made)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.nan}, r"y is missing or infinite in row\(s\) 0"),
        ({"year": "then"}, "periods in column 'year'"),
        ({"first": 2000}, "treated from the first period"),
        ({"first": 2003.5}, "no whole period"),
        ({"y": True}, "true or false"),
    ],
)
def test_a_bad_survey_is_refused_by_name(change, message):
    with pytest.raises(hub.HubError, match=message):
        hub.CrossSections.from_long(
            starting(u0=2003).assign(**change), "year", "y", "first"
        )


def test_no_rows_and_bad_weights_are_refused():
    df = starting(u0=2003)
    with pytest.raises(hub.HubError, match="no rows"):
        hub.CrossSections.from_long(df.iloc[:0], "year", "y", "first")
    with pytest.raises(hub.HubError, match="not a positive number"):
        hub.CrossSections.from_long(df.assign(w=-1), "year", "y", "first", weights="w")


def test_covariates_and_weights_are_those_of_rows():
    df = starting(u0=2003).assign(age=range(24), w=2.0)
    made = hub.CrossSections.from_long(df, "year", "y", "first", "age", "w")
    assert made.given == ["age"]
    assert isinstance(made.covariates, pd.DataFrame)
    assert made.weight.tolist() == [1.0] * 24


@pytest.mark.parametrize("name", ["age", "observation", "observation_"])
def test_a_column_means_the_same_whatever_it_is_called(name):
    df = starting(u0=2003).assign(age=lambda d: d["y"] % 5, observation=-1.0)
    df = df.drop(columns="observation") if name == "observation" else df
    df = df.rename(columns={"age": name})
    made = hub.CrossSections.from_long(df, "year", "y", "first", name)
    assert made.covariates[name].tolist() == df[name].tolist()
    assert made.units.name == "observation"


def test_the_outcome_may_be_called_as_rows_are():
    df = starting(u0=2003).rename(columns={"y": "observation"})
    made = hub.CrossSections.from_long(df, "year", "observation", "first")
    assert made.values.tolist() == df["observation"].tolist()
    with pytest.raises(hub.HubError, match="period and outcome must be two different"):
        hub.CrossSections.from_long(df, "year", "year", "first")


def test_a_survey_without_treated_is_told_of_its_column():
    made = hub.CrossSections.from_long(
        starting(u0=2003).assign(first=0), "year", "y", "first"
    )
    with pytest.raises(hub.HubError, match=r"no unit is treated.*column of dates"):
        hub.group_time_att(made)
