"""Event studies drawn at random, for the tests of bounds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass
class Study:
    """What the bounds use of an `Estimate`."""

    path: pd.DataFrame
    covariance: pd.DataFrame


def study(beta, sigma, n_pre) -> Study:
    n_post = len(beta) - n_pre
    times = [*range(-n_pre - 1, -1), *range(n_post)]
    path = pd.DataFrame({"effect": np.asarray(beta, float)}, index=times)
    path.loc[-1] = 0.0
    return Study(path.sort_index(), pd.DataFrame(sigma, index=times, columns=times))


def random_arrays(seed, n_pre, n_post):
    rng = np.random.default_rng(seed)
    n = n_pre + n_post
    root = rng.normal(size=(n, n + 3))
    return rng.normal(scale=0.2, size=n), 0.01 * root @ root.T / (n + 3)


def random_study(seed, n_pre, n_post) -> Study:
    return study(*random_arrays(seed, n_pre, n_post), n_pre)


def ends(frame) -> np.ndarray:
    return frame[["lower", "upper"]].to_numpy()
