"""How large an effect would have had to be for its test to find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.estimators.estimator import Estimator
from hubanalysis.estimators.estimator import estimator as named
from hubanalysis.inference.assignments import TIE, deal_some, run_deals, strata_of
from hubanalysis.inference.placebo import Placebos, critical_value, placebo_in_space
from hubanalysis.inference.search import edge
from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.refusals import check_share

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
    estimator: Callable[[Panel], Estimate],
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
    chosen = named(estimator)
    estimate = _check_moves_one_for_one(panel, chosen)
    if placebos is not None and not np.isclose(placebos.observed, estimate):
        raise ValueError(
            f"these placebos were run for an estimate of {placebos.observed:.4g}, not "
            f"of {estimate:.4g}: they belong to another panel or estimator."
        )
    if strata is not None or len(panel.cohorts) > 1:
        return _power_of_dealing(panel, chosen, strata, power, level, draws, seed)
    if placebos is None:
        placebos = placebo_in_space(panel, chosen, draws=draws, seed=seed)
    return power_of_placebos(
        placebos.estimates.to_numpy(), power, level, placebos.notes
    )


def _power_of_dealing(
    panel: Panel,
    estimator: Estimator,
    strata: Mapping | None,
    power: float,
    level: float,
    draws: int,
    seed: int,
) -> Power:
    """Power of `randomization_test`: plant an effect under many assignments."""
    if estimator.deals is None:
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

    step = 2 * float(np.std(null))
    points = step * 2.0 ** np.arange(20)
    mde = edge(lambda effect: worse(effect) >= power, 0.0, points, halvings=12)[1]
    if np.isinf(mde):
        note = "no effect, however large, would be found as often as asked"
        return Power(np.inf, _no_curve(), power, level, truths, (note,))
    sizes = np.linspace(0, 1.5 * mde, 31)
    curve = pd.DataFrame(
        {"power": [worse(d) for d in sizes]}, index=pd.Index(sizes, name="effect")
    )
    note = f"effects planted under {truths} assignments, {draws} to compare with"
    return Power(mde, curve, power, level, truths, (note,))


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
        return Power(np.inf, _no_curve(), power, level, n, (*notes, note))
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


def _no_curve() -> pd.DataFrame:
    return pd.DataFrame({"power": [0.0]}, index=pd.Index([0.0], name="effect"))


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
    moved = panel.with_frame(panel.frame + size * treatment)
    att = estimator(panel).att
    shift = estimator(moved).att - att
    if abs(shift - size) > 1e-6 * size:
        raise ValueError(
            f"adding {size:.3g} to every treated cell moved this estimate by "
            f"{shift:.3g}: it is not an average of treated cells less a comparison, "
            "and this power calculation does not hold for it."
        )
    return att
