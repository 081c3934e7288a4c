"""Before a programme starts its history says what could be seen, and how surely."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub


def history(seed=0, units=40, periods=12, **kwargs):
    return hub.simulate_panel(
        units=units, periods=periods, treated=0, start=2, seed=seed, **kwargs
    )


def quick(panel, hubs=8, refused=20, **kwargs):
    return hub.power_before(panel, hubs, refused, draws=199, **kwargs)


@pytest.fixture(scope="module")
def found():
    return quick(history())


def test_an_effect_of_that_size_is_found_four_times_in_five_by_the_study_itself():
    # Other places of the same kind, in years to come: a programme that works.
    panel = history(seed=1, units=60, periods=30)
    past, future = panel.window(1, 24), panel.window(25, 30)
    size = quick(past).mde
    rng, hits = np.random.default_rng(0), []
    for turn in range(200):
        rows = rng.permutation(60)[:28]
        wide = future.take(rows).frame
        wide.iloc[:8, 3:] += size * (-1) ** turn
        study = hub.Panel.from_wide(wide, dict.fromkeys(wide.index[:8], 28), "y")
        lot = hub.randomization_test(study, hub.imputation, draws=199)
        hits.append(lot.p_value <= 0.05)
    assert np.mean(hits) == pytest.approx(0.8, abs=0.1)


def test_white_noise_needs_what_the_textbook_says():
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.normal(0, 1, (120, 20)), [f"u{i:03d}" for i in range(120)])
    found = quick(wide, 24, 60)
    # Means of three years either side, sd 1: (1.96 + 0.84) sqrt(2 / 3) times the root.
    assert found.price == pytest.approx(2.8 * np.sqrt(2 / 3), rel=0.1)


def test_the_whole_history_is_used_and_its_range_holds_the_answer(found):
    starts = found.by_start.index.get_level_values("start").unique()
    assert starts.tolist() == [4, 5, 6, 7, 8, 9, 10]
    low, high = found.range
    assert low < found.mde < high
    assert "overlap" in found.notes[0]
    at = np.interp(found.mde, found.curve.index, found.curve["power"])
    assert at == pytest.approx(0.8, abs=0.02)


def test_power_is_that_of_the_test_on_the_stretch():
    panel = history(seed=3, units=16, periods=6)
    names = list(panel.units[:3])
    found = hub.power_before(panel, names, draws=9999)
    study = hub.Panel.from_wide(panel.frame, dict.fromkeys(names, 4), "y")
    power = hub.minimum_detectable_effect(study, hub.imputation)
    (only,) = found.by_start["mde"]
    # The same lot; effects are planted under fewer of its assignments.
    assert only == found.mde == pytest.approx(power.mde, rel=0.1)
    assert "one stretch" in found.notes[0]


def test_names_fix_the_places_and_numbers_draw_them():
    panel = history()
    names, losers = list(panel.units[:4]), list(panel.units[4:20])
    fixed = quick(panel, names, losers)
    assert set(fixed.by_start.index.get_level_values("sample")) == {0}
    assert all(lot.panel.treated == names for lot in fixed.lots.values())
    assert all(lot.panel.donors == losers for lot in fixed.lots.values())
    drawn = quick(panel, 4, losers)
    assert set(drawn.by_start.index.get_level_values("sample")) == {0, 1, 2}
    treated = {tuple(lot.panel.treated) for lot in drawn.lots.values()}
    assert len(treated) == 3
    assert not any(set(t) & set(losers) for t in treated)
    rest = quick(panel, names, None)
    assert rest.refused == 36
    assert len(rest.lots) == len(fixed.lots)


def test_a_yardstick_has_its_chance_and_its_exaggeration(found):
    small, large = found.significance(found.mde / 4), found.significance(found.mde)
    assert large.chance == pytest.approx(0.8, abs=0.08)
    assert 0.05 <= small.chance < 0.2
    assert small.exaggeration > 1.8 > large.exaggeration > 1
    assert small.wrong_sign > large.wrong_sign


def test_more_units_buy_what_the_root_says_and_a_year_what_the_history_says(found):
    bought = found.bought
    root = np.sqrt((1 / 9 + 1 / 20) / (1 / 8 + 1 / 20))
    expected = found.mde * (1 - root)
    assert bought.loc["one more hub", "buys"] == pytest.approx(expected)
    later = quick(history(), years_after=4)
    both = found.by_start["mde"] - later.by_start["mde"]
    row = bought.loc["one more period after"]
    assert row["buys"] == pytest.approx(both.median())
    assert row["low"] <= row["buys"] <= row["high"]


@pytest.mark.parametrize("factor", [0.01, 300.0])
def test_units_of_the_outcome_are_those_of_the_answer(found, factor):
    scaled = quick(factor * history().frame, outcome="jobs")
    assert scaled.mde == pytest.approx(factor * found.mde)
    assert scaled.outcome == "jobs"
    assert "jobs" in str(scaled)


def test_it_is_drawn_as_power_is(found):
    assert hub.power_plot({"8 hubs": found}, "effect") is not None


def test_too_few_places_to_deal_are_told():
    found = hub.power_before(history(units=12), hubs=1, refused=9)
    assert np.isinf(found.mde)
    assert found.significance(1.0).chance == 0
    assert "no effect, however large" in found.notes[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"hubs": 0, "refused": 4}, "hubs must be a whole number of at least 1"),
        ({"hubs": 30, "refused": 20}, "too few for these hubs"),
        ({"hubs": 40}, "too few for these hubs"),
        ({"hubs": ["u01"], "refused": ["u01"]}, "u01 cannot be a hub and refused"),
        ({"hubs": ["U01"]}, "Did you mean 'u01'"),
        ({"hubs": []}, "or names of places"),
        ({"hubs": 4, "years_before": 8, "years_after": 8}, "do not fit into a history"),
        ({"hubs": 4, "years_after": 0}, "years_after must be a whole number"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(arguments, words):
    with pytest.raises(ValueError, match=words):
        hub.power_before(history(), **arguments)


def test_a_history_with_a_programme_in_it_is_refused():
    treated = hub.simulate_panel(units=12, periods=9, treated=2, start=6, seed=0)
    with pytest.raises(ValueError, match=r"are treated in the history.*first_treated"):
        hub.power_before(treated, hubs=2)
    with pytest.raises(ValueError, match="table of places by years"):
        hub.power_before([1, 2], hubs=2)
