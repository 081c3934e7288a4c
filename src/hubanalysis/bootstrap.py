"""Standard errors and tests by resampling whole units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import bisect

from hubanalysis.did import did
from hubanalysis.estimate import Facts
from hubanalysis.panel import Panel
from hubanalysis.synthetic import synthetic_did

__all__ = ["WildBootstrap", "jackknife", "wild_cluster_bootstrap"]

# With this few treated units the restricted wild bootstrap keeps no level
# (MacKinnon and Webb 2017, 2018).
FEW_TREATED = 4


@dataclass(frozen=True, eq=False, repr=False)
class WildBootstrap(Facts):
    """Outcome of a wild cluster bootstrap.

    Attributes
    ----------
    att : float
        The difference-in-differences estimate.
    p_value : float
        Of the hypothesis of no effect.
    interval : tuple of float
        Effects that are not rejected; infinite where no effect, however far, is.
    draws : int
        Sign patterns looked at.
    enumerated : bool
        Whether these were all there are.
    level : float
        Coverage of `interval`.
    notes : tuple of str
    """

    att: float
    p_value: float
    interval: tuple[float, float]
    draws: int
    enumerated: bool
    level: float
    notes: tuple[str, ...] = ()

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        kind = "all" if self.enumerated else "drawn"
        facts = {
            "att": f"{self.att:.4f}",
            "p value": f"{self.p_value:.4f}",
            f"{self.level:.0%} interval": "{:.4f} to {:.4f}".format(*self.interval),
            f"sign patterns ({kind})": str(self.draws),
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("wild cluster bootstrap")


def wild_cluster_bootstrap(
    panel: Panel, draws: int = 9999, seed: int = 0, level: float = 0.95
) -> WildBootstrap:
    r"""Test the difference-in-differences effect by flipping signs of whole units.

    The restricted wild cluster bootstrap t test (Cameron, Gelbach and Miller 2008)
    with Rademacher signs. Residuals :math:`\tilde u = \tilde y - \tau_0 \tilde d`,
    net of unit and period effects, get one random sign per unit. Both the
    bootstrap estimate and the scores of its clustered variance are linear in the
    signs and in :math:`\tau_0`, so one matrix product serves every hypothesis, and
    the interval is found by searching for the :math:`\tau_0` at which p crosses
    the level.

    Parameters
    ----------
    panel : Panel
        Balanced.
    draws : int
        All :math:`2^G` sign patterns of G units are used if there are at most this
        many; otherwise this many are drawn and p is (k + 1) / (draws + 1).
    seed : int
    level : float
        Coverage of the interval.

    Returns
    -------
    WildBootstrap

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> test = hub.wild_cluster_bootstrap(panel)
    >>> test.enumerated, test.draws, test.p_value < 0.05
    (True, 1024, True)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}.")
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}.")
    panel.require_balanced("wild_cluster_bootstrap")
    estimate = did(panel)
    n = len(panel.units)
    y, d = _net(panel.values), _net(panel.treatment.astype(float))
    signs, enumerated = _signs(n, draws, seed)

    total = np.sum(d * d)
    own_d = np.sum(d * d, axis=1)

    def scores(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Estimates and clusters' scores of every sign pattern, from residuals u."""
        cross = d @ u.T
        own = np.diag(cross)
        # A flipped unit moves the period means that are taken out of all others.
        matrix = np.diag(own) - cross / n - np.outer(own_d, own) / total
        return own @ signs / total, matrix @ signs

    from_y, from_d = scores(y), scores(d)
    variance_terms = [
        np.sum(a * b, axis=0)
        for a, b in (
            (from_y[1], from_y[1]),
            (from_y[1], from_d[1]),
            (from_d[1], from_d[1]),
        )
    ]

    def p_value(null: float) -> float:
        effect = from_y[0] - null * from_d[0]
        yy, yd, dd = variance_terms
        variance = np.maximum(yy - 2 * null * yd + null**2 * dd, 1e-300)
        t = np.abs(effect) / np.sqrt(variance)
        # The first pattern leaves all signs alone: it is the estimate's own t.
        beyond = t >= t[0] * (1 - 1e-9)
        return float(np.mean(beyond))

    alpha = 1 - level
    interval = tuple(
        _end(p_value, estimate.att, side * estimate.se, alpha) for side in (-1, 1)
    )
    notes = ()
    few = min(len(panel.treated), len(panel.donors))
    if few <= FEW_TREATED:
        notes = (
            f"only {few} treated or untreated units: this test keeps no level (mostly "
            "it rejects far too seldom); judge by randomization_test",
        )
    return WildBootstrap(
        estimate.att,
        p_value(0.0),
        interval,
        signs.shape[1] if enumerated else signs.shape[1] - 1,
        enumerated,
        level,
        notes,
    )


def jackknife(panel: Panel) -> float:
    r"""Standard error of synthetic DiD, leaving out one unit at a time.

    Arkhangelsky et al. (2021, algorithm 3): the weights are kept, those of the
    remaining donors rescaled to add up to one, and
    :math:`\hat V = \frac{N-1}{N} \sum_i (\hat\tau^{(-i)} - \hat\tau)^2`.

    Parameters
    ----------
    panel : Panel
        One date of adoption, at least two treated units.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        With one treated unit, or all weight on one donor, leaving it out leaves
        nothing.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=10, treated=10, start=7, seed=0)
    >>> hub.jackknife(panel) > 0
    True
    """
    start = panel.start
    if len(panel.treated) < 2:
        raise ValueError(
            "the jackknife needs at least two treated units: leaving out the only "
            "one leaves none. Use placebo_in_space(...).sd."
        )
    estimate = synthetic_did(panel)
    weights = estimate.unit_weights.to_numpy()
    if weights.max() > 1 - 1e-9:
        raise ValueError(
            "all weight is on one donor, so that leaving it out leaves none. "
            "Use placebo_in_space(...).sd."
        )
    change = panel.values[:, start:].mean(axis=1)
    change = change - panel.values[:, :start] @ estimate.time_weights.to_numpy()
    treated = panel.starts < len(panel.periods)
    inside, outside = change[treated], change[~treated]
    m = len(inside)
    mix = weights @ outside
    without = np.concatenate(
        [
            (inside.sum() - inside) / (m - 1) - mix,
            inside.mean() - (mix - weights * outside) / (1 - weights),
        ]
    )
    n = len(change)
    return float(np.sqrt((n - 1) / n * np.sum((without - estimate.att) ** 2)))


def _net(values: np.ndarray) -> np.ndarray:
    """Take out unit and period effects of a balanced panel."""
    values = values - values.mean(axis=1, keepdims=True)
    return values - values.mean(axis=0)


def _signs(n: int, draws: int, seed: int) -> tuple[np.ndarray, bool]:
    """Sign patterns, shape (n_units, n_patterns); the first is all ones."""
    if n < 60 and 2**n <= draws:
        bits = np.arange(2**n)[None, :] >> np.arange(n)[:, None] & 1
        return 1.0 - 2.0 * bits, True
    rng = np.random.default_rng(seed)
    signs = 1.0 - 2.0 * rng.integers(0, 2, (n, draws + 1))
    signs[:, 0] = 1.0
    return signs, False


def _end(p_value: Callable, centre: float, step: float, alpha: float) -> float:
    """Go out from the estimate until p is at most alpha, then close in on the place."""
    inside, outside = centre, centre + step
    for _ in range(40):
        if p_value(outside) <= alpha:
            break
        inside, outside = outside, centre + 2 * (outside - centre)
    else:
        return float(np.copysign(np.inf, step))
    return float(
        bisect(lambda null: p_value(null) - alpha - 1e-12, inside, outside, xtol=1e-10)
    )
