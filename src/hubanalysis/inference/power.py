"""How large an effect would have had to be for its test to find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.inference.assignments import TIE, run_all
from hubanalysis.inference.crossings import outermost
from hubanalysis.inference.lot import Lot, randomization_test
from hubanalysis.panels.panel import Panel
from hubanalysis.words.facts import Facts
from hubanalysis.words.framed import Framed
from hubanalysis.words.numbers import decimals
from hubanalysis.words.refusals import (
    HubError,
    check_kind,
    check_number,
    check_share,
    check_size,
)

# Assignments under which an effect is planted, at most; fewer where each costs a run of
# the whole lot, which then is not larger than this: with several dates, and with an
# estimator of a reader's own.
TRUTHS, DEALT, OWN = 1000, 200, 25
LARGEST = 2000


@dataclass(frozen=True, eq=False, repr=False)
class Power(Facts, Framed):
    """The smallest effect a test would have found, and its power curve.

    Attributes
    ----------
    mde : float
        Smallest effect found with the wanted power, in units of the outcome, of gains
        and of losses the larger; infinite if the lot is too small to find any. Good to
        a fifth or a third; it describes the design and bounds nothing.
    curve : pandas.DataFrame
        `power` by size of `effect`, from zero to beyond `mde`: the smaller of those
        for gains and for losses.
    power, level : float
        What was asked for.
    truths : int
        Assignments under which effects were planted.
    notes : tuple of str
        Warnings that change how the result must be read.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=60, periods=8, treated=1, start=5, seed=0)
    >>> power = hub.minimum_detectable_effect(panel, hub.did)
    >>> float(power) == power.mde, power.truths
    (True, 59)
    """

    mde: float
    curve: pd.DataFrame
    power: float
    level: float
    truths: int
    notes: tuple[str, ...] = ()

    def __float__(self) -> float:
        """Return `mde`."""
        return self.mde

    def to_frame(self) -> pd.DataFrame:
        """Lay it out as one row: `mde`, `power`, `level`, `truths`.

        Examples
        --------
        >>> import hubanalysis as hub
        >>> panel = hub.simulate_panel(units=60, periods=8, treated=1, start=5, seed=0)
        >>> found = hub.minimum_detectable_effect(panel, hub.did).to_frame()
        >>> found[["power", "level", "truths"]]
           power  level  truths
        0    0.8   0.05      59
        """
        names = ("mde", "power", "level", "truths")
        return pd.DataFrame({name: [getattr(self, name)] for name in names})

    def summary(self) -> pd.DataFrame:
        """Return the result as a short table."""
        facts = {
            "minimum detectable effect": f"{self.mde:{decimals(self.mde)}}",
            "power": f"{self.power:.0%}",
            "level": f"{self.level:.0%}",
            "planted under": f"{self.truths} assignments",
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
) -> Power:
    r"""Plant effects where nothing happened and ask how often the test finds them.

    The test is `randomization_test`, and so are its arguments: an effect is planted
    under each other assignment of the same lot, which is then tested against all of
    them. The truly treated are set to what they would have been, by the estimate. That
    costs one contrast of the n units, so that what is left of the lot is multiplied by
    :math:`\sqrt{(n - 1) / (n - 2)}`. Gains and losses are planted apart, and the worse
    of both directions counts.

    Good to a fifth or a third. In fresh panels of twenty to sixty places an effect of
    this size was found 79 to 83 times in a hundred. With nine to twelve places it was
    64 to 77 times: it is somewhat too small there, whoever outnumbers whom.

    Parameters
    ----------
    panel : Panel
    estimator : callable
        Takes a Panel, returns an Estimate.
    power : float
        Wanted probability of finding the effect.
    level : float
        Of the two-sided test, the share of false alarms: not the coverage of an
        interval, which `honest_bounds` and others call level too.
    draws, seed, strata
        As in `randomization_test`.

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
    check_share(power=power)
    check_size(level)
    lot = randomization_test(panel, estimator, strata, draws, seed)
    return power_of_lot(lot, power, level)


