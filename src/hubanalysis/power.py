"""How large an effect would have had to be; and panels whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hubanalysis.estimate import Facts, check_share
from hubanalysis.panel import Panel
from hubanalysis.placebo import (
    TIE,
    Estimator,
    Placebos,
    _estimate,
    critical_value,
    placebo_in_space,
    run_deals,
)
from hubanalysis.randomization import deal_some, strata_of

__all__ = ["Power", "minimum_detectable_effect", "simulate_panel"]

# Where dates or strata differ: assignments under which an effect is planted, and the
# most that each is compared with.
TRUTHS, REFERENCES = 200, 1999


@dataclass(frozen=True, eq=False, repr=False)
class Power(Facts):
    """The smallest effect a test would have found, and its power curve.

    Attributes
    ----------
    mde : float
        Smallest effect found with the wanted power, in units of the outcome;
        infinite if the placebos are too few to find any.
    curve : pandas.DataFrame
        `power` by size of `effect`, from zero to beyond `mde`.
    power, level : float
        What was asked for.
    placebos : int
        Number of placebo estimates behind the answer.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=60, periods=8, treated=1, start=5, seed=0)
    >>> power = hub.minimum_detectable_effect(panel, hub.did)
    >>> float(power) == power.mde, power.placebos
    (True, 59)
    """

    mde: float
    curve: pd.DataFrame
    power: float
    level: float
    placebos: int
    notes: tuple[str, ...] = ()

    def __float__(self) -> float:
        """Return `mde`."""
        return self.mde

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        facts = {
            "minimum detectable effect": f"{self.mde:.4f}",
            "power": f"{self.power:.0%}",
            "level": f"{self.level:.0%}",
            "placebos": str(self.placebos),
        }
        facts |= {f"note {i}": note for i, note in enumerate(self.notes, start=1)}
        return pd.DataFrame({"value": facts}).rename_axis("power")


def minimum_detectable_effect(
    panel: Panel,
    estimator: Estimator,
    power: float = 0.8,
    level: float = 0.05,
    draws: int = 9999,
    seed: int = 0,
    strata: Mapping | None = None,
    placebos: Placebos | None = None,
) -> Power:
    """Inject effects where nothing happened and run the placebo test on them.

    Every placebo of `placebo_in_space` is given an effect in turn and tested
    against the others; the power of an effect is the share of placebos in which
    the test finds it, and the minimum detectable effect the smallest with the
    power asked for, in the worse of the two directions.

    The estimators of this library move one for one with an effect added to the
    treated cells, as their weights do not look at these, so one run of the
    placebos serves all sizes. This is checked on the panel, and an estimator that
    does not is refused.

    Where units start at different times, or strata are given, the test is
    `randomization_test`: `TRUTHS` assignments drawn by lot are given the effect in
    turn, and each is tested against all others on the outcome that holds it.

    Parameters
    ----------
    panel : Panel
        Balanced.
    estimator : callable
        Takes a Panel, returns an Estimate.
    power : float
        Wanted probability of finding the effect.
    level : float
        Level of the two-sided placebo test, (k + 1) / (N + 1) <= level.
    draws, seed : int
        As in `placebo_in_space` and `randomization_test`.
    strata : mapping, optional
        As in `randomization_test`.
    placebos : Placebos, optional
        What `placebo_in_space` gave for this panel and estimator, if it was run
        already; `draws` and `seed` then mean nothing.

    Returns
    -------
    Power
        `mde`, `curve`; ``float(...)`` gives `mde`.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=60, periods=8, treated=1, start=5, seed=0)
    >>> hub.minimum_detectable_effect(panel, hub.did).mde > 0
    True
    """
    check_share(power=power, level=level)
    estimate = _check_moves_one_for_one(panel, estimator)
    if placebos is not None and not np.isclose(placebos.observed, estimate):
        raise ValueError(
            f"these placebos were run for an estimate of {placebos.observed:.4g}, not "
            f"of {estimate:.4g}: they belong to another panel or estimator."
        )
    if strata is not None or len(panel.cohorts) > 1:
        return _power_of_dealing(panel, estimator, strata, power, level, draws, seed)
    if placebos is None:
        placebos = placebo_in_space(panel, estimator, draws=draws, seed=seed)
    return power_of_placebos(
        placebos.estimates.to_numpy(), power, level, placebos.notes
    )


def _power_of_dealing(panel, estimator, strata, power, level, draws, seed) -> Power:
    """Power of `randomization_test`: plant an effect under many assignments."""
    if not hasattr(estimator, "deals"):
        raise ValueError(
            "with several dates or strata, power is worked out for estimators that "
            "are linear in the outcome: use hub.group_time_average or hub.imputation."
        )
    draws = min(draws, REFERENCES)
    starts = deal_some(panel.starts, strata_of(panel, strata), draws, seed)[1:]
    null = run_deals(panel, estimator, starts)
    truths = min(TRUTHS, len(starts))
    period = np.arange(len(panel.periods))
    pull = np.empty((truths, len(starts)))
    for i in range(truths):
        planted = replace(panel, values=(period >= starts[i][:, None]).astype(float))
        pull[i] = estimator.deals(planted, starts)

    def found(effect: float) -> float:
        """Share of truths in which the test finds this effect."""
        own = np.abs(null[:truths] + effect)[:, None]
        p_value = np.mean(np.abs(null + effect * pull) >= own * (1 - TIE), axis=1)
        return float(np.mean(p_value <= level))

    def worse(effect: float) -> float:
        return min(found(effect), found(-effect))

    low, high = 0.0, 2 * float(np.std(null))
    for _ in range(20):
        if worse(high) >= power:
            break
        low, high = high, 2 * high
    else:
        note = "no effect, however large, would be found as often as asked"
        empty = pd.DataFrame({"power": [0.0]}, index=pd.Index([0.0], name="effect"))
        return Power(np.inf, empty, power, level, truths, (note,))
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if worse(middle) >= power else (middle, high)
    sizes = np.linspace(0, 1.5 * high, 31)
    curve = pd.DataFrame(
        {"power": [worse(d) for d in sizes]}, index=pd.Index(sizes, name="effect")
    )
    note = f"effects planted under {truths} assignments, {draws} to compare with"
    return Power(high, curve, power, level, truths, (note,))


def power_of_placebos(
    placebos: np.ndarray, power: float, level: float, notes: Sequence[str] = ()
) -> Power:
    """Power of the placebo test given its placebo estimates, shape (N,)."""
    n = len(placebos)
    # Each placebo is judged against the n - 1 others.
    needed = np.array(
        [critical_value(np.delete(placebos, i), level) for i in range(n)]
        if n <= 500
        else _leave_out_critical(placebos, level)
    )
    if np.isinf(needed).any():
        note = (
            f"with {n} placebos the test cannot reject at {level:.0%}: its smallest "
            f"p value is {1 / (n + 1):.3f}. No effect, however large, would be found"
        )
        if np.isfinite(critical_value(placebos, level)):
            note = (
                f"{n} placebos are just enough to reject at {level:.0%}, and too few "
                "to tell how often: judged against the others, the smallest p value "
                f"is {1 / n:.3f}"
            )
        empty = pd.DataFrame({"power": [0.0]}, index=pd.Index([0.0], name="effect"))
        return Power(np.inf, empty, power, level, n, (*notes, note))
    # A placebo at x is found when x + effect > c or < -c: sorted thresholds give
    # the power of every effect size at once.
    up, down = np.sort(needed - placebos), np.sort(needed + placebos)
    rank = int(np.ceil(power * n - 1e-9)) - 1
    mde = float(max(up[rank], down[rank], 0.0))
    sizes = np.linspace(0, 1.5 * mde if mde > 0 else 1.0, 61)
    curve = [
        min(
            np.mean(np.abs(placebos + d) > needed),
            np.mean(np.abs(placebos - d) > needed),
        )
        for d in sizes
    ]
    frame = pd.DataFrame({"power": curve}, index=pd.Index(sizes, name="effect"))
    return Power(mde, frame, power, level, n, tuple(notes))


def _leave_out_critical(placebos: np.ndarray, level: float) -> np.ndarray:
    """`critical_value` of all but one placebo, for every one, without a loop."""
    size = np.abs(placebos)
    n = len(size)
    ordered = np.sort(size)[::-1]
    allowed = int(np.floor(level * n + 1e-9)) - 1
    if allowed < 0:
        return np.full(n, np.inf)
    # Leaving out one of the largest moves the next one up.
    return np.where(size >= ordered[allowed], ordered[allowed + 1], ordered[allowed])


def _check_moves_one_for_one(panel: Panel, estimator: Estimator) -> float:
    """Return the estimate, if it moves with an effect; refuse it otherwise."""
    treatment = panel.treatment
    size = float(panel.values.std())
    moved = panel._with(panel.frame + size * treatment)
    att = _estimate(estimator, panel).att
    shift = _estimate(estimator, moved).att - att
    if abs(shift - size) > 1e-6 * size:
        raise ValueError(
            f"adding {size:.3g} to every treated cell moved this estimate by "
            f"{shift:.3g}: it is not an average of treated cells less a comparison, "
            "and this power calculation does not hold for it."
        )
    return att


def simulate_panel(
    units: int = 40,
    periods: int = 20,
    treated: int = 1,
    start: int | Sequence[int] = 15,
    effect: float | Callable = 0.0,
    factors: int = 2,
    ar: float = 0.0,
    noise: float = 1.0,
    selection: float = 0.0,
    seed: int = 0,
) -> Panel:
    r"""Make a panel whose truth is known.

    :math:`Y_{it} = \alpha_i + \beta_t + \sum_f \lambda_{if} F_{tf} + e_{it} +
    \tau(t - g_i) 1\{t \ge g_i\}` with normal unit effects (sd 2) and period effects
    (sd 1), random-walk factors, normal loadings and AR(1) errors.

    Parameters
    ----------
    units, periods : int
        Size; units are called "u01", ..., periods 1, 2, ....
    treated : int
        Number of treated units, the first ones.
    start : int or sequence of int
        First treated period; several are dealt out to the treated in turn.
    effect : float or callable
        Effect in treated cells; a callable gets event time (0 from the start).
    factors : int
        Number of common factors; 0 makes trends parallel.
    ar : float
        Autocorrelation of the errors, from -1 to 1.
    noise : float
        Standard deviation of the errors.
    selection : float
        Added to the treated units' loadings: they follow the factors differently,
        so that trends are not parallel.
    seed : int

    Returns
    -------
    Panel

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.simulate_panel(units=4, periods=5, treated=1, start=4, seed=1)
    Panel of outcome: 4 units x 5 periods (1 to 5)
      treated  u01 from 4
      donors   3 never treated
    """
    starts = [start] if np.isscalar(start) else list(start)
    if not starts or min(noise, factors) < 0:
        raise ValueError(
            "start must name a period, and noise and factors must not be negative; "
            f"got start {start}, noise {noise}, factors {factors}."
        )
    if not 0 <= treated < units:
        raise ValueError(
            f"treated must be between 0 and {units - 1} (units less one), "
            f"not {treated}."
        )
    if any(not 2 <= s <= periods for s in starts):
        raise ValueError(
            f"start must lie between 2 and {periods} (periods), not {start}."
        )
    if not -1 < ar < 1:
        raise ValueError(f"ar must lie between -1 and 1, not {ar}.")
    rng = np.random.default_rng(seed)
    alpha = rng.normal(0, 2, (units, 1))
    beta = rng.normal(0, 1, periods)
    walk = rng.normal(0, 1, (periods, factors)).cumsum(axis=0) / np.sqrt(periods)
    loadings = rng.normal(0, 1, (units, factors))
    loadings[:treated] += selection
    shocks = rng.normal(0, noise, (units, periods))
    errors = shocks.copy()
    for t in range(1, periods):
        errors[:, t] = ar * errors[:, t - 1] + np.sqrt(1 - ar**2) * shocks[:, t]
    first = np.full(units, periods + 1)
    first[:treated] = [starts[i % len(starts)] for i in range(treated)]
    event = np.arange(1, periods + 1) - first[:, None]
    size = effect(event) if callable(effect) else effect
    values = alpha + beta + loadings @ walk.T + errors + np.where(event >= 0, size, 0)

    width = max(2, len(str(units)))
    names = pd.Index([f"u{i:0{width}d}" for i in range(1, units + 1)], name="unit")
    wide = pd.DataFrame(values, index=names, columns=pd.RangeIndex(1, periods + 1))
    wide.columns = pd.Index(np.arange(1, periods + 1), name="period")
    treated_from = {names[i]: int(first[i]) for i in range(treated)}
    return Panel._checked(wide, treated_from, "outcome")
