"""An estimator, declared where it is defined: its names, and what it does at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

from hubanalysis.estimators.estimate import Estimate
from hubanalysis.panels.panel import Panel, require_panel
from hubanalysis.words.refusals import HubError, is_label


class Runs(NamedTuple):
    """What an estimator makes of many sets of treated units that start together.

    Attributes
    ----------
    paths : numpy.ndarray of shape (n_sets, n_periods)
        Effect by period; the mean from the start on is the estimate.
    loads : numpy.ndarray of shape (n_sets, n_units)
        How the estimate moves with an effect on each unit from the start on, its
        weights held: one over the number of treated, minus its weight for a donor.
    """

    paths: np.ndarray
    loads: np.ndarray


@dataclass(frozen=True)
class Estimator:
    """A function from a panel to an estimate, with its names and its shortcuts.

    Make one with `estimator`. Placebos, randomisation tests, power, plans and tables
    take any function; one without shortcuts is run assignment by assignment.

    Attributes
    ----------
    function : callable
        Takes a Panel, returns an Estimate.
    name, label : str
        What a plan calls it, and what a table does.
    many : callable, optional
        ``many(panel, sets, start)``: `Runs` when the units in the rows ``sets``
        (n_sets, n_treated) are treated from position ``start`` and all others are
        donors.
    deals : callable, optional
        ``deals(values, starts)``: estimates of shape (n_deals,) when dates are dealt
        out as in ``starts`` (n_deals, n_units), positions of first treated periods, and
        n_periods for never. Values are (n_units, n_periods), or one such table behind
        another, (n_units, n_periods, n_tables); then so are the estimates. Only for
        estimates that are linear in the outcome.
    shared : tuple of str
        Options of the function that `many` and `deals` take as well.
    moves : bool
        Whether weights move with an effect from the start on, so that the estimate is
        not linear in it. All that is known of a function of your own is that they may.
    fitted : bool
        Whether its weights are fitted to the periods before each date. With several
        dates these hold the effects of earlier ones, and the weights move as well.
    levels : bool
        Whether it wants the levels before treatment matched, and not changes alone.
    again : callable, optional
        ``again(panel, sets, start, loads)``: paths of `many`, given the loads that it
        gave, once outcomes have changed from the start on alone; where weights of
        units hang on those before.
    weighed : callable, optional
        ``weighed(values, starts, weight)``: as `deals`, where cells are missing (NaN)
        or units count by a weight (n_units,).
    adjusted : callable, optional
        ``adjusted(panel)``: a function as `deals`, where the panel has covariates, no
        holes and no weights; None where it has none to offer.
    without : callable, optional
        ``without(values, starts)``: estimates of shape (n_units,) without each unit in
        turn, for values and starts as one row of `deals` has them.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> hub.ESTIMATORS["synthetic_did"].label
    'synthetic DiD'
    """

    function: Callable[..., Estimate]
    name: str
    label: str
    many: Callable[..., Runs] | None = None
    deals: Callable[..., np.ndarray] | None = None
    shared: tuple[str, ...] = ()
    moves: bool = True
    fitted: bool = True
    levels: bool = False
    again: Callable[..., np.ndarray] | None = None
    weighed: Callable[..., np.ndarray] | None = None
    adjusted: Callable[[Panel], Callable[..., np.ndarray] | None] | None = None
    without: Callable[..., np.ndarray] | None = None

    def bends(self, panel: Panel) -> bool:
        """Whether its estimates on a panel are not linear in an effect."""
        return self.moves or (self.fitted and len(panel.cohorts) > 1)

    def __call__(self, panel: Panel) -> Estimate:
        """Estimate, or say what is wrong with the function."""
        require_panel(panel, self.name)
        estimate = self.function(panel)
        if not hasattr(estimate, "att"):
            raise HubError(
                "the estimator must return an Estimate, not "
                f"{type(estimate).__name__}: wrap a number as "
                "hub.Estimate(name, number, panel)."
            )
        if np.ndim(estimate.att):
            raise HubError(
                f"{self.name} gives {np.size(estimate.att)} effects, and one is "
                "wanted: pass hub.group_time_average, or a function that averages them."
            )
        return estimate

    def on(self, panel: Panel) -> Estimator:
        """Take the shortcuts that a panel allows.

        With holes or weights that is `weighed`; with covariates `adjusted`, if there
        are no holes and no weights as well, and else none. What it is given is refused
        here if it is no panel.
        """
        require_panel(panel, self.name)
        if panel.is_plain and panel.is_balanced:
            return self
        deals: Callable[..., np.ndarray] | None = None
        if self.weighed is not None and not panel.given:
            deals = partial(self.weighed, weight=panel.weight)
        if self.adjusted is not None and panel.is_balanced and panel.weights is None:
            deals = self.adjusted(panel)
        return replace(self, many=None, deals=deals, again=None, without=None)

    def att(self, panel: Panel) -> float:
        """Estimate without a standard error, quicker where `many` or `deals` is."""
        require_panel(panel, self.name)
        if not panel.treated:
            return self(panel).att
        quick = self.on(panel)
        if quick.deals is not None and panel.donors:
            return float(quick.deals(panel.values, panel.starts[None])[0])
        many = quick.many
        if many is None or len(panel.cohorts) != 1:
            return self(panel).att
        rows = np.flatnonzero(panel.starts < len(panel.periods))
        path = many(panel, rows[None], panel.start).paths[0]
        return float(path[panel.start :].mean())


Function = TypeVar("Function", bound=Callable[..., Estimate])
_DECLARED: dict[Callable[..., Estimate], Estimator] = {}


def declare(
    label: str,
    many: Callable[..., Runs] | None = None,
    deals: Callable[..., np.ndarray] | None = None,
    shared: tuple[str, ...] = (),
    moves: bool = True,
    fitted: bool = True,
    levels: bool = False,
    again: Callable[..., np.ndarray] | None = None,
    weighed: Callable[..., np.ndarray] | None = None,
    adjusted: Callable[[Panel], Callable[..., np.ndarray] | None] | None = None,
    without: Callable[..., np.ndarray] | None = None,
    takes: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare the function below an estimator, and see to what it is given.

    It refuses what is no panel, and covariates or weights unless it `takes` them; what
    may be wrong with the panel is noted on the estimate.

    Parameters
    ----------
    label : str
        What a table calls it.
    many, deals, shared, levels, again, weighed, adjusted, without
        Shortcuts and options as in `Estimator`; leave out what it cannot do.
    moves, fitted : bool
        As in `Estimator`. Where both are true, the default, intervals are searched by
        estimating again at each effect, which is right for every estimator. Say False
        only of one that is linear in the outcome, given who is treated when: then they
        come from one estimate, and from a wrong one without a sign if it is not.
    takes : tuple of str
        Which of "covariates" and "weights" of a panel it can use.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> @declare("change after, over change before")
    ... def ratio(panel):
    ...     return hub.Estimate("ratio", 1.0, panel)
    >>> hub.estimator(ratio).moves
    True
    """

    def keep(function: Function) -> Function:
        name = function.__name__

        @wraps(function)
        def guarded(panel: Panel, *args: Any, **options: Any) -> Estimate:
            require_panel(panel, name)
            panel.require_plain(name, takes)
            estimate = function(panel, *args, **options)
            new = tuple(n for n in panel.notes if n not in estimate.notes)
            return replace(estimate, notes=new + estimate.notes) if new else estimate

        _DECLARED[guarded] = Estimator(
            guarded,
            name,
            label,
            many=many,
            deals=deals,
            shared=shared,
            moves=moves,
            fitted=fitted,
            levels=levels,
            again=again,
            weighed=weighed,
            adjusted=adjusted,
            without=without,
        )
        return cast(Function, guarded)

    return keep


