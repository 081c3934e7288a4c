"""Castle doctrine laws, taken apart as R's bacondecomp prints it."""

import pytest

import hubanalysis as hub


@pytest.fixture(scope="module")
def castle():
    table = hub.load("validation/castle")
    return hub.Panel.from_long(table, "state", "year", "log_homicide", "first_treated")


@pytest.mark.parametrize(
    ("kind", "weight", "estimate"),
    [
        ("earlier_vs_later", 0.05976325, -0.00554),
        ("later_vs_earlier", 0.03189818, 0.07032),
        ("treated_vs_never", 0.90833857, 0.08796),
    ],
)
def test_three_kinds_of_comparison(castle, kind, weight, estimate):
    rows = hub.bacon_decomposition(castle).query("kind == @kind")
    assert rows["weight"].sum() == pytest.approx(weight, abs=5e-9)
    mean = (rows["weight"] * rows["estimate"]).sum() / rows["weight"].sum()
    assert mean == pytest.approx(estimate, abs=6e-6)


def test_they_add_up_to_the_two_way_estimate(castle):
    rows = hub.bacon_decomposition(castle)
    whole = (rows["weight"] * rows["estimate"]).sum()
    assert whole == pytest.approx(hub.did(castle).att, abs=1e-12)
    assert whole == pytest.approx(0.0818116169306475, abs=1e-12)
