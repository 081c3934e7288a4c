"""Callaway and Sant'Anna (2021): minimum wages and teen employment, 500 counties.

Numbers are those the authors' R package did and its Stata twin csdid (method dripw)
print for these data, with analytic standard errors.
"""

import numpy as np
import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def counties():
    return hub.Panel.from_long(
        hub.load("validation/mpdta"),
        unit="county",
        period="year",
        outcome="log_employment",
        first_treated="first_treated",
        covariates=["log_population"],
    )


@pytest.fixture(scope="module")
def plain(counties):
    return hub.group_time_att(counties, covariates=[])


@pytest.fixture(scope="module")
def adjusted(counties):
    return hub.group_time_att(counties)


def agrees(ours, printed, digits=7):
    np.testing.assert_allclose(ours, printed, atol=0.51 * 10.0**-digits, rtol=0)


@pytest.mark.parametrize(
    ("kind", "att", "se"),
    [
        ("simple", -0.0399513, 0.0120340),
        ("group", -0.0310183, 0.0124461),
        ("dynamic", -0.0772398, 0.0199650),
        ("calendar", -0.0417004, 0.0159719),
    ],
)
def test_four_averages_without_covariates(plain, kind, att, se):
    estimate = plain.aggregate(kind)
    agrees([estimate.att, estimate.se], [att, se])


def test_event_times_without_covariates(plain):
    path = plain.aggregate("dynamic").path
    assert list(path.index) == [-3, -2, -1, 0, 1, 2, 3]
    agrees(
        path["effect"],
        [0.0305067, -0.0005631, -0.0244587, -0.0199318, -0.0509574, -0.1372587,
         -0.1008114],
    )  # fmt: skip


def test_groups_and_periods_without_covariates(plain):
    agrees(
        plain.table["att"],
        [-0.0105, -0.0704, -0.1373, -0.1008, 0.0065, -0.0028, -0.0046, -0.0412,
         0.0305, -0.0027, -0.0311, -0.0261],
        digits=4,
    )  # fmt: skip


def test_pre_test_without_covariates(plain):
    agrees(plain.pre_test["p_value"], 0.16812, digits=5)
    assert plain.pre_test["df"] == 5


def test_not_yet_treated_as_controls(counties):
    effects = hub.group_time_att(
        counties, control="not_yet_treated", covariates=[], draws=0
    )
    simple = effects.aggregate("simple")
    agrees([simple.att, simple.se], [-0.0397636, 0.0120524])
    agrees(effects.aggregate("dynamic").att, -0.0773993)


def test_groups_and_periods_given_population(adjusted):
    agrees(
        adjusted.table["att"],
        [-0.0145297, -0.0764219, -0.1404483, -0.1069039, -0.0004721, -0.0062025,
         0.0009606, -0.0412939, 0.0267278, -0.0045766, -0.0284475, -0.0287814],
    )  # fmt: skip
    agrees(
        adjusted.table["se"],
        [0.0221292, 0.0286713, 0.0353782, 0.0328865, 0.0222234, 0.0184957, 0.0194002,
         0.0197211, 0.0140657, 0.0157178, 0.0181809, 0.0162390],
    )  # fmt: skip


def test_averages_given_population(adjusted):
    simple = adjusted.aggregate("simple")
    agrees([simple.att, simple.se], [-0.0417518, 0.0115028])
    calendar = adjusted.aggregate("calendar").path
    agrees(calendar["effect"], [-0.0145297, -0.0764219, -0.0461757, -0.0395822])
    agrees(calendar["se"], [0.0221292, 0.0286713, 0.0212107, 0.0129299])
    group = adjusted.aggregate("group").path
    agrees(group["effect"], [-0.0845759, -0.0201666, -0.0287814])
    agrees(group["se"], [0.0245649, 0.0174696, 0.0162390])
    dynamic = adjusted.aggregate("dynamic").path
    agrees(
        dynamic["effect"],
        [0.0267278, -0.0036165, -0.0232440, -0.0210604, -0.0530032, -0.1404483,
         -0.1069039],
    )  # fmt: skip
    agrees(
        dynamic["se"],
        [0.0140657, 0.0129283, 0.0144851, 0.0114942, 0.0163465, 0.0353782, 0.0328865],
    )


def test_pre_test_given_population(adjusted):
    agrees(adjusted.pre_test[["chi2", "p_value"]], [6.841825, 0.2326723], digits=6)


def test_bands_are_near_those_printed(plain):
    # Printed with 1000 draws of another generator: two digits can be expected.
    cells = plain.table.set_index(["group", "period"])
    ends = cells.loc[(2004, 2006), ["lower", "upper"]]
    np.testing.assert_allclose(ends, [-0.2403, -0.0342], atol=0.012)
    ends = cells.loc[(2007, 2004), ["lower", "upper"]]
    np.testing.assert_allclose(ends, [-0.0138, 0.0748], atol=0.006)
