"""Ridge-augmented synthetic control.

No data of a printed result (Kansas) are in this repository; what the method is by its
definition, and what it comes to in its authors' other forms, is held instead.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubanalysis as hub
from hubanalysis.estimators.weights import simplex_weights

few = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 9999)


def panel_of(seed=0, units=15, periods=12, start=9, **options):
    return hub.simulate_panel(
        units=units, periods=periods, treated=1, start=start, seed=seed, **options
    )


def parts_of(panel):
    """Outcomes before of the donors and of the treated, less the donors' mean."""
    before = panel.values[:, : panel.start]
    rows = np.array([u in panel.treated for u in panel.units])
    mean = before[~rows].mean(axis=0)
    return before[~rows] - mean, before[rows][0] - mean


@few
@given(seeds, st.floats(1e-3, 1e3))
def test_it_stays_near_synthetic_control_as_far_as_the_penalty_wants(seed, penalty):
    """Lemma 1 of the paper: least squares before, and distance from its weights."""
    panel = panel_of(seed)
    x, goal = parts_of(panel)
    plain = hub.synthetic_control(panel).unit_weights.to_numpy()
    n = len(x)
    # minimise |goal - x'w|^2 + penalty |w - plain|^2 with sum w = 1.
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = x @ x.T + penalty * np.eye(n)
    system[:n, n] = system[n, :n] = 1.0
    wanted = np.linalg.solve(system, np.append(x @ goal + penalty * plain, 1.0))[:n]
    found = hub.augmented_synthetic_control(panel, penalty=penalty).unit_weights
    np.testing.assert_allclose(found, wanted, atol=1e-8)


@few
@given(seeds)
def test_it_takes_out_what_a_ridge_regression_says_the_donors_miss(seed):
    panel, penalty = panel_of(seed), 2.0
    x, goal = parts_of(panel)
    plain = hub.synthetic_control(panel)
    weights = plain.unit_weights.to_numpy()
    later = panel.frame.loc[panel.donors].to_numpy()[:, panel.start :].mean(axis=1)
    slope = np.linalg.solve(
        x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (later - later.mean())
    )
    bias = (goal - weights @ x) @ slope
    found = hub.augmented_synthetic_control(panel, penalty=penalty)
    assert found.att == pytest.approx(plain.att - bias, abs=1e-9)


def test_a_large_penalty_leaves_synthetic_control_and_none_fits_perfectly():
    panel = panel_of(3)
    plain = hub.synthetic_control(panel)
    assert plain.pre_rmspe > 0.01
    large = hub.augmented_synthetic_control(panel, penalty=1e12)
    assert large.att == pytest.approx(plain.att, abs=1e-8)
    none = hub.augmented_synthetic_control(panel, penalty=0)
    assert none.pre_rmspe == pytest.approx(0, abs=1e-8)
    assert none.unit_weights.sum() == pytest.approx(1)
    assert none.unit_weights.min() < 0


@few
@given(seeds)
def test_the_penalty_is_the_largest_whose_error_is_near_the_least(seed):
    panel = panel_of(seed, start=7)
    x, goal = parts_of(panel)
    grid = np.linalg.norm(x, 2) ** 2 * 1e-8 ** np.linspace(0, 1, 21)
    errors = np.empty((len(grid), x.shape[1]))
    for t in range(x.shape[1]):
        rest = np.arange(x.shape[1]) != t
        w = simplex_weights(x[:, rest].T, goal[rest])
        for k, penalty in enumerate(grid):
            inner = x[:, rest].T @ x[:, rest] + penalty * np.eye(rest.sum())
            whole = w + x[:, rest] @ np.linalg.solve(inner, goal[rest] - w @ x[:, rest])
            errors[k, t] = (goal[t] - whole @ x[:, t]) ** 2
    mean = errors.mean(axis=1)
    spread = errors.std(axis=1, ddof=1) / np.sqrt(x.shape[1])
    wanted = grid[mean <= mean.min() + spread[mean.argmin()]].max()
    taken = hub.augmented_synthetic_control(panel).parts["penalty"]
    assert taken == {panel.treated[0]: pytest.approx(wanted, rel=1e-6)}


def test_it_fits_better_than_synthetic_control_and_says_where_it_goes_beyond():
    table = hub.load("validation/prop99")
    california = hub.Panel.from_long(
        table, "state", "year", "packs_per_head", {"New Hampshire": 1989}
    )
    # Nobody sells as much per head: no mix of others follows.
    plain = hub.synthetic_control(california)
    found = hub.augmented_synthetic_control(california)
    assert found.pre_rmspe < plain.pre_rmspe
    assert any("negative weights" in note for note in found.notes)
    assert not any("negative weights" in note for note in plain.notes)


