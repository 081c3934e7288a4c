"""Panels of known truth, for tests of any room."""

import hubanalysis as hub


def draw(seed, **kwargs):
    options = {"units": 9, "periods": 10, "treated": 2, "start": 7, "effect": 1.5}
    return hub.simulate_panel(seed=seed, **(options | kwargs))


def shifted(panel, change):
    return panel.with_frame(panel.frame + change)
