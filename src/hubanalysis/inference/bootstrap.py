"""Standard errors and tests by resampling whole units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hubanalysis.estimators.regression import no_noise
from hubanalysis.estimators.synthetic_did import synthetic_did
from hubanalysis.estimators.two_way import net_of_means
from hubanalysis.inference.assignments import TIE
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import Framed, terms
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import (
    HubError,
    check_coverage,
    check_draws,
    check_seed,
)

# With this few treated units the restricted wild bootstrap keeps no level
# (MacKinnon and Webb 2017, 2018).
FEW_TREATED = 4
# With fewer treated units the jackknife's own error is as large as what it measures.
FEWEST_LEFT = 3
# Signs held in memory at a time.
BLOCK = 4_000_000


@dataclass(frozen=True, eq=False, repr=False)
class WildBootstrap(Facts, Framed):
    """Outcome of a wild cluster bootstrap.

    Attributes
    ----------
    att, se, t : float
        The difference-in-differences estimate, its clustered standard error as in
        `did`, and their ratio; the last two missing (nan) where the error is none.
    p_value : float
        Of the hypothesis of no effect.
    interval : tuple of float
        From the lowest to the highest effect that is not rejected; infinite where
        no effect, however far, is. Without noise, the estimate alone where every other
        effect is rejected.
    draws : int
        Sign patterns looked at.
    enumerated : bool
        Whether these were all there are.
    level : float
        Coverage of `interval`.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> outcome = hub.wild_cluster_bootstrap(panel)
    >>> outcome.enumerated, outcome.draws, outcome.interval[0] > 0
    (True, 1024, True)
    """

    att: float
    se: float
    t: float
    p_value: float
    interval: tuple[float, float]
    draws: int
    enumerated: bool
    level: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Lay it out as one row, as an `Estimate` is.

        Returns
        -------
        pandas.DataFrame
            `term` (att), `estimate`, `std_error`, `p_value`, `lower` and `upper`.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=10, periods=8, treated=5, start=5,
        ...                            effect=9.0, seed=0)
        >>> hub.wild_cluster_bootstrap(panel).to_frame()[["term", "p_value"]]
          term   p_value
        0  att  0.001953
        """
        (low, high), p = self.interval, self.p_value
        return terms(
            ["att"], self.att, std_error=self.se, p_value=p, lower=low, upper=high
        )

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        kind = "all" if self.enumerated else "drawn"
        told = decimals(self.att, self.se, *self.interval)
        low, high = (f"{end:{told}}" for end in self.interval)
        facts = {
            "att": f"{self.att:{told}}",
            "standard error": f"{self.se:{told}}",
            "t": f"{self.t:.2f}",
            "p value": f"{self.p_value:.4f}",
            f"{self.level:.0%} interval": f"{low} to {high}",
            f"sign patterns ({kind})": str(self.draws),
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("wild cluster bootstrap")


def wild_cluster_bootstrap(
    panel: Panel, draws: int = 9999, seed: int = 0, level: float = 0.95
) -> WildBootstrap:
    r"""Test the difference-in-differences effect by flipping signs of whole units.

    The restricted wild cluster bootstrap t test (Cameron, Gelbach and Miller 2008)
    with Rademacher signs. Residuals under the hypothesis :math:`\tau = \tau_0`, net
    of unit and period effects, get one random sign per unit; p is the share of
    patterns with :math:`|t^*| \ge |t|`. The factor for few clusters is the same on
    both sides.

    The bootstrap estimate and the scores of its variance are linear in the signs and
    in :math:`\theta = \hat\tau - \tau_0`, so that

    .. math:: t^*_s(\theta) = \frac{a_s + \theta b_s}
              {\sqrt{c_s + 2 \theta d_s + \theta^2 e_s}}

    and one matrix product serves every hypothesis (Roodman, MacKinnon, Nielsen and
    Webb 2019). The ends of the interval are the outermost effects at which p crosses
    the level.

    Parameters
    ----------
    panel : Panel
        Balanced; dates of adoption may differ.
    draws : int
        All :math:`2^G` sign patterns of G units are used if there are at most this
        many; otherwise this many are drawn and p is (k + 1) / (draws + 1).
    seed : int
    level : float
        Coverage of the interval.

    Returns
    -------
    WildBootstrap

    Raises
    ------
    ValueError
        If the panel has holes, nothing is treated or no donor is left, or draws or
        level make no sense.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=10, periods=8, treated=5, start=5,
    ...                            effect=9.0, seed=0)
    >>> test = hub.wild_cluster_bootstrap(panel)
    >>> test.enumerated, test.draws, test.p_value < 0.05
    (True, 1024, True)
    """
    check_coverage(level)
    check_draws(draws)
    check_seed(seed)
    require_panel(panel, "wild_cluster_bootstrap")
    panel.require_plain("wild_cluster_bootstrap")
    panel.require_treated()
    if len(panel.cohorts) == 1:
        panel.require_donors()
    panel.require_balanced("wild_cluster_bootstrap")
    n, periods = panel.values.shape
    d, y = net_of_means(panel.treatment.astype(float)), net_of_means(panel.values)
    total = np.sum(d * d)
    att = float(np.sum(d * y) / total)
    residuals = y - att * d
    se = float(np.linalg.norm(np.sum(d * residuals, axis=1)) / total)
    none, still = no_noise(se, panel), bool(no_noise(np.abs(residuals), panel))
    enumerated = n < 60 and 2**n <= draws
    signs = _signs(n, draws, seed, enumerated)
    terms = _terms(d, residuals, panel.starts, signs)
    alpha = 1 - level + 1e-12

    def p_value(theta: float) -> float:
        """P value of the hypothesis that lies theta below the estimate."""
        a, b, c, d_s, e = terms
        spread = np.sqrt(np.maximum(c + 2 * theta * d_s + theta**2 * e, 0.0))
        # t of the estimate itself is theta / se: its residuals do not depend on it.
        beyond = se * np.abs(a + theta * b) >= abs(theta) * (1 - TIE) * spread
        beyond[0] = True
        return float(np.mean(beyond))

    # Far away t grows without bound; t* only where its variance does not grow. Without
    # noise all but the estimate itself is far away.
    beyond = float(np.mean(terms[4] <= TIE * terms[4].max()))
    if beyond > alpha:
        interval = (-np.inf, np.inf)
    elif still:
        interval = (att, att)
    else:
        low, high = (att - _edge(p_value, side * se, alpha) for side in (1, -1))
        interval = (low, high)
    # As in did, where unit effects, nested in the clusters, cost nothing.
    cells = n * periods - 1
    factor = float(np.sqrt(n / (n - 1) * cells / (cells - periods)))
    error = np.nan if none else se * factor
    p = p_value(att)
    if still:
        p = 1.0 if no_noise(abs(att), panel) else beyond
    return WildBootstrap(
        att=att,
        se=error,
        t=att / error,
        p_value=p,
        interval=interval,
        draws=2**n if enumerated else draws,
        enumerated=enumerated,
        level=level,
        notes=_warnings(panel, enumerated, alpha) + ((none,) if none else ()),
    )


def _terms(
    d: np.ndarray, residuals: np.ndarray, starts: np.ndarray, signs: Iterable
) -> np.ndarray:
    r"""Terms a to e of every pattern's :math:`t^*_s(\theta)`, shape (5, n_patterns).

    With :math:`u = \hat u + \theta d` the residuals under the hypothesis, unit g's
    score is :math:`s_g (d_g'u_g) - d_g'm - \tau^* (d_g'd_g)`, where
    :math:`m = \sum s_k u_k / n` is what a flipped unit moves in the period means that
    are taken out of all units. Units that start together have the same :math:`d_g`,
    so sums over these cohorts are enough.
    """
    n = len(d)
    _, first, cohort = np.unique(starts, return_index=True, return_inverse=True)
    member = np.equal.outer(np.arange(len(first)), cohort).astype(float)
    sizes = member.sum(axis=1)[:, None]
    own = np.array([np.sum(d * residuals, axis=1), np.sum(d * d, axis=1)])
    total = own[1].sum()
    rows = np.vstack(
        [*(member * u for u in own), *(d[first] @ u.T / n for u in (residuals, d))]
    )

    def products(patterns: np.ndarray) -> np.ndarray:
        kept, moved = (rows @ patterns).reshape(2, 2, len(first), -1)
        effect = kept.sum(axis=1) / total
        moved += own[1][first][:, None] * effect[:, None]

        def scores(i: int, j: int) -> np.ndarray:
            """Sum over units of the scores' parts i and j, multiplied."""
            cross = moved[i] * kept[j] + moved[j] * kept[i]
            return own[i] @ own[j] + np.sum(sizes * moved[i] * moved[j] - cross, axis=0)

        parts = [scores(0, 0), scores(0, 1), scores(1, 1)]
        return np.array([*effect, *(part / total**2 for part in parts)])

    return np.concatenate([products(patterns) for patterns in signs], axis=1)


def _signs(n: int, draws: int, seed: int, enumerated: bool) -> Iterator[np.ndarray]:
    """Sign patterns in blocks of shape (n, n_patterns); the first is all ones."""
    if enumerated:
        # All signs turned give the same |t|, so half the patterns say everything.
        bits = np.arange(2 ** (n - 1))[None, :] >> np.arange(n)[:, None] & 1
        yield 1.0 - 2.0 * bits
        return
    rng = np.random.default_rng(seed)
    width = max(1, BLOCK // n)
    for done in range(0, draws + 1, width):
        count = min(width, draws + 1 - done)
        noise = rng.integers(0, 256, (n, -(-count // 8)), dtype=np.uint8)
        signs = 1.0 - 2.0 * np.unpackbits(noise, axis=1, count=count)
        if not done:
            signs[:, 0] = 1.0
        yield signs


def _edge(p_value: Callable, step: float, alpha: float) -> float:
    """Largest distance from the estimate, in steps, at which p is above alpha."""
    # Outwards in strides that grow: p can fall below alpha and rise again.
    strides = step * 2.0 ** np.arange(-2, 40)
    kept = [k for k, theta in enumerate(strides) if p_value(theta) > alpha]
    inside, after = (strides[kept[-1]], kept[-1] + 1) if kept else (0.0, 0)
    if after == len(strides):
        return float(np.copysign(np.inf, step))
    return edge(lambda theta: p_value(theta) <= alpha, inside, strides[after:])[1]


def _warnings(panel: Panel, enumerated: bool, alpha: float) -> tuple[str, ...]:
    notes: tuple[str, ...] = ()
    n = len(panel.units)
    if enumerated and 2.0 ** (1 - n) > alpha:
        notes += (
            f"{n} units have {2 ** (n - 1)} distinct sign patterns, too few to reject "
            "anything at this level",
        )
    few = min(len(panel.treated), len(panel.donors) or n)
    if few <= FEW_TREATED:
        notes += (
            f"only {few} treated or untreated units: this test keeps no level (mostly "
            "it rejects far too seldom); judge by randomization_test",
        )
    return notes


def jackknife(panel: Panel) -> float:
    r"""Standard error of synthetic DiD, leaving out one unit at a time.

    Arkhangelsky et al. (2021, algorithm 3): the weights are kept, those of the
    remaining donors rescaled to add up to one, and
    :math:`\hat V = \frac{N-1}{N} \sum_i (\hat\tau^{(-i)} - \hat\tau)^2`. It rests on
    many units on both sides: with four treated ones an interval of 1.96 standard errors
    holds the truth less often than it says (`benchmarks/coverage.py` counts it).

    Parameters
    ----------
    panel : Panel
        One date of adoption, at least three treated units: with two it covers four
        times in five where it should nineteen in twenty.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        With fewer than three treated units, or with all weight on one donor, which
        leaves nothing when it is left out; or where outcomes have no noise.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=30, periods=10, treated=10, start=7, seed=0)
    >>> hub.jackknife(panel) > 0
    True
    """
    require_panel(panel, "jackknife")
    start = panel.start
    if len(panel.treated) < FEWEST_LEFT:
        raise HubError(
            f"the jackknife needs at least {FEWEST_LEFT} treated units, as it sees how "
            "they differ by leaving out each in turn; there is or are "
            f"{len(panel.treated)}. Use placebo_in_space(...).sd."
        )
    estimate = synthetic_did(panel)
    weights = estimate.unit_weights.to_numpy()
    if weights.max() > 1 - 1e-9:
        raise HubError(
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
    error = float(np.sqrt((n - 1) / n * np.sum((without - estimate.att) ** 2)))
    if why := no_noise(error, panel):
        raise HubError(f"{why}.")
    return error
