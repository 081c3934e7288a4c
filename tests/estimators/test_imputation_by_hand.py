"""Imputation on small panels: what it averages, and what it cannot impute."""

import numpy as np
import pytest

import hubanalysis as hub
from tests.estimators.staggered import with_holes
from tests.estimators.test_imputation import by_definition


def small(seed=0, start=(3, 5), treated=6, **more):
    return hub.simulate_panel(
        units=12, periods=6, treated=treated, start=list(start), seed=seed, **more
    )


@pytest.mark.parametrize("start", [[4], [3, 5], [3, 4, 5]])
@pytest.mark.parametrize("holes", [[], [(0, 0), (3, 4), (8, 2)]])
def test_estimates_and_errors_are_their_definition(start, holes):
    panel = with_holes(small(start=start), holes)
    overall, by_time = by_definition(panel)
    ours = hub.imputation(panel)
    np.testing.assert_allclose((ours.att, ours.se), overall, atol=1e-9)
    np.testing.assert_allclose(ours.path[["effect", "se"]], by_time, atol=1e-9)


def test_a_start_in_the_last_period_is_one_effect_and_that_of_did():
    panel = small(start=[6])
    ours = hub.imputation(panel)
    assert ours.path.index.tolist() == [0]
    assert ours.att == pytest.approx(hub.did(panel).att)


def test_periods_of_anticipation_are_in_the_path_and_not_in_the_average():
    ours = hub.imputation(small(), anticipation=1)
    assert ours.path.index.tolist() == [-1, 0, 1, 2, 3]
    after = ours.path.loc[0:]
    mean = np.average(after["effect"], weights=after["cells"])
    assert ours.att == pytest.approx(mean)


def test_one_unit_that_starts_alone_is_told_of():
    panel = small()
    alone = panel.treat(dict.fromkeys(panel.units[:5], 3) | {panel.units[5]: 5})
    told = "one unit starts in 5: how much it varies"
    assert any(note.startswith(told) for note in hub.imputation(alone).notes)
    assert not any("one unit" in note for note in hub.imputation(panel).notes)


def test_cells_that_nothing_untreated_links_are_named():
    panel = small()
    with pytest.raises(hub.HubError, match="cannot be imputed for u01 in 3"):
        hub.imputation(with_holes(panel, [(0, 0), (0, 1)]))


@pytest.mark.parametrize(("leads", "fits"), [(3, True), (4, False)])
def test_before_the_leads_a_period_is_left(leads, fits):
    # The group of 5 is seen in four periods before it starts.
    if fits:
        path = hub.imputation(small(), leads=leads).path
        assert path.index.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    else:
        with pytest.raises(hub.HubError, match="from 0 to 3"):
            hub.imputation(small(), leads=leads)
