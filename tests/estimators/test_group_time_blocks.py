"""Who moves an effect, however it was worked out."""

import numpy as np
import pytest

import hubanalysis as hub
from hubanalysis.estimators import group_time_blocks
from tests.estimators.test_given import STATES, panel, table


@pytest.mark.parametrize("covariates", [None, "size"])
@pytest.mark.parametrize("method", ["doubly_robust", "outcome_regression", "ipw"])
def test_influence_is_how_an_effect_moves_with_a_unit_s_weight(covariates, method):
    df = table(units=40).assign(people=1.0)
    options = {"method": method, "draws": 0}

    def simple(of):
        made = panel(of, covariates=covariates, weights="people")
        return hub.group_time_att(made, **options)

    base, step = simple(df), 1e-5
    for unit in ("u01", "u08", "u30"):
        more = df.assign(people=np.where(df["unit"] == unit, 1 + step, 1.0))
        slope = (simple(more).att - base.att) / step * 40
        np.testing.assert_allclose(base.influence.loc[unit], slope, atol=2e-3)


def test_a_balanced_panel_without_covariates_is_averaged_by_cohort(monkeypatch):
    def refuses(*_):
        raise AssertionError("cell by cell")

    monkeypatch.setattr(group_time_blocks, "adjusted_cells", refuses)
    assert np.isfinite(hub.group_time_att(panel(), draws=0).att).all()
    for other in (panel(weights="people"), panel(covariates="size")):
        with pytest.raises(AssertionError, match="cell by cell"):
            hub.group_time_att(other, draws=0)


@pytest.mark.parametrize("kind", ["simple", "group", "dynamic", "calendar"])
def test_weights_of_one_change_no_average_and_no_error(kind):
    plain = hub.group_time_att(panel(), draws=0).aggregate(kind)
    ones = panel(table().assign(people=1.0), weights="people")
    weighted = hub.group_time_att(ones, draws=0).aggregate(kind)
    assert (weighted.att, weighted.se) == pytest.approx((plain.att, plain.se))


def test_influences_add_up_within_clusters():
    units = hub.group_time_att(panel(), draws=0)
    states = hub.group_time_att(panel(), draws=0, clusters=STATES)
    total = units.influence.groupby(STATES).sum()
    found = np.sort(states.influence.to_numpy(), axis=0)
    np.testing.assert_allclose(found, np.sort(total.to_numpy(), axis=0), atol=1e-10)
    assert hub.group_time_att(panel(), clusters=STATES).table["upper"].notna().all()
