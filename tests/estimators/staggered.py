"""Panels with several dates of adoption, for the tests of this folder."""

import numpy as np
import pandas as pd

import hubanalysis as hub


def panel_of(seed=0, noise=1.0, effect=1.0, units=24, start=(4, 6), **more):
    return hub.simulate_panel(
        units=units,
        periods=8,
        treated=units // 2,
        start=list(start),
        effect=effect,
        noise=noise,
        factors=0,
        seed=seed,
        **more,
    )


def rebuilt(panel, values=None, units=None, covariates=None):
    """The same panel with other outcomes, in another order, or with covariates."""
    wide = panel.frame if values is None else panel.frame * 0 + values
    wide = wide.loc[panel.units if units is None else units]
    long = wide.rename_axis("unit").reset_index()
    long = long.melt("unit", var_name="period", value_name="y")
    long["period"] = long["period"].astype(int)
    names = None
    if covariates is not None:
        names = list(covariates)
        long = long.merge(covariates, left_on="unit", right_index=True)
    return hub.Panel.from_long(
        long.dropna(subset="y"),
        unit="unit",
        period="period",
        outcome="y",
        first_treated=panel.first_treated,
        covariates=names,
        balanced=False,
    )


def with_traits(seed=0, units=60, **traits):
    panel = panel_of(seed, units=units)
    rng = np.random.default_rng(seed)
    made = {"size": rng.normal(size=units)} | traits
    return rebuilt(panel, covariates=pd.DataFrame(made, index=panel.units))


def with_holes(panel, cells):
    values = panel.values.copy()
    for i, t in cells:
        values[i, t] = np.nan
    return rebuilt(panel, values)
