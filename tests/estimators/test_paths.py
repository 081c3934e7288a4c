"""Effects by event time."""

import numpy as np
import pandas as pd
import pytest

import hubanalysis as hub
from hubanalysis.estimators.paths import (
    effect_path,
    equal_weight_runs,
    event_path,
    labelled_weights,
    path_frame,
)


def test_staggered_units_are_averaged_by_event_time():
    panel = hub.simulate_panel(
        units=12, periods=14, treated=4, start=[8, 11], effect=lambda k: 2.0 * k,
        factors=0, noise=0.0, seed=3,
    )  # fmt: skip
    estimate = hub.synthetic_did(panel)
    assert estimate.unit_weights.shape == (8, 2)
    assert estimate.path.loc[2, "effect"] == pytest.approx(4.0, abs=1e-6)
    assert estimate.path.loc[6, "units"] == 2


def test_an_effect_is_the_gap_less_the_gap_of_earlier_periods():
    target, donors = np.array([5.0, 6, 9, 9]), np.array([[1.0, 2, 3, 4], [3, 4, 1, 2]])
    path = effect_path(target, donors, np.array([0.75, 0.25]), np.array([0.5, 0.5]))
    # Gaps 3.5, 3.5, 6.5, 5.5; those before are 3.5 on average.
    assert path.tolist() == [0, 0, 3, 2]
    path = effect_path(target, donors, np.array([0.75, 0.25]), np.zeros(2))
    assert path.tolist() == [3.5, 3.5, 6.5, 5.5]


def test_many_sets_at_once_have_the_paths_of_each():
    panel = hub.simulate_panel(units=7, periods=6, treated=2, start=4, seed=1)
    sets = np.array([[0, 1], [2, 5], [4, 6]])
    for weights in (np.full(3, 1 / 3), np.array([0.2, 0.3, 0.5])):
        paths, loads = equal_weight_runs(panel, sets, weights)
        for rows, path, load in zip(sets, paths, loads):
            others = np.delete(np.arange(7), rows)
            y = panel.values
            by_hand = effect_path(
                y[rows].mean(axis=0), y[others], np.full(5, 1 / 5), weights
            )
            assert path == pytest.approx(by_hand)
            assert load[rows].tolist() == [1 / 2] * 2
            assert load[others].tolist() == [-1 / 5] * 5


def test_a_path_lies_around_the_start_and_what_was_seen_less_it_would_have_been():
    panel = hub.simulate_panel(units=5, periods=6, treated=2, start=4, seed=1)
    frame = path_frame(panel, np.array([0, 1]), np.arange(6.0))
    assert frame.index.tolist() == [-3, -2, -1, 0, 1, 2]
    assert frame["period"].tolist() == [1, 2, 3, 4, 5, 6]
    observed = panel.values[:2].mean(axis=0)
    assert frame["observed"].to_numpy() == pytest.approx(observed)
    assert frame["counterfactual"].to_numpy() == pytest.approx(observed - np.arange(6))


def test_paths_of_several_dates_are_averaged_as_they_have_units():
    panel = hub.simulate_panel(units=9, periods=5, treated=3, start=[3, 5], seed=1)
    rows = np.flatnonzero(panel.starts < 5)
    effects = np.array([[0.0, 0, 3, 6, 9], [1, 1, 1, 1, 12]])
    sizes = np.array([np.sum(panel.starts == g) for g in (2, 4)])
    assert sorted(sizes) == [1, 2]
    path = event_path(panel, rows, effects, sizes)
    assert path.index.tolist() == [-4, -3, -2, -1, 0, 1, 2]
    assert path["units"].tolist() == [*[sizes[1]] * 2, 3, 3, 3, *[sizes[0]] * 2]
    assert path.loc[0, "effect"] == pytest.approx((sizes @ [3, 12]) / 3)
    assert path.loc[[-4, 2], "effect"].tolist() == [1, 9]
    each = event_path(
        panel, rows, effects[[0 if s == 2 else 1 for s in panel.starts[rows]]]
    )
    assert each.equals(path)


def test_weights_of_one_are_a_series_and_of_several_a_frame():
    index = pd.Index(["a", "b"])
    one = labelled_weights(np.array([[0.25], [0.75]]), index, pd.Index(["u"]))
    assert one.to_dict() == {"a": 0.25, "b": 0.75}
    two = labelled_weights(np.eye(2), index, pd.Index(["u", "v"]))
    assert two.loc["b", "v"] == 1
