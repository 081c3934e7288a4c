"""Two-way regressions with an effect for each group and year, on teen employment.

Stata's jwdid and R's etwfe (Wooldridge 2021) print these on the data of Callaway and
Sant'Anna. They are the effects of imputation. Their errors are of another formula and
are not repeated here.
"""

import numpy as np
import pytest

import hubanalysis as hub


def counties(**more):
    table = hub.load("validation/mpdta")
    names = "county", "year", "log_employment", "first_treated"
    return hub.Panel.from_long(table, *names, **more)


def test_jwdid_on_average():
    assert hub.imputation(counties()).att == pytest.approx(-0.0477099, abs=5.1e-8)


def test_jwdid_by_event_time():
    path = hub.imputation(counties()).path
    printed = [-0.0310669, -0.0522349, -0.1360781, -0.1047075]
    np.testing.assert_allclose(path["effect"], printed, rtol=0, atol=5.1e-8)


def test_etwfe_by_event_time_given_population():
    path = hub.imputation(counties(covariates="log_population")).path
    printed = [-0.0332, -0.0573, -0.1379, -0.1095]
    np.testing.assert_allclose(path["effect"], printed, rtol=0, atol=5.1e-5)
