"""Imputation (Borusyak, Jaravel and Spiess 2024), as R's didimputation prints it.

The manual of the package runs it on the castle doctrine laws of Cheng and Hoekstra and
prints an estimate, its standard error and interval, with three digits. The examples of
the authors' own command and of the paper need data that are not here.
"""

import pytest

import hubanalysis as hub


def test_castle_doctrine_laws_by_imputation():
    table = hub.load("validation/castle")
    panel = hub.Panel.from_long(table, "state", "year", "log_homicide", "first_treated")
    estimate = hub.imputation(panel)
    assert estimate.att == pytest.approx(0.0798, abs=5e-5)
    assert estimate.se == pytest.approx(0.0609, abs=5e-5)
    interval = (estimate.att - 1.96 * estimate.se, estimate.att + 1.96 * estimate.se)
    assert interval == (
        pytest.approx(-0.0395, abs=5e-5),
        pytest.approx(0.199, abs=5e-4),
    )
