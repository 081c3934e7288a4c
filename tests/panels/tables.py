"""A small table of four units over six years, and a panel of it, for these tests."""

import numpy as np
import pandas as pd

import hubanalysis as hub


def long(units=4, periods=6, seed=0):
    rng = np.random.default_rng(seed)
    rows = [(f"u{i}", 2000 + t) for i in range(units) for t in range(periods)]
    df = pd.DataFrame(rows, columns=["unit", "year"])
    df["y"] = rng.normal(10, 1, len(df))
    return df


def panel(df=None, first=None, **options):
    df = long() if df is None else df
    first = {"u0": 2003} if first is None else first
    return hub.Panel.from_long(df, "unit", "year", "y", first, **options)


def starting(**starts):
    """The table with a column `first` that holds these dates, and nothing elsewhere."""
    df = long()
    return df.assign(first=df["unit"].astype(object).map(starts))