def power_of_lot(
    lot: Lot | Sequence[Lot], power: float = 0.8, level: float = 0.05
) -> Power:
    """Work out how large an effect the test of a lot would find.

    As `minimum_detectable_effect` says, with its factor and by the worse of both
    directions. Of several lots, those of estimators that must agree: an effect is found
    where all of them find it, so that the size is at least that of the one that needs
    most.

    Parameters
    ----------
    lot : Lot or sequence of Lot
        Several hold the same assignments in the same order, as those have that are
        drawn from one panel with the same `strata`, `draws` and `seed`.
    power, level : float
        As in `minimum_detectable_effect`.

    Returns
    -------
    Power

    Raises
    ------
    ValueError
        If several lots hold other assignments than the first.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=20, periods=8, treated=5, start=5, seed=0)
    >>> lot = hub.randomization_test(panel, hub.did, draws=999)
    >>> power = hub.power_of_lot(lot)
    >>> power.mde == hub.minimum_detectable_effect(panel, hub.did, draws=999).mde
    True
    >>> study = hub.randomization_test(panel, hub.event_study, draws=999)
    >>> hub.power_of_lot([lot, study]).mde >= power.mde
    True
    """
    check_share(power=power)
    check_size(level)
    together = _together(lot, "power_of_lot")
    lots = min(len(one.estimates) for one in together)
    if not all(_allowed(one, level) for one in together):
        never = (
            f"with {lots} assignments the test cannot reject at {level:.0%}: its "
            f"smallest p value is {1 / lots:.3f}. No effect, however large, "
            "would be found"
        )
        return Power(np.inf, _no_curve(), power, level, 0, (never,))
    needed = sizes_needed(together, level)
    mde, curve = smallest_found(needed, power)
    notes: tuple[str, ...] = ()
    if np.isinf(mde):
        notes = ("no effect, however large, would be found as often as asked",)
    return Power(mde, curve, power, level, needed.shape[1], notes)


def _together(lot: Lot | Sequence[Lot], who: str) -> list[Lot]:
    """Lots of estimators that must agree, with the same assignments, thinned."""
    lots: list[Any] = [lot]
    if isinstance(lot, list | tuple) and lot:
        lots = list(lot)
    for one in lots:
        check_kind(one, Lot, who, "Make one with hub.randomization_test.")
    if any(not np.array_equal(one.starts, lots[0].starts) for one in lots[1:]):
        raise HubError(
            "lots that are heard together must hold the same assignments in the same "
            "order: draw them from one panel with the same strata, draws and seed."
        )
    return [_thinned(one) for one in lots]


def sizes_needed(
    lot: Lot | Sequence[Lot], level: float = 0.05, truths: int = TRUTHS
) -> np.ndarray:
    """Size from which the test finds an effect, under each assignment that has it.

    Parameters
    ----------
    lot : Lot or sequence of Lot
        Of several, the size from which all find it.
    level : float
    truths : int
        Assignments to plant an effect under, at most.

    Returns
    -------
    numpy.ndarray of shape (2, n_truths)
        Of gains and of losses; infinite where no size is found.
    """
    lots = _together(lot, "sizes_needed")
    places = _spread(lots, truths)
    return np.max([_sizes_of(one, level, places) for one in lots], axis=0)


def _sizes_of(lot: Lot, level: float, truths: np.ndarray) -> np.ndarray:
    """`sizes_needed` of one lot, with the effect under given assignments."""
    allowed = _allowed(lot, level)
    if not allowed:
        return np.full((2, len(truths)), np.inf)
    pulls = _planted(lot, truths)
    pulls = pulls - pulls.mean(axis=0)
    # Taking out -effect is putting it in.
    ends = outermost(_null(lot), pulls, lot.barred, truths, allowed)
    return np.maximum(ends, 0.0)


def smallest_found(needed: np.ndarray, power: float) -> tuple[float, pd.DataFrame]:
    """Turn sizes that are needed into the detectable one and the power curve."""
    needed, truths = np.sort(needed, axis=1), needed.shape[1]
    place = int(np.ceil(power * truths - TIE)) - 1
    mde = float(needed[:, place].max())
    if np.isinf(mde):
        return np.inf, _no_curve()
    sizes = np.linspace(0, 1.5 * mde if mde > 0 else 1.0, 61)
    found = [np.searchsorted(row, sizes, side="right") for row in needed]
    share = np.min(found, axis=0) / truths
    index = pd.Index(sizes, name="effect")
    return mde, pd.DataFrame({"power": share}, index=index)


def _allowed(lot: Lot, level: float) -> int:
    """How many of a lot may be as far out as the real one where the test rejects."""
    return int(np.floor(level * len(lot.estimates) + TIE))


class Significance(NamedTuple):
    """What a significant estimate would be worth, were an effect of this size true.

    Attributes
    ----------
    chance : float
        Of the test rejecting.
    exaggeration : float
        By how much estimates that are significant exceed the effect, on average.
    wrong_sign : float
        Share of significant estimates that have the other sign.
    """

    chance: float
    exaggeration: float
    wrong_sign: float