def test_negative_weights_of_a_tenth_in_all_are_told_of():
    seen = set()
    for penalty in np.geomspace(1e-3, 1e3, 25):
        found = hub.augmented_synthetic_control(panel_of(3), penalty=penalty)
        below = found.unit_weights.clip(upper=0).sum()
        told = any("negative weights" in note for note in found.notes)
        assert told == (below < -0.1)
        seen.add(float(np.digitize(below, [-0.35, -0.1])))
    assert seen == {0.0, 1.0, 2.0}


def test_without_a_penalty_too_few_donors_are_least_squares_in_any_unit():
    panel = panel_of(3, units=5)
    x, goal = parts_of(panel)
    # From their mean donors go as far as least squares, and weights add up to one.
    wanted = np.linalg.lstsq(x.T, goal, rcond=None)[0] + 1 / len(x)
    for factor in (1e-6, 1.0, 1e6):
        scaled = panel.with_frame(factor * panel.frame)
        found = hub.augmented_synthetic_control(scaled, penalty=0).unit_weights
        np.testing.assert_allclose(found, wanted, atol=1e-6)


@few
@given(seeds)
def test_many_at_once_are_as_one_at_a_time(seed):
    panel = panel_of(seed, units=9)
    rng = np.random.default_rng(seed)
    sets = np.array([rng.choice(9, 2, replace=False) for _ in range(4)])
    estimator = hub.ESTIMATORS["augmented_synthetic_control"]
    runs = estimator.many(panel, sets, panel.start)
    for row, path, load in zip(sets, runs.paths, runs.loads):
        alone = hub.augmented_synthetic_control(panel.assign(row, panel.start))
        assert path[panel.start :].mean() == pytest.approx(alone.att, abs=1e-8)
        donors = np.setdiff1d(np.arange(9), row)
        np.testing.assert_allclose(
            -load[donors], alone.unit_weights.mean(axis=1), atol=1e-8
        )


@few
@given(seeds, st.floats(0.1, 10))
def test_units_of_measurement_change_nothing_else(seed, factor):
    panel = panel_of(seed)
    moved = panel.with_frame(factor * panel.frame + 5.0)
    one, two = (hub.augmented_synthetic_control(p) for p in (panel, moved))
    assert two.att == pytest.approx(factor * one.att, abs=1e-6 * factor)


def test_placebos_and_lots_take_it():
    panel = panel_of(1, effect=8.0, noise=0.1)
    placebos = hub.placebo_in_space(panel, hub.augmented_synthetic_control)
    assert len(placebos.estimates) == 14
    test = hub.randomization_test(panel, hub.augmented_synthetic_control)
    assert test.exact
    fixed = hub.estimator(hub.augmented_synthetic_control, penalty=3.0)
    assert fixed.many is not None
    assert fixed.att(panel) == pytest.approx(
        hub.augmented_synthetic_control(panel, penalty=3.0).att
    )


def test_each_unit_is_fitted_before_its_own_date():
    panel = hub.simulate_panel(units=12, periods=12, treated=4, start=[6, 9], seed=0)
    whole = hub.augmented_synthetic_control(panel)
    effects = []
    for unit in panel.treated:
        others = [u for u in panel.treated if u != unit]
        alone = hub.augmented_synthetic_control(panel.drop(others))
        effects.append(alone.att)
        np.testing.assert_allclose(alone.unit_weights, whole.unit_weights[unit])
    assert whole.att == pytest.approx(np.mean(effects))


@pytest.mark.parametrize(
    ("panel", "penalty", "fault"),
    [
        (panel_of(0), -1.0, "number from 0 on"),
        (panel_of(0), np.nan, "must be a finite number"),
        (panel_of(0, start=3), None, "3 period"),
        (panel_of(0, units=2), None, "two donors"),
    ],
)
def test_what_cannot_be_fitted_is_refused(panel, penalty, fault):
    with pytest.raises(hub.HubError, match=fault):
        hub.augmented_synthetic_control(panel, penalty=penalty)


@pytest.mark.parametrize("level", [1e6, 1e9])
def test_a_level_costs_no_digits(level):
    panel = panel_of(2)
    moved = panel.with_frame(panel.frame + level)
    one, two = (hub.augmented_synthetic_control(p) for p in (panel, moved))
    # What is left is what adding the level costs the figures themselves.
    assert two.att == pytest.approx(one.att, abs=1e-14 * level)
