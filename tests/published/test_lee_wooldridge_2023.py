"""Lee and Wooldridge (2023): California's tobacco law, sales in logarithms.

Their package lwdid prints these with units demeaned, and detrended, by the years
before. Their table holds the logarithms in single precision, and so must ours to give
all their digits. Their p value by lot is drawn, .0508; all 39 assignments give 2/39.
"""

import numpy as np
import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def states():
    table = hub.load("validation/prop99")
    panel = hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"California": 1989}
    )
    return panel.transform(lambda sales: np.log(sales).astype(np.float32))


def test_demeaned(states):
    assert hub.did(states).att == pytest.approx(-0.4221746150201265, abs=1e-12)


def test_detrended(states):
    assert hub.detrended_did(states).att == pytest.approx(
        -0.2269886995561676, abs=1e-12
    )


def test_two_of_all_states_are_as_far_out(states):
    lot = hub.randomization_test(states, hub.detrended_did)
    assert (lot.rank, len(lot.estimates)) == (2, 39)
