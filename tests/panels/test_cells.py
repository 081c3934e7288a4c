"""What a panel says of itself."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.panels.tables import long, panel


def given():
    df = long(6).assign(
        size=lambda d: d["unit"].str[1].astype(float),
        people=lambda d: 1.0 + d["size"],
        rate=lambda d: d["y"] ** 2,
    )
    return panel(df, covariates="size", varying="rate", weights="people")


def test_a_panel_names_what_it_is_given():
    made = given()
    assert made.given == ["size", "rate"]
    assert repr(made).splitlines()[-2:] == [
        "  given    size, rate",
        "  weights  people",
    ]
    assert made.weight.mean() == pytest.approx(1)
    assert not made.is_plain


def test_what_is_given_follows_units_and_periods():
    part = given().drop(["u3"]).window(2001, 2004).take(np.array([2, 0, 1]))
    assert list(part.covariates["size"]) == [2, 0, 1]
    assert list(part.weights) == [3, 1, 2]
    assert hub.did(part.take(np.array([1, 0, 2])), ["rate"], clusters=None).att != 0


def test_a_plain_panel_is_what_is_left():
    plain = given().plain()
    assert plain.is_plain
    assert np.array_equal(plain.values, given().values)


def test_a_method_refuses_what_it_does_not_take_and_no_more():
    made = given()
    made.require_plain("mine", ("covariates", "weights"))
    with pytest.raises(hub.HubError, match=r"mine does not take .* \(size, rate\)"):
        made.require_plain("mine", ("weights",))
    with pytest.raises(hub.HubError, match=r"mine does not take .* \(people\)"):
        made.require_plain("mine", ("covariates",))


def test_dates_between_two_periods_are_one_cohort():
    df = long()
    df = df[df["year"] % 2 == 0]
    found, same = (
        panel(df, {"u0": date, "u1": 2004, "u2": 2004}) for date in (2003, 2004)
    )
    assert found.cohorts == same.cohorts == {2004: ["u0", "u1", "u2"]}
    for estimator in (hub.did, hub.imputation, hub.event_study):
        assert estimator(found).notes == estimator(same).notes
        assert estimator(found).path.equals(estimator(same).path)
    # A date that all share is told as it was given.
    assert panel(df, {"u0": 2003}).cohorts == {2003: ["u0"]}
