"""Rambachan and Roth (2023): Medicaid and health insurance.

The worked example of the authors' package HonestDiD (its README): states that expanded
Medicaid in 2014 against those that had not by 2015. The printed relative-magnitude
intervals come from a grid of steps of 0.0004, which errs inwards, and from 1000 draws.
"""

import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.inference.bounds import breakdown, honest_bounds

EFFECTS = {
    2008: -0.00529,
    2009: -0.0113,
    2010: -0.00268,
    2011: -0.00142,
    2012: 0.00034,
    2013: 0.0,
    2014: 0.04645,
    2015: 0.06921,
}
RELATIVE_MAGNITUDES = {
    0.5: (0.0240, 0.0672),
    1.0: (0.0171, 0.0720),
    1.5: (0.00824, 0.0797),
    2.0: (-0.000916, 0.0881),
}
SMOOTHNESS = {
    0.00: (0.0259, 0.0607),
    0.01: (0.0132, 0.0787),
    0.02: (0.00286, 0.0907),
    0.03: (-0.00714, 0.101),
    0.04: (-0.0171, 0.111),
    0.05: (-0.0271, 0.121),
}


@pytest.fixture(scope="module")
def panel() -> hub.Panel:
    states = hub.load("validation/ehec_data")
    adopted = states["first_treated"].fillna(0)
    states = states[(states["year"] < 2016) & (adopted != 2015)]
    return hub.Panel.from_long(
        states.assign(adopted=adopted.where(adopted == 2014, 0).astype(int)),
        unit="state_fips",
        period="year",
        outcome="insured_share",
        first_treated="adopted",
    )


@pytest.fixture(scope="module")
def medicaid(panel):
    """Event study with the clustered covariance of R's fixest, as the authors used.

    Of the fixed effects, fixest counts as parameters those of the years only: a state's
    lies within its own cluster. It is built here from the residuals, so that this test
    does not hang on how another package counts.
    """
    path = hub.event_study(panel).path
    treated = np.isin(panel.units, panel.treated).astype(float)
    y = panel.values - panel.values.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=0)
    times = path.index[path.index != -1]
    # Period dummies among the treated, rid of unit and period effects.
    x = np.multiply.outer(treated - treated.mean(), np.eye(len(path)) - 1 / len(path))
    x = x[:, path.index != -1].transpose(0, 2, 1)  # states, years, event times
    bread = np.linalg.inv(np.einsum("itk,itl->kl", x, x))
    residual = y - x @ path.loc[times, "effect"].to_numpy()
    score = np.einsum("itk,it->ik", x, residual)
    states, n, parameters = len(y), y.size, len(times) + y.shape[1]
    factor = states / (states - 1) * (n - 1) / (n - parameters)
    covariance = factor * bread @ score.T @ score @ bread
    return SimpleNamespace(
        path=path, covariance=pd.DataFrame(covariance, index=times, columns=times)
    )


def test_the_event_study_is_the_printed_one(medicaid):
    effect = medicaid.path.set_index("period")["effect"]
    assert effect.to_dict() == pytest.approx(EFFECTS, abs=6e-6)


@pytest.mark.parametrize("m", RELATIVE_MAGNITUDES)
def test_relative_magnitudes(medicaid, m):
    row = honest_bounds(medicaid, m=m).iloc[0]
    assert (row.lower, row.upper) == pytest.approx(RELATIVE_MAGNITUDES[m], abs=0.0005)


@pytest.mark.parametrize("m", SMOOTHNESS)
def test_smoothness(medicaid, m):
    row = honest_bounds(medicaid, "smoothness", m=m).iloc[0]
    # From 0.1 on three digits are printed.
    assert row.lower == pytest.approx(SMOOTHNESS[m][0], abs=0.0001)
    assert row.upper == pytest.approx(
        SMOOTHNESS[m][1], abs=0.0001 if m < 0.03 else 6e-4
    )


def test_the_finding_survives_to_twice_the_largest_change_before(medicaid):
    assert breakdown(medicaid) == pytest.approx(2, abs=0.1)
    assert breakdown(medicaid, "smoothness") == pytest.approx(0.03, abs=0.01)


def test_four_values_of_m_take_less_than_two_seconds(medicaid):
    start = time.perf_counter()
    honest_bounds(medicaid)
    assert time.perf_counter() - start < 2
