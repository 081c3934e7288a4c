"""A panel goes into the page whole, with the starts that one may pretend."""

import numpy as np
import pytest

import hubanalysis as hub


def panel_of(**words):
    return hub.simulate_panel(units=8, periods=20, treated=2, start=15, seed=0, **words)


def test_starts_are_those_before_the_real_one_and_itself():
    assert hub.pretend(panel_of(), "", first=10).data["starts"] == list(range(11, 16))


def test_values_are_the_panels_to_eight_decimals():
    panel = panel_of()
    values = hub.pretend(panel, "").data["values"]
    for unit in panel.units:
        assert values[str(unit)] == pytest.approx(panel.frame.loc[unit], abs=1e-8)


def test_the_static_figure_tells_the_plain_estimate():
    panel = panel_of()
    told = hub.percent_text(hub.did(panel).att, 1)
    assert told in hub.pretend(panel, "", "the two").figure.title


def test_the_static_figure_has_the_axis_of_the_live_one():
    panel = panel_of()
    drawn = hub.pretend(panel, "", "the two").figure.data["the two"]
    last = panel.frame.loc[panel.treated].mean()
    wanted = 100 * np.expm1(last - last.iloc[panel.start - 1])
    np.testing.assert_allclose(drawn, wanted)


def test_chance_is_counted_at_every_start_by_every_estimator():
    panel = panel_of()
    data = hub.pretend(panel, "", first=10).data
    assert list(data["chance"]) == list(data["estimators"])
    for name, chance in data["chance"].items():
        tried = [*(panel.backdate(start) for start in data["starts"][:-1]), panel]
        for one, told in zip(tried, chance, strict=True):
            lot = hub.randomization_test(one, getattr(hub, name))
            if lot.barred[0]:
                assert told is None
            else:
                assert told["p"] == pytest.approx(lot.p_value)
                assert told["told"] == hub.p_text(lot.p_value)


def test_a_start_that_fits_too_badly_has_no_p():
    panel = panel_of()
    frame = panel.frame.copy()
    frame.loc[panel.treated] += 100.0  # no mix reaches it
    chance = hub.pretend(panel.with_frame(frame), "").data["chance"]
    assert set(chance["synthetic_control"]) == {None}
    assert None not in chance["did"]


def test_as_many_lots_are_drawn_as_are_asked_for_and_its_python_draws_them():
    panel = panel_of()
    drawn = hub.pretend(panel, "", draws=19)
    assert all(
        told is None or round(20 * told["p"]) == pytest.approx(20 * told["p"])
        for told in drawn.data["chance"]["did"]
    )
    assert "draws=19" in drawn.code
    assert "draws" not in hub.pretend(panel, "").code


def test_several_dates_are_refused():
    panel = panel_of()
    starts = dict(zip(panel.treated, (12, 15)))
    with pytest.raises(hub.HubError, match="one date"):
        hub.pretend(panel.treat(starts), "")


def test_holes_are_refused():
    panel = panel_of()
    frame = panel.frame.copy()
    frame.iloc[0, 0] = np.nan
    with pytest.raises(hub.HubError, match="holes"):
        hub.pretend(panel.with_frame(frame), "")