def estimator(
    function: Callable[..., Estimate] | Estimator,
    name: str | None = None,
    label: str | None = None,
    **options: Any,
) -> Estimator:
    """Name an estimator, of this library or your own, with options if it takes any.

    Everything that asks for an estimator does this to what it is given, so that
    ``hub.did`` or a function of your own can be passed as it is.

    Parameters
    ----------
    function : callable or Estimator
        Takes a Panel, returns an Estimate.
    name, label : str, optional
        What a plan and a table call it; the function's own name by default.
    **options
        Passed to the function each time.

    Returns
    -------
    Estimator

    Raises
    ------
    ValueError
        If it is no function.

    Examples
    --------
    >>> import hubanalysis as hub
    >>> panel = hub.simulate_panel(units=12, periods=20, treated=1, start=15,
    ...                            effect=3.0, noise=0.1, seed=1)
    >>> changes = hub.estimator(hub.synthetic_control, intercept=True)
    >>> round(changes(panel).att, 1)
    2.8
    """
    if not callable(function):
        raise HubError(
            "the estimator must be a function that takes a panel: pass hub.did, not "
            "hub.did(panel)."
        )
    if isinstance(function, Estimator):
        known = function
    elif is_label(function) and function in _DECLARED:
        known = _DECLARED[function]
    else:
        own = getattr(function, "__name__", type(function).__name__)
        known = Estimator(function, own, own.replace("_", " "))
    quick = options.keys() <= set(known.shared)
    many, deals, again, weighed, without = (
        (f and _bind(f, options)) if quick else None
        for f in (known.many, known.deals, known.again, known.weighed, known.without)
    )
    return replace(
        known,
        function=_bind(known.function, options),
        name=name or known.name,
        label=label or known.label,
        many=many,
        deals=deals,
        again=again,
        weighed=weighed,
        adjusted=known.adjusted if quick and not options else None,
        without=without,
    )


def _bind(function: Callable, options: dict) -> Callable:
    return partial(function, **options) if options else function