def significance_of(
    lot: Lot | Sequence[Lot], effect: float, level: float = 0.05
) -> Significance:
    """Ask what "significant" would mean if an effect of this size were true.

    Gelman and Carlin (2014): a test that rarely finds an effect exaggerates it when it
    does, and may get its sign wrong. Effects are planted as for `power_of_lot`, the
    factor included.

    Parameters
    ----------
    lot : Lot or sequence of Lot
        Several must all reject, on the same side; what is found then is the estimate
        of the first.
    effect : float
        In units of the outcome, not zero.
    level : float

    Returns
    -------
    Significance
        Missing (nan) but for `chance` where the test never rejects.
    """
    check_number(effect=effect)
    check_size(level)
    if not effect:
        raise HubError(
            "an effect of 0 has no size to exaggerate and no sign to get wrong: ask "
            "for another. At 0 the test rejects as often as its level says."
        )
    lots = _together(lot, "significance_of")
    truths = _spread(lots, TRUTHS)
    ratios, signs = zip(*(_told(one, effect, level, truths) for one in lots))
    # All that are heard speak, and say the same.
    found = (np.abs(np.sum(signs, axis=0)) == len(lots)) & (signs[0] != 0)
    if not found.any():
        return Significance(0.0, np.nan, np.nan)
    ratio = ratios[0][found]
    return Significance(
        float(found.mean()), float(np.abs(ratio).mean()), float(np.mean(ratio < 0))
    )


def _told(
    lot: Lot, effect: float, level: float, truths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates by the planted effect, and their signs, 0 where the test is silent."""
    pulls = _planted(lot, truths)
    pulls = pulls - pulls.mean(axis=0)
    planted = _null(lot)[:, None] + effect * pulls
    columns = np.arange(len(truths))
    own, speed = planted[truths, columns], pulls[truths, columns]
    far = np.abs(planted) >= np.abs(own) * (1 - TIE)
    p_values = (far & ~lot.barred[:, None]).mean(axis=0)
    ratio = own / speed / effect
    return ratio, np.sign(ratio) * (p_values <= level)


def _null(lot: Lot) -> np.ndarray:
    """Estimates less their mean once the real effect is out, shape (n_lots,)."""
    units = len(lot.panel.units)
    effect = 0.0 if np.isnan(lot.effect) else lot.effect
    # Taking it out costs one contrast of units.
    return lot.deviations(effect) * np.sqrt((units - 1) / max(units - 2, 1))


def _thinned(lot: Lot) -> Lot:
    """Return a part of a lot that would take too long, as it is in order of drawing."""
    if lot.loads is not None or len(lot.starts) <= LARGEST:
        return lot
    part = slice(0, LARGEST)
    return replace(
        lot,
        starts=lot.starts[part],
        estimates=lot.estimates[part],
        pull=lot.pull[part],
        barred=lot.barred[part],
    )


def _planted(lot: Lot, truths: np.ndarray) -> np.ndarray:
    """How an effect under each of some assignments moves all estimates.

    Shape (n_lots, n_truths).
    """
    never = len(lot.panel.periods)
    if lot.loads is not None:
        return lot.loads @ (lot.starts[truths] < never).T
    if lot.estimator.deals is not None:
        periods = np.arange(never)[:, None]
        treated = periods >= lot.starts[truths].T[:, None]
        holes = np.isnan(lot.panel.values)[:, :, None]
        effects = np.where(holes, np.nan, treated)
        return lot.estimator.deals(effects, lot.starts)
    size = float(np.nanstd(lot.panel.values))
    pulls = np.empty((len(lot.starts), len(truths)))
    for column, truth in enumerate(truths):
        treated = np.arange(never) >= lot.starts[truth][:, None]
        planted = replace(lot.panel, values=lot.panel.values + size * treated)
        found = run_all(planted, lot.estimator, lot.starts)[0]
        pulls[:, column] = (found - lot.estimates) / size
    return pulls


def _spread(lots: Sequence[Lot], most: int) -> np.ndarray:
    """Positions spread evenly over assignments that pass every bar, as the real does.

    No more than the slowest of the estimators can be asked of.
    """
    few = min(len(lot.starts) for lot in lots)
    barred = np.any([lot.barred[1:few] for lot in lots], axis=0)
    others = np.flatnonzero(~barred) + 1
    most = min(most, *map(_most, lots), len(others))
    return others[np.unique(np.linspace(0, len(others) - 1, most).astype(int))]


def _most(lot: Lot) -> int:
    if lot.loads is not None:
        return TRUTHS
    return DEALT if lot.estimator.deals is not None else OWN


def _no_curve() -> pd.DataFrame:
    return pd.DataFrame({"power": [0.0]}, index=pd.Index([0.0], name="effect"))
